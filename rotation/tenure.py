"""任职年限: how long somebody has held the same post and the same level, and what the rule says to that.

Pure: no clock, no database. Days are closed on both ends. Full months are counted from day to day: from
31 January one month is over on the last day of February.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from people.spans import add_months, full_months
from rotation.choices.tenure import TenureBasis, TenureState

ONE_DAY = timedelta(days=1)
DAYS_OF_A_MONTH = 30  # of days left over when several times at one level are added up
PostKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Stint:
    """One appointment to a main post. `level` is the leading level of the post, "" for none."""

    starts_on: date
    ends_on: date | None
    unit_id: int | None = None
    post_id: int | None = None
    place: str = ""
    title: str = ""
    post_class: str = ""
    level: str = ""

    @property
    def key(self) -> PostKey:
        """The same for the same post; one outside the register is known by its place and title."""
        return (self.post_id,) if self.post_id else (self.unit_id, self.place, self.title)


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a limit; None for a limit that is not set. `post_class`, `level` "" mean any."""

    basis: TenureBasis
    post_class: str = ""
    level: str = ""
    warn_years: int | None = None
    limit_years: int | None = None
    hard_years: int | None = None
    min_years: int = 0
    source: str = ""
    rule_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tenure:
    """Where somebody stands in the post held on a day.

    `since` begins the unbroken time in the same post; `months` and `level_months` are full months up to the
    day. `due_on` is the day on which the limit is reached, an approved extension taken into account.
    """

    cadre_id: int
    stint: Stint
    since: date
    months: int
    level_months: int
    status: TenureState
    rule: Terms | None = None
    level_rule: Terms | None = None
    warn_on: date | None = None
    due_on: date | None = None
    hard_on: date | None = None
    movable_on: date | None = None
    extended_until: date | None = None

    @property
    def post_id(self) -> int | None:
        return self.stint.post_id

    @property
    def unit_id(self) -> int | None:
        return self.stint.unit_id

    @property
    def level(self) -> str:
        return self.stint.level

    @property
    def is_settled(self) -> bool:
        """Whether nothing asks for a move."""
        return self.status == TenureState.OK


# Counting


def in_same_post(stints: Iterable[Stint], on: date) -> tuple[Stint, date] | None:
    """The post held on the day and since when without a break; None for nobody's post.

    Appointments to the same post that touch are one time; a day in between, or another post, ends it.
    """
    past = sorted((s for s in stints if s.starts_on <= on), key=lambda s: s.starts_on)
    held = next((s for s in reversed(past) if s.ends_on is None or s.ends_on >= on), None)
    if held is None:
        return None
    since = held.starts_on
    for stint in reversed(past):
        touches = stint.ends_on is None or stint.ends_on >= since - ONE_DAY
        if stint.key == held.key and touches:
            since = min(since, stint.starts_on)
    return held, since


def months_at_level(stints: Iterable[Stint], level: str, on: date) -> int:
    """Full months in posts of one leading level up to the day, breaks left out; 0 without a level."""
    return months_within(_spans(stints, level, on))


def months_within(spans: Iterable[tuple[date, date]]) -> int:
    """Full months of closed times together: what overlaps counts once, a gap not at all.

    Days that make no full month of their own time are added up, thirty to the month.
    """
    months = days = 0
    for first, last in _merged(sorted(spans)):
        whole = full_months(first, last + ONE_DAY)
        months += whole
        days += (last + ONE_DAY - add_months(first, whole)).days
    return months + days // DAYS_OF_A_MONTH


def _spans(stints: Iterable[Stint], level: str, on: date) -> list[tuple[date, date]]:
    held = (s for s in stints if level and s.level == level and s.starts_on <= on)
    return [(s.starts_on, min(s.ends_on or on, on)) for s in held]


def _merged(spans: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """Spans that overlap or touch as one; `spans` are sorted."""
    merged: list[tuple[date, date]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1] + ONE_DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


# Rules


def rule_for(rules: Iterable[Terms], basis: TenureBasis, post_class: str, level: str) -> Terms | None:
    """The closest rule: one for the level goes before one for the class, that before one for all."""
    fitting = [
        rule
        for rule in rules
        if rule.basis == basis and rule.post_class in ("", post_class) and rule.level in ("", level)
    ]
    return max(fitting, key=lambda rule: (bool(rule.level), bool(rule.post_class)), default=None)


def tenure_of(
    cadre_id: int,
    stints: Sequence[Stint],
    rules: Sequence[Terms],
    on: date,
    extended_until: date | None = None,
) -> Tenure | None:
    """None for whoever holds no main post on the day. An extension moves the limit, never the hard limit."""
    found = in_same_post(stints, on)
    if found is None:
        return None
    held, since = found
    rule = rule_for(rules, TenureBasis.SAME_POST, held.post_class, held.level)
    level_rule = rule_for(rules, TenureBasis.SAME_LEVEL, held.post_class, held.level) if held.level else None
    at_level = months_at_level(stints, held.level, on)
    warn, due, hard = _days(since, rule)
    level_warn, level_due, level_hard = _days(_as_if_since(at_level, on), level_rule)
    warn, due, hard = _earlier(warn, level_warn), _earlier(due, level_due), _earlier(hard, level_hard)
    if due and extended_until:
        due = max(due, extended_until + ONE_DAY)
    return Tenure(
        cadre_id=cadre_id,
        stint=held,
        since=since,
        months=full_months(since, on),
        level_months=at_level,
        status=_state(on, warn, due, hard),
        rule=rule,
        level_rule=level_rule,
        warn_on=warn,
        due_on=due,
        hard_on=hard,
        movable_on=add_months(since, rule.min_years * 12) if rule and rule.min_years else None,
        extended_until=extended_until,
    )


def extended_until(
    granted: Iterable[tuple[int | None, date]], stints: Sequence[Stint], on: date
) -> date | None:
    """The latest day that extensions (post, last day) allow in the post held on the day: one for an earlier
    post says nothing here."""
    held = next((s for s in reversed(stints) if s.ends_on is None or s.ends_on >= on), None)
    days = [until for post_id, until in granted if held and post_id == held.post_id]
    return max(days, default=None)


def _days(since: date, rule: Terms | None) -> tuple[date | None, date | None, date | None]:
    """The days on which a rule warns, is reached and allows no more."""
    if rule is None:
        return None, None, None
    years = (rule.warn_years, rule.limit_years, rule.hard_years)
    warn, due, hard = (add_months(since, number * 12) if number else None for number in years)
    return warn, due, hard


def _as_if_since(months: int, on: date) -> date:
    """When somebody would have begun who has the months without a break."""
    return add_months(on, -months)


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day]
    return min(days) if days else None


def _state(on: date, warn: date | None, due: date | None, hard: date | None) -> TenureState:
    if hard and on >= hard:
        return TenureState.HARD
    if due and on >= due:
        return TenureState.OVER
    return TenureState.WARN if warn and on >= warn else TenureState.OK
