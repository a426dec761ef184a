"""Tables of counts in which nobody can be recognised, directly or by subtraction.

A count of 1 to 4 people is hidden; then, as long as a line (a row or a column with its total) would give a
hidden cell away by subtraction, or hides fewer than five people together, more of it is hidden.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

SMALLEST = 5
TOTAL = None  # the place of the sum in a row or a column
Place = tuple[Any, Any]  # row and column


def hidden_places(
    counts: Mapping[Place, int], rows: Iterable[Hashable], columns: Iterable[Hashable]
) -> set[Place]:
    """Which cells, and which sums (TOTAL in place of the row or column), must not be shown."""
    lines_of_rows, lines_of_columns = [*rows, TOTAL], [*columns, TOTAL]
    table = {(r, c): _value(counts, r, c) for r in lines_of_rows for c in lines_of_columns}
    hidden = {place for place, count in table.items() if 0 < count < SMALLEST}
    lines = [[(r, c) for c in lines_of_columns] for r in lines_of_rows]
    lines += [[(r, c) for r in lines_of_rows] for c in lines_of_columns]
    while any(_hide_more(line, table, hidden) for line in lines):
        pass
    return hidden


def _value(counts: Mapping[Place, int], row: Hashable, column: Hashable) -> int:
    """A cell, or the sum of its line."""
    fitting = (n for (r, c), n in counts.items() if row in (r, TOTAL) and column in (c, TOTAL))
    return sum(fitting)


def _hide_more(line: list[Place], table: Mapping[Place, int], hidden: set[Place]) -> bool:
    """Hides the smallest cell that still shows, if what is hidden in the line can be found out."""
    gone = [place for place in line if place in hidden]
    shown = [place for place in line if place not in hidden]
    if not gone or not shown or (len(gone) > 1 and _people(gone, line, table) >= SMALLEST):
        return False
    hidden.add(min(shown, key=lambda place: (table[place] == 0, table[place], place == line[-1])))
    return True


def _people(gone: list[Place], line: list[Place], table: Mapping[Place, int]) -> int:
    """How many are hidden together: where the sum itself is hidden, nothing can be subtracted from it."""
    return SMALLEST if line[-1] in gone else sum(table[place] for place in gone)
