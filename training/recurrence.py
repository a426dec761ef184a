"""On which days a series falls, before and after holidays; pure arithmetic."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from training.choices import HolidayShift
from training.workdays import DayBook, shifted

WEEK = timedelta(days=7)
LAST = 5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every `weeks` weeks on `weekday` (1 is Monday), or the `nth` such day of every `months` months."""

    starts_on: date
    ends_on: date | None
    weekday: int
    weeks: int = 1
    months: int = 0
    nth: int = 1
    shift: HolidayShift = HolidayShift.NEXT


@dataclass(frozen=True, slots=True)
class Turn:
    """One time of a series: the day it falls on by itself, and the day it is held."""

    planned_for: date
    held_on: date


def turns(rhythm: Rhythm, first: date, last: date, book: DayBook) -> list[Turn]:
    """What falls on the closed days from `first` to `last`; two that holidays push together are held once."""
    found: dict[date, Turn] = {}
    for day in _days(rhythm, first, last):
        held = shifted(day, rhythm.shift, book)
        if held is not None and (held == day or held not in found):
            found[held] = Turn(day, held)  # whose own day it is comes before one pushed there
    return sorted(found.values(), key=lambda turn: turn.planned_for)


def _days(rhythm: Rhythm, first: date, last: date) -> Iterator[date]:
    end = min(last, rhythm.ends_on) if rhythm.ends_on else last
    days = _by_months(rhythm, end) if rhythm.months else _by_weeks(rhythm, end)
    return (day for day in days if max(first, rhythm.starts_on) <= day <= end)


def _by_weeks(rhythm: Rhythm, end: date) -> Iterator[date]:
    day = rhythm.starts_on + timedelta(days=(rhythm.weekday - rhythm.starts_on.isoweekday()) % 7)
    while day <= end:
        yield day
        day += rhythm.weeks * WEEK


def _by_months(rhythm: Rhythm, end: date) -> Iterator[date]:
    month = rhythm.starts_on.year * 12 + rhythm.starts_on.month - 1
    while (begin := date(month // 12, month % 12 + 1, 1)) <= end:
        yield nth_weekday(begin, rhythm.weekday, rhythm.nth)
        month += rhythm.months


def nth_weekday(begin: date, weekday: int, nth: int) -> date:
    """The nth such weekday of the month that begins on `begin`; 5 is the last one."""
    day = begin + timedelta(days=(weekday - begin.isoweekday()) % 7)
    if nth < LAST:
        return day + (nth - 1) * WEEK
    length = monthrange(begin.year, begin.month)[1]
    return day + (length - day.day) // 7 * WEEK
