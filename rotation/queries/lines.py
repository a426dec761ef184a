"""Rows of many small tables in one query.

What a move is judged by lies in a dozen tables of a few rows each. Asked one by one, across a network, the
asking takes longer than all the checks: here every table gives its columns as text, and one UNION ALL fetches
them together. All values are text as the database writes it, "" for NULL; a day is `YYYY-MM-DD`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The columns wanted of the rows, under a name; encrypted columns cannot be asked for here."""

    name: str
    rows: QuerySet[Any]
    columns: Sequence[str]


def fetch(*parts: Part) -> dict[str, list[Line]]:
    """Name of the part → its rows, in no order."""
    most = max(len(part.columns) for part in parts)
    first, *others = (_as_text(part, most) for part in parts)
    widths = {part.name: len(part.columns) for part in parts}
    found: dict[str, list[Line]] = {name: [] for name in widths}
    for name, *values in first.union(*others, all=True):
        found[name].append(tuple(value or "" for value in values[: widths[name]]))
    return found


def _as_text(part: Part, most: int) -> QuerySet[Any]:
    texts: dict[str, Any] = {"line_of": Value(part.name, TextField())}
    for place in range(most):
        known = place < len(part.columns)
        column = Cast(F(part.columns[place]), TextField()) if known else Value("", TextField())
        texts[f"line_{place}"] = column
    rows: QuerySet[Any] = part.rows.order_by().annotate(**texts).values_list(*texts)
    return rows


def number(text: str) -> int | None:
    return int(text) if text else None
