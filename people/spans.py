"""Lengths of time in words, counted by the month as personnel papers count them."""

from datetime import date


def full_months(start: date, on: date) -> int:
    """Full months from `start` to `on`; a start after `on` counts none."""
    months = (on.year - start.year) * 12 + on.month - start.month
    return max(0, months - (on.day < start.day))


def in_years_and_months(start: date | None, on: date) -> str:
    """5年7个月, 3个月, 不满1个月; empty when the start is unknown."""
    if start is None:
        return ""
    years, months = divmod(full_months(start, on), 12)
    words = (f"{years}年" if years else "") + (f"{months}个月" if months else "")
    return words or "不满1个月"
