"""Programmes and certificates over HTTP."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ScopedViewSet, WritableViewSet
from training.filters.classes import CertificateFilter, ProgrammeFilter
from training.models import Certificate, Programme
from training.services.programmes import (
    PROGRAMME_FIELDS,
    create_programme,
    delete_programme,
    update_programme,
)


class ProgrammeSerializer(StrictModelSerializer):
    class Meta:
        model = Programme
        fields: tuple[str, ...] = ("id", *PROGRAMME_FIELDS, "updated_at")
        read_only_fields = ("id", "updated_at")
        validators: list[Any] = []  # the service checks, in the words of the model

    def create(self, validated_data: dict[str, Any]) -> Programme:
        by = validated_data.pop("by")
        return create_programme(values=validated_data, by=by)

    def update(self, instance: Programme, validated_data: dict[str, Any]) -> Programme:
        by = validated_data.pop("by")
        update_programme(programme=instance, values=validated_data, by=by)
        return instance


class ProgrammeViewSet(WritableViewSet):
    """培训项目。"""

    label = "培训项目"
    model = Programme
    permission: ClassVar = {
        "list": Permission.VIEW_TRAINING,
        "retrieve": Permission.VIEW_TRAINING,
        "create": Permission.EDIT_TRAINING,
        "partial_update": Permission.EDIT_TRAINING,
        "destroy": Permission.EDIT_TRAINING,
    }
    filterset_class = ProgrammeFilter
    serializer_class = ProgrammeSerializer
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"year": ("year", "name"), "name": ("name",)}

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        delete_programme(programme=self.get_object(), by=self.viewer)
        return Response(status=204)


class CertificateSerializer(StrictModelSerializer):
    class Meta:
        model = Certificate
        fields: tuple[str, ...] = (
            "id",
            "number",
            "holder",
            "participation",
            "class_name",
            "starts_on",
            "ends_on",
            "hours",
            "issued_on",
            "withdrawn_at",
            "withdraw_reason",
        )
        read_only_fields = fields


class CertificateViewSet(ScopedViewSet):
    """结业证书。"""

    label = "结业证书"
    model = Certificate
    permission = Permission.VIEW_TRAINING
    filterset_class = CertificateFilter
    serializer_class = CertificateSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"issued_on": ("issued_on", "number")}
