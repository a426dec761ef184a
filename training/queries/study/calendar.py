"""The office's calendar as a book that pure reckoning can read."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from training.choices import DayKind
from training.models import CalendarDay
from training.workdays import DayBook


def day_book(first: date, last: date) -> DayBook:
    """The days between that are not what their weekday says; one query."""
    return book_of(days_between(first, last))


def days_between(first: date, last: date) -> QuerySet[Any, Any]:
    rows = CalendarDay.objects.filter(day__gte=first, day__lte=last)
    return rows.values_list("day", "kind", "name")


def book_of(days: Iterable[Any]) -> DayBook:
    found = list(days)
    return DayBook({day: DayKind(kind) for day, kind, _ in found}, {day: name for day, _, name in found})


def named_days(year: int) -> DayBook:
    return day_book(date(year, 1, 1), date(year, 12, 31))
