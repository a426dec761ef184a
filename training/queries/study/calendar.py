"""The office's calendar as a book that pure reckoning can read."""

from datetime import date

from training.choices import DayKind
from training.models import CalendarDay
from training.workdays import DayBook


def day_book(first: date, last: date) -> DayBook:
    """The days between that are not what their weekday says; one query."""
    rows = CalendarDay.objects.filter(day__gte=first, day__lte=last).values_list("day", "kind", "name")
    found = list(rows)
    return DayBook({day: DayKind(kind) for day, kind, _ in found}, {day: name for day, _, name in found})


def named_days(year: int) -> DayBook:
    return day_book(date(year, 1, 1), date(year, 12, 31))
