"""Columns wide enough for what stands in them: a date is never broken, a short word rarely."""

from collections.abc import Sequence

from core.charts import text_width
from growth.contracts import Name, Table

PAPER = 442.0  # points of the type area, 156 mm
PADDING, SAFETY = 7.0, 1.05
REFERENCE = 17.0  # of a number with its star behind the first cell
SHORT = 6.5  # characters of a word that should stay on one line
LONGEST = 24.0  # characters of a line that the other columns make room for
SHRUNK = 0.55  # the least that a column of running text keeps of its share


def percentages(shares: Sequence[float]) -> list[str]:
    whole = sum(shares)
    return [f"{share * 100 / whole:.3f}" for share in shares]


def fitted_widths(table: Table, size: float) -> list[str]:
    """In percent: each column its share, but what must not break takes from the columns that have room."""
    whole = sum(column.share for column in table.columns)
    widths = [PAPER * column.share / whole for column in table.columns]
    needed = [_needed(table, place, size, width) for place, width in enumerate(widths)]
    fitted = _balanced(widths, needed)
    wished = [max(need, _wished(table, place, size)) for place, need in enumerate(needed)]
    return percentages(_balanced(fitted, wished))


def _balanced(widths: Sequence[float], needed: Sequence[float]) -> list[float]:
    """What a column lacks comes from those that have more than they need, each by how much it has."""
    lacking = sum(max(0.0, need - width) for need, width in zip(needed, widths, strict=True))
    spare = sum(max(0.0, width - need) for need, width in zip(needed, widths, strict=True))
    given, taken = (min(1.0, spare / lacking), min(1.0, lacking / spare)) if lacking and spare else (0.0, 0.0)
    return [
        width + (need - width) * (given if need > width else taken)
        for need, width in zip(needed, widths, strict=True)
    ]


def _wished(table: Table, place: int, size: float) -> float:
    """What the text would fill on one line: it gets what the others do not need, up to LONGEST."""
    cited = REFERENCE if place == 0 else 0.0
    natural = max((_length(row.cells[place], size) + cited for row in table.rows), default=0.0)
    return min(natural, size * LONGEST) + PADDING


def _needed(table: Table, place: int, size: float, width: float) -> float:
    """Points that the column wants; running text wants what it has, and yields part of it."""
    column = table.columns[place]
    texts = [(row.cells[place], place == 0 and row.source is not None) for row in table.rows]
    natural = [_length(text, size) + REFERENCE * cited for text, cited in texts]
    head = text_width(column.title, size) * SAFETY
    if column.align == "date":
        return max([head, *natural]) + PADDING
    longest = size * SHORT
    short = [
        length
        for (text, _), length in zip(texts, natural, strict=True)
        if length <= longest + REFERENCE or isinstance(text, Name)
    ]
    unbroken = max([head, *short]) + PADDING
    if column.align == "left":
        return min(max(head, *natural, 0.0) + PADDING, max(width * SHRUNK, head + PADDING))
    return unbroken


def _length(text: str, size: float) -> float:
    return max((text_width(part, size) for part in text.split("\n")), default=0.0) * SAFETY
