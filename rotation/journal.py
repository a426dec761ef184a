"""What a change did to rows of other apps, so that it can be taken back exactly.

A journal is plain data: for each row made or changed, the fields before and after. Days and moments are kept
in full, so that what is written back is what was there.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from core.errors import DomainError

Row = dict[str, Any]
Entry = dict[str, Any]  # model, pk, before (None: the row was made), after


@dataclass
class Journal:
    entries: list[Entry] = field(default_factory=list)


@contextmanager
def watching(rows: Sequence["models.QuerySet[Any]"]) -> Iterator[Journal]:
    """Notes what happens to these rows inside the block. Rows that leave the querysets are not looked for."""
    journal = Journal()
    before = [_images(query) for query in rows]
    yield journal
    for query, old in zip(rows, before, strict=True):
        journal.entries += _differences(query.model, old, _images(query))


def _images(query: "models.QuerySet[Any]") -> dict[Any, Row]:
    found = query.order_by("pk").values()
    return {row[query.model._meta.pk.attname]: plain(row) for row in found}


def plain(row: Row) -> Row:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _differences(model: type[models.Model], old: dict[Any, Row], new: dict[Any, Row]) -> Iterator[Entry]:
    label = model._meta.label_lower
    for pk, row in new.items():
        if pk not in old:
            yield {"model": label, "pk": pk, "before": None, "after": row}
        elif changed := [name for name in row if row[name] != old[pk][name]]:
            before, after = ({name: r[name] for name in changed} for r in (old[pk], row))
            yield {"model": label, "pk": pk, "before": before, "after": after}


def take_back(entries: Iterable[Entry]) -> None:
    """Writes back what was before, in the opposite order; refuses where something has changed since."""
    for entry in reversed(list(entries)):
        model = apps.get_model(entry["model"])
        rows = model._default_manager.filter(pk=entry["pk"])
        _check_unchanged(model, rows, entry)
        if entry["before"] is None:
            rows.delete()
        else:
            rows.update(**_values(model, entry["before"]))


def _check_unchanged(model: type[models.Model], rows: "models.QuerySet[Any]", entry: Entry) -> None:
    now = rows.values(*entry["after"]).first()
    if now is None or plain(now) != entry["after"]:
        name = model._meta.verbose_name
        message = f"生效以后，相关的{name}又有变动，不能整体撤回；请先把后来的变动改回去，再撤回。"
        raise DomainError(message, code="changed_since")


def _values(model: type[models.Model], row: Row) -> Row:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in row.items()}
