"""How hours are counted: pure arithmetic over dates and exact decimals, without a database.

Sources: 干部教育培训工作条例（2023）第十四条 (amounts, hours OR days); the year cut with splitting and
the separate online ledger are the defaults of common local practice, kept as data in HourRule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol, TypeVar

from people.choices import LeadershipLevel
from people.ranks import RANKS, is_county_level
from training.choices import HourRegime, HoursStatus, Ledger

ZERO = Decimal(0)
QUARTER = Decimal("0.25")
ONE_DAY = timedelta(days=1)

# The same rule as `regime_of`, as the values a query can ask for.
COUNTY_RANKS = tuple(rank for rank in RANKS if is_county_level(rank))
COUNTY_LEVELS = tuple(level.value for level in LeadershipLevel if is_county_level("", level))

# The two requirements of which every cadre is under one; that of party members comes on top.
MAIN_REGIMES = (HourRegime.ANNUAL, HourRegime.FIVE_YEAR)


def regime_of(rank: str, leadership_level: str = "") -> HourRegime:
    county = is_county_level(rank, leadership_level)
    return HourRegime.FIVE_YEAR if county else HourRegime.ANNUAL


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def until(self, day: date) -> "Span":
        """The same span, cut off after `day`."""
        return Span(self.first, min(self.last, day))

    def meets(self, first: date, last: date) -> bool:
        return first <= self.last and last >= self.first


def year_span(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


def accrued(total: Decimal, first: date, last: date, until: date) -> Decimal:
    """What of `total` is earned by the end of the day `until`, when the days weigh alike.

    Rounded down to quarters on the way and exact at the end: whatever the cuts, the parts add up to `total`.
    """
    if until < first:
        return ZERO
    if until >= last:
        return total
    held, all_days = Span(first, until).days, Span(first, last).days
    hundredths = int(total * 100)
    return QUARTER * (hundredths * held // (25 * all_days))


def part_in(total: Decimal, first: date, last: date, span: Span) -> Decimal:
    """The part of a class from `first` to `last` that falls into `span`."""
    if span.last < span.first:
        return ZERO
    if span.first <= first and last <= span.last:
        return total
    return accrued(total, first, last, span.last) - accrued(total, first, last, span.first - ONE_DAY)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule requires, for which cycle and since when; `NO_TERMS` where no rule is in force."""

    regime: HourRegime
    required_hours: Decimal = ZERO
    required_days: Decimal = ZERO
    cycle_starts_in: int = 2023
    cycle_years: int = 1
    hours_per_day: Decimal = Decimal(8)
    online_counts: bool = False
    source: str = ""
    starts_on: date = date.min
    ends_on: date | None = None
    rule_id: int | None = None

    @property
    def requires(self) -> bool:
        return self.required_hours > 0

    @property
    def text(self) -> str:
        """The requirement in one sentence, as on the page and in the growth file."""
        if not self.requires:
            return "当日没有生效的学时规则"
        every = "每年" if self.cycle_years == 1 else f"每 {self.cycle_years} 年"
        least = f"{every}不少于 {plain(self.required_hours)} 学时"
        if self.by_days:
            least += f"或 {plain(self.required_days)} 天，满足其一即达标"
        if self.regime == HourRegime.PARTY:
            return f"党员{least}集中学习"
        return f"{least}；{'网络培训计入' if self.online_counts else '网络培训另计'}"

    @property
    def by_days(self) -> bool:
        """Whether days may stand in for hours; a requirement without days knows hours only."""
        return self.required_days > 0

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """The ledgers that count toward the requirement."""
        if self.regime == HourRegime.PARTY:
            return (Ledger.PARTY,)
        return (Ledger.CONCENTRATED, Ledger.ONLINE) if self.online_counts else (Ledger.CONCENTRATED,)


def plain(value: Decimal) -> str:
    """A quantity without idle zeros: 8, 7.5."""
    return f"{value.normalize():f}" if value else "0"


def cycle_of(terms: Terms, on: date) -> Span:
    """The calendar year, or the run of years of the cycle, that holds the day."""
    length = max(1, terms.cycle_years)
    first = terms.cycle_starts_in + (on.year - terms.cycle_starts_in) // length * length
    return Span(date(first, 1, 1), date(first + length - 1, 12, 31))


@dataclass(frozen=True, slots=True)
class Amounts:
    """Hours and days of the three ledgers, each summed on its own: one event may count to several."""

    hours: Decimal = ZERO
    days: Decimal = ZERO
    online_hours: Decimal = ZERO
    online_days: Decimal = ZERO
    party_hours: Decimal = ZERO
    party_days: Decimal = ZERO

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            self.hours + other.hours,
            self.days + other.days,
            self.online_hours + other.online_hours,
            self.online_days + other.online_days,
            self.party_hours + other.party_hours,
            self.party_days + other.party_days,
        )

    @classmethod
    def of(cls, ledger: Ledger, hours: Decimal, days: Decimal) -> "Amounts":
        match ledger:
            case Ledger.ONLINE:
                return cls(online_hours=hours, online_days=days)
            case Ledger.PARTY:
                return cls(party_hours=hours, party_days=days)
            case _:
                return cls(hours=hours, days=days)

    def hours_in(self, ledger: Ledger) -> Decimal:
        names = {Ledger.ONLINE: self.online_hours, Ledger.PARTY: self.party_hours}
        return names.get(ledger, self.hours)

    def days_in(self, ledger: Ledger) -> Decimal:
        names = {Ledger.ONLINE: self.online_days, Ledger.PARTY: self.party_days}
        return names.get(ledger, self.days)


def total(amounts: Iterable[Amounts]) -> Amounts:
    return sum(amounts, Amounts())


@dataclass(frozen=True, slots=True)
class HoursSummary:
    """Where a cadre stands on the day `on`: earned, required, expected by today, and the status.

    `earned` holds the ledgers up to `on`; what counts toward the requirement follows the rule.
    """

    terms: Terms
    on: date
    earned: Amounts = field(default_factory=Amounts)

    def __str__(self) -> str:
        return plain(self.hours)

    @property
    def regime(self) -> HourRegime:
        return self.terms.regime

    @property
    def period(self) -> Span:
        return cycle_of(self.terms, self.on)

    @property
    def is_annual(self) -> bool:
        return self.terms.cycle_years == 1

    @property
    def hours(self) -> Decimal:
        return sum((self.earned.hours_in(ledger) for ledger in self.terms.ledgers), ZERO)

    @property
    def days(self) -> Decimal:
        return sum((self.earned.days_in(ledger) for ledger in self.terms.ledgers), ZERO)

    @property
    def required_hours(self) -> Decimal:
        return self.terms.required_hours

    @property
    def required_days(self) -> Decimal:
        return self.terms.required_days

    @property
    def pace_hours(self) -> Decimal:
        """今天应达: the requirement × the share of the period gone by, in whole hours."""
        return self._share_of(self.required_hours, Decimal(1))

    @property
    def pace_days(self) -> Decimal:
        return self._share_of(self.required_days, QUARTER)

    def _share_of(self, required: Decimal, step: Decimal) -> Decimal:
        gone = Span(self.period.first, self.on).days
        steps = required * gone / (step * self.period.days)
        return step * steps.quantize(Decimal(1), ROUND_HALF_UP)

    @property
    def status(self) -> HoursStatus:
        if not self.terms.requires:
            return HoursStatus.NO_RULE
        if self.reaches(self.required_hours, self.required_days):
            return HoursStatus.MET
        if self.reaches(self.pace_hours, self.pace_days):
            return HoursStatus.ON_PACE
        return HoursStatus.BEHIND

    def reaches(self, hours: Decimal, days: Decimal) -> bool:
        """Hours OR days: either is enough, where the requirement knows days."""
        return self.hours >= hours or (self.terms.by_days and self.days >= days)

    @property
    def is_over(self) -> bool:
        return self.on >= self.period.last

    @property
    def status_words(self) -> str:
        """A closed period is no longer behind: it was missed."""
        missed = self.status == HoursStatus.BEHIND and self.is_over
        return "未达标" if missed else self.status.label

    @property
    def colour(self) -> str:
        """The light of `{% light %}`: each colour has its own shape."""
        if self.status == HoursStatus.BEHIND:
            return "red" if self.is_over else "yellow"
        return {HoursStatus.MET: "green", HoursStatus.ON_PACE: "blue"}.get(self.status, "grey")

    @property
    def bar_state(self) -> str:
        """The look of `{% bar %}`."""
        return {"red": "bad", "yellow": "warn", "grey": ""}.get(self.colour, "ok")

    @property
    def gap_hours(self) -> Decimal:
        """Hours still missing to the requirement; none when the days already suffice."""
        if self.status in (HoursStatus.MET, HoursStatus.NO_RULE):
            return ZERO
        return self.required_hours - self.hours

    @property
    def gap_days(self) -> Decimal:
        if self.status in (HoursStatus.MET, HoursStatus.NO_RULE):
            return ZERO
        return self.required_days - self.days

    @property
    def behind_hours(self) -> Decimal:
        """Hours missing to what is expected by today."""
        return self.pace_hours - self.hours if self.status == HoursStatus.BEHIND else ZERO

    @property
    def verdict(self) -> str:
        """The status with its reason, for the head of a page."""
        match self.status:
            case HoursStatus.MET:
                by_hours = self.hours >= self.required_hours
                return "学时已达标" if by_hours else "天数已达标"
            case HoursStatus.ON_PACE:
                return f"达到进度，还差 {plain(self.gap_hours)} 学时"
            case HoursStatus.BEHIND if self.is_over:
                return f"未达标，差 {plain(self.gap_hours)} 学时"
            case HoursStatus.BEHIND:
                return f"比进度少 {plain(self.behind_hours)} 学时"
            case _:
                return self.status.label

    @property
    def pace_words(self) -> str:
        if not self.terms.requires:
            return ""
        if self.is_over:
            return f"{period_words(self)}应完成 {plain(self.required_hours)} 学时"
        return f"今天应达 {plain(self.pace_hours)} 学时"


def period_words(summary: HoursSummary) -> str:
    first, last = summary.period.first.year, summary.period.last.year
    return f"{first}年" if first == last else f"{first}–{last}年"


class Dated(Protocol):
    """Anything with a validity period: rules and terms alike."""

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date | None: ...


DatedType = TypeVar("DatedType", bound=Dated)


def in_force(rows: Sequence[DatedType], on: date) -> DatedType | None:
    """The row whose period holds the day; of several, the one that began last."""
    holding = [row for row in rows if row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)]
    return max(holding, key=lambda row: row.starts_on, default=None)
