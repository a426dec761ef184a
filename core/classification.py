"""How sensitive each model field is, said once on the model.

The one declaration drives encryption checks, export masks, audit diffs and demo data; a test fails
for a concrete field that says nothing (security.md 1.1).
"""

from collections.abc import Callable
from enum import IntEnum
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=type[models.Model])


class Sensitivity(IntEnum):
    """PLAIN: may appear in any audit diff. PERSONAL: about a person. SENSITIVE: masked everywhere."""

    PLAIN = 1
    PERSONAL = 2
    SENSITIVE = 3


# Bookkeeping fields that every model may have and that say nothing about a person.
ALWAYS_PLAIN = frozenset({"id", "uid", "created_at", "updated_at", "version"})


def classify(*, plain: str = "", personal: str = "", sensitive: str = "") -> Callable[[M], M]:
    """Class decorator: space-separated field names per level; what an abstract parent says is kept."""

    def decorate(model: M) -> M:
        levels = {Sensitivity.PLAIN: plain, Sensitivity.PERSONAL: personal, Sensitivity.SENSITIVE: sensitive}
        said = {name: level for level, names in levels.items() for name in names.split()}
        model._sensitivity = {**getattr(model, "_sensitivity", {}), **said}  # type: ignore[attr-defined]
        return model

    return decorate


def sensitivity_of(model: type[models.Model], field_name: str) -> Sensitivity:
    """The declared level; a field that says nothing counts as sensitive."""
    if field_name in ALWAYS_PLAIN:
        return Sensitivity.PLAIN
    declared: dict[str, Sensitivity] = getattr(model, "_sensitivity", {})
    return declared.get(field_name, Sensitivity.SENSITIVE)


def unclassified_fields(model: type[models.Model]) -> list[str]:
    """Concrete fields of `model` without a declared level."""
    declared: dict[str, Sensitivity] = getattr(model, "_sensitivity", {})
    names = [field.name for field in model._meta.concrete_fields]
    return [name for name in names if name not in ALWAYS_PLAIN and name not in declared]
