"""What the personnel register itself answers to the product's common questions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import cast

from django.utils import timezone

import people.administration
import people.finding
import people.statistics.report  # noqa: F401 - registers the first chapter of the yearly report
from core.access import Permission, Viewer
from core.asking import asked, counted
from core.notifications import register_kind
from core.notifications.queries import blocked_channels
from core.web.menu import MenuItem, register
from people.choices import AppointmentKind, CadreStatus, OccasionCode
from people.contracts import (
    Duty,
    Engagement,
    Figure,
    FirstStep,
    Gauge,
    Link,
    Occasion,
    Panel,
    duties,
    engagements,
    first_steps,
    home_figures,
    home_gauges,
    home_panels,
    how_many_wait,
    occasions,
    waiting,
)
from people.imports import kinds as _kinds  # noqa: F401 - registers what this app imports
from people.models import Appointment, Cadre, ImportBatch, User
from people.queries import (
    appointments_between,
    appraisals_of_years,
    headcount,
    honours_between,
    incomplete_cadres,
    meaning_of_posts,
    ranks_risen,
    retirements_between,
    secondments_ended,
)
from people.reminders import OVERDUE_KIND, OWN_KIND


def _own_record(viewer: Viewer) -> tuple[object, ...]:
    return (viewer.cadre_id,)


register(MenuItem("", 0, "首页", "house", "home", None))
register(
    MenuItem("", 5, "工作日历", "calendar-range", "people:calendar", Permission.VIEW_CADRE, audience="staff")
)
register(MenuItem("干部", 10, "干部名册", "users", "people:cadres", Permission.VIEW_CADRE, audience="staff"))
register(MenuItem("干部", 5, "我的档案", "user", "people:cadre", None, audience="own", args=_own_record))
register(MenuItem("管理", 10, "机构与岗位", "building", "people:units", Permission.VIEW_UNIT))
register(MenuItem("管理", 20, "数据导入", "upload", "people:imports", Permission.IMPORT))
register(
    MenuItem(
        "管理",
        30,
        "用户与授权",
        "user-cog",
        "people:accounts",
        (Permission.MANAGE_ACCOUNTS, Permission.MANAGE_GRANTS, Permission.VIEW_GRANTS),
    )
)
register(
    MenuItem(
        "管理", 52, "提醒规则", "alarm-clock", "people:reminders", Permission.EDIT_RULES, audience="staff"
    )
)
register(
    MenuItem(
        "管理",
        15,
        "统计报表",
        "chart-column",
        "people:statistics",
        Permission.VIEW_CADRE,
        audience="staff",
    )
)
# The duties of a person come from every app, the closed room too: outside it is only said that there is one.
register_kind(OWN_KIND, "到期提醒", "alarm-clock", sealed=True)
register_kind(OVERDUE_KIND, "逾期上报", "alert")
register(MenuItem("管理", 40, "审计日志", "shield-check", "people:audit", Permission.VIEW_AUDIT))

RECENT = 5  # how many of the latest imports the home page shows
APPOINTMENT_ICONS = {
    AppointmentKind.POST: "briefcase",
    AppointmentKind.SECONDMENT: "map-pin",
    AppointmentKind.LOAN: "arrow-left-right",
}


@home_figures.register("people.headcount", order=10, permission=Permission.VIEW_UNIT)
def headcount_figures(*, viewer: Viewer) -> Iterator[Figure]:
    """Only for those who look after other people: a cadre's own page needs no count of one."""
    if not viewer.paths(Permission.VIEW_CADRE):
        return
    counts = headcount(viewer)
    roster = Link("people:cadres")
    yield Figure("在职干部", counts.active, "人", roster, "status=active", lead=False)
    yield Figure("在外挂职、借调", counts.seconded, "人", roster, "away=true", "按今天有效的任职记录", False)
    unplaced = "补登任职后才能按部门统计"
    yield Figure("未登记任职", counts.unplaced, "人", roster, "unplaced=true", unplaced, lead=False)


@home_gauges.register("people.complete", order=60, permission=Permission.EDIT_CADRE)
def complete_records(*, viewer: Viewer) -> Iterator[Gauge]:
    """Whose record has all that a growth file needs."""
    if not viewer.paths(Permission.EDIT_CADRE):
        return
    active = Cadre.objects.visible_to(viewer, Permission.EDIT_CADRE).filter(status=CadreStatus.ACTIVE)
    lacking = yield from waiting(viewer, "people.incomplete")
    every = yield from counted(active)
    if every:
        yield Gauge("信息完整", every - lacking, every, "人", Link("people:cadres_incomplete"))


@first_steps.register("people.roster", order=10, permission=Permission.IMPORT)
def import_the_roster(*, viewer: Viewer) -> FirstStep:
    return FirstStep(
        title="导入干部花名册",
        why="用手头的花名册即可；机构随名册一起建立。没有现成的表，可在导入页面下载模板。",
        link=Link("people:import_new"),
        query="kind=roster",
        act="去导入",
        help="操作手册",
        section="导入花名册台账任免审批表",
        done=Cadre.objects.all(),
    )


@first_steps.register("people.accounts", order=60, permission=Permission.IMPORT)
def give_accounts(*, viewer: Viewer) -> FirstStep:
    return FirstStep(
        title="给干部开通账号",
        why="干部用手机看学时、签到、反馈任务、核对本人档案。账号由系统管理员开通，权限由安全管理员授予。",
        link=Link("help"),
        query="page=/accounts/",
        act="看怎么开通",
        done=User.objects.filter(cadre__isnull=False),
    )


@home_panels.register(
    "people.imports", order=90, permission=Permission.IMPORT, label="最近导入", later=lambda viewer: True
)
def recent_imports(*, viewer: Viewer) -> Panel | None:
    batches = list(ImportBatch.objects.visible_to(viewer)[:RECENT])
    return Panel("imports", "最近导入", "people/home_imports.html", {"batches": batches}) if batches else None


@duties.register("people.incomplete", order=40, permission=Permission.EDIT_CADRE, waits=incomplete_cadres)
def incomplete_records(*, viewer: Viewer) -> Iterable[Duty]:
    """One duty for all records that lack what a growth file needs."""
    count = how_many_wait(viewer, "people.incomplete")
    if count:
        yield Duty(
            key="people.incomplete",
            title=f"{count} 名干部的基本信息不全",
            due_on=None,
            link=Link("people:cadres_incomplete"),
            count=count,
            reason="成长档案要求工号、出生年月、身份、身份证号、照片等齐全。",
        )


@duties.register("people.channels", order=45, permission=Permission.MANAGE_ACCOUNTS, waits=blocked_channels)
def channels_that_rest(*, viewer: Viewer) -> Iterable[Duty]:
    """A way out of the system that does not get through; the bell has everything meanwhile."""
    count = how_many_wait(viewer, "people.channels")
    if count:
        yield Duty(
            key="people.channels",
            title=f"{count} 个通知渠道发送受阻",
            due_on=None,
            link=Link("channels"),
            count=count,
            reason="连不上对方，系统会自动再试；请检查网络、地址和密码。",
        )


@occasions.register("people.appointments", order=10)
def appointments_begun(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    begun = list(appointments_between(cadre_ids, since, until))
    meanings = meaning_of_posts(sorted({row.cadre_id for row in begun})) if begun else {}
    for appointment in begun:
        kind = AppointmentKind(appointment.kind)
        away = OccasionCode.SECONDMENT_BEGUN if kind == AppointmentKind.SECONDMENT else ""
        yield Occasion(
            cadre_id=appointment.cadre_id,
            happened_on=appointment.starts_on,
            kind=kind.label,
            title=f"{kind.label}：{appointment.place} {appointment.title}".strip(),
            detail=appointment.document_no,
            icon=APPOINTMENT_ICONS[kind],
            code=meanings.get(appointment.pk, away),
            key=f"appointment:{appointment.pk}",
        )


@occasions.register("people.secondments_ended", order=11)
def back_from_secondment(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    for appointment in secondments_ended(cadre_ids, since, until):
        yield Occasion(
            cadre_id=appointment.cadre_id,
            happened_on=cast(date, appointment.ends_on),
            kind="挂职期满",
            title=f"挂职期满：{appointment.place} {appointment.title}".strip(),
            icon=APPOINTMENT_ICONS[AppointmentKind.SECONDMENT],
            code=OccasionCode.SECONDMENT_ENDED,
            key=f"appointment:{appointment.pk}:end",
        )


@occasions.register("people.ranks", order=12)
def ranks_reached(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    for cadre in ranks_risen(cadre_ids, since, until):
        yield Occasion(
            cadre_id=cadre.pk,
            happened_on=cast(date, cadre.rank_since),
            kind="职级",
            title=f"任{cadre.rank}",
            icon="briefcase",
            code=OccasionCode.PROMOTED,
            key=f"rank:{cadre.rank_since:%Y-%m}",
        )


@occasions.register("people.honours", order=20)
def honours_awarded(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    for honour in honours_between(cadre_ids, since, until):
        yield Occasion(
            cadre_id=honour.cadre_id,
            happened_on=honour.awarded_on,
            kind="荣誉",
            title=honour.title,
            detail=honour.awarding_body,
            icon="award",
            code=OccasionCode.COMMENDED,
            key=f"honour:{honour.pk}",
        )


@occasions.register("people.appraisals", order=21)
def appraisals_given(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    """An appraisal belongs to the last day of its year, whenever its result came in."""
    for appraisal in appraisals_of_years(cadre_ids, since, until):
        yield Occasion(
            cadre_id=appraisal.cadre_id,
            happened_on=date(appraisal.year, 12, 31),
            kind="年度考核",
            title=f"{appraisal.year}年度考核：{appraisal.get_grade_display()}",
            icon="medal",
            code=OccasionCode.APPRAISED,
            key=f"appraisal:{appraisal.year}",
        )


@occasions.register("people.retirements", order=22)
def retirements(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    for cadre in retirements_between(cadre_ids, since, until):
        yield Occasion(
            cadre_id=cadre.pk,
            happened_on=cast(date, cadre.retirement_month),
            kind="到龄",
            title="到龄退休",
            icon="calendar-check",
            code=OccasionCode.RETIRING,
            key="retirement",
        )


@engagements.register("people.away", order=10)
def away_from_the_zone(
    *, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> Iterator[Engagement]:
    """Secondments and loans occupy whole days."""
    away = Appointment.objects.filter(
        cadre_id__in=cadre_ids,
        kind__in=[AppointmentKind.SECONDMENT, AppointmentKind.LOAN],
        starts_on__lt=timezone.localdate(ends_at) + timedelta(days=1),
    ).exclude(ends_on__lt=timezone.localdate(starts_at))
    for appointment in (yield from asked(away.select_related("unit"))):
        yield Engagement(
            cadre_id=appointment.cadre_id,
            starts_at=_midnight(appointment.starts_on),
            ends_at=_midnight((appointment.ends_on or timezone.localdate(ends_at)) + timedelta(days=1)),
            kind=appointment.get_kind_display(),
            title=f"{appointment.place}{appointment.title}",
            place=appointment.place,
        )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
