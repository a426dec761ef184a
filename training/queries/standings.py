"""The same reckoning as `hours.HoursSummary`, said in SQL: to filter, sort and count thousands of cadres.

Amounts are compared as whole hundredths, so both databases agree with the decimals of Python to the last
digit. The status and the gap are each one correlated subquery; a property test holds both sides together.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Round

from core.access import Permission, Viewer
from core.asking import Steps, asked, result_of
from people.choices import CadreStatus
from people.models import Cadre, Unit
from training.choices import HourRegime, HoursStatus
from training.hours import COUNTY_LEVELS, COUNTY_RANKS, ONE_DAY, HoursSummary, Span, year_span
from training.models import HourEntry
from training.queries.conversion import IN_PARTY
from training.queries.rules import RuleBook

PARTY_MEMBER = Q(political_status__in=IN_PARTY)
AT_COUNTY_LEVEL = Q(rank__in=COUNTY_RANKS) | Q(leadership_level__in=COUNTY_LEVELS)
WHOLE = BigIntegerField()
TEXT = CharField()


def ledger_cadres(viewer: Viewer) -> QuerySet[Cadre]:
    """Active cadres whose hours the viewer may see, with the position of the viewer's day."""
    visible = Cadre.objects.visible_to(viewer, Permission.VIEW_TRAINING)
    return visible.filter(status=CadreStatus.ACTIVE).with_position(viewer.on)


def hours_status(on: date, book: RuleBook) -> Case:
    """A HoursStatus code per cadre, to annotate a Cadre queryset with."""
    return _by_regime(on, book, _status, TEXT)


def hours_of_year(on: date, book: RuleBook) -> Case:
    """Hundredths of hours of the calendar year, up to the day, that count under the cadre's requirement."""
    return _by_regime(on, book, _of_year, WHOLE)


def at_county_level() -> Case:
    """Whether the requirement of five years holds for the cadre."""
    return Case(When(AT_COUNTY_LEVEL, then=Value(True)), default=Value(False), output_field=BooleanField())


def hours_gap(on: date, book: RuleBook) -> Case:
    """Hundredths of hours missing to the requirement per cadre; 0 when it is met."""
    return _by_regime(on, book, _gap, WHOLE)


def party_status(on: date, book: RuleBook) -> Case:
    """As `hours_status`, against the requirement of party members; everyone else is without one."""
    summary = HoursSummary(book.terms(HourRegime.PARTY, on), on)
    none = Value(HoursStatus.NO_RULE.value)
    return Case(When(PARTY_MEMBER, then=_status(summary, _cuts(on, book))), default=none, output_field=TEXT)


def count_by_status(cadres: QuerySet[Cadre], on: date, book: RuleBook) -> dict[str, int]:
    """How many cadres stand where; two queries."""
    return result_of(standing_steps(cadres, on, book))


def standing_steps(cadres: QuerySet[Cadre], on: date, book: RuleBook) -> Steps[dict[str, int]]:
    """As `count_by_status`, together with what others ask."""
    yield from cut_steps(on, book)
    rows = cadres.order_by().annotate(hours_status=hours_status(on, book)).values_list("hours_status")
    found = yield from asked(rows.annotate(Count("pk")))
    return dict.fromkeys(HoursStatus.values, 0) | dict(found)


@dataclass(frozen=True, slots=True)
class UnitOverview:
    """One unit with those below it: how many cadres stand where. `unit` None gathers those without a post.

    `here` is the number of people of the unit itself, `depth` how far it stands below the first one listed.
    """

    unit: Unit | None
    counts: dict[str, int]
    here: int
    depth: int = 0

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def behind(self) -> int:
        return self.counts[HoursStatus.BEHIND]

    @property
    def met(self) -> int:
        return self.counts[HoursStatus.MET]

    @property
    def on_pace(self) -> int:
        return self.counts[HoursStatus.ON_PACE]

    @property
    def met_percent(self) -> int:
        return round(100 * self.met / self.people) if self.people else 0


def overview_by_unit(cadres: QuerySet[Cadre], on: date, book: RuleBook) -> list[UnitOverview]:
    """Units with people, in tree order; `cadres` comes from `ledger_cadres`; three queries."""
    rows = cadres.order_by().annotate(hours_status=hours_status(on, book))
    own: dict[int | None, Counter[str]] = defaultdict(Counter)
    for unit_id, status, number in rows.values_list("unit_id_at", "hours_status").annotate(Count("pk")):
        own[unit_id][status] += number
    units = list(Unit.objects.filter(pk__in=[pk for pk in own if pk]).order_by("path"))
    top = min((_depth(unit) for unit in units), default=0)
    found = [_overview(unit, units, own, _depth(unit) - top) for unit in units]
    return [*found, UnitOverview(None, _counts([own[None]]), own[None].total())] if None in own else found


def _depth(unit: Unit) -> int:
    return (unit.path or "").count("/")


def _overview(
    unit: Unit, units: Sequence[Unit], own: dict[int | None, Counter[str]], depth: int
) -> UnitOverview:
    below = [own[other.pk] for other in units if (other.path or "").startswith(unit.path or "?")]
    return UnitOverview(unit, _counts(below), own[unit.pk].total(), depth)


def _counts(parts: Sequence[Counter[str]]) -> dict[str, int]:
    """The sums with a number for every status."""
    return {status: sum(part[status] for part in parts) for status in HoursStatus.values}


def _by_regime(on: date, book: RuleBook, expression: Any, output: Any) -> Case:
    county = HoursSummary(book.terms(HourRegime.FIVE_YEAR, on), on)
    others = HoursSummary(book.terms(HourRegime.ANNUAL, on), on)
    cut = _cuts(on, book)
    return Case(
        When(AT_COUNTY_LEVEL, then=expression(county, cut)),
        default=expression(others, cut),
        output_field=output,
    )


def _status(nothing: HoursSummary, cut: Sequence[Span]) -> Combinable:
    """`nothing` is the summary of a cadre without any class: the answer where no row is found."""
    if not nothing.terms.requires:
        return Value(HoursStatus.NO_RULE.value, TEXT)
    reached = Case(
        When(
            _reaches(nothing, nothing.required_hours, nothing.required_days),
            then=Value(HoursStatus.MET.value),
        ),
        When(_reaches(nothing, nothing.pace_hours, nothing.pace_days), then=Value(HoursStatus.ON_PACE.value)),
        default=Value(HoursStatus.BEHIND.value),
        output_field=TEXT,
    )
    found = _earned(nothing, cut).annotate(answer=reached).values("answer")
    return Coalesce(Subquery(found, TEXT), Value(nothing.status.value), output_field=TEXT)


def _gap(nothing: HoursSummary, cut: Sequence[Span]) -> Combinable:
    required = _hundredths(nothing.required_hours)
    missing = Case(
        When(_reaches(nothing, nothing.required_hours, nothing.required_days), then=Value(0)),
        default=Value(required) - F("earned_hours"),
        output_field=WHOLE,
    )
    found = _earned(nothing, cut).annotate(answer=missing).values("answer")
    return Coalesce(Subquery(found, WHOLE), Value(required), output_field=WHOLE)


def _of_year(nothing: HoursSummary, cut: Sequence[Span]) -> Combinable:
    yearly = HoursSummary(replace(nothing.terms, cycle_years=1), nothing.on)
    return Coalesce(
        Subquery(_earned(yearly, cut).values("earned_hours"), WHOLE), Value(0), output_field=WHOLE
    )


def _reaches(summary: HoursSummary, hours: Decimal, days: Decimal) -> Q:
    by_hours = Q(earned_hours__gte=_hundredths(hours))
    return by_hours | Q(earned_days__gte=_hundredths(days)) if summary.terms.by_days else by_hours


def _hundredths(value: Decimal) -> int:
    return int(value * 100)


def _earned(summary: HoursSummary, cut: Sequence[Span]) -> QuerySet[Any, Any]:
    """Sums of what counts for the cadre of the outer query, from the start of the period to the day."""
    span = summary.period.until(summary.on)
    rows = HourEntry.objects.in_force().filter(
        cadre=OuterRef("pk"),
        ledger__in=summary.terms.ledgers,
        starts_on__lte=span.last,
        ends_on__gte=span.first,
    )
    return (
        rows.order_by()
        .values("cadre")
        .annotate(earned_hours=Sum(_part("hours", span, cut)), earned_days=Sum(_part("days", span, cut)))
    )


def _cuts(on: date, book: RuleBook) -> list[Span]:
    return result_of(cut_steps(on, book))


def cut_steps(on: date, book: RuleBook) -> Steps[list[Span]]:
    """Spans of entries that the start of a period or the day itself cuts in two.

    Many entries share a span, so there are few, and each gets its own case. Asked once for a book.
    """
    if on not in book.cuts:
        across = Q()
        firsts = {HoursSummary(book.terms(regime, on), on).period.first for regime in HourRegime}
        for first in sorted(firsts | {year_span(on.year).first}):
            across |= Q(starts_on__lt=first, ends_on__gte=first) | Q(starts_on__lte=on, ends_on__gt=on)
        rows = HourEntry.objects.in_force().filter(across).order_by("starts_on", "ends_on")
        found = yield from asked(rows.values_list("starts_on", "ends_on").distinct())
        book.cuts[on] = [Span(*ends) for ends in found]
    return book.cuts[on]


def _part(name: str, span: Span, cut: Sequence[Span]) -> Combinable:
    whole = Cast(Round(F(name) * Value(100)), WHOLE)
    cases = [
        When(starts_on=entry.first, ends_on=entry.last, then=_accrued(whole, entry, span))
        for entry in cut
        if span.meets(entry.first, entry.last)
    ]
    return Case(*cases, default=whole, output_field=WHOLE) if cases else whole


def _accrued(whole: Combinable, entry: Span, span: Span) -> Combinable:
    """As `hours.part_in`: what is earned by the end of the span less what was earned before it."""
    before = _accrued_by(whole, entry, span.first - ONE_DAY)
    return ExpressionWrapper(_accrued_by(whole, entry, span.last) - before, WHOLE)


def _accrued_by(whole: Combinable, entry: Span, day: date) -> Any:
    if day < entry.first:
        return Value(0, WHOLE)
    if day >= entry.last:
        return whole
    held = Span(entry.first, day).days
    quarters = ExpressionWrapper(whole * Value(held) / Value(25 * entry.days), WHOLE)
    return ExpressionWrapper(quarters * Value(25), WHOLE)
