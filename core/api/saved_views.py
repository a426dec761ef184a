"""Saved views of lists over HTTP: one's own and those shared with one's roles."""

from typing import Any

import django_filters as filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Viewer
from core.api.permissions import Open
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import CreatableViewSet
from core.models import SavedView
from core.savedviews import services


class SavedViewFilter(filters.FilterSet):
    list_key = filters.CharFilter(label="列表")

    class Meta:
        model = SavedView
        fields: list[str] = []


class SavedViewSerializer(StrictModelSerializer):
    roles = serializers.SerializerMethodField(label="共享给的角色")
    mine = serializers.SerializerMethodField(label="是否本人的视图")

    class Meta:
        model = SavedView
        fields = ("id", "list_key", "name", "query", "columns", "roles", "mine", "updated_at")
        read_only_fields = fields

    def get_roles(self, row: SavedView) -> list[str]:
        return row.shared_with

    def get_mine(self, row: SavedView) -> bool:
        viewer: Viewer = self.context["view"].viewer
        return row.owner_id == viewer.user_id


class NewSavedViewSerializer(StrictModelSerializer):
    columns = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=40, required=False, label="列"
    )
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=[(role.value, role.label) for role in services.SHAREABLE]),
        required=False,
        label="共享给的角色",
    )

    class Meta:
        model = SavedView
        fields = ("list_key", "name", "query", "columns", "roles")

    def create(self, validated_data: dict[str, Any]) -> SavedView:
        given = dict(validated_data)
        return services.save_view(
            list_key=given["list_key"],
            name=given["name"],
            query_string=services.with_columns(given.get("query", ""), given.get("columns", [])),
            by=given["by"],
            roles=given.get("roles", ()),
        )


class SavedViewViewSet(CreatableViewSet):
    """列表的常用视图：本人的，和共享给本人角色的。"""

    label = "常用视图"
    model = SavedView
    permission = Open.LOGGED_IN
    serializer_class = SavedViewSerializer
    create_serializer_class = NewSavedViewSerializer
    filterset_class = SavedViewFilter
    ordering_fields = {"name": ("name",), "updated_at": ("updated_at",)}
    http_method_names = ["get", "post", "delete", "head", "options"]

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        services.delete_view(view=self.get_object(), by=self.viewer)
        return Response(status=204)
