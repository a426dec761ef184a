"""Leave from study activities over HTTP: asked for by the person, answered by whoever runs the activity."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import WritableViewSet
from core.errors import DomainError
from training.choices import LeaveReason
from training.filters.study import StudyLeaveFilter
from training.models import Attendance, StudyActivity, StudyLeave
from training.queries.study.leave import leaves_to_decide_about
from training.services.study import ask_leave, decide_study_leave, withdraw_study_leave
from training.services.study.leave import ASKED

READERS = (Permission.SIGN_UP, Permission.EDIT_STUDY)


class StudyLeaveSerializer(serializers.ModelSerializer):
    activity = serializers.IntegerField(source="attendance.slot.activity_id", read_only=True)
    title = serializers.CharField(source="attendance.slot.activity.title", read_only=True)
    starts_at = serializers.DateTimeField(source="attendance.slot.starts_at", read_only=True)
    cadre = serializers.IntegerField(source="attendance.cadre_id", read_only=True)
    cadre_name = serializers.CharField(source="attendance.cadre.name", read_only=True)

    class Meta:
        model = StudyLeave
        fields: tuple[str, ...] = (
            "id",
            "activity",
            "title",
            "starts_at",
            "cadre",
            "cadre_name",
            "reason",
            "note",
            "state",
            "requested_at",
            "decided_at",
            "decided_by",
            "answer",
        )
        read_only_fields = fields


class StudyLeaveEntry(StrictModelSerializer):
    """The own leave from one activity ahead."""

    activity = ScopedRelatedField(StudyActivity, label="学习活动", write_only=True)
    reason = serializers.ChoiceField([(one.value, one.label) for one in ASKED], label="事由")

    class Meta:
        model = StudyLeave
        fields = ("activity", "reason", "note")
        validators: ClassVar[list[Any]] = []

    def create(self, validated_data: dict[str, Any]) -> StudyLeave:
        by = validated_data["by"]
        rows = Attendance.objects.visible_to(by, Permission.SIGN_UP).filter(cadre=by.cadre_id or 0)
        row = rows.filter(slot__activity=validated_data["activity"]).first()
        if row is None:
            raise DomainError("您不在这次活动的应到名单中，不用请假。", field="activity", code="not_expected")
        return ask_leave(
            attendance=row,
            reason=LeaveReason(validated_data["reason"]),
            note=validated_data.get("note", ""),
            by=by,
            at=timezone.now(),
        )


class StudyLeaveDecision(StrictModelSerializer):
    granted = serializers.BooleanField(label="准假", write_only=True)
    answer = serializers.CharField(label="审批意见", required=False, allow_blank=True, max_length=200)

    class Meta:
        model = StudyLeave
        fields = ("granted", "answer")

    def update(self, instance: StudyLeave, validated_data: dict[str, Any]) -> StudyLeave:
        decide_study_leave(
            leave=instance,
            granted=validated_data["granted"],
            by=validated_data["by"],
            at=timezone.now(),
            answer=validated_data.get("answer", ""),
        )
        return instance


class StudyLeaveViewSet(WritableViewSet):
    """学习活动请假：本人申请、撤回；活动经办审批。"""

    label = "学习活动请假"
    model = StudyLeave
    permission: ClassVar[Declaration] = {
        "list": READERS,
        "retrieve": READERS,
        "create": Permission.SIGN_UP,
        "partial_update": Permission.EDIT_STUDY,
        "withdraw": Permission.SIGN_UP,
    }
    filterset_class = StudyLeaveFilter
    serializer_class = StudyLeaveSerializer
    create_serializer_class = StudyLeaveEntry
    change_serializer_class = StudyLeaveDecision
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "starts_at": ("attendance__slot__starts_at",),
        "requested_at": ("requested_at",),
    }

    def rows(self, rows: QuerySet[StudyLeave]) -> QuerySet[StudyLeave]:
        own = Q(attendance__cadre=self.viewer.cadre_id or 0)
        known = rows.filter(own | Q(pk__in=leaves_to_decide_about(self.viewer).values("pk")))
        return known.select_related("attendance__cadre", "attendance__slot__activity__group__unit")

    @extend_schema(summary="撤回", request=None, responses={200: StudyLeaveSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        leave = self.get_object()
        withdraw_study_leave(leave=leave, by=self.viewer, at=timezone.now())
        return Response(self.shown(leave))
