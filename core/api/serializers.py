"""Serializers that take exactly what they say: a key they do not know is a mistake worth telling."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from core.access import Viewer

UNKNOWN = "unknown_or_readonly_field"


class StrictSerializer(serializers.Serializer):
    """Refuses unknown and read-only keys, which DRF would silently drop."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if extra := [str(key) for key in data if key not in writable]:
                message = ErrorDetail("没有这个字段，或者它不能由接口填写。", code=UNKNOWN)
                raise ValidationError({key[:60]: [message] for key in sorted(extra)})
        return super().to_internal_value(data)

    @property
    def viewer(self) -> Viewer:
        viewer: Viewer = self.context["request"].viewer
        return viewer


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer):
    """For models; `fields` is always spelt out, and `create` and `update` call services."""


class ScopedRelatedField(serializers.PrimaryKeyRelatedField):
    """A row named by number among those the viewer may see; others do not exist."""

    default_error_messages = {
        "does_not_exist": "没有编号为 {pk_value} 的记录。",
        "incorrect_type": "请填写记录的编号（整数）。",
    }
    largest = 2**63 - 1

    def __init__(self, model: type[Model] | None = None, **options: Any) -> None:
        if model is not None:
            options["queryset"] = model._default_manager.all()  # narrowed to the viewer's in get_queryset
        super().__init__(**options)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        request = self.context.get("request")
        return rows.visible_to(request.viewer) if request else rows.none()

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("incorrect_type")
        if isinstance(data, str) and not (data.isascii() and data.isdigit() and len(data) < 20):
            self.fail("incorrect_type")
        if not 0 < int(data) <= self.largest:
            self.fail("does_not_exist", pk_value=str(data)[:20])
        return super().to_internal_value(int(data))
