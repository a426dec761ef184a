"""Acts over HTTP: one body that says exactly what it takes, one service call, the row as it is afterwards."""

from typing import Any

from django.db.models import Model
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.serializers import ScopedRelatedField, StrictSerializer
from core.api.viewsets import ScopedViewSet, WritableViewSet

LARGEST = 2**31


class Acting(ScopedViewSet):
    """`given` reads the body of an act, `answer` shows the row that it has changed."""

    def given(self, body: type[StrictSerializer], request: Request) -> dict[str, Any]:
        read = body(data=request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        found: dict[str, Any] = read.validated_data
        return found

    def answer(self, row: Model, *, status: int = 200) -> Response:
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(self.shown_class()(fresh, context=self.get_serializer_context()).data, status=status)


class ActingViewSet(Acting, WritableViewSet):
    """Creates, changes and acts."""


class Removing(ScopedViewSet):
    """Deletes: `remove` calls the service."""

    def remove(self, row: Any) -> None:
        raise NotImplementedError

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.remove(self.get_object())
        return Response(status=204)


class RemovableViewSet(Removing, ActingViewSet):
    """Creates, changes, acts and deletes."""

    http_method_names = ["get", "post", "patch", "delete", "head", "options"]


class WithinReach(ScopedRelatedField):
    """A row among those on which the viewer holds the permission; others do not exist."""

    def __init__(self, model: Any, permission: Permission, **options: Any) -> None:
        self.permission = permission
        super().__init__(model, **options)

    def get_queryset(self) -> Any:
        rows: Any = super(ScopedRelatedField, self).get_queryset()
        request = self.context.get("request")
        return rows.visible_to(request.viewer, self.permission) if request else rows.none()


class Note(StrictSerializer):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300, label="说明")


class Ordered(serializers.Serializer[Any]):
    """A job that was started; its progress is at `address`."""

    job = serializers.UUIDField(read_only=True, label="任务编号")
    address = serializers.CharField(read_only=True, label="进度地址")


def ordered(job: Any) -> Response:
    return Response(Ordered({"job": job.uid, "address": f"/api/v1/jobs/{job.uid}/"}).data, status=202)


def account_field(label: str, **options: Any) -> serializers.IntegerField:
    """An account by its number; which ones are known says the body that asks."""
    return serializers.IntegerField(min_value=1, max_value=LARGEST, label=label, **options)
