"""What the hours ledger answers: cards, the roster's column, figures of the home page and duties."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, asked, once, result_of
from core.charts import Lane, YearAmount, ring, share_of
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from people.contracts import (
    Duty,
    Figure,
    Gauge,
    Link,
    Obstacle,
    Panel,
    Transfer,
    cadre_cards,
    cadre_lanes,
    duties,
    home_figures,
    home_gauges,
    home_heads,
    home_panels,
    how_many_wait,
    obstacles,
    roster_columns,
)
from people.models import Cadre
from training.choices import HoursStatus, SelfFiledState
from training.contributions.scope import SEES, looks_after_others, may_see
from training.hours import HoursSummary, period_words, plain
from training.models import HourEntry, SelfFiledStudy
from training.queries import (
    RuleBook,
    hours_by_year,
    hours_for,
    hours_of,
    ledger_cadres,
    overview_by_unit,
)
from training.queries.amounts import Standing, known_standings_steps, standings_steps
from training.queries.self_filed import waiting_for
from training.queries.standings import standing_steps

LANE_YEARS = 20
DEPARTMENT_DEPTH = 1  # the home page stops at the departments; 科室 are in the detail
register_kind("training.self_filed", "自学填报", "file-check")


def _returned(viewer: Viewer) -> QuerySet[SelfFiledStudy]:
    rows = SelfFiledStudy.objects.visible_to(viewer).filter(cadre=viewer.cadre_id or 0)
    return rows.filter(state=SelfFiledState.RETURNED)


def _book(viewer: Viewer) -> RuleBook:
    """What several parts of one page reckon by."""
    return result_of(_book_steps(viewer))


def _book_steps(viewer: Viewer) -> Steps[RuleBook]:
    return (yield from once(viewer, "training.rules", RuleBook.steps))


register(MenuItem("内强素质·学习", 40, "学时台账", "hours", "training:ledger", SEES, audience="staff"))
register(MenuItem("内强素质·学习", 41, "我的学时", "gauge", "training:my_hours", SEES, audience="own"))
register(
    MenuItem(
        "内强素质·学习",
        42,
        "自学审批",
        "file-check",
        "training:self_filed_list",
        Permission.NOMINATE,
        count=waiting_for,
        audience="staff",
    )
)
register(
    MenuItem(
        "内强素质·学习",
        42,
        "自学填报",
        "file-check",
        "training:self_filed_mine",
        Permission.SIGN_UP,
        audience="own",
    )
)
register(
    MenuItem("管理", 50, "学时规则", "scale", "training:rules", (Permission.EDIT_RULES,), audience="staff")
)


# The cadre's page and the roster


@cadre_cards.register("training.hours", order=10, permission=SEES)
def hours_card(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    if not may_see(cadre, viewer):
        return None
    statement = hours_of(cadre, on=viewer.on, book=_book(viewer), entries=_entries(cadre, viewer))
    context: dict[str, object] = {"statement": statement}
    return Panel("training.hours", "今年学时", "training/panels/card.html", context)


@cadre_lanes.register("training.hours", order=30, permission=SEES, label="学时")
def hours_lane(*, cadre: Cadre, viewer: Viewer) -> Lane | None:
    if not may_see(cadre, viewer):
        return None
    years = range(viewer.on.year - LANE_YEARS, viewer.on.year + 1)
    known = _entries(cadre, viewer)
    table = hours_by_year([cadre.pk], years, until=viewer.on, known=known)[cadre.pk]
    return Lane(
        "学时", amounts=tuple(YearAmount(year, table[year].hours) for year in years if table[year].hours)
    )


def _entries(cadre: Cadre, viewer: Viewer) -> list[HourEntry]:
    """The card and the lane of one page read the same ledger."""
    rows = HourEntry.objects.in_force().filter(cadre=cadre)
    return viewer.remember(f"training.entries:{cadre.pk}", lambda: list(rows))


@roster_columns.register(
    "training.hours", order=20, permission=SEES, label="学时", template="training/cells/roster.html"
)
def hours_column(*, cadre_ids: Sequence[int], viewer: Viewer) -> dict[int, object]:
    """HoursSummary per cadre: a bar on the page, the plain number in an export."""
    seen = Cadre.objects.visible_to(viewer, SEES).filter(pk__in=cadre_ids).values_list("pk", flat=True)
    return dict(hours_for(list(seen), on=viewer.on))


# Home


@duties.register("training.behind", order=10, permission=SEES)
def cadres_behind(*, viewer: Viewer) -> Iterator[Duty]:
    """One duty for all cadres of the viewer's units who are behind."""
    if not viewer.paths(SEES):
        return
    count = (yield from _standing(viewer))[HoursStatus.BEHIND]
    if count:
        yield Duty(
            key="training.behind",
            title=f"{count} 名干部学时滞后",
            due_on=None,
            link=Link("training:ledger_behind"),
            count=count,
            reason="已学学时少于截至今天应达的学时。",
        )


@duties.register("training.own", order=11, permission=SEES)
def own_hours(*, viewer: Viewer) -> Iterator[Duty]:
    summary = yield from _own(viewer)
    if summary and summary.status in (HoursStatus.BEHIND, HoursStatus.ON_PACE):
        yield Duty(
            key="training.own",
            title=f"{period_words(summary)}学时还差 {plain(summary.gap_hours)} 学时",
            due_on=summary.period.last,
            link=Link("training:my_hours"),
            cadre_id=viewer.cadre_id,
            reason=f"已学 {plain(summary.hours)} 学时，{summary.pace_words}。",
        )


@duties.register("training.self_filed", order=12, permission=Permission.NOMINATE, waits=waiting_for)
def filings_to_decide(*, viewer: Viewer) -> Iterator[Duty]:
    """One duty for all filings that wait for the viewer."""
    waits = viewer.paths(Permission.NOMINATE)
    count = how_many_wait(viewer, "training.self_filed") if waits else 0
    if count:
        yield Duty(
            key="training.self_filed",
            title=f"{count} 条自学填报待审批",
            due_on=None,
            link=Link("training:self_filed_list"),
            count=count,
            reason="通过后学时自动入账。",
        )


@duties.register(
    "training.self_filed_returned",
    order=13,
    permission=Permission.SIGN_UP,
    waits=_returned,
    label="被退回的自学填报",
    listed=Link("training:self_filed_mine"),
)
def filings_returned(*, viewer: Viewer) -> Iterator[Duty]:
    """Each own filing that was sent back and waits to be corrected."""
    for row in (yield from asked(_returned(viewer))):
        yield Duty(
            key=f"training.self_filed:{row.pk}",
            title=f"自学填报被退回：{row.title}",
            due_on=None,
            link=Link("training:self_filed", (row.pk,)),
            cadre_id=viewer.cadre_id,
            reason=row.decision_reason,
        )


@obstacles.register("training.hours", order=40)
def hours_missing(*, moves: Sequence[Transfer], on: date) -> Iterator[Obstacle]:
    """Short of the requirement under the post held: to be made up within a year after a promotion."""
    book = yield from RuleBook.steps()
    found = yield from known_standings_steps([move.cadre for move in moves], on=on, book=book)
    for cadre_id, summary in ((pk, standing.main) for pk, standing in found.items()):
        if summary.status == HoursStatus.BEHIND:
            yield Obstacle(
                cadre_id=cadre_id,
                severity="consider",
                code="training.hours",
                message=f"{period_words(summary)}学时{summary.verdict}",
                source=f"{summary.terms.source}；提任后未达标的，应在一年内补足",
            )


@home_heads.register("training.own_hours", order=10, permission=SEES)
def hours_ring(*, viewer: Viewer) -> Steps[Panel | None]:
    """The own hours as a ring, with what should be reached by today."""
    summary = None if viewer.paths(SEES) else (yield from _own(viewer))
    if summary is None or not summary.terms.requires:
        return None
    title = "今年学时" if summary.is_annual else "五年学时"
    due = share_of(summary.pace_hours, summary.required_hours)
    image = ring(summary.hours, summary.required_hours, title=title, due=due, size=112)
    context: dict[str, object] = {"summary": summary, "ring": image}
    return Panel("training.own_hours", title, "training/panels/own_hours.html", context)


@home_panels.register(
    "training.units", order=10, permission=SEES, label="各部门学时", later=looks_after_others
)
def hours_by_unit_panel(*, viewer: Viewer) -> Panel | None:
    """Each department against the requirement, for those who look after several."""
    if not viewer.paths(SEES):
        return None
    units = overview_by_unit(ledger_cadres(viewer), viewer.on, _book(viewer))
    shown = [row for row in units if row.unit and row.depth <= DEPARTMENT_DEPTH]
    context: dict[str, object] = {"overviews": shown}
    return (
        Panel("training.units", "各部门学时", "training/panels/home.html", context)
        if len(shown) > 1
        else None
    )


@home_figures.register("training.hours", order=20, permission=SEES)
def hours_figures(*, viewer: Viewer) -> Iterator[Figure]:
    if viewer.paths(SEES):
        counts = yield from _standing(viewer)
        link = Link("training:ledger")
        for status, note in ((HoursStatus.MET, _of(counts)), (HoursStatus.BEHIND, "少于截至今天应达")):
            lead = status == HoursStatus.BEHIND
            yield Figure(f"学时{status.label}", counts[status], "人", link, f"status={status}", note, lead)


@home_gauges.register("training.hours", order=10, permission=SEES)
def hours_gauge(*, viewer: Viewer) -> Iterator[Gauge]:
    """Who has what is expected by today; those without a requirement are left out."""
    if viewer.paths(SEES):
        counts = yield from _standing(viewer)
        there = counts[HoursStatus.MET] + counts[HoursStatus.ON_PACE]
        every = there + counts[HoursStatus.BEHIND]
        if every:
            link = Link("training:ledger", query=f"status={HoursStatus.BEHIND}")
            yield Gauge("学时达到进度", there, every, "人", link)


def _of(counts: dict[str, int]) -> str:
    return f"共 {sum(counts.values())} 人"


def _standing(viewer: Viewer) -> Steps[dict[str, int]]:
    """The duty and the figures of the home page ask the same."""

    def steps() -> Steps[dict[str, int]]:
        book = yield from _book_steps(viewer)
        return (yield from standing_steps(ledger_cadres(viewer), viewer.on, book))

    return (yield from once(viewer, "training.standing", steps))


def _own(viewer: Viewer) -> Steps[HoursSummary | None]:
    own = viewer.cadre_id
    if own is None or not viewer.on_own_record(SEES):
        return None

    def steps() -> Steps[dict[int, Standing]]:
        book = yield from _book_steps(viewer)
        return (yield from standings_steps([own], on=viewer.on, book=book))

    found = yield from once(viewer, "training.own", steps)
    return found[own].main if own in found else None
