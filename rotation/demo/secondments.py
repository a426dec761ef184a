"""Secondments of the demo zone: at least two in each state, incoming ones among them.

Those that the register has already are taken up with their appointments; the rest is invented.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from people.choices import AppointmentKind, CadreStatus, PoliticalStatus, Sex, StaffType
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.demo.shapes import add_months
from people.models import Appointment, Cadre, Unit
from people.services.cadres import complete_keys
from rotation.choices.secondments import (
    Direction,
    OpinionParty,
    OpinionStage,
    PartnerKind,
    SchemeState,
    SecondmentAct,
    SecondmentGrade,
    SecondmentState,
)
from rotation.choices.tenure import ExtensionState
from rotation.demo.moments import nine
from rotation.models import (
    BroughtHome,
    MonthlyNote,
    Opinion,
    ReturnPlan,
    Secondment,
    SecondmentExtension,
    SecondmentPlan,
    SecondmentStep,
)
from rotation.queries.secondments import next_month
from rotation.secondment_states import LIVE, OVER, after

S, A = SecondmentState, SecondmentAct
HOSTS = (
    (PartnerKind.TOWNSHIP, "示例县兴隆镇人民政府", "镇长助理"),
    (PartnerKind.MUNICIPAL, "示例市商务局", "开发区科副科长"),
    (PartnerKind.ADVANCED, "先进示例高新技术产业开发区", "招商局副局长"),
    (PartnerKind.ENTERPRISE, "示例新材料股份有限公司", "总经理助理"),
    (PartnerKind.TOWNSHIP, "示例县东山镇人民政府", "党委委员、副镇长"),
    (PartnerKind.MUNICIPAL, "示例省发展和改革委员会", "产业处副处长"),
)
NEWCOMERS = (
    ("顾远帆", Sex.MALE, "示例县财政局", PartnerKind.MUNICIPAL, "副局长"),
    ("陆知行", Sex.MALE, "示例科技职业学院", PartnerKind.MUNICIPAL, "科技副主任"),
    ("沈望舒", Sex.FEMALE, "示例银行股份有限公司示例县支行", PartnerKind.ENTERPRISE, "副局长"),
    ("贺兰亭", Sex.FEMALE, "示例县西岭乡人民政府", PartnerKind.TOWNSHIP, "主任助理"),
)
WORK = (
    "熟悉单位情况，走访村（社区）和企业，参与项目调度会。",
    "跟进两个在建项目，协调解决用地和管网问题。",
    "参与招商洽谈，整理产业链图谱，报送信息一篇。",
    "牵头完成一次专题调研，提出三条建议被采纳。",
    "参与年度考核指标测算和重点任务清单修订。",
)
SAID = {
    OpinionParty.SELF: "挂职期间主动融入，完成分管的工作，学习了项目全周期服务的做法，基层工作经验还需积累。",
    OpinionParty.HOST: "该同志工作扎实，服从安排，完成了所承担的项目协调任务，群众基础好。",
    OpinionParty.HOME: "该同志挂职期间表现良好，注意把好的做法带回单位。",
    OpinionParty.ORGANISATION: "同意接收单位和派出单位意见。",
}
BROUGHT = (
    ("项目“一件事”集成办理", "把立项、规划、施工许可并联办理，一张表单一次提交。"),
    ("企业诉求限时办结公示", "诉求办理时限上墙公示，逾期自动提级。"),
)
# In which order the acts come, up to the state.
ACTS = (A.RECOMMEND, A.APPROVE, A.DISPATCH, A.REPORT_IN, A.END, A.APPRAISE)
REACHED = {
    S.RECOMMENDED: 1,
    S.APPROVED: 2,
    S.DISPATCHED: 3,
    S.ACTIVE: 4,
    S.EXTENDED: 4,
    S.ENDED: 5,
    S.APPRAISED: 6,
    S.RETURNED: 6,
    S.KEPT: 6,
    S.REFUSED: 1,
    S.CANCELLED: 2,
}
LAST = {
    S.EXTENDED: A.EXTEND,
    S.RETURNED: A.RETURN,
    S.KEPT: A.KEEP,
    S.REFUSED: A.REFUSE,
    S.CANCELLED: A.CANCEL,
}
# When one in the state began, in months from today, and how long it was planned for.
TIMES = {
    S.RECOMMENDED: (2, 12),
    S.APPROVED: (1, 12),
    S.DISPATCHED: (1, 12),
    S.ACTIVE: (-10, 12),
    S.EXTENDED: (-13, 18),
    S.ENDED: (-12, 12),
    S.APPRAISED: (-13, 12),
    S.RETURNED: (-26, 12),
    S.KEPT: (-30, 24),
    S.REFUSED: (1, 12),
    S.CANCELLED: (1, 12),
}


@register(order=310)
def secondments(context: DemoContext) -> None:
    random = context.random("secondments")
    this_year, last_year = _plans(context)
    known = list(_known(context, random, last_year))
    invented = list(_invented(context, random, this_year))
    incoming = list(_incoming(context, random, this_year))
    rows = context.insert(Secondment, [*known, *invented, *incoming])
    context.insert(SecondmentStep, [step for row in rows for step in _steps(context, row)])
    _papers(context, rows, random)


def _plans(context: DemoContext) -> list[SecondmentPlan]:
    year = context.on.year
    title, text = "干部挂职锻炼计划", "选派优秀年轻干部到先进地区、省市直机关、乡镇和企业挂职，每批一年。"
    rows = [
        SecondmentPlan(year=year, title=title, state=SchemeState.OPEN, quota=20, note=text),
        SecondmentPlan(year=year - 1, title=title, state=SchemeState.CLOSED, quota=16, note=text),
        SecondmentPlan(year=year + 1, title=title, state=SchemeState.DRAFT, quota=20),
    ]
    return context.insert(SecondmentPlan, rows)[:2]


def _known(context: DemoContext, random: Random, plan: SecondmentPlan) -> Iterator[Secondment]:
    """Out of the register: under way, or over and appraised. Who retired or left meanwhile is left out."""
    rows = Appointment.objects.filter(kind=AppointmentKind.SECONDMENT, unit=None)
    rows = rows.filter(cadre__status=CadreStatus.ACTIVE).select_related("cadre").order_by("pk")
    for held in rows:
        live = held.ends_on is None or held.ends_on > context.on
        yield Secondment(
            plan=plan if held.starts_on.year == plan.year else None,
            cadre=held.cadre,
            partner_kind=_kind_of(held.organisation),
            organisation=held.organisation,
            title=held.title or "挂职干部",
            starts_on=held.starts_on,
            planned_end_on=held.ends_on or add_months(held.starts_on, 12) - timedelta(days=1),
            ended_on=None if live else held.ends_on,
            released=random.random() < 0.7,
            into_resume=False,  # the invented resumes have them already
            goals="熟悉基层工作，参与项目建设和营商环境工作。",
            state=S.ACTIVE if live else S.RETURNED,
            document_no=f"组派〔{held.starts_on.year}〕{random.randint(1, 30)}号",
            appointment=held,
        )


def _kind_of(organisation: str) -> PartnerKind:
    for word, kind in (
        ("公司", PartnerKind.ENTERPRISE),
        ("镇", PartnerKind.TOWNSHIP),
        ("乡", PartnerKind.TOWNSHIP),
        ("先进", PartnerKind.ADVANCED),
    ):
        if word in organisation:
            return kind
    return PartnerKind.MUNICIPAL


def _invented(context: DemoContext, random: Random, plan: SecondmentPlan) -> Iterator[Secondment]:
    """Two in each state, of people who have not been away."""
    away = Appointment.objects.exclude(kind=AppointmentKind.POST).values("cadre_id")
    free = Cadre.objects.filter(status=CadreStatus.ACTIVE, appointments__ends_on=None)
    free = free.exclude(pk__in=away).filter(birth_month__gte=date(context.on.year - 40, 1, 1)).distinct()
    people = list(free.order_by("pk"))
    random.shuffle(people)
    states = [state for state in SecondmentState for _ in range(2)]
    for cadre, state in zip(people, states, strict=False):
        kind, organisation, title = random.choice(HOSTS)
        yield _row(context, state, cadre, plan, kind, organisation, title)


def _row(
    context: DemoContext,
    state: SecondmentState,
    cadre: Cadre,
    plan: SecondmentPlan | None,
    kind: PartnerKind,
    organisation: str,
    title: str,
    **more: Any,
) -> Secondment:
    shift, months = TIMES[state]
    starts_on = add_months(context.on, shift)
    planned = add_months(starts_on, months) - timedelta(days=1)
    ended = min(planned, context.on - timedelta(days=10)) if state in OVER else None
    row = Secondment(
        plan=plan if plan and starts_on.year == plan.year else None,
        cadre=cadre,
        partner_kind=kind,
        organisation=organisation,
        title=title,
        starts_on=starts_on,
        planned_end_on=planned,
        ended_on=ended,
        midterm_on=add_months(starts_on, months // 2),
        into_resume=False,
        goals="参与项目建设和营商环境工作，完成一篇调研报告。",
        reason="年轻干部，缺少基层工作经历，单位推荐。",
        state=state,
        document_no=f"组派〔{starts_on.year}〕{cadre.pk % 40 + 1}号" if REACHED[state] >= 3 else "",
        **more,
    )
    if REACHED[state] >= 4:
        row.appointment = _appointment(row)
    return row


def _appointment(row: Secondment) -> Appointment:
    """As reporting in opens it."""
    common = {"title": row.title, "starts_on": row.starts_on, "ends_on": row.ended_on}
    if row.host_unit is not None:
        kind = {"kind": AppointmentKind.POST, "unit": row.host_unit, "note": f"来区挂职：{row.organisation}"}
    else:
        kind = {
            "kind": AppointmentKind.SECONDMENT,
            "organisation": row.organisation,
            "is_main": False,
            "document_no": row.document_no,
        }
    return Appointment.objects.create(cadre=row.cadre, **common, **kind)


def _incoming(context: DemoContext, random: Random, plan: SecondmentPlan) -> Iterator[Secondment]:
    """People of other organisations in units of the zone."""
    units = list(Unit.objects.filter(parent__isnull=False, closed_on=None).order_by("path"))
    states = (S.ACTIVE, S.ACTIVE, S.RECOMMENDED, S.ENDED)
    for number, (name, sex, home, kind, title) in enumerate(NEWCOMERS):
        cadre = Cadre(
            uid=demo_uid(random),
            name=name,
            sex=sex,
            staff_no=f"G{context.on.year}{number + 1:02d}",
            staff_type=StaffType.SECONDED_IN,
            birth_month=date(context.on.year - 36 - number, 5, 1),
            work_started_on=date(context.on.year - 13 - number, 7, 1),
            ethnicity="汉族",
            political_status=PoliticalStatus.PARTY_MEMBER,
            display_order=9000 + number,
        )
        complete_keys(cadre)
        context.insert(Cadre, [cadre])
        unit = random.choice(units)
        yield _row(
            context,
            states[number],
            cadre,
            plan,
            kind,
            home,
            title,
            direction=Direction.IN,
            host_unit=unit,
        )


# What hangs on them


def _steps(context: DemoContext, row: Secondment) -> Iterator[SecondmentStep]:
    """The log up to the state, with days that lead up to the first day."""
    acts = [*ACTS[: REACHED[S(row.state)]], *([LAST[S(row.state)]] if row.state in LAST else [])]
    first = min(row.starts_on - timedelta(days=40), context.on - timedelta(days=12))
    days = {
        A.RECOMMEND: first,
        A.APPROVE: first + timedelta(days=6),
        A.REFUSE: first + timedelta(days=6),
        A.DISPATCH: first + timedelta(days=9),
        A.CANCEL: first + timedelta(days=10),
        A.REPORT_IN: row.starts_on,
        A.EXTEND: add_months(row.starts_on, 11),
        A.END: row.last_day,
        A.APPRAISE: row.last_day + timedelta(days=5),
        A.RETURN: row.last_day + timedelta(days=8),
        A.KEEP: row.last_day + timedelta(days=8),
    }
    state = S.RECOMMENDED
    for act in acts:
        state = _after(state, act)
        day = min(days[act], context.on)
        who = "主要领导" if act in (A.APPROVE, A.REFUSE, A.EXTEND) else "组织人事"
        reason = {A.REFUSE: "近期承担重点任务，暂不派出。", A.CANCEL: "本人身体原因。"}.get(act, "")
        yield SecondmentStep(
            secondment=row,
            act=act,
            state=state,
            happened_on=day,
            at=nine(day),
            by_name=who,
            reason=reason,
        )


def _after(state: SecondmentState, act: SecondmentAct) -> SecondmentState:
    return after(state, act) or state


def _papers(context: DemoContext, rows: Sequence[Secondment], random: Random) -> None:
    notes = [note for row in rows for note in _notes(context, row, random)]
    context.insert(MonthlyNote, notes)
    context.insert(Opinion, [o for row in rows for o in _opinions(context, row, random)])
    context.insert(SecondmentExtension, list(_extensions(context, rows)))
    over = [row for row in rows if row.state in (S.APPRAISED, S.RETURNED, S.KEPT)]
    context.insert(ReturnPlan, [_return_plan(row) for row in over])
    context.insert(BroughtHome, list(_brought(over)))


def _notes(context: DemoContext, row: Secondment, random: Random) -> Iterator[MonthlyNote]:
    """One a month; the last ones of some are missing, the latest are not read yet."""
    if row.state not in (*LIVE, *OVER):
        return
    last = min(row.ended_on or context.on, add_months(context.on, -1))
    if row.state in LIVE and random.random() < 0.4:
        last = add_months(last, -random.randint(1, 2))
    month = max(row.starts_on.replace(day=1), add_months(context.on, -18))
    while month <= last:
        sent = nine(min(next_month(month) + timedelta(days=random.randint(0, 5)), context.on))
        fresh = month >= add_months(context.on, -2)
        yield MonthlyNote(
            secondment=row,
            month=month,
            text=random.choice(WORK),
            wants_help="希望派出单位协调一次产业对接。" if random.random() < 0.08 else "",
            sent_at=sent,
            read_at=None if fresh and row.state in LIVE else sent + timedelta(days=3),
            read_by="" if fresh and row.state in LIVE else "部门负责人",
        )
        month = next_month(month)


def _opinions(context: DemoContext, row: Secondment, random: Random) -> Iterator[Opinion]:
    if row.state in (S.APPRAISED, S.RETURNED, S.KEPT):
        for party in OpinionParty:
            yield _opinion(context, row, OpinionStage.FINAL, party, row.last_day, random)
    elif row.state == S.ENDED:
        yield _opinion(context, row, OpinionStage.FINAL, OpinionParty.SELF, row.last_day, random)
    elif row.state in LIVE and row.midterm_on and row.midterm_on <= context.on:
        for party in (OpinionParty.SELF, OpinionParty.HOST):
            yield _opinion(context, row, OpinionStage.MIDTERM, party, row.midterm_on, random)


def _opinion(
    context: DemoContext,
    row: Secondment,
    stage: OpinionStage,
    party: OpinionParty,
    day: date,
    random: Random,
) -> Opinion:
    grades = (SecondmentGrade.EXCELLENT, SecondmentGrade.COMPETENT, SecondmentGrade.COMPETENT)
    host = party == OpinionParty.HOST
    return Opinion(
        uid=demo_uid(random),
        secondment=row,
        stage=stage,
        party=party,
        text=SAID[party],
        grade=random.choice(grades) if party == OpinionParty.ORGANISATION else "",
        signer="示例签署人" if host else "",
        signer_title="主要负责人" if host else "",
        signed_on=min(day, context.on),
        by_form=host,
        at=nine(min(day, context.on)),
        by_name="接收单位" if host else "组织人事",
    )


def _extensions(context: DemoContext, rows: Sequence[Secondment]) -> Iterator[SecondmentExtension]:
    for row in rows:
        if row.state == S.EXTENDED:
            day = add_months(row.starts_on, 11)
            yield SecondmentExtension(
                secondment=row,
                until=row.planned_end_on,
                reason="所承担的项目尚未完工，接收单位申请延期。",
                state=ExtensionState.APPROVED,
                requested_at=nine(day),
                requested_by="组织人事",
                decided_at=nine(day + timedelta(days=4)),
                decided_by="主要领导",
            )
    waiting = next((row for row in rows if row.state == S.ACTIVE and row.direction == Direction.OUT), None)
    if waiting is not None:
        yield SecondmentExtension(
            secondment=waiting,
            until=add_months(waiting.planned_end_on, 6),
            reason="项目处于验收阶段，建议延期半年。",
            requested_at=nine(context.on - timedelta(days=3)),
            requested_by="组织人事",
        )


def _return_plan(row: Secondment) -> ReturnPlan:
    kept = row.state == S.KEPT
    return ReturnPlan(
        secondment=row,
        outcome="keep" if kept else "return",
        position="留接收单位任职" if kept else "回原岗位",
        handover="与代管人员交接在办事项，一周内完成",
        care="返岗后一周内由部门负责人谈话",
        made_at=nine(row.last_day - timedelta(days=60)),
        made_by="组织人事",
    )


def _brought(rows: Sequence[Secondment]) -> Iterator[BroughtHome]:
    for row, (title, text) in zip(rows, BROUGHT, strict=False):
        yield BroughtHome(
            secondment=row,
            title=title,
            text=text,
            added_at=nine(row.last_day),
            added_by=row.cadre.name,
        )
