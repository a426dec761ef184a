"""Which days are worked: the office's calendar over the plain week, without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from training.choices import DayKind, HolidayShift

ONE_DAY = timedelta(days=1)
SATURDAY = 5
FARTHEST = 30  # the longest run of days off is nine; past this the calendar itself is wrong


@dataclass(frozen=True, slots=True)
class DayBook:
    """The days that are not what their weekday says; any other day follows the week."""

    kinds: Mapping[date, DayKind] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)


def is_working_day(day: date, book: DayBook) -> bool:
    kind = book.kinds.get(day)
    return day.weekday() < SATURDAY if kind is None else kind == DayKind.WORKDAY


def shifted(day: date, shift: HolidayShift, book: DayBook) -> date | None:
    """The day on which what falls on `day` is held; None when it is left out."""
    if is_working_day(day, book):
        return day
    if shift == HolidayShift.SKIP:
        return None
    step = ONE_DAY if shift == HolidayShift.NEXT else -ONE_DAY
    for count in range(1, FARTHEST + 1):
        if is_working_day(day + count * step, book):
            return day + count * step
    return None
