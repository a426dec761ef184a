"""Dates and lengths of time as personnel documents write them."""

import re
from datetime import date, timedelta

PIECE = 28 * 20  # characters: twenty lines of the grid
INDENT = 2
_APART = re.compile(r"(?<=[\u3001-\u9fff\uff00-\uffef]) (?=[\d.+-])|(?<=[\d%]) (?=[\u3001-\u9fff])")


def tight(text: str) -> str:
    """Without the blanks that screens put between figures and Chinese words: paper has none."""
    return _APART.sub("", text)


def pieces(text: str) -> list[tuple[str, bool]]:
    """A text as paragraphs of bounded length: by its own lines, and long ones by their sentences.

    The flag says that a piece goes on in the middle of a sentence: it begins without the indent, and the
    piece before it fills its last line.
    """
    return [piece for line in text.split("\n") for piece in _cut(line)]


def _cut(line: str) -> list[tuple[str, bool]]:
    found, goes_on = [], False
    while len(line) > PIECE:
        sentence = line.rfind("。", 0, PIECE) + 1
        end = sentence or PIECE - (0 if goes_on else INDENT)
        found.append((line[:end], goes_on))
        line, goes_on = line[end:], not sentence
    return [*found, (line, goes_on)]


def month(day: date | None) -> str:
    """1988.04, as the official form has it; elsewhere `month_words`."""
    return f"{day:%Y.%m}" if day else ""


def month_words(day: date | None) -> str:
    """2021年3月, as documents write it; "" for no day."""
    return f"{day.year}年{day.month}月" if day else ""


def day_words(day: date | None) -> str:
    """2021年3月5日, as GB/T 9704 writes a date (7.3.5.4: no leading zeros); "" for no day."""
    return f"{month_words(day)}{day.day}日" if day else ""


def months_words(start: date, end: date | None) -> str:
    """2021年3月—2024年5月, 2021年3月至今."""
    return f"{month_words(start)}—{month_words(end)}" if end else f"{month_words(start)}至今"


def day_span(start: date, end: date) -> str:
    """2026年3月2日—6日: what stays the same is not said again."""
    if start == end:
        return day_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{day_words(start)}—{end.day}日"
    return (
        f"{day_words(start)}—{end.month}月{end.day}日" if start.year == end.year else days_words(start, end)
    )


def days_words(start: date, end: date | None) -> str:
    """2026年3月2日—6日, 2021年3月5日—2024年5月1日, 2021年3月5日至今."""
    return day_span(start, end) if end else f"{day_words(start)}至今"


def span(start: date | None, end: date | None) -> str:
    """2020.01—2023.08 as the resume of the official form has it; an open end leaves its place empty."""
    return f"{month(start) or '　　　 '}—{month(end) or '　　　 '}"


def months_between(start: date, end: date) -> int:
    """Full months from `start` to the end of the day `end`."""
    after = end + timedelta(days=1)
    return max(0, (after.year - start.year) * 12 + after.month - start.month - (after.day < start.day))


def duration(months: int) -> str:
    """3年2个月, 6个月, 不足1个月."""
    years, rest = divmod(months, 12)
    return f"{years}年" * bool(years) + f"{rest}个月" * bool(rest) or "不足1个月"


def until(end: date | None, as_of: date) -> date | None:
    """The end as it was known to hold on `as_of`: one still ahead is open."""
    return end if end and end <= as_of else None
