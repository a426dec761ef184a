"""Which fields of which lists may be changed in bulk; each app says it with the service that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet

from core.access import Permission, Viewer


def as_it_is(value: Any) -> Any:
    return value


def as_text(value: Any) -> str:
    return "" if value in (None, "") else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkField:
    """A field that rows of one list share.

    `form_field(viewer)` takes the new value; `store` makes of it what JSON can keep, `shown` words that.
    `current(row)` is the row's value in the same form. `service(row, value, by)` changes one row with the
    app's own service: its rules, its refusals and its audit events hold. `rows` are those the viewer may
    know of, `editable` those of them that the viewer may change. `home` gives the address of the list that a
    row stands in, where the list's name alone does not say it.
    """

    list_key: str
    key: str
    label: str
    order: int = 100
    permission: Permission
    form_field: Callable[[Viewer], forms.Field]
    rows: Callable[[Viewer], QuerySet[Any]]
    editable: Callable[[Viewer], QuerySet[Any]]
    current: Callable[[Any], Any]
    service: Callable[[Any, Any, Viewer], None]
    store: Callable[[Any], Any] = as_it_is
    shown: Callable[[Any], str] = as_text
    hint: str = ""
    home: Callable[[int], str] | None = None


_fields: dict[tuple[str, str], BulkField] = {}


def register_bulk_edit(field: BulkField) -> None:
    """Registering the same field again replaces it, so reloads are harmless."""
    _fields[field.list_key, field.key] = field


def fields_for(viewer: Viewer, list_key: str) -> list[BulkField]:
    """What the viewer may change on that list; only for those who hold the permission over others."""
    found = [one for one in _fields.values() if one.list_key == list_key and viewer.paths(one.permission)]
    return sorted(found, key=lambda one: (one.order, one.key))


def field_of(list_key: str, key: str) -> BulkField | None:
    return _fields.get((list_key, key))
