"""How much of a class somebody was there for, by the minutes of its slots. Pure arithmetic.

The share that may be missed on leave: 干部教育培训工作条例（2023）第十五条, 1/7 of all hours by default.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from training.choices import AttendanceState
from training.conversion import in_quarters

AMBER_FROM = Fraction(8, 10)
CAME = frozenset({AttendanceState.PRESENT, AttendanceState.LATE})


@dataclass(frozen=True, slots=True)
class Presence:
    """Minutes of one person in one class; `total` leaves out the slots that the person is excused from."""

    total: int = 0
    attended: int = 0
    leave: int = 0
    absent: int = 0
    open: int = 0

    @property
    def attended_share(self) -> Fraction:
        """All of it where nothing was to attend: a class without slots keeps no attendance."""
        return Fraction(self.attended, self.total) if self.total else Fraction(1)

    @property
    def leave_share(self) -> Fraction:
        return Fraction(self.leave, self.total) if self.total else Fraction(0)

    @property
    def attended_percent(self) -> int:
        return int(self.attended_share * 100)

    @property
    def leave_percent(self) -> int:
        return round(float(self.leave_share * 100))

    def plus_leave(self, minutes: int) -> "Presence":
        """As it would be with so many more minutes of leave."""
        return Presence(self.total, self.attended, self.leave + minutes, self.absent, self.open)

    def leave_light(self, limit: Decimal) -> str:
        """green; yellow from 80 % of what is allowed; red beyond it."""
        allowed = as_share(limit)
        if self.leave_share > allowed:
            return "red"
        return "yellow" if self.leave and self.leave_share >= allowed * AMBER_FROM else "green"

    def is_enough(self, limit: Decimal) -> bool:
        """Whether the attended part is at least what may not be missed."""
        return self.attended_share >= 1 - as_share(limit)

    def part_of(self, amount: Decimal) -> Decimal:
        """The attended part of the hours or days that the class counts, in whole quarters."""
        share = self.attended_share
        return in_quarters(amount * share.numerator / share.denominator)


def as_share(limit: Decimal) -> Fraction:
    """The stored limit has four digits: 0.1429 means 1/7, and just 1/7 is still allowed."""
    return Fraction(limit).limit_denominator(100)


def presence_of(rows: Iterable[tuple[str, int]]) -> Presence:
    """From the (state of attendance, minutes) of each slot."""
    minutes: dict[str, int] = {}
    for state, length in rows:
        minutes[state] = minutes.get(state, 0) + length
    minutes.pop(AttendanceState.EXCUSED, None)
    return Presence(
        total=sum(minutes.values()),
        attended=sum(minutes.get(state, 0) for state in CAME),
        leave=minutes.get(AttendanceState.LEAVE, 0),
        absent=minutes.get(AttendanceState.ABSENT, 0),
        open=minutes.get(AttendanceState.EXPECTED, 0),
    )
