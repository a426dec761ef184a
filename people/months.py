"""Spans of days for calendars: the weeks that hold a month, from Monday on."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

ONE_DAY = timedelta(days=1)
YEARS = range(2000, 2101)  # those that a calendar can be asked for


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Span:
    """Days first to last, both included."""

    first: date
    last: date

    @property
    def starts_at(self) -> datetime:
        return midnight(self.first)

    @property
    def ends_at(self) -> datetime:
        return midnight(self.last + ONE_DAY)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def month_span(year: int, month: int) -> Span:
    """The weeks that hold the month."""
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    return Span(first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday()))


def week_span(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def month_from(text: str, today: date) -> date:
    """The first day of the month that an address names (2026-03); anything else is the month of today."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return day if day.year in YEARS else today.replace(day=1)


def month_after(day: date, by: int = 1) -> date:
    """The first day of the month so many later."""
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
