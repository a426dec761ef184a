"""Dates and lengths of time as personnel documents write them."""

from datetime import date, timedelta

PIECE = 28 * 20  # characters: twenty lines of the grid
INDENT = 2


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
    return f"{day:%Y.%m}" if day else ""


def span(start: date | None, end: date | None) -> str:
    """2020.01—2023.08; an open end leaves the place of its month empty, as the official form does."""
    return f"{month(start) or '　　　 '}—{month(end) or '　　　 '}"


def day_span(start: date, end: date) -> str:
    """2026.03.02—03.06: the year is said again only when it changes."""
    if start == end:
        return f"{start:%Y.%m.%d}"
    return f"{start:%Y.%m.%d}—{end:%m.%d}" if start.year == end.year else f"{start:%Y.%m.%d}—{end:%Y.%m.%d}"


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
