"""One's own notifications over HTTP."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.permissions import Open
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ScopedViewSet
from core.models import Notification
from core.notifications import services
from core.notifications.channels.base import path_of
from core.notifications.filters import NotificationFilter
from core.notifications.kinds import kind_of


class NotificationSerializer(StrictModelSerializer):
    kind_label = serializers.SerializerMethodField(label="类别名称")
    path = serializers.SerializerMethodField(label="办理的页面")

    class Meta:
        model = Notification
        fields = ("id", "kind", "kind_label", "title", "detail", "path", "on", "created_at", "read_at")
        read_only_fields = fields

    def get_kind_label(self, row: Notification) -> str:
        return kind_of(row.kind).label

    def get_path(self, row: Notification) -> str:
        return path_of(row)


class MarkedSerializer(serializers.Serializer):
    marked = serializers.IntegerField(label="标为已读的条数")


class NotificationViewSet(ScopedViewSet):
    """本人的通知。"""

    label = "通知"
    model = Notification
    permission = Open.LOGGED_IN
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter
    ordering_fields = {"created_at": ("created_at",), "kind": ("kind",)}

    @extend_schema(summary="标为已读", request=None, responses={200: NotificationSerializer})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        services.mark_read(by=self.viewer, at=timezone.now(), only=[row.pk])
        row.refresh_from_db()
        return Response(self.get_serializer(row).data)

    @extend_schema(summary="全部标为已读", request=None, responses={200: MarkedSerializer})
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response({"marked": services.mark_read(by=self.viewer, at=timezone.now())})
