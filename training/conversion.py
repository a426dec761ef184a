"""How learning becomes hours (学时折算): pure arithmetic over the conversion rules, without a database.

Only local rules exist (domain.md 1.3), so every number comes from a ConversionRule row. Amounts are rounded
down to quarters of an hour, the unit of the ledger.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from training.choices import ConversionBasis, HourSource, Ledger
from training.hours import QUARTER, ZERO, in_force, plain

HALF_DAY_MINUTES, HOUR_MINUTES = 240, 60
UNITS = {
    ConversionBasis.DAY: "天",
    ConversionBasis.HALF_DAY: "个半天",
    ConversionBasis.HOUR: "小时",
    ConversionBasis.ITEM: "次",
    ConversionBasis.ONLINE_LONG: "个 30 分钟以上课件",
    ConversionBasis.ONLINE_MEDIUM: "个 15 至 30 分钟课件",
    ConversionBasis.ONLINE_SHORT: "个 15 分钟以内课件",
    ConversionBasis.ONLINE_TEST: "次通过测试",
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """A version of a conversion rule as a pure value."""

    source: HourSource
    basis: ConversionBasis
    hours: Decimal
    days: Decimal = ZERO
    kind: str = ""
    cap_per_item: Decimal | None = None
    cap_per_year: Decimal | None = None
    ledger: Ledger = Ledger.CONCENTRATED
    also_party: bool = False
    reference: str = ""
    starts_on: date = date.min
    ends_on: date | None = None
    rule_id: int | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry as it should stand; `rule` is the version it was reckoned by, `how` says so in words."""

    cadre_id: int
    ledger: Ledger
    hours: Decimal
    days: Decimal
    starts_on: date
    ends_on: date
    title: str
    kind: str = ""
    rule: Conversion | None = None
    how: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.hours and not self.days


@dataclass(frozen=True, slots=True)
class Learner:
    """Whom a posting is for; only members of the party have a party-member ledger."""

    cadre_id: int
    in_party: bool = False


@dataclass(frozen=True, slots=True)
class Learning:
    """What was learnt: when, under which name, and of which kind within its source.

    `used` are the hours already posted in the year under the same rule: they count against the year's cap.
    """

    source: HourSource
    title: str
    starts_on: date
    ends_on: date
    kind: str = ""
    used: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ConversionBook:
    """Every version of every conversion rule."""

    versions: tuple[Conversion, ...] = ()

    def rule(
        self, source: HourSource, on: date, kind: str = "", *bases: ConversionBasis
    ) -> Conversion | None:
        """The version in force on the day, of the kind before the general one, in the order of `bases`."""
        for wanted in dict.fromkeys((kind, "")):
            for basis in bases or tuple(ConversionBasis):
                same = [
                    rule
                    for rule in self.versions
                    if (rule.source, rule.kind, rule.basis) == (source, wanted, basis)
                ]
                if found := in_force(same, on):
                    return found
        return None


def in_quarters(value: Decimal) -> Decimal:
    return (value / QUARTER).to_integral_value(ROUND_DOWN) * QUARTER


def convert(
    book: ConversionBook,
    learner: Learner,
    learning: Learning,
    *,
    basis: ConversionBasis,
    quantity: Decimal,
) -> list[Posting]:
    """`quantity` units of learning by the rule in force on the first day; nothing where no rule is."""
    rule = book.rule(learning.source, learning.starts_on, learning.kind, basis)
    return reckon(rule, learner, learning, quantity) if rule else []


def convert_minutes(
    book: ConversionBook, learner: Learner, learning: Learning, *, minutes: int
) -> list[Posting]:
    """A sitting of so many minutes, by whichever of half day, hour or time its kind is reckoned in."""
    rule = book.rule(learning.source, learning.starts_on, learning.kind, *SITTING)
    return reckon(rule, learner, learning, _sitting(rule.basis, minutes)) if rule else []


SITTING = (ConversionBasis.HALF_DAY, ConversionBasis.HOUR, ConversionBasis.ITEM)


def _sitting(basis: ConversionBasis, minutes: int) -> Decimal:
    if basis == ConversionBasis.HALF_DAY:
        return Decimal(max(1, -(-minutes // HALF_DAY_MINUTES)))
    return Decimal(minutes) / HOUR_MINUTES if basis == ConversionBasis.HOUR else Decimal(1)


def online_basis(minutes: int) -> ConversionBasis:
    """The step of an online lesson (domain.md 1.3): 30 minutes and more, more than 15, up to 15."""
    if minutes >= 30:
        return ConversionBasis.ONLINE_LONG
    return ConversionBasis.ONLINE_MEDIUM if minutes > 15 else ConversionBasis.ONLINE_SHORT


def credited(
    book: ConversionBook, learner: Learner, learning: Learning, *, hours: Decimal, days: Decimal
) -> list[Posting]:
    """Hours and days that staff credited; the rule explains them where it comes to the same."""
    found = book.rule(learning.source, learning.starts_on, learning.kind, ConversionBasis.DAY)
    ledger = Ledger.of(learning.kind)
    rule = found if found and found.hours * days == hours else None
    how = _words(rule, days, hours) if rule else f"经办认定 {plain(hours)} 学时、{plain(days)} 天"
    posting = _posting(learner, learning, found.ledger if found else ledger, hours, days, rule, how)
    return _with_party(posting, found, learner)


def reckon(rule: Conversion, learner: Learner, learning: Learning, quantity: Decimal) -> list[Posting]:
    raw = in_quarters(quantity * rule.hours)
    hours, limits = _capped(rule, raw, learning.used)
    days = in_quarters(quantity * rule.days * hours / raw) if raw else ZERO
    how = "；".join((_words(rule, quantity, raw), *limits))
    return _with_party(_posting(learner, learning, rule.ledger, hours, days, rule, how), rule, learner)


def _capped(rule: Conversion, raw: Decimal, used: Decimal) -> tuple[Decimal, list[str]]:
    """What remains under the caps of the item and of the year, and the words for what was cut."""
    hours, limits = raw, []
    if rule.cap_per_item is not None and hours > rule.cap_per_item:
        hours = rule.cap_per_item
        limits.append(f"单项上限 {plain(hours)}")
    if rule.cap_per_year is not None and hours > (room := max(ZERO, rule.cap_per_year - used)):
        hours = room
        limits.append(f"年度上限 {plain(rule.cap_per_year)}，此前已计 {plain(used)}，本项计 {plain(room)}")
    return hours, limits


def _words(rule: Conversion, quantity: Decimal, raw: Decimal) -> str:
    """The reckoning as a formula: 2 天 × 8 = 16 学时."""
    measure = plain(quantity.quantize(Decimal("0.01")))
    return f"{measure} {UNITS[rule.basis]} × {plain(rule.hours)} = {plain(raw)} 学时"


def _posting(
    learner: Learner,
    learning: Learning,
    ledger: Ledger,
    hours: Decimal,
    days: Decimal,
    rule: Conversion | None,
    how: str,
) -> Posting:
    return Posting(
        learner.cadre_id,
        ledger,
        hours,
        days,
        learning.starts_on,
        learning.ends_on,
        learning.title,
        learning.kind,
        rule,
        how,
    )


def _with_party(posting: Posting, rule: Conversion | None, learner: Learner) -> list[Posting]:
    """The party-member ledger is kept for members only; one event may count to both by the rule."""
    if posting.ledger == Ledger.PARTY:
        return _filled([posting]) if learner.in_party else []
    twice = rule is not None and rule.also_party and learner.in_party
    return _filled([posting, replace(posting, ledger=Ledger.PARTY)] if twice else [posting])


def _filled(postings: Iterable[Posting]) -> list[Posting]:
    return [posting for posting in postings if not posting.is_empty]
