"""The obligation clock: which activities are due in which period, and which were not held (应开未开).

Pure arithmetic over rules, circles of people and activities, so that it can be checked against counting by
hand. A period is judged by the version of the rule in force on its first day; it lapses when no version is
left on its last day, when the circle was not there from the first day to the last, and, for weeks, when the
week holds no working day. What ended before the office began to keep its register is nobody's debt, unless
the office itself has written down an activity of that kind from earlier days.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from training.choices import ActivityState, Frequency, GroupKind, StudyKind
from training.hours import Span, in_force

MONTHS = {Frequency.MONTH: 1, Frequency.TWO_MONTHS: 2, Frequency.QUARTER: 3, Frequency.YEAR: 12}
DAYS_A_WEEK = 7
Key = tuple[str, int | None]


class Standing(Enum):
    """Where a due activity stands on a day: colour of the light, sign on paper, word."""

    HELD = ("green", "●", "已开")
    PLANNED = ("blue", "○", "已排定")
    OPEN = ("grey", "·", "未到期")
    SOON = ("yellow", "△", "临近到期")
    UNREGISTERED = ("yellow", "▽", "待登记")
    MISSING = ("red", "✕", "应开未开")

    @property
    def colour(self) -> str:
        return self.value[0]

    @property
    def sign(self) -> str:
        return self.value[1]

    @property
    def word(self) -> str:
        return self.value[2]


LATE = frozenset({Standing.MISSING})
WAITING = frozenset({Standing.MISSING, Standing.SOON, Standing.UNREGISTERED})


@dataclass(frozen=True, slots=True)
class Requirement:
    """A version of a frequency rule: so many times per period, for each circle of `group_kind`."""

    kind: StudyKind
    frequency: Frequency
    starts_on: date
    ends_on: date | None = None
    times: int = 1
    group_kind: GroupKind | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """Who must hold activities: a study group, or the whole zone when `group_id` is None."""

    group_id: int | None = None
    kind: GroupKind | None = None
    name: str = "全区"
    since: date = date.min
    until: date | None = None

    def there(self, span: Span) -> bool:
        return self.since <= span.first and (self.until is None or span.last <= self.until)


ZONE = Circle()


@dataclass(frozen=True, slots=True)
class Happening:
    """An activity as the clock sees it; cancelled ones are none."""

    kind: StudyKind
    group_id: int | None
    on: date
    state: ActivityState
    pk: int = 0


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one circle owes in one period, and what it did about it by the day."""

    kind: StudyKind
    circle: Circle
    frequency: Frequency
    span: Span
    times: int
    held: int
    planned: int
    standing: Standing
    reference: str = ""

    @property
    def lacking(self) -> int:
        return max(0, self.times - self.held)


def span_of(frequency: Frequency, day: date) -> Span:
    """The period that holds the day: the week from Monday, or the months of the calendar."""
    if frequency == Frequency.WEEK:
        first = day - timedelta(days=day.weekday())
        return Span(first, first + timedelta(days=DAYS_A_WEEK - 1))
    length = MONTHS[frequency]
    begin = (day.month - 1) // length * length
    first = date(day.year, begin + 1, 1)
    return Span(first, _month(day.year * 12 + begin + length) - timedelta(days=1))


def spans(frequency: Frequency, within: Span) -> Iterator[Span]:
    """The periods whose first day lies in `within`."""
    span = span_of(frequency, within.first)
    while span.first <= within.last:
        if span.first >= within.first:
            yield span
        span = span_of(frequency, span.last + timedelta(days=1))


def obligations(
    requirements: Sequence[Requirement],
    circles: Sequence[Circle],
    happenings: Iterable[Happening],
    *,
    within: Span,
    on: date,
    soon_days: int,
    is_working: Callable[[date], bool],
    began: date = date.min,
    first_held: Mapping[Key, date] | None = None,
) -> list[Obligation]:
    """Everything owed in periods that begin in `within`, as it stands on the day.

    `began` is the day of the first register, `first_held` the first activity known of a kind and a circle.
    """
    by_key = _by_key(happenings)
    found = []
    for (kind, group_kind), versions in _versions(requirements).items():
        asked = list(_asked(versions, within, is_working))
        for circle in circles:
            if circle.kind == group_kind:
                key = kind, circle.group_id
                since = min(began, (first_held or {}).get(key, date.max))
                found += [
                    _judge(rule, span, circle, by_key[key], on, soon_days)
                    for rule, span in asked
                    if circle.there(span) and span.last >= since
                ]
    return found


def _versions(
    requirements: Sequence[Requirement],
) -> dict[tuple[StudyKind, GroupKind | None], list[Requirement]]:
    found: dict[tuple[StudyKind, GroupKind | None], list[Requirement]] = defaultdict(list)
    for requirement in requirements:
        found[requirement.kind, requirement.group_kind].append(requirement)
    return found


def _by_key(happenings: Iterable[Happening]) -> dict[Key, list[Happening]]:
    found: dict[Key, list[Happening]] = defaultdict(list)
    for happening in happenings:
        if happening.state != ActivityState.CANCELLED:
            found[happening.kind, happening.group_id].append(happening)
    return found


def _asked(
    versions: Sequence[Requirement], within: Span, is_working: Callable[[date], bool]
) -> Iterator[tuple[Requirement, Span]]:
    """The periods that each version asks for; a version judges those that begin while it is in force."""
    for frequency in dict.fromkeys(version.frequency for version in versions):
        for span in spans(frequency, within):
            rule = in_force(versions, span.first)
            if rule is None or rule.frequency != frequency or in_force(versions, span.last) is None:
                continue
            if frequency != Frequency.WEEK or any(map(is_working, days_of(span))):
                yield rule, span


def days_of(span: Span) -> Iterator[date]:
    return (span.first + timedelta(days=count) for count in range(span.days))


def _judge(
    rule: Requirement, span: Span, circle: Circle, events: Sequence[Happening], on: date, soon_days: int
) -> Obligation:
    inside = [event for event in events if span.first <= event.on <= span.last]
    held = sum(event.state == ActivityState.HELD for event in inside)
    ahead = sum(event.state == ActivityState.PLANNED and event.on >= on for event in inside)
    past = len(inside) - held - ahead
    standing = _standing(rule.times, held, ahead, past, span, on, soon_days)
    return Obligation(
        kind=rule.kind,
        circle=circle,
        frequency=rule.frequency,
        span=span,
        times=rule.times,
        held=held,
        planned=ahead + past,
        standing=standing,
        reference=rule.reference,
    )


def _standing(times: int, held: int, ahead: int, past: int, span: Span, on: date, soon_days: int) -> Standing:
    """A plan that lies ahead is enough; one whose day has passed waits to be registered as held."""
    if held >= times:
        return Standing.HELD
    if held + ahead >= times:
        return Standing.PLANNED
    if held + ahead + past >= times:
        return Standing.UNREGISTERED
    if span.last < on:
        return Standing.MISSING
    return Standing.SOON if (span.last - on).days <= soon_days else Standing.OPEN


def _month(number: int) -> date:
    """The first day of the month with this number; January of year 1 is 12."""
    return date(number // 12, number % 12 + 1, 1)
