"""Lengths of time in months and in words, as personnel papers count them."""

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day of the month where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def full_months(since: date, until: date) -> int:
    """How many full months lie between two days; 0 where `until` comes first."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return max(0, months - (add_months(since, months) > until))


def months_in_words(months: int) -> str:
    """5年7个月, 3个月, 不满1个月."""
    years, rest = divmod(months, 12)
    words = (f"{years}年" if years else "") + (f"{rest}个月" if rest else "")
    return words or "不满1个月"


def in_years_and_months(start: date | None, on: date) -> str:
    """5年7个月, 3个月, 不满1个月; empty when the start is unknown."""
    return "" if start is None else months_in_words(full_months(start, on))
