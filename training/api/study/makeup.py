"""Make-up study over HTTP. Who came is told by `attendances`, for classes and activities alike."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from core.access import Permission
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ChangeableViewSet
from training.api.study.access import MARKING
from training.filters.study import MakeUpFilter
from training.models import MakeUp
from training.services.study import accept_make_up, return_make_up


class MakeUpSerializer(StrictModelSerializer):
    """The reflection only for the person and for whoever accepts it."""

    cadre = serializers.IntegerField(source="attendance.cadre_id", read_only=True)
    cadre_name = serializers.CharField(source="attendance.cadre.name", read_only=True)
    activity = serializers.IntegerField(source="attendance.slot.activity_id", read_only=True)
    reflection = serializers.SerializerMethodField(label="学习体会")

    class Meta:
        model = MakeUp
        fields: tuple[str, ...] = (
            "id",
            "cadre",
            "cadre_name",
            "activity",
            "state",
            "due_on",
            "submitted_at",
            "decided_at",
            "reflection",
        )
        read_only_fields = fields

    def get_reflection(self, make_up: MakeUp) -> str:
        own = make_up.attendance.cadre_id == self.viewer.cadre_id
        return make_up.reflection if own or self.viewer.paths(Permission.EDIT_STUDY) else ""


class MakeUpDecision(StrictModelSerializer):
    accept = serializers.BooleanField(label="通过", write_only=True)
    remark = serializers.CharField(label="退回意见", required=False, allow_blank=True, max_length=200)

    class Meta:
        model = MakeUp
        fields = ("accept", "remark")

    def update(self, instance: MakeUp, validated_data: dict[str, Any]) -> MakeUp:
        by, at = validated_data["by"], timezone.now()
        if validated_data["accept"]:
            accept_make_up(make_up=instance, by=by, at=at)
        else:
            return_make_up(make_up=instance, remark=validated_data.get("remark", ""), by=by, at=at)
        return instance


class MakeUpViewSet(ChangeableViewSet):
    """补学。"""

    label = "补学"
    model = MakeUp
    permission = MARKING
    filterset_class = MakeUpFilter
    serializer_class = MakeUpSerializer
    change_serializer_class = MakeUpDecision
    http_method_names = ["get", "patch", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"due_on": ("due_on",)}

    def rows(self, rows: Any) -> QuerySet[MakeUp]:
        found: QuerySet[MakeUp] = rows.select_related("attendance__cadre", "attendance__slot__activity")
        return found
