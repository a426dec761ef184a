"""Hours of cadres, explainable line by line: each line is an entry of the ledger with its reckoning."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from core.asking import Steps, asked_all, result_of
from training.choices import ClassKind, HourRegime, HourSource, Ledger, ResultGrade, SelfFiledKind, StudyKind
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
)
from training.models import HourEntry, Participation
from training.queries.amounts import Ranked, widest
from training.queries.conversion import IN_PARTY
from training.queries.rules import RuleBook

KIND_LABELS = {
    HourSource.CLASS: dict(ClassKind.choices),
    HourSource.ACTIVITY: dict(StudyKind.choices),
    HourSource.MAKE_UP: dict(StudyKind.choices),
    HourSource.SELF_FILED: dict(SelfFiledKind.choices),
}
COUNTED_APART = {
    Ledger.ONLINE: "网络培训另计，不抵集中培训学时",
    Ledger.PARTY: "计入党员学习学时",
}


def kind_label(source: str, kind: str) -> str:
    """专题培训班, 理论学习中心组…; of a source without kinds its own name."""
    return KIND_LABELS.get(HourSource(source), {}).get(kind) or HourSource(source).label


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One entry of one cadre: what was posted, what of it falls into the period, and why not all of it.

    What belongs to a class (`class_id` and below) is empty for every other source.
    """

    entry_id: int
    source: HourSource
    source_key: str
    name: str
    kind: str
    first: date
    last: date
    ledger: Ledger
    credited_hours: Decimal
    credited_days: Decimal
    hours: Decimal
    days: Decimal
    counted: bool
    why: str
    how: str = ""
    participation_id: int | None = None
    class_id: int | None = None
    theme: str = ""
    organiser: str = ""
    place: str = ""
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
    """The answer to "how many hours, of how many, and which ones": the summary and the lines behind it.

    `party` is the requirement of a member of the party with its own lines; None for everyone else.
    """

    cadre_id: int
    basis: str
    summary: HoursSummary
    lines: tuple[HoursLine, ...]
    rule_note: str = ""
    party: HoursSummary | None = None
    party_lines: tuple[HoursLine, ...] = ()

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
        """Hours per kind within the period, the most first."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for line in self.lines:
            sums[line.kind] += line.hours
        return sorted(((k, v) for k, v in sums.items() if v), key=lambda pair: -pair[1])


def hours_of(
    cadre: Ranked,
    *,
    on: date,
    book: RuleBook | None = None,
    entries: Iterable[HourEntry] | None = None,
) -> HoursStatement:
    """The statement of one cadre as of the end of the day `on`; three queries.

    `entries` are all entries in force of the cadre, where the page has them already: two queries.
    """
    return statements_for([cadre], on=on, book=book, known=entries)[cadre.pk]


def statements_for(
    cadres: Sequence[Ranked],
    *,
    on: date,
    book: RuleBook | None = None,
    known: Iterable[HourEntry] | None = None,
) -> dict[int, HoursStatement]:
    """Statements by cadre id; three queries for any number of cadres, without `known` entries."""
    return result_of(statement_steps(cadres, on=on, book=book or RuleBook.load(), known=known))


def statement_steps(
    cadres: Sequence[Ranked], *, on: date, book: RuleBook, known: Iterable[HourEntry] | None = None
) -> Steps[dict[int, HoursStatement]]:
    """As `statements_for`, together with what others ask."""
    terms = {cadre.pk: book.terms(regime_of(cadre.rank, cadre.leadership_level), on) for cadre in cadres}
    summaries = {pk: HoursSummary(found, on) for pk, found in terms.items()}
    party = HoursSummary(book.terms(HourRegime.PARTY, on), on)
    span = widest([*summaries.values(), party])
    held, took = yield from asked_all(
        HourEntry.objects.none() if known is not None else _entry_rows(list(terms), span),
        _part_rows(list(terms), span),
    )
    entries = _entries(span, held if known is None else known)
    parts = {row.source_key: row for row in took}
    drafts = {pk: _Draft(summaries[pk], party, entries.get(pk, []), parts, book) for pk in summaries}
    return {cadre.pk: drafts[cadre.pk].statement(cadre) for cadre in cadres}


def _entry_rows(cadre_ids: Sequence[int], span: Span) -> QuerySet[HourEntry]:
    rows: QuerySet[HourEntry] = HourEntry.objects.in_force().filter(
        cadre_id__in=cadre_ids, starts_on__lte=span.last, ends_on__gte=span.first
    )
    return rows


def _entries(span: Span, known: Iterable[HourEntry]) -> Mapping[int, list[HourEntry]]:
    by_cadre: dict[int, list[HourEntry]] = defaultdict(list)
    inside = (row for row in known if row.starts_on <= span.last and row.ends_on >= span.first)
    for row in sorted(inside, key=lambda row: (row.starts_on, row.pk), reverse=True):
        by_cadre[row.cadre_id].append(row)
    return by_cadre


def _part_rows(cadre_ids: Sequence[int], span: Span) -> QuerySet[Participation]:
    """By their source key a class says of an entry who held it, where, and the result."""
    found = Participation.objects.filter(
        cadre_id__in=cadre_ids,
        training_class__starts_on__lte=span.last,
        training_class__ends_on__gte=span.first,
    )
    return found.select_related("training_class").order_by()


@dataclass(frozen=True, slots=True)
class _Draft:
    """What one cadre's statement is made from."""

    empty: HoursSummary
    party: HoursSummary
    entries: Sequence[HourEntry]
    parts: Mapping[str, Participation]
    book: RuleBook

    def statement(self, cadre: Ranked) -> HoursStatement:
        lines = self._lines(self.empty)
        earned = total(Amounts.of(line.ledger, line.hours, line.days) for line in lines)
        member = cadre.political_status in IN_PARTY
        own = [line for line in self._lines(self.party) if line.ledger == Ledger.PARTY] if member else []
        return HoursStatement(
            cadre_id=cadre.pk,
            basis=_basis(cadre, self.empty.regime),
            summary=HoursSummary(self.empty.terms, self.empty.on, earned),
            lines=tuple(line for line in lines if line.ledger != Ledger.PARTY),
            rule_note=_rule_note(self.empty, self.book),
            party=self._party_summary(own) if member else None,
            party_lines=tuple(own),
        )

    def _party_summary(self, lines: Sequence[HoursLine]) -> HoursSummary:
        earned = total(Amounts.of(line.ledger, line.hours, line.days) for line in lines)
        return HoursSummary(self.party.terms, self.party.on, earned)

    def _lines(self, summary: HoursSummary) -> list[HoursLine]:
        period = summary.period
        inside = [row for row in self.entries if period.meets(row.starts_on, row.ends_on)]
        return [_line(row, summary, self.parts.get(row.source_key)) for row in inside]


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


def _line(row: HourEntry, summary: HoursSummary, part: Participation | None) -> HoursLine:
    span, ledger = summary.period.until(summary.on), Ledger(row.ledger)
    counted, why = _reason(row.starts_on, row.ends_on, ledger, summary)
    return HoursLine(
        entry_id=row.pk,
        source=HourSource(row.source),
        source_key=row.source_key,
        name=row.title,
        kind=kind_label(row.source, row.kind),
        first=row.starts_on,
        last=row.ends_on,
        ledger=ledger,
        credited_hours=row.hours,
        credited_days=row.days,
        hours=part_in(row.hours, row.starts_on, row.ends_on, span),
        days=part_in(row.days, row.starts_on, row.ends_on, span),
        counted=counted,
        why=why,
        how=row.how,
        **(_of_class(part) if part else {}),
    )


def _of_class(part: Participation) -> dict[str, Any]:
    found = part.training_class
    return {
        "participation_id": part.pk,
        "class_id": found.pk,
        "theme": found.theme_text or found.get_theme_display(),
        "organiser": found.organiser,
        "place": found.place,
        "result": ResultGrade(part.result).label if part.result else "",
        "certificate_no": part.certificate_no,
    }


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
    counted = ledger in summary.terms.ledgers
    if not counted:
        notes.append(COUNTED_APART.get(ledger, ""))
    return counted, "；".join(filter(None, notes))
