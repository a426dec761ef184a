"""Hours of cadres, explainable line by line; the same few queries for one cadre or thousands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from people.models import Cadre
from training.choices import HourRegime, Ledger, ResultGrade
from training.hours import (
    Amounts,
    HoursSummary,
    Span,
    Terms,
    part_in,
    period_words,
    plain,
    regime_of,
    total,
    year_span,
)
from training.models import Participation
from training.queries.rules import RuleBook


class Ranked(Protocol):
    """What decides the regime: a Cadre, or a row with the same three values."""

    pk: int
    rank: str
    leadership_level: str


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One class of one cadre: what was credited, what of it falls into the period, and why not all of it."""

    participation_id: int
    class_id: int
    name: str
    kind: str
    theme: str
    organiser: str
    place: str
    first: date
    last: date
    ledger: Ledger
    credited_hours: Decimal
    credited_days: Decimal
    hours: Decimal
    days: Decimal
    counted: bool
    why: str
    result: str = ""
    certificate_no: str = ""

    @property
    def year(self) -> int:
        return self.last.year

    @property
    def counted_words(self) -> str:
        if self.counted:
            return f"+{plain(self.hours)} 学时"
        return f"另计 {plain(self.hours)} 学时" if self.hours else "未计入"


@dataclass(frozen=True, slots=True)
class HoursStatement:
    """The answer to "how many hours, of how many, and which ones": the summary and the lines behind it."""

    cadre_id: int
    basis: str
    summary: HoursSummary
    lines: tuple[HoursLine, ...]
    rule_note: str = ""

    @property
    def regime(self) -> HourRegime:
        return self.summary.regime

    @property
    def terms(self) -> Terms:
        return self.summary.terms

    @property
    def period(self) -> Span:
        return self.summary.period

    @property
    def by_kind(self) -> list[tuple[str, Decimal]]:
        """Hours per kind of class within the period, the most first."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[line.kind] += line.hours
        return sorted(((k, v) for k, v in sums.items() if v), key=lambda pair: -pair[1])


@dataclass(frozen=True, slots=True)
class YearFigure:
    """A year for the chart; the requirement is None in a year without one (five-year regime, no rule)."""

    year: int
    amounts: Amounts
    required_hours: Decimal | None
    required_days: Decimal | None
    met: bool | None


def hours_of(cadre: Ranked, *, on: date, book: RuleBook | None = None) -> HoursStatement:
    """The statement of one cadre as of the end of the day `on`; two queries."""
    return statements_for([cadre], on=on, book=book)[cadre.pk]


def statements_for(
    cadres: Sequence[Ranked], *, on: date, book: RuleBook | None = None
) -> dict[int, HoursStatement]:
    """Statements by cadre id; two queries for any number of cadres."""
    book = book or RuleBook.load()
    terms = {cadre.pk: book.terms(regime_of(cadre.rank, cadre.leadership_level), on) for cadre in cadres}
    summaries = {pk: HoursSummary(found, on) for pk, found in terms.items()}
    rows = _participations(list(terms), _widest(summaries.values()))
    return {
        cadre.pk: _statement(cadre, summaries[cadre.pk], rows.get(cadre.pk, []), book) for cadre in cadres
    }


def hours_for(cadre_ids: Sequence[int], *, on: date, book: RuleBook | None = None) -> dict[int, HoursSummary]:
    """Where each cadre stands on the day; three queries for any number of cadres."""
    book = book or RuleBook.load()
    ranks = Cadre.objects.filter(pk__in=cadre_ids).values_list("pk", "rank", "leadership_level")
    empty = {pk: HoursSummary(book.terms(regime_of(rank, level), on), on) for pk, rank, level in ranks}
    earned: dict[int, Amounts] = defaultdict(Amounts)
    for pk, part in _amounts(list(empty), _widest(empty.values())):
        earned[pk] += part.within(empty[pk].period.until(on))
    return {pk: HoursSummary(summary.terms, on, earned[pk]) for pk, summary in empty.items()}


def hours_by_year(
    cadre_ids: Sequence[int], years: Iterable[int], *, until: date | None = None
) -> dict[int, dict[int, Amounts]]:
    """Cadre id → year → amounts, classes across a year end split by days; one query."""
    spans = {year: year_span(year).until(until or date.max) for year in sorted(set(years))}
    table = {pk: dict.fromkeys(spans, Amounts()) for pk in cadre_ids}
    if not spans:
        return table
    whole = Span(date(min(spans), 1, 1), date(max(spans), 12, 31))
    for pk, part in _amounts(list(table), whole):
        for year in range(max(part.first.year, min(spans)), min(part.last.year, max(spans)) + 1):
            if year in spans:
                table[pk][year] += part.within(spans[year])
    return table


def yearly_series(cadre: Ranked, upto: date, *, first_year: int | None = None) -> list[YearFigure]:
    return yearly_series_for([cadre], upto, first_year=first_year)[cadre.pk]


def yearly_series_for(
    cadres: Sequence[Ranked], upto: date, *, first_year: int | None = None
) -> dict[int, list[YearFigure]]:
    """From the first year with a class (or `first_year`) to the year of `upto`, without gaps; two queries."""
    book = RuleBook.load()
    years = range(first_year or _EARLIEST.year, upto.year + 1)
    tables = hours_by_year([cadre.pk for cadre in cadres], years, until=upto)
    return {cadre.pk: _series(cadre, tables[cadre.pk], upto, book, first_year) for cadre in cadres}


# A class before this is outside anyone's working life; it bounds the years that are looked at.
_EARLIEST = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class _Part:
    ledger: Ledger
    hours: Decimal
    days: Decimal
    first: date
    last: date

    def within(self, span: Span) -> Amounts:
        hours = part_in(self.hours, self.first, self.last, span)
        return Amounts.of(self.ledger, hours, part_in(self.days, self.first, self.last, span))


def _widest(summaries: Iterable[HoursSummary]) -> Span:
    spans = [summary.period for summary in summaries]
    if not spans:
        return Span(date.max, date.max)
    return Span(min(span.first for span in spans), max(span.last for span in spans))


def _amounts(cadre_ids: Sequence[int], span: Span) -> Iterable[tuple[int, _Part]]:
    """The bare figures of all classes that meet the span: no model instances, for thousands of cadres."""
    found = Participation.objects.filter(
        cadre_id__in=cadre_ids,
        training_class__starts_on__lte=span.last,
        training_class__ends_on__gte=span.first,
    ).order_by()
    fields = ("cadre_id", "training_class__kind", "hours", "days")
    for pk, kind, hours, days, first, last in found.values_list(
        *fields, "training_class__starts_on", "training_class__ends_on"
    ):
        yield pk, _Part(Ledger.of(kind), hours, days, first, last)


def _participations(cadre_ids: Sequence[int], span: Span) -> Mapping[int, list[Participation]]:
    found = Participation.objects.filter(
        cadre_id__in=cadre_ids,
        training_class__starts_on__lte=span.last,
        training_class__ends_on__gte=span.first,
    ).select_related("training_class")
    by_cadre: dict[int, list[Participation]] = defaultdict(list)
    for row in found.order_by("-training_class__starts_on", "-pk"):
        by_cadre[row.cadre_id].append(row)
    return by_cadre


def _statement(
    cadre: Ranked, empty: HoursSummary, rows: Sequence[Participation], book: RuleBook
) -> HoursStatement:
    period = empty.period
    inside = [row for row in rows if period.meets(row.training_class.starts_on, row.training_class.ends_on)]
    lines = tuple(_line(row, empty) for row in inside)
    earned = total(Amounts.of(line.ledger, line.hours, line.days) for line in lines)
    return HoursStatement(
        cadre_id=cadre.pk,
        basis=_basis(cadre, empty.regime),
        summary=HoursSummary(empty.terms, empty.on, earned),
        lines=lines,
        rule_note=_rule_note(empty, book),
    )


def _basis(cadre: Ranked, regime: HourRegime) -> str:
    rank = cadre.rank or "职级未填写"
    scope = "县处级以上或四级调研员以上" if regime == HourRegime.FIVE_YEAR else "乡科级以下或一级主任科员以下"
    return f"按现职级职务（{rank}）适用“{regime.label}”：{scope}"


def _rule_note(summary: HoursSummary, book: RuleBook) -> str:
    """Says so when the rule changed within the period: which version counts for the whole of it."""
    changes = [
        terms.starts_on
        for terms in book.of(summary.regime)
        if summary.period.first < terms.starts_on <= summary.on
    ]
    if not changes:
        return ""
    day = max(changes)
    return (
        f"{period_words(summary)}内规则有调整，{day.year}年{day.month}月{day.day}日起施行的规则"
        "适用于整个周期。"
    )


def _line(row: Participation, summary: HoursSummary) -> HoursLine:
    found, span = row.training_class, summary.period.until(summary.on)
    ledger = found.ledger
    hours = part_in(row.hours, found.starts_on, found.ends_on, span)
    counted, why = _reason(found.starts_on, found.ends_on, ledger, summary)
    return HoursLine(
        participation_id=row.pk,
        class_id=found.pk,
        name=found.name,
        kind=found.get_kind_display(),
        theme=found.theme_text or found.get_theme_display(),
        organiser=found.organiser,
        place=found.place,
        first=found.starts_on,
        last=found.ends_on,
        ledger=ledger,
        credited_hours=row.hours,
        credited_days=row.days,
        hours=hours,
        days=part_in(row.days, found.starts_on, found.ends_on, span),
        counted=counted,
        why=why,
        result=ResultGrade(row.result).label if row.result else "",
        certificate_no=row.certificate_no,
    )


def _reason(first: date, last: date, ledger: Ledger, summary: HoursSummary) -> tuple[bool, str]:
    """Whether the line counts toward the requirement, and what about it is not plain."""
    if first > summary.on:
        return False, "尚未开班，办完后计入"
    notes = []
    span = summary.period.until(summary.on)
    inside = Span(max(first, span.first), min(last, span.last))
    if inside.days < Span(first, last).days:
        running = last > summary.on and not summary.is_over
        cut = "截至当日已办" if running else "跨年班次，本期占"
        notes.append(f"{cut} {inside.days}/{Span(first, last).days} 天，按天数折算")
    counted = ledger == Ledger.CONCENTRATED or summary.terms.online_counts
    if not counted:
        notes.append("网络培训另计，不抵集中培训学时")
    return counted, "；".join(notes)


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
