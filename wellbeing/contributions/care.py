"""What care answers: that something waits, and in the cadre's own edition what was given. Never why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, asked
from core.notifications import register_kind
from core.templatetags.ui import cn_date
from core.web.menu import MenuItem, register
from growth.contracts import Column, Edition, Row, Section, SectionContext, Source, Table, register_section
from people.choices import OccasionCode
from people.contracts import (
    Duty,
    Figure,
    Link,
    Occasion,
    Panel,
    duties,
    home_figures,
    home_panels,
    how_many_wait,
    occasions,
)
from people.models import Cadre
from wellbeing.choices.care import COMPUTED, CareCause, CareState, SupportState
from wellbeing.models import CareCase, CareEvent, CareSupport
from wellbeing.queries.care.owed import owed
from wellbeing.services.care.money import yuan
from wellbeing.services.care.reading import read_detail
from wellbeing.services.privacy import register_own_data

EDIT, APPROVE, OWN = Permission.EDIT_CARE, Permission.APPROVE_CARE, Permission.OWN_WELLBEING
KEY = "wellbeing.care"
SHOWN = 6


def _unanswered(viewer: Viewer) -> QuerySet[CareEvent]:
    """Reported where the viewer handles care, taken by nobody or by the viewer, and without a case."""
    rows = CareEvent.objects.visible_to(viewer).exclude(cadre_id=viewer.cadre_id or 0)
    if not viewer.paths(EDIT):
        return CareEvent.objects.none()
    open_rows = rows.exclude(cause__in=COMPUTED).unanswered()
    free: QuerySet[CareEvent] = open_rows.filter(handler=None) | open_rows.filter(handler=viewer.user_id)
    return free


def _others(viewer: Viewer) -> QuerySet[CareCase]:
    rows: QuerySet[CareCase] = CareCase.objects.visible_to(viewer).exclude(cadre_id=viewer.cadre_id or 0)
    return rows


def _mine(viewer: Viewer) -> QuerySet[CareCase]:
    """The viewer's own cases that wait for the handler's next step."""
    waiting = (CareState.RETURNED, CareState.APPROVED)
    return _others(viewer).filter(handler_id=viewer.user_id, state__in=waiting)


def _to_approve(viewer: Viewer) -> QuerySet[CareCase]:
    if not viewer.paths(APPROVE):
        return CareCase.objects.none()
    return _others(viewer).filter(state=CareState.APPLIED).exclude(handler_id=viewer.user_id)


def _to_sign(viewer: Viewer) -> QuerySet[CareCase]:
    if not viewer.on_own_record(OWN):
        return CareCase.objects.none()
    rows: QuerySet[CareCase] = CareCase.objects.visible_to(viewer)
    return rows.filter(cadre_id=viewer.cadre_id or 0, state=CareState.GIVEN)


def _to_visit(viewer: Viewer) -> QuerySet[CareSupport]:
    rows: QuerySet[CareSupport] = CareSupport.objects.visible_to(viewer)
    return rows.filter(helper_id=viewer.user_id, state=SupportState.ACTIVE).order_by("next_visit_on")


register(
    MenuItem(
        "内强素质·关爱",
        62,
        "慰问帮扶",
        "heart-handshake",
        "wellbeing:care_owed",
        EDIT,
        _unanswered,
        audience="staff",
    )
)
register(
    MenuItem(
        "内强素质·关爱",
        63,
        "慰问审批",
        "stamp",
        "wellbeing:care_cases",
        APPROVE,
        _to_approve,
        audience="staff",
    )
)
register(
    MenuItem(
        "内强素质·关爱",
        64,
        "报告关爱事项",
        "heart-plus",
        "wellbeing:care_events",
        Permission.REPORT_CARE,
        audience="staff",
    )
)
register(
    MenuItem("内强素质·关爱", 64, "我的关爱", "heart", "wellbeing:my_care", OWN, _to_sign, audience="own")
)
register_kind(KEY, "关心慰问", "heart-handshake", sealed=True)


@duties.register("wellbeing.care_events", order=26, permission=EDIT, waits=_unanswered)
def events_waiting(*, viewer: Viewer) -> Iterator[Duty]:
    if count := how_many_wait(viewer, "wellbeing.care_events"):
        yield Duty(
            key="wellbeing.care_events",
            title=f"关心慰问事项待办理 {count} 件",
            due_on=None,
            link=Link("wellbeing:care_events"),
            count=count,
            reason="受理后按规则发起慰问或救助。",
        )


@duties.register("wellbeing.care_cases", order=27, permission=EDIT, waits=_mine)
def cases_to_go_on(*, viewer: Viewer) -> Iterator[Duty]:
    if count := how_many_wait(viewer, "wellbeing.care_cases"):
        yield Duty(
            key="wellbeing.care_cases",
            title=f"慰问待发放或退回待改 {count} 件",
            due_on=None,
            link=Link("wellbeing:care_cases"),
            count=count,
        )


@duties.register("wellbeing.care_approve", order=28, permission=APPROVE, waits=_to_approve)
def cases_to_approve(*, viewer: Viewer) -> Iterator[Duty]:
    if count := how_many_wait(viewer, "wellbeing.care_approve"):
        yield Duty(
            key="wellbeing.care_approve",
            title=f"慰问救助待您审批 {count} 件",
            due_on=None,
            link=Link("wellbeing:care_cases"),
            count=count,
        )


@duties.register("wellbeing.care_sign", order=29, permission=OWN, waits=_to_sign)
def gifts_to_sign(*, viewer: Viewer) -> Iterator[Duty]:
    if count := how_many_wait(viewer, "wellbeing.care_sign"):
        yield Duty(
            key="wellbeing.care_sign",
            title="有一份关心慰问请您签收",
            due_on=None,
            link=Link("wellbeing:my_care"),
            cadre_id=viewer.cadre_id,
            count=count,
        )


@duties.register("wellbeing.supports", order=30, waits=_to_visit)
def visits_due(*, viewer: Viewer) -> Iterator[Duty]:
    """One line for all that the viewer helps, with the nearest visit."""
    dates = yield from asked(_to_visit(viewer).values_list("next_visit_on", flat=True))
    if dates:
        yield Duty(
            key="wellbeing.supports",
            title=f"结对帮扶走访 {len(dates)} 人",
            due_on=dates[0],
            link=Link("wellbeing:supports"),
            count=len(dates),
            reason="走访后登记，直到帮扶结束。",
        )


@home_figures.register("wellbeing.care", order=45)
def care_figures(*, viewer: Viewer) -> Iterator[Figure]:
    if viewer.paths(EDIT):
        yield Figure("慰问事项待办", _unanswered(viewer), "件", Link("wellbeing:care_events"), "state=open")
    if viewer.paths(APPROVE):
        yield Figure("慰问待审批", _to_approve(viewer), "件", Link("wellbeing:care_cases"), "state=applied")


@home_panels.register(
    "wellbeing.care",
    order=45,
    permission=EDIT,
    label="应慰问未慰问",
    later=lambda viewer: bool(viewer.paths(EDIT)),
)
def owed_panel(*, viewer: Viewer) -> Panel | None:
    """The most urgent ones; reckoned, so it comes after the page."""
    if not viewer.paths(EDIT):
        return None
    rows = [row for row in owed(viewer, on=viewer.on) if row.case is None]
    late = sum(row.light == "red" for row in rows)
    context: dict[str, object] = {"rows": rows[:SHOWN], "late": late}
    return Panel("wellbeing.care", "应慰问未慰问", "wellbeing/panels/owed.html", context, len(rows))


@occasions.register("wellbeing.hardship", order=51)
def in_hardship(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    """Raises the talk that is owed, without a word: the need itself stands in no timeline."""
    rows = CareEvent.objects.filter(
        cadre_id__in=cadre_ids, cause=CareCause.HARDSHIP, reported_on__range=(since, until)
    )
    for row in rows.only("cadre_id", "reported_on"):
        yield Occasion(
            cadre_id=row.cadre_id,
            happened_on=row.reported_on or until,
            kind="生活困难",
            title="",
            code=OccasionCode.HARDSHIP,
            key=f"hardship:{row.pk}",
        )


# The growth file: the cadre's own edition alone


def load_care(cadres: Sequence[Cadre], as_of: date) -> Steps[Mapping[int, list[CareCase]]]:
    rows = CareCase.objects.filter(
        cadre__in=cadres, state__in=(CareState.GIVEN, CareState.CLOSED), given_on__lte=as_of
    )
    found: dict[int, list[CareCase]] = {}
    shown = rows.order_by("-given_on", "-pk").only("cadre_id", "kind", "amount", "form", "given_on")
    for row in (yield from asked(shown)):
        found.setdefault(row.cadre_id, []).append(row)
    return found


@register_section(KEY, order=61, load=load_care)
def care_section(context: SectionContext, rows: list[CareCase] | None) -> Section | None:
    if not rows or context.edition != Edition.SELF:
        return None
    columns = (
        Column("慰问日期", 2, "date"),
        Column("类别", 3),
        Column("金额（元）", 2, "right"),
        Column("形式", 2),
    )
    return Section(KEY, "关心关爱", 61, (Table(columns, tuple(_row(row) for row in rows)),))


def _row(row: CareCase) -> Row:
    cells = (cn_date(row.given_on), row.get_kind_display(), yuan(row.amount), row.get_form_display())
    return Row(cells, Source("慰问发放", f"wellbeing.carecase:{row.pk}", row.given_on))


@register_own_data("care", "慰问救助")
def own_care(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    mine = CareCase.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0).select_related("event")
    for row in mine.defer("reason", "opinion"):
        yield {
            "类别": row.get_kind_display(),
            "事项日期": row.event.happened_on,
            "金额": row.amount,
            "状态": row.get_state_display(),
            "慰问日期": row.given_on,
            "签收日期": row.received_on,
        }


@register_own_data("care_events", "报告的事项")
def own_events(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    mine = CareEvent.objects.visible_to(viewer).filter(cadre_id=viewer.cadre_id or 0)
    for row in mine.exclude(cause__in=COMPUTED).select_related("cadre"):
        yield {
            "事项": row.get_cause_display(),
            "发生日期": row.happened_on,
            "状态": row.get_state_display(),
            "说明": read_detail(viewer=viewer, event=row),
        }
