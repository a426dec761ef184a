"""What inspections answer: who is overdue, that an effect period runs and until when, never what for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from core.access import Permission, Viewer
from core.asking import Steps, asked
from core.notifications import register_kind
from core.templatetags.ui import cn_date
from core.web.menu import MenuItem, register
from growth.contracts import (
    Chapter,
    Column,
    Edition,
    Fact,
    Facts,
    Row,
    Section,
    SectionContext,
    Source,
    Summary,
    Table,
    register_section,
)
from growth.wording import month_words
from people.choices import OccasionCode
from people.contracts import (
    Duty,
    Link,
    Obstacle,
    Occasion,
    Panel,
    Transfer,
    cadre_cards,
    duties,
    how_many_wait,
    obstacles,
    occasions,
)
from people.models import Cadre
from wellbeing.choices.inspections import FindingState
from wellbeing.models import Finding
from wellbeing.queries.inspections import decision_steps, decisions_in_effect, effect_until, with_unsettled
from wellbeing.services.privacy import register_own_data

EDIT = Permission.EDIT_DISCIPLINE
KEY = "wellbeing.decisions"
TITLE, ORDER = "处理决定", 59


def _to_review(viewer: Viewer) -> QuerySet[Finding]:
    """Handed in where the viewer inspects."""
    rows: QuerySet[Finding] = Finding.objects.visible_to(viewer)
    return rows.filter(state=FindingState.SUBMITTED)


def _to_put_right(viewer: Viewer) -> QuerySet[Finding]:
    """Handed to the viewer, as the leading official or as the one who does it."""
    mine = Q(owner_id=viewer.user_id) | Q(lead_id=viewer.user_id)
    rows: QuerySet[Finding] = Finding.objects.visible_to(viewer)
    return rows.filter(mine, state=FindingState.RECTIFYING)


register(
    MenuItem(
        "内强素质·关爱",
        66,
        "督查整改",
        "clipboard-check",
        "wellbeing:inspections",
        Permission.VIEW_DISCIPLINE,
        audience="staff",
    )
)
register_kind("wellbeing.finding", "督查整改", "clipboard-check", sealed=True)


@duties.register("wellbeing.findings", order=24, waits=_to_put_right)
def rectifications_due(*, viewer: Viewer) -> Iterator[Duty]:
    """One line for what the viewer has to put right; the count says how much of it is late."""
    found = yield from asked(_to_put_right(viewer).order_by("due_on").values_list("due_on", flat=True))
    dates = [day for day in found if day is not None]
    if not dates:
        return
    late = sum(day < viewer.on for day in dates)
    yield Duty(
        key="wellbeing.findings",
        title=f"督查整改 {len(dates)} 项" + (f"，逾期 {late} 项" if late else ""),
        due_on=dates[0],
        link=Link("wellbeing:findings"),
        count=len(dates),
        reason="整改到位后报送整改情况，由纪检复核销号。",
    )


@duties.register("wellbeing.reviews", order=25, permission=EDIT, waits=_to_review)
def reviews_due(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "wellbeing.reviews")
    if count:
        yield Duty(
            key="wellbeing.reviews",
            title=f"督查整改待复核 {count} 项",
            due_on=None,
            link=Link("wellbeing:findings"),
            count=count,
        )


@occasions.register("wellbeing.decisions", order=50)
def decided(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    """Raises the talk that is owed, without a word; where no effect period makes it known, nothing at all."""
    rows = Finding.objects.filter(
        cadre_id__in=cadre_ids, decided_on__range=(since, until), effect_from__isnull=False
    )
    for row in rows.only("cadre_id", "decided_on"):
        yield Occasion(
            cadre_id=row.cadre_id or 0,
            happened_on=row.decided_on or until,
            kind=TITLE,
            title="",
            code=OccasionCode.DISCIPLINED,
            key=f"finding:{row.pk}",
        )


@obstacles.register("wellbeing.decisions", order=61)
def effect_period(*, moves: Sequence[Transfer], on: date) -> Iterator[Obstacle]:
    found = yield from decision_steps([move.cadre.pk for move in moves], on)
    for cadre_id, rows in found.items():
        yield Obstacle(
            cadre_id=cadre_id,
            severity="blocks",
            code="effect_period",
            message=f"处于影响期 至 {rows[0].effect_to:%Y-%m}",
            source="督查整改",
        )


@obstacles.register("wellbeing.findings", order=62)
def open_rectification(*, moves: Sequence[Transfer], on: date) -> Iterator[Obstacle]:
    for cadre_id in (yield from asked(with_unsettled([move.cadre.pk for move in moves]))):
        yield Obstacle(
            cadre_id=cadre_id,
            severity="consider",
            code="open_rectification",
            message="有督查整改事项未销号，内容不公开，可向纪检了解。",
            source="督查整改",
        )


@cadre_cards.register("wellbeing.effect", order=5, permission=Permission.VIEW_EFFECT_PERIOD)
def effect_flag(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    """The flag, for those who may know that much of the cadre's unit."""
    seen = Cadre.objects.visible_to(viewer, Permission.VIEW_EFFECT_PERIOD)
    until = effect_until(cadre.pk, viewer.on)
    if until is None or not seen.filter(pk=cadre.pk).exists():
        return None
    return Panel("wellbeing.effect", "影响期", "wellbeing/inspections/flag.html", {"until": until})


def load_decisions(cadres: Sequence[Cadre], as_of: date) -> Steps[Mapping[int, list[Finding]]]:
    return (yield from decision_steps([cadre.pk for cadre in cadres], as_of))


@register_section(KEY, order=ORDER, load=load_decisions)
def decision_section(context: SectionContext, rows: list[Finding] | None) -> Section | None:
    """Decisions in effect on the day: leaders read the flag, the person and the archive the list."""
    if not rows:
        return None
    until = rows[0].effect_to
    if context.edition == Edition.LEADER:
        source = Source(TITLE, f"{KEY}:{context.cadre.pk}:", text="影响期登记")
        facts = Facts((Fact("影响期", f"处于影响期，至{month_words(until)}", source),))
        summary = Summary(points=facts.rows)
        return Section(KEY, TITLE, ORDER, (facts,), summary, Chapter.MERIT)
    columns = (Column("处理方式", 2), Column("处理日期", 2, "date"), Column("影响期", 3))
    table = Table(columns, tuple(_row(row) for row in rows))
    return Section(KEY, TITLE, ORDER, (table,), chapter=Chapter.MERIT)


def _row(row: Finding) -> Row:
    period = f"{cn_date(row.effect_from)}–{cn_date(row.effect_to)}"
    cells = (row.get_outcome_display(), cn_date(row.decided_on), period)
    return Row(cells, Source(TITLE, f"wellbeing.finding:{row.pk}", row.decided_on))


@register_own_data("decisions", "处理决定")
def own_decisions(*, viewer: Viewer, at: datetime) -> Iterator[dict[str, Any]]:
    """The formal decision, without the file behind it."""
    for row in decisions_in_effect([viewer.cadre_id or 0], viewer.on).get(viewer.cadre_id or 0, ()):
        yield {
            "处理方式": row.get_outcome_display(),
            "处理日期": row.decided_on,
            "影响期自": row.effect_from,
            "影响期至": row.effect_to,
        }
