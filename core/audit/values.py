"""How values look inside an audit event: text, short, and nothing that is sensitive."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from core.classification import Sensitivity, sensitivity_of

MASKED = "已修改"
LONGEST = 500

Model = type[models.Model]
Shown = list[str | None] | str


def shown_changes(model: Model | None, changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Shown]:
    """Field → [old, new] as text; of a sensitive field only that it changed."""
    return {name: _pair(model, name, old, new) for name, (old, new) in changes.items()}


def _pair(model: Model | None, name: str, old: Any, new: Any) -> Shown:
    if model is not None and sensitivity_of(model, _field_name(model, name)) is Sensitivity.SENSITIVE:
        return MASKED
    return [_text(old), _text(new)]


def _field_name(model: Model, name: str) -> str:
    """`unit` for `unit_id`; a name that is no field stays as it is and so counts as sensitive."""
    try:
        return model._meta.get_field(name).name
    except FieldDoesNotExist:
        return name


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return moment.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return clean("、".join(_text(item) or "" for item in value), LONGEST)
    return clean(str(value), LONGEST)


def clean(text: str, length: int) -> str:
    """What every database stores and gives back unchanged, cut to `length` characters."""
    text = str(text).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= length else text[: length - 1] + "…"
