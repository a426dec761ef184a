"""Classes in every state, made the way the office makes them: through the services, as of their own days."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.access import OWN_RECORD_ROLE, Role, ScopedGrant, Viewer
from people.choices import CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.models import Cadre, Unit, User
from training.choices import (
    AttendanceState,
    ClassKind,
    EnrolmentWay,
    LeaveReason,
    ResultGrade,
    Theme,
)
from training.class_states import ClassMove
from training.models import Attendance, TrainingClass
from training.services.assessment import Verdict, assess
from training.services.certificates import issue_certificates
from training.services.classes import SlotValues, cancel_class, move_class, plan_class
from training.services.enrolment import (
    apply_for,
    approve,
    enrol_people,
    nominate,
    set_quotas,
)
from training.services.leave import Wish, enter_leave, request_leave
from training.services.programmes import create_programme
from training.services.visits import LessonValues, StopValues, save_lessons, save_visit

HALL = "管委会三楼会议室"
ORGANISER = "示例经济开发区管委会"


@register(order=915)  # after the accounts: the office acts with its own
def seed_live_classes(context: DemoContext) -> None:
    context.say("办理中的班次……")
    Office(context).run()


class Office:
    """The personnel office of the demo at work; `on` is the day of the demo."""

    def __init__(self, context: DemoContext) -> None:
        self.on = context.on
        self.hr = self._viewer(Role.HR)
        active = [person.cadre for person in context.people if person.cadre.status == CadreStatus.ACTIVE]
        self.people = [cadre for cadre in active if cadre.pk != self.hr.cadre_id]
        self.random = context.random("live_classes")
        self.random.shuffle(self.people)

    def run(self) -> None:
        self.programme = create_programme(
            values={
                "name": "干部专业化能力提升计划",
                "year": self.on.year,
                "kind": ClassKind.TOPICAL,
                "theme": Theme.INVESTMENT,
                "organiser": ORGANISER,
                "audience": "全区干部",
                "purpose": "按需培训，补齐招商引资、项目服务和公文写作短板。",
                "budget": Decimal(120000),
            },
            by=self.hr,
        )
        self.draft()
        self.published()
        self.full()
        self.to_approve()
        self.dispatched()
        self.running()
        self.assessing()
        self.archived()
        self.cancelled()
        self.journey()

    def _viewer(self, role: Role) -> Viewer:
        user = User.objects.filter(grants__role=role).order_by("pk").first()
        grants = (ScopedGrant(role, ""),)
        if user is None:
            return Viewer(user_id=0, name="系统", on=self.on, grants=grants)
        return Viewer(user_id=user.pk, name=user.name, on=self.on, cadre_id=user.cadre_id, grants=grants)

    def _as(self, cadre: Cadre) -> Viewer:
        grants = (ScopedGrant(OWN_RECORD_ROLE, ""),)
        return Viewer(user_id=self.hr.user_id, name=cadre.name, on=self.on, cadre_id=cadre.pk, grants=grants)

    def _some(self, first: int, count: int) -> list[Cadre]:
        """Another part of the people each time; a small zone begins again from the front."""
        many = len(self.people)
        return [self.people[(first + number) % many] for number in range(min(count, many))]

    def _day(self, days: int) -> date:
        """So many days from now, moved on to a Monday."""
        day = self.on + timedelta(days=days)
        return day + timedelta(days=-day.weekday() % 7)

    def _at(self, day: date, hour: int = 9) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(hour)))

    def _plan(self, name: str, days: int, *, length: int = 1, **values: Any) -> TrainingClass:
        first = self._day(days)
        slots = [
            SlotValues(self._at(day, begin), self._at(day, begin + 3), topic=topic)
            for day in (first + timedelta(days=number) for number in range(length))
            for begin, topic in ((9, "专题辅导"), (14, "研讨交流"))
        ]
        made = {
            "uid": demo_uid(self.random),
            "name": f"{first.year}年{name}",
            "kind": ClassKind.TOPICAL,
            "theme": Theme.INVESTMENT,
            "organiser": ORGANISER,
            "place": HALL,
            "lecturer": "外聘专家",
            "contact": "组织人事部",
            "programme": self.programme,
            "cost": Decimal(8000),
        } | values
        return plan_class(values=made, slots=slots, by=self.hr, at=self._now(days))

    def _now(self, days: int) -> datetime:
        """When the office works at a class: four weeks ahead of it, today at the latest."""
        return self._at(min(self.on, self._day(days) - timedelta(days=28)))

    def _move(self, held: TrainingClass, at: datetime, *moves: ClassMove) -> TrainingClass:
        for one in moves:
            held = move_class(training_class=held, to=one, by=self.hr, at=at)
        return held

    def _open(self, name: str, days: int, **values: Any) -> tuple[TrainingClass, datetime]:
        at = self._now(days)
        held = self._plan(name, days, **values)
        return self._move(held, at, ClassMove.PUBLISH, ClassMove.OPEN), at

    def draft(self) -> None:
        self._plan("数字政务应用专题班", 50, theme=Theme.OTHER, capacity=40)

    def published(self) -> None:
        opens = self._at(self.on + timedelta(days=5))
        held = self._plan(
            "绿色低碳发展专题班", 40, theme=Theme.ENVIRONMENT, enrol_opens_at=opens, capacity=50
        )
        self._move(held, self._now(40), ClassMove.PUBLISH)

    def full(self) -> None:
        """Eight seats, and four who wait."""
        values = {"theme": Theme.WRITING, "enrolment_way": EnrolmentWay.OPEN, "capacity": 8}
        held, at = self._open("公文写作小班课", 21, **values)
        for minute, cadre in enumerate(self._some(0, 12)):
            apply_for(training_class=held, by=self._as(cadre), at=at + timedelta(minutes=minute))

    def to_approve(self) -> None:
        held, at = self._open("招商谈判实务专题班", 28, enrolment_way=EnrolmentWay.APPROVED, capacity=30)
        rows = [apply_for(training_class=held, by=self._as(cadre), at=at) for cadre in self._some(12, 10)]
        approve(participations=rows[:6], by=self.hr, at=at)

    def dispatched(self) -> None:
        values = {
            "kind": ClassKind.DISPATCHED,
            "enrolment_way": EnrolmentWay.NOMINATED,
            "organiser": "中共示例县委组织部",
            "place": "示例县委党校",
            "capacity": 10,
            "programme": None,
        }
        held, at = self._open("年轻干部能力提升调训班", 24, length=3, **values)
        chosen = self._some(22, 3)
        placed: Any = Cadre.objects.filter(pk__in=[cadre.pk for cadre in chosen]).with_position(self.on)
        units = [row.unit_id_at for row in placed if row.unit_id_at]
        set_quotas(training_class=held, seats=dict.fromkeys(Unit.objects.filter(pk__in=units), 3), by=self.hr)
        rows = nominate(training_class=held, cadres=chosen, by=self.hr, at=at, reason="年轻干部培养")
        approve(participations=rows[:2], by=self.hr, at=at)

    def running(self) -> None:
        """Begun on Monday; one has been given leave, another has asked for it."""
        values = {"theme": Theme.PROJECTS, "capacity": 20}
        held, at = self._open("重点项目服务专题班", -6, length=5, **values)
        rows = enrol_people(training_class=held, cadres=self._some(25, 12), by=self.hr, at=at)
        held = self._move(held, self._at(held.starts_on, 8), ClassMove.CLOSE, ClassMove.START)
        slots = list(held.slots.all())
        wish = Wish(slots[:1], LeaveReason.DUTY, "陪同客商考察")
        enter_leave(participation=rows[0], wish=wish, by=self.hr, at=self._at(held.starts_on, 8))
        ask = Wish(slots[-1:], LeaveReason.PERSONAL, "家中有事")
        by = self._as(rows[1].cadre)
        request_leave(participation=rows[1], wish=ask, by=by, at=self._at(held.starts_on, 8))

    def _over(self, name: str, days: int, people: list[Cadre], **values: Any) -> TrainingClass:
        held, at = self._open(name, days, length=2, **values)
        enrol_people(training_class=held, cadres=people, by=self.hr, at=at)
        held = self._move(held, self._at(held.starts_on, 8), ClassMove.CLOSE, ClassMove.START)
        # By number: joined, a PostgreSQL without statistics of fresh rows would compare all with all.
        slots = list(held.slots.values_list("pk", flat=True))
        rows = Attendance.objects.filter(slot__in=slots, state=AttendanceState.EXPECTED)
        rows.update(state=AttendanceState.PRESENT, source="manual")
        return self._move(held, self._at(held.ends_on, 18), ClassMove.END)

    def assessing(self) -> None:
        self._over("安全监管实务专题班", -21, self._some(37, 10), theme=Theme.SAFETY, capacity=30)

    def archived(self) -> None:
        held = self._over("产业链招商专题班", -50, self._some(47, 10), theme=Theme.INDUSTRY, capacity=30)
        at = self._at(held.ends_on, 19)
        grades = [ResultGrade.EXCELLENT, ResultGrade.GOOD, ResultGrade.PASSED]
        parts = held.participations.order_by("pk")
        verdicts = [Verdict(row.pk, grades[number % 3]) for number, row in enumerate(parts)]
        assess(training_class=held, verdicts=verdicts, by=self.hr, at=at)
        self._move(held, at, ClassMove.ARCHIVE)
        issue_certificates(training_class=held, by=self.hr, at=at)

    def cancelled(self) -> None:
        held, at = self._open("对外贸易实务专题班", 30, enrolment_way=EnrolmentWay.OPEN)
        for cadre in self._some(57, 3):
            apply_for(training_class=held, by=self._as(cadre), at=at)
        cancel_class(training_class=held, by=self.hr, at=at, reason="授课专家行程变动，改期另行通知")

    def journey(self) -> None:
        values = {
            "kind": ClassKind.STUDY_VISIT,
            "place": "先进示例高新区",
            "programme": None,
            "capacity": 12,
        }
        held = self._over("赴先进园区考察营商环境", -35, self._some(60, 8), **values)
        leader = held.participations.select_related("cadre").order_by("pk").first()
        visit = save_visit(
            training_class=held,
            leader=leader.cadre if leader else None,
            report_due_on=held.ends_on + timedelta(days=15),
            stops=[
                StopValues(held.starts_on, "示例高新区政务服务中心", "高新区管委会", "一窗通办"),
                StopValues(held.ends_on, "示例智能制造产业园", "产业园公司", "园区数字化管理"),
            ],
            by=self.hr,
        )
        lessons = [
            LessonValues("项目审批一窗通办", "前台综合受理、后台分类审批，平均时限压缩一半。"),
            LessonValues("企业服务专员制", "规上企业每户一名专员，问题三日内答复。"),
        ]
        save_lessons(visit=visit, lessons=lessons, by=self.hr)
