"""What 信息核对 and corrections add: places in the menu, what is due, figures of the statistics."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.access import Permission, Viewer
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from growth.campaigns import Coverage, coverage_by_unit, coverage_of, waiting_for
from growth.models import CheckCampaign, CheckMember, CorrectionRequest, CorrectionState
from growth.services.campaigns import KIND
from people.contracts import Duty, Link, Press, duties, how_many_wait, roster_bulk
from people.models import Unit
from people.statistics.sources import Chapter, report_chapters, statistics
from people.statistics.tables import Cell, Line, StatTable, percent, sum_line

EDIT, OWN = Permission.EDIT_CADRE, Permission.VIEW_GROWTH_SELF
COLUMNS = ("应核对", "已核对", "核对中", "未开始", "有异议")
QUERIES = ("", "state=done", "state=begun", "state=open", "disputed=yes")
TITLE = "信息核对"


def _own(viewer: Viewer) -> QuerySet[CheckMember]:
    return waiting_for(viewer) if viewer.on_own_record(OWN) else CheckMember.objects.none()


def _requests(viewer: Viewer) -> QuerySet[CorrectionRequest]:
    """To be decided by the viewer, who never decides the own."""
    if not viewer.paths(EDIT):
        return CorrectionRequest.objects.none()
    rows = CorrectionRequest.objects.visible_to(viewer).filter(state=CorrectionState.OPEN)
    return rows.exclude(cadre=viewer.cadre_id)


def _overdue(viewer: Viewer) -> QuerySet[CheckCampaign]:
    if not viewer.paths(EDIT):
        return CheckCampaign.objects.none()
    rows: QuerySet[CheckCampaign] = CheckCampaign.objects.visible_to(viewer).running()
    return rows.filter(ends_on__lt=viewer.on)


register(MenuItem("干部", 21, "核对我的档案", "clipboard-check", "growth:mine", OWN, _own, audience="own"))
register(
    MenuItem("干部", 22, "更正申请", "pencil-line", "growth:corrections", EDIT, _requests, audience="staff")
)
register(MenuItem("干部", 23, TITLE, "list-checks", "growth:campaigns", EDIT, audience="staff"))
register_kind(KIND, TITLE, "clipboard-check")


@roster_bulk.register("growth.check", order=20, permission=EDIT, template="growth/panels/check_many.html")
def check_many_button() -> None:
    """发起核对 for the people chosen in the roster."""


@duties.register("growth.check", order=15, permission=OWN, waits=_own)
def own_check(*, viewer: Viewer) -> Iterator[Duty]:
    """With its last day, so that reminders and the way up follow by the rule."""
    for member in _own(viewer):
        campaign = member.campaign
        yield Duty(
            key=f"growth.check:{campaign.pk}",
            title=f"待核对：{campaign.title}",
            due_on=campaign.ends_on,
            link=Link("growth:check", (campaign.pk,)),
            above=Link("people:cadre", (viewer.cadre_id,)),
            cadre_id=viewer.cadre_id,
            reason="逐部分核对本人信息，有误的申请更正，最后确认核对完毕。",
            escalates=True,
        )


@duties.register("growth.check.overdue", order=16, permission=EDIT, waits=_overdue)
def overdue_campaigns(*, viewer: Viewer) -> Iterator[Duty]:
    campaigns = list(_overdue(viewer))
    coverage = coverage_of(campaigns, viewer)
    for campaign in campaigns:
        behind = coverage.get(campaign.pk, Coverage()).behind
        left = f"还有 {behind} 人没有核对完" if behind else "可以结束"
        yield Duty(
            key=f"growth.check.overdue:{campaign.pk}",
            title=f"{campaign.title}已到期，{left}",
            due_on=campaign.ends_on,
            link=Link("growth:campaign", (campaign.pk,)),
            count=behind or 1,
            reason="提醒没有核对完的人，延长时间，或结束核对。",
            press=Press("提醒未核对的人", Link("growth:campaign_remind", (campaign.pk,))) if behind else None,
        )


@duties.register("growth.corrections", order=17, permission=EDIT, waits=_requests)
def requests_to_decide(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "growth.corrections")
    if count:
        yield Duty(
            key="growth.corrections",
            title=f"{count} 份更正申请待处理",
            due_on=None,
            link=Link("growth:corrections"),
            count=count,
            reason="核对佐证，改好记录后标为已更正，或写明未采纳的理由。",
        )


# Statistics


def _latest(viewer: Viewer, on: date) -> CheckCampaign | None:
    """The campaign of the day: the last that had begun by then."""
    rows: Any = CheckCampaign.objects.visible_to(viewer).filter(starts_on__lte=on)
    found: CheckCampaign | None = rows.order_by("-starts_on", "-pk").first()
    return found


@statistics.register("growth.check", order=15, permission=EDIT, label=TITLE)
def check_table(*, viewer: Viewer, on: date, unit: Unit) -> Iterator[StatTable]:
    """How far each unit is now; of a campaign that runs, an earlier day cannot be answered."""
    campaign = _latest(viewer, on) if viewer.paths(EDIT) else None
    if campaign is None or (campaign.is_open and on != viewer.on):
        return
    here = reverse("growth:campaign", args=[campaign.pk])
    rows = [one for one in coverage_by_unit(campaign, viewer) if _within(one, unit)]
    lines = tuple(_line(one, here) for one in rows)
    links = [f"{here}?unit={unit.pk}&{query}".rstrip("&") for query in QUERIES]
    yield StatTable(
        "growth-check",
        campaign.title,
        COLUMNS,
        lines,
        sum_line(lines, len(COLUMNS), links),
        note="本人的核对不由本人统计；有异议指有待处理的更正申请。",
    )


def _within(one: Coverage, unit: Unit) -> bool:
    return one.unit is not None and (one.unit.path or "").startswith(unit.path or "?")


def _line(one: Coverage, here: str) -> Line:
    numbers = (one.expected, one.done, one.begun, one.open, one.disputed)
    place = one.unit.pk if one.unit else 0
    cells = (
        Cell(number, f"{here}?unit={place}&{query}".rstrip("&"))
        for number, query in zip(numbers, QUERIES, strict=True)
    )
    return Line(one.unit.name if one.unit else "", tuple(cells))


@report_chapters.register("growth.check", order=15, permission=EDIT)
def check_chapter(*, viewer: Viewer, on: date, unit: Unit) -> Chapter | None:
    table = next(check_table(viewer=viewer, on=on, unit=unit), None)
    if table is None or not table.lines:
        return None
    expected, done, *_ = (cell.number or 0 for cell in table.total.cells)
    asked, applied = _corrections_of_year(viewer, on, unit)
    paragraph = (
        f"{table.title}应核对{expected}人，已核对{done}人，完成率{percent(done, expected)}。"
        f"全年收到更正申请{asked}件，采纳{applied}件。"
    )
    return Chapter(TITLE, (paragraph,), (table,))


def _corrections_of_year(viewer: Viewer, on: date, unit: Unit) -> tuple[int, int]:
    since = timezone.make_aware(datetime.combine(date(on.year, 1, 1), time.min))
    until = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    rows: Any = CorrectionRequest.objects.visible_to(viewer)
    rows = rows.exclude(cadre=viewer.cadre_id or 0).filter(asked_at__gte=since, asked_at__lt=until)
    rows = rows.filter(Q(cadre__appointments__unit__path__startswith=unit.path or "?")).distinct()
    return rows.count(), rows.filter(state=CorrectionState.APPLIED).count()
