"""Audit events in the words of the reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from core.audit.values import MASKED
from core.choices import AuditAction
from core.models.audit import AuditEvent


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field; a masked one has no values to show."""

    label: str
    old: str
    new: str
    masked: bool = False


def label(action: str) -> str:
    """The Chinese name of an action; a code that is no longer known stands for itself."""
    try:
        return str(AuditAction(action).label)
    except ValueError:
        return action


def readable_changes(event: AuditEvent) -> list[Change]:
    """The changes of an event with the labels of its fields and choices."""
    return list(_changes(event))


def _changes(event: AuditEvent) -> Iterator[Change]:
    for name, shown in event.changes.items():
        field = _field(event.object_type, name)
        title = str(getattr(field, "verbose_name", name))
        if isinstance(shown, str):
            yield Change(title, "", MASKED, masked=True)
        else:
            old, new = (_choice(field, value) for value in shown)
            yield Change(title, old, new)


def _field(object_type: str, name: str) -> Any:
    try:
        return apps.get_model(object_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def _choice(field: Any, value: str | None) -> str:
    """The label of a stored choice, or the value itself."""
    if value is None:
        return ""
    choices = field.flatchoices if isinstance(field, models.Field) else ()
    return next((str(text) for code, text in choices if str(code) == value), value)
