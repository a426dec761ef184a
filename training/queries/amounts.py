"""How many hours cadres have: bare sums of the entries in force, in the same few queries for thousands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import QuerySet

from core.asking import Steps, asked, result_of
from people.models import Cadre
from training.choices import HourRegime, Ledger
from training.hours import Amounts, HoursSummary, Span, part_in, regime_of, total, year_span
from training.models import HourEntry
from training.queries.conversion import IN_PARTY
from training.queries.rules import RuleBook

# A class before this is outside anyone's working life; it bounds the years that are looked at.
EARLIEST = date(1970, 1, 1)


class Ranked(Protocol):
    """What decides the requirements: a Cadre, or a row with the same values."""

    pk: int
    rank: str
    leadership_level: str
    political_status: str


@dataclass(frozen=True, slots=True)
class YearFigure:
    """A year for the chart; the requirement is None in a year without one (five-year regime, no rule)."""

    year: int
    amounts: Amounts
    required_hours: Decimal | None
    required_days: Decimal | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Part:
    """The bare figures of an entry."""

    ledger: Ledger
    hours: Decimal
    days: Decimal
    first: date
    last: date

    def within(self, span: Span) -> Amounts:
        hours = part_in(self.hours, self.first, self.last, span)
        return Amounts.of(self.ledger, hours, part_in(self.days, self.first, self.last, span))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a cadre stands with the requirement of the rank, and a member of the party with the other one."""

    main: HoursSummary
    party: HoursSummary | None = None


def hours_for(cadre_ids: Sequence[int], *, on: date, book: RuleBook | None = None) -> dict[int, HoursSummary]:
    """Where each cadre stands on the day; three queries for any number of cadres."""
    return {pk: found.main for pk, found in standings_for(cadre_ids, on=on, book=book).items()}


def standings_for(cadre_ids: Sequence[int], *, on: date, book: RuleBook | None = None) -> dict[int, Standing]:
    """As `hours_for`, against both requirements; three queries as well."""
    return result_of(standings_steps(cadre_ids, on=on, book=book or RuleBook.load()))


def standings_steps(cadre_ids: Sequence[int], *, on: date, book: RuleBook) -> Steps[dict[int, Standing]]:
    """As `standings_for`, together with what others ask."""
    cadres = Cadre.objects.filter(pk__in=cadre_ids)
    rows = yield from asked(cadres.only("pk", "rank", "leadership_level", "political_status"))
    return (yield from known_standings_steps(rows, on=on, book=book))


def known_standings_steps(
    cadres: Sequence[Ranked], *, on: date, book: RuleBook
) -> Steps[dict[int, Standing]]:
    """As `standings_steps`, of cadres that the caller has read."""
    party = HoursSummary(book.terms(HourRegime.PARTY, on), on)
    empty = {cadre.pk: _nothing_yet(cadre, book, party) for cadre in cadres}
    span = widest([party, *(standing.main for standing in empty.values())])
    parts: dict[int, list[Part]] = defaultdict(list)
    for row in (yield from asked(_part_rows(list(empty), span))):
        parts[row[0]].append(_part_of(row))
    return {pk: _earned(standing, parts[pk]) for pk, standing in empty.items()}


def _nothing_yet(cadre: Ranked, book: RuleBook, party: HoursSummary) -> Standing:
    main = HoursSummary(book.terms(regime_of(cadre.rank, cadre.leadership_level), party.on), party.on)
    return Standing(main, party if cadre.political_status in IN_PARTY else None)


def _earned(empty: Standing, parts: Sequence[Part]) -> Standing:
    party = _with(empty.party, parts) if empty.party else None
    return Standing(_with(empty.main, parts), party)


def _with(empty: HoursSummary, parts: Sequence[Part]) -> HoursSummary:
    span = empty.period.until(empty.on)
    return HoursSummary(empty.terms, empty.on, total(part.within(span) for part in parts))


def hours_by_year(
    cadre_ids: Sequence[int],
    years: Iterable[int],
    *,
    until: date | None = None,
    known: Iterable[HourEntry] | None = None,
) -> dict[int, dict[int, Amounts]]:
    """Cadre id → year → amounts, what runs across a year end split by days; one query.

    `known` are all entries in force of these cadres, where the page has them already: no query.
    """
    if known is None:
        return result_of(_by_year_steps(cadre_ids, years, until))
    return _table(cadre_ids, years, until, ((row.cadre_id, _part(row)) for row in known))


def _by_year_steps(
    cadre_ids: Sequence[int], years: Iterable[int], until: date | None
) -> Steps[dict[int, dict[int, Amounts]]]:
    wanted = sorted(set(years))
    if not wanted:
        return {pk: {} for pk in cadre_ids}
    whole = Span(date(wanted[0], 1, 1), date(wanted[-1], 12, 31))
    rows = yield from asked(_part_rows(list(cadre_ids), whole))
    return _table(cadre_ids, wanted, until, ((row[0], _part_of(row)) for row in rows))


def _table(
    cadre_ids: Sequence[int], years: Iterable[int], until: date | None, parts: Iterable[tuple[int, Part]]
) -> dict[int, dict[int, Amounts]]:
    spans = {year: year_span(year).until(until or date.max) for year in sorted(set(years))}
    table = {pk: dict.fromkeys(spans, Amounts()) for pk in cadre_ids}
    if not spans:
        return table
    for pk, part in parts:
        for year in range(max(part.first.year, min(spans)), min(part.last.year, max(spans)) + 1):
            if year in spans:
                table[pk][year] += part.within(spans[year])
    return table


def yearly_series(
    cadre: Ranked, upto: date, *, first_year: int | None = None, book: RuleBook | None = None
) -> list[YearFigure]:
    return yearly_series_for([cadre], upto, first_year=first_year, book=book)[cadre.pk]


def yearly_series_for(
    cadres: Sequence[Ranked], upto: date, *, first_year: int | None = None, book: RuleBook | None = None
) -> dict[int, list[YearFigure]]:
    """From the first year with hours (or `first_year`) to the year of `upto`, without gaps; two queries."""
    return result_of(yearly_steps(cadres, upto, first_year=first_year, book=book or RuleBook.load()))


def yearly_steps(
    cadres: Sequence[Ranked], upto: date, *, book: RuleBook, first_year: int | None = None
) -> Steps[dict[int, list[YearFigure]]]:
    """As `yearly_series_for`, together with what others ask."""
    years = range(first_year or EARLIEST.year, upto.year + 1)
    tables = yield from _by_year_steps([cadre.pk for cadre in cadres], years, upto)
    return {cadre.pk: _series(cadre, tables[cadre.pk], upto, book, first_year) for cadre in cadres}


def widest(summaries: Iterable[HoursSummary]) -> Span:
    spans = [summary.period for summary in summaries]
    if not spans:
        return Span(date.max, date.max)
    return Span(min(span.first for span in spans), max(span.last for span in spans))


def _part_rows(cadre_ids: Sequence[int], span: Span) -> QuerySet[HourEntry, Any]:
    """The entries in force that meet the span: no model instances, for thousands of cadres."""
    found = HourEntry.objects.in_force().filter(
        cadre_id__in=cadre_ids, starts_on__lte=span.last, ends_on__gte=span.first
    )
    return found.order_by().values_list("cadre_id", "ledger", "hours", "days", "starts_on", "ends_on")


_LEDGERS = {ledger.value: ledger for ledger in Ledger}  # for thousands of rows quicker than Ledger(…)


def _part_of(row: Any) -> Part:
    _, ledger, hours, days, first, last = row
    return Part(_LEDGERS[ledger], hours, days, first, last)


def _part(row: HourEntry) -> Part:
    return Part(Ledger(row.ledger), row.hours, row.days, row.starts_on, row.ends_on)


def _series(
    cadre: Ranked, table: Mapping[int, Amounts], upto: date, book: RuleBook, first_year: int | None
) -> list[YearFigure]:
    filled = [year for year, amounts in table.items() if amounts != Amounts()]
    begins = first_year or min(filled, default=upto.year)
    regime = regime_of(cadre.rank, cadre.leadership_level)
    return [_year(year, table[year], upto, book, regime) for year in range(begins, upto.year + 1)]


def _year(year: int, amounts: Amounts, upto: date, book: RuleBook, regime: HourRegime) -> YearFigure:
    on = year_span(year).until(upto).last
    summary = HoursSummary(book.terms(regime, on), on, amounts)
    if not summary.terms.requires or not summary.is_annual:
        return YearFigure(year, amounts, None, None, None)
    met = summary.reaches(summary.required_hours, summary.required_days)
    return YearFigure(year, amounts, summary.required_hours, summary.required_days, met)
