"""A queryset as one column of a statement: its rows as JSON, made into the same objects again.

The column is compiled, converted and built by Django's own compiler: what comes out are the rows, instances
or values that the queryset itself would give. Fields that JSON cannot hold are refused, not guessed.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime, parse_time

CHUNK = 90  # both databases limit the arguments of a function to about a hundred

_MAKERS: dict[str, Callable[[Any], Any]] = {
    "DateField": parse_date,
    "DateTimeField": parse_datetime,
    "TimeField": parse_time,
    "UUIDField": UUID,
    "DecimalField": Decimal,
    "FloatField": float,
    "JSONField": lambda value: json.dumps(value, default=float),
}
_NOT_IN_JSON = ("BinaryField", "DurationField")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A column of a statement, and what makes the answer of what the database gives for it."""

    sql: str
    params: Sequence[Any]
    read: Callable[[Any], Any]


def compiled_count(rows: QuerySet[Any]) -> Compiled:
    """Without its order, unless that decides which rows it has."""
    plain = rows if rows.query.is_sliced else rows.order_by()
    sql, params = plain.values("pk").query.get_compiler(rows.db).as_sql(with_col_aliases=True)
    return Compiled(f"(SELECT COUNT(*) FROM ({sql}) AS counted)", params, int)  # noqa: S608 - Django's own SQL


def compiled_rows(rows: QuerySet[Any]) -> Compiled:
    found: Any = rows._chain()  # type: ignore[attr-defined]
    compiler = found.query.get_compiler(rows.db)
    sql, params = compiler.as_sql(with_col_aliases=True)
    names = [alias for _, _, alias in compiler.select]
    vendor = connections[rows.db].vendor
    makers = [_maker_of(expression, vendor) for expression, _, _ in compiler.select]

    def read(column: Any) -> list[Any]:
        raw = json.loads(column, parse_float=float if vendor == "sqlite" else Decimal)
        compiler.execute_sql = lambda *args, **kwargs: [[_row(values, makers) for values in raw]]
        found.query.get_compiler = lambda *args, **kwargs: compiler
        return list(found)

    return Compiled(_as_json(sql, names, vendor), params, read)


def _maker_of(expression: Any, vendor: str) -> Callable[[Any], Any] | None:
    """What makes of a JSON value what the database itself would have given."""
    kind: str = expression.output_field.get_internal_type()
    if kind in _NOT_IN_JSON:
        raise TypeError(f"{kind} cannot be asked for together: leave it out with defer() or only()")
    # SQLite itself has texts and numbers only: there Django makes the rest of them.
    return None if vendor == "sqlite" else _MAKERS.get(kind)


def _row(chunks: list[list[Any]], makers: Sequence[Callable[[Any], Any] | None]) -> tuple[Any, ...]:
    values = (value for chunk in chunks for value in chunk)
    return tuple(
        make(value) if make and value is not None else value
        for value, make in zip(values, makers, strict=True)
    )


def _as_json(sql: str, names: Sequence[str], vendor: str) -> str:
    """`sql` is Django's own, its values stay parameters."""
    array, gather = ("json_array", "json_group_array({})")
    if vendor == "postgresql":
        array, gather = "json_build_array", "COALESCE(json_agg({}), '[]')::text"
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    arrays = ", ".join(f"{array}({', '.join(map(_quoted, chunk))})" for chunk in chunks)
    return f"(SELECT {gather.format(f'{array}({arrays})')} FROM ({sql}) AS asked)"  # noqa: S608


def _quoted(name: str) -> str:
    return f'"{name}"'
