"""Rows of many small tables in one query.

What a move is judged by lies in a dozen tables of a few rows each. Asked one by one, across a network, the
asking takes longer than all the checks: here every table gives its columns as text, and they are put in one
round, with whatever else is asked in it. All values are text as the database writes it, "" for NULL; a day
is `YYYY-MM-DD`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from core.asking import Steps, asked_all

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The columns wanted of the rows, under a name; encrypted columns cannot be asked for here."""

    name: str
    rows: QuerySet[Any]
    columns: Sequence[str]


def lines_steps(*parts: Part) -> Steps[dict[str, list[Line]]]:
    """Name of the part → its rows, in no order."""
    answers = yield from asked_all(*map(_as_text, parts))
    return {
        part.name: [tuple(value or "" for value in row) for row in rows]
        for part, rows in zip(parts, answers, strict=True)
    }


def _as_text(part: Part) -> QuerySet[Any]:
    texts = {f"line_{place}": Cast(F(name), TextField()) for place, name in enumerate(part.columns)}
    rows: QuerySet[Any] = part.rows.order_by().annotate(**texts).values_list(*texts)
    return rows


def number(text: str) -> int | None:
    return int(text) if text else None
