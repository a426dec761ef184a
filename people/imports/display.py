"""Values as the report shows them: choices by their label, dates as personnel writes them, numbers masked."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from people.choices import EducationMode
from people.identity import mask_identity, mask_phone
from people.imports.report import FieldChange
from people.models import Cadre, Education

_MASKS = {"id_number": mask_identity, "phone": mask_phone}
MASKED = "（已加密保存）"


def shown(model: type[models.Model], name: str, value: Any) -> str:
    """One stored value as text; "" for nothing."""
    if value in (None, ""):
        return ""
    if name in _MASKS and model is Cadre:
        return _MASKS[name](str(value))
    field = model._meta.get_field(name)
    if choices := getattr(field, "flatchoices", None):
        return str(dict(choices).get(value, value))
    return as_shown(value, months=model._meta.app_label == "people")


def as_shown(value: Any, *, months: bool = True) -> str:
    """`months`: the first of a month stands for the month, as in personnel records."""
    if isinstance(value, date):
        return f"{value:%Y.%m}" if months and value.day == 1 else f"{value:%Y.%m.%d}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def change_of(model: type[models.Model], name: str, old: Any, new: Any, *, prefix: str = "") -> FieldChange:
    label = f"{prefix}{model._meta.get_field(name).verbose_name}"  # type: ignore[union-attr]
    return FieldChange(label, shown(model, name, old), shown(model, name, new))


def cadre_changes(cadre: Cadre | None, values: Mapping[str, Any]) -> list[FieldChange]:
    return [change_of(Cadre, name, getattr(cadre, name, None), value) for name, value in values.items()]


def education_changes(mode: str, row: Education | None, values: Mapping[str, str]) -> list[FieldChange]:
    prefix = EducationMode(mode).label
    return [
        change_of(Education, name, getattr(row, name, None), value, prefix=prefix)
        for name, value in values.items()
    ]
