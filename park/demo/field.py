"""Projects and enterprises of the demo zone, each in somebody's hands, with a few gaps left to close."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from park.choices import (
    STAGES_OF,
    AssignmentRole,
    EnterpriseState,
    ProjectKind,
    ProjectStage,
    RequestKind,
    RequestState,
    Satisfaction,
    StewardKind,
)
from park.credit_code import check_character
from park.models import (
    Assignment,
    BeautyCheck,
    Enterprise,
    EnterpriseGrade,
    EnterpriseRequest,
    GradeLabel,
    Handover,
    LeaderNote,
    Project,
    ProjectStep,
    ThirdPartySteward,
    Visit,
    VisitPerson,
)
from park.queries.assignments import quarter_of
from people.choices import CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.demo.shapes import Person

GAPS = 4  # people left without anything, so that the list has something to show
PEOPLE_AN_ENTERPRISE = 3
PROJECTS = (
    ("青云路北延工程", ProjectKind.INFRASTRUCTURE, 8600),
    ("云溪大道提升改造", ProjectKind.INFRASTRUCTURE, 5200),
    ("东环路全线贯通", ProjectKind.INFRASTRUCTURE, 12400),
    ("污水管网二期", ProjectKind.INFRASTRUCTURE, 6800),
    ("智能终端整机制造", ProjectKind.INVESTMENT, 52000),
    ("新能源电池结构件", ProjectKind.INVESTMENT, 36000),
    ("医用敷料产业化", ProjectKind.INVESTMENT, 18000),
    ("冷链食品加工", ProjectKind.INVESTMENT, 22000),
    ("精密模具生产基地", ProjectKind.INVESTMENT, 15000),
    ("人才公寓一期", ProjectKind.CARRIER, 24000),
    ("标准厂房四期", ProjectKind.CARRIER, 31000),
    ("仓储物流园专项债储备", ProjectKind.PIPELINE, 20000),
)
ENTERPRISES = ("海川电器", "恒源药业", "远岭机械", "绿源食品", "云溪电子", "松岭新材", "青川纺织", "北岸包装")
INDUSTRIES = ("家用电器", "医药制造", "通用设备", "食品加工", "电子信息", "新材料", "纺织服装", "包装印刷")
SITUATIONS = (
    "订单稳定，生产线满负荷运行，正在准备四季度技改。",
    "原材料价格上涨，利润收窄，企业通过调整产品结构应对。",
    "新车间设备安装完成，计划下月试产，预计新增产值两成。",
    "用工基本稳定，一线熟练工略有缺口，正在校企对接。",
    "出口订单恢复，企业计划扩建仓库。",
)
REQUESTS = (
    (RequestKind.LABOUR, "一线操作工缺口约 20 人，希望组织专场招聘。"),
    (RequestKind.LAND, "计划扩建 15 亩仓库，希望明确用地指标。"),
    (RequestKind.FINANCE, "流动资金紧张，希望对接银行续贷。"),
    (RequestKind.APPROVAL, "环评变更手续时间较长，希望指导加快。"),
    (RequestKind.SUPPLY, "厂区双回路供电尚未到位，雨季有停电风险。"),
    (RequestKind.OTHER, "厂区门口公交班次少，职工通勤不便。"),
)
RESULTS = (
    "已会同有关部门协调解决，企业确认落实。",
    "已列入专场活动，后续跟踪对接。",
    "已明确办理路径和时间。",
)
SATISFIED = (Satisfaction.SATISFIED, Satisfaction.SATISFIED, Satisfaction.FAIR)
CHECKS = ("厂区道路硬化", "车棚和停车位规整", "围墙外立面清洗", "绿化补植", "物料分区堆放")
NOTES = (
    "参加项目调度三次，独立起草征迁推进方案，落实较快。",
    "包保企业走访按时，推动解决供电问题一件。",
    "熟悉审批流程较快，协调会上发言有准备。",
)


@register(order=210)
def seed_field(context: DemoContext) -> None:
    context.say("园区项目、企业和包干……")
    if not context.people:
        return
    zone = FieldZone(context)
    zone.make_projects()
    zone.make_enterprises()
    zone.give()
    zone.visit()
    zone.note()


class FieldZone:
    """The people of the demo zone at work on the ground."""

    def __init__(self, context: DemoContext) -> None:
        self.context, self.random, self.on = context, context.random("park.field"), context.on
        active = [p for p in context.people if p.cadre.status == CadreStatus.ACTIVE]
        self.leaders = [p for p in active if p.place.grade.leads_the_zone] or active[:1]
        self.staff = [p for p in active if p not in self.leaders]
        self.start = date(self.on.year, 1, 8) if self.on > date(self.on.year, 1, 8) else self.on
        self.projects: list[Project] = []
        self.enterprises: list[Enterprise] = []
        self.held: list[Assignment] = []

    def leader(self, number: int) -> Person:
        return self.leaders[number % len(self.leaders)]

    def department(self, number: int) -> Person:
        """Somebody whose department leads the row of this number."""
        return self.staff[number * 7 % len(self.staff)] if self.staff else self.leaders[0]

    def make_projects(self) -> None:
        """The invented projects and those that the plan named."""
        known = set(Project.objects.values_list("name", flat=True))
        fresh = [_project(name, kind, amount) for name, kind, amount in PROJECTS if name not in known]
        self.context.insert(Project, fresh)
        self.projects = list(Project.objects.order_by("pk"))
        for number, project in enumerate(self.projects):
            unit = self.department(number).place.unit[:4]
            project.lead_department = self.context.units.get(unit)
            project.lead_official = self.leader(number).cadre
            project.due_on = self.on + timedelta(days=90 + 30 * (number % 9))
        steps = [step for project in self.projects for step in self._steps(project)]
        self.context.insert(ProjectStep, steps)
        fields = ["lead_department", "lead_official", "due_on", "stage", "stage_on"]
        Project.objects.bulk_update(self.projects, fields)

    def _steps(self, project: Project) -> Iterator[ProjectStep]:
        stages = STAGES_OF[ProjectKind(project.kind)]
        reached = self.random.randint(1, len(stages) - 1)
        first = self.on - timedelta(days=60 * reached + self.random.randint(3, 55))
        for place, stage in enumerate(stages[: reached + 2]):
            day = first + timedelta(days=60 * place)
            done = place <= reached
            yield ProjectStep(
                project=project,
                stage=stage,
                planned_on=day,
                reached_on=day if done and day <= self.on else None,
            )
            if done and day <= self.on:
                project.stage, project.stage_on = ProjectStage(stage), day

    def make_enterprises(self) -> None:
        """Enough enterprises that every cadre below the leaders can look after one."""
        wanted = max(len(ENTERPRISES), len(self.staff) // PEOPLE_AN_ENTERPRISE)
        known = {row.name: row for row in Enterprise.objects.all()}
        rows = [self._enterprise(number) for number in range(wanted)]
        named = [(known[row.short_name], row) for row in rows if row.short_name in known]
        self._complete(named)
        taken = {row.name for _, row in named}
        self.context.insert(Enterprise, [row for row in rows if row.name not in known.keys() | taken])
        self.enterprises = list(Enterprise.objects.order_by("pk"))
        for number, row in enumerate(self.enterprises):
            row.lead_department = self.context.units.get(self.department(number).place.unit[:4])
            row.lead_official = self.leader(number).cadre
            row.entered_on = row.entered_on or date(self.on.year - 3, 5, 1)
        Enterprise.objects.bulk_update(self.enterprises, ["lead_department", "lead_official", "entered_on"])
        self._grades()
        self._checks()

    def _complete(self, named: list[tuple[Enterprise, Enterprise]]) -> None:
        """What the plan called by its short name gets the rest of what is known of an enterprise."""
        fields = ["name", "short_name", "credit_code", "industry", "grid", "land_mu", "employees", "is_key"]
        fields.append("entered_on")
        for row, invented in named:
            for field in fields:
                setattr(row, field, getattr(invented, field))
        Enterprise.objects.bulk_update([row for row, _ in named], fields)

    def _enterprise(self, number: int) -> Enterprise:
        first = f"91999999{number:09d}"
        place = number % len(ENTERPRISES)
        series = number // len(ENTERPRISES)
        tail = "有限公司" if series == 0 else f"{'甲乙丙丁戊己庚辛壬癸'[(series - 1) % 10]}业有限公司"
        return Enterprise(
            uid=demo_uid(self.random),
            name=f"{ENTERPRISES[place]}{tail}",
            short_name=ENTERPRISES[place] if series == 0 else "",
            credit_code=first + check_character(first),
            state=EnterpriseState.OPERATING,
            industry=INDUSTRIES[place],
            grid=f"第{number % 6 + 1}网格",
            land_mu=Decimal(self.random.randint(12, 120)),
            employees=self.random.randint(40, 900),
            is_key=place < 3 and series == 0,
            entered_on=date(self.on.year - self.random.randint(1, 8), self.random.randint(1, 12), 1),
        )

    def _grades(self) -> None:
        labels = {label.code: label for label in GradeLabel.objects.all()}
        if not labels:
            return
        codes = sorted(labels)
        rows = [
            EnterpriseGrade(
                enterprise=row,
                year=self.on.year - back,
                grade=labels[self.random.choice(codes[:3])],
                tax_per_mu=Decimal(self.random.randint(80, 420)) / 10,
            )
            for row in self.enterprises
            for back in (2, 1)
        ]
        self.context.insert(EnterpriseGrade, rows)

    def _checks(self) -> None:
        checks, hired = [], []
        for row in self.enterprises[:6]:
            checks += [BeautyCheck(enterprise=row, position=n, text=text) for n, text in enumerate(CHECKS)]
            hired += [
                ThirdPartySteward(
                    enterprise=row, kind=kind, provider=f"安和{kind.label[:2]}服务中心", starts_on=self.start
                )
                for kind in StewardKind
            ]
        self.context.insert(BeautyCheck, checks)
        self.context.insert(ThirdPartySteward, hired)

    def give(self) -> None:
        """Everybody but a few gets a project or an enterprise, under one leader."""
        people = list(self.staff)
        self.random.shuffle(people)
        subjects: list[Project | Enterprise] = [*self.projects, *self.enterprises]
        rows = []
        for number, person in enumerate(people[: max(0, len(people) - GAPS)]):
            subject = subjects[number % len(subjects)]
            rows.append(self._row(person, subject, self.leader(number % len(subjects))))
        if len(rows) > 2:
            rows[1].lead_official = None  # one without a guide
        self.held = self.context.insert(Assignment, rows)
        self._handover()

    def _row(self, person: Person, subject: Project | Enterprise, leader: Person) -> Assignment:
        return Assignment(
            cadre=person.cadre,
            project=subject if isinstance(subject, Project) else None,
            enterprise=subject if isinstance(subject, Enterprise) else None,
            role=AssignmentRole.STEWARD,
            lead_official=leader.cadre,
            starts_on=self.start,
        )

    def _handover(self) -> None:
        if len(self.held) > 3:
            row = self.held[0]
            self.context.insert(
                Handover,
                [
                    Handover(
                        assignment=row,
                        to=self.held[2].cadre,
                        reason="岗位调整",
                        offered_on=self.on - timedelta(days=2),
                    )
                ],
            )

    def visit(self) -> None:
        """Three months of visits: most enterprises in time, some behind; what they asked for meanwhile."""
        random = self.context.random("park.visits")
        stewards: dict[int, list[Assignment]] = {}
        for row in self.held:
            if row.enterprise_id:
                stewards.setdefault(row.enterprise_id, []).append(row)
        visits, people = [], []
        for number, enterprise in enumerate(self.enterprises):
            for day in self._days(random, enterprise, number):
                holder = random.choice(stewards.get(enterprise.pk) or self.held or [None])
                if holder is None:
                    continue
                visit = _visit(random, enterprise, day)
                visits.append(visit)
                people.append(VisitPerson(visit=visit, cadre=holder.cadre))
        self.context.insert(Visit, visits)
        self.context.insert(VisitPerson, people)
        self._requests(random, visits)

    def _days(self, random: Random, enterprise: Enterprise, number: int) -> Iterator[date]:
        last = 45 if number % 5 == 0 else random.randint(1, 12 if enterprise.is_key else 25)
        for back in range(3):
            day = self.on - timedelta(days=last + 28 * back)
            if day >= self.start:
                yield day

    def _requests(self, random: Random, visits: list[Visit]) -> None:
        states = list(RequestState)
        rows = []
        for number, visit in enumerate(visits[:: max(1, len(visits) // 18)]):
            kind, text = REQUESTS[number % len(REQUESTS)]
            rows.append(self._request(random, visit, kind, text, states[number % len(states)]))
        self.context.insert(EnterpriseRequest, rows)

    def _request(
        self, random: Random, visit: Visit, kind: RequestKind, text: str, state: RequestState
    ) -> EnterpriseRequest:
        row = EnterpriseRequest(
            enterprise=visit.enterprise, visit=visit, kind=kind, text=text, raised_on=visit.on, state=state
        )
        if state != RequestState.RAISED:
            row.department = visit.enterprise.lead_department or self.context.zone
            row.handler = random.choice(self.held).cadre if self.held else None
            row.assigned_on, row.due_on = visit.on, visit.on + timedelta(days=20)
        if state in (RequestState.ANSWERED, RequestState.CLOSED):
            row.answered_on = min(self.on, visit.on + timedelta(days=12))
            row.result = random.choice(RESULTS)
        if state == RequestState.CLOSED:
            row.closed_on = min(self.on, visit.on + timedelta(days=15))
            row.satisfaction = random.choice(
                (Satisfaction.SATISFIED, Satisfaction.SATISFIED, Satisfaction.FAIR)
            )
        return row

    def note(self) -> None:
        """Of the last quarter, on most of whom they guide."""
        random = self.context.random("park.notes")
        year, quarter = quarter_of(self.on)
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        rows = [
            LeaderNote(
                leader=row.lead_official,
                cadre=row.cadre,
                year=year,
                quarter=quarter,
                text=random.choice(NOTES),
            )
            for row in self.held
            if row.lead_official_id and random.random() < 0.7
        ]
        self.context.insert(LeaderNote, rows)


def _project(name: str, kind: ProjectKind, amount: int) -> Project:
    return Project(
        name=name,
        kind=kind,
        stage=STAGES_OF[kind][0],
        investment=Decimal(amount),
        invested=Decimal(amount) * 4 / 10,
        investor="某省属企业" if kind == ProjectKind.INVESTMENT else "",
        place="主园区",
    )


def _visit(random: Random, enterprise: Enterprise, day: date) -> Visit:
    return Visit(
        enterprise=enterprise,
        on=day,
        situation=random.choice(SITUATIONS),
        output_value=Decimal(random.randint(300, 9000)),
        employees=enterprise.employees,
        client_key=demo_uid(random),
        created_at=timezone.make_aware(datetime.combine(day, time(16))),
    )
