"""How services write a row: what changed, is it valid, save it. Refusals are DomainErrors."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from core import search
from core.errors import DomainError

Changes = dict[str, tuple[Any, Any]]


def changes_to(instance: models.Model, values: Mapping[str, Any]) -> Changes:
    """Field name → (old, new) for the given values that differ from what the instance holds."""
    current = {name: getattr(instance, name) for name in values}
    return {name: (current[name], value) for name, value in values.items() if current[name] != value}


def apply_changes(instance: models.Model, changes: Changes) -> None:
    for name, (_, new) in changes.items():
        setattr(instance, name, new)


def save_validated(instance: models.Model, *, update_fields: Iterable[str] | None = None) -> None:
    """Checks fields and constraints, then saves; the first fault becomes a DomainError at its field.

    The database has the last word: a row that another process took in between is refused as well.
    """
    try:
        instance.full_clean()
        with transaction.atomic():
            instance.save(update_fields=update_fields)
            search.index(instance)
    except ValidationError as error:
        raise refusal_from(error) from error
    except IntegrityError as error:
        raise DomainError("内容与已有记录冲突，请刷新页面后重试。", code="conflict") from error


def refusal_from(error: ValidationError) -> DomainError:
    """The first message of a validation error, with the field it stands at."""
    if not hasattr(error, "error_dict"):
        return DomainError(error.messages[0], code="invalid")
    field, messages = next(iter(error.message_dict.items()))
    return DomainError(messages[0], field=None if field == "__all__" else field, code="invalid")


def values_of(instance: models.Model, names: Iterable[str]) -> Changes:
    """The changes that describe a new row: nothing before, the value after; empty values left out."""
    values = {name: getattr(instance, name) for name in names}
    return {name: (None, value) for name, value in values.items() if value not in (None, "")}
