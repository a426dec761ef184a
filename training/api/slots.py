"""Slots, attendance and checking in over HTTP."""

from typing import Any, ClassVar

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.errors import problem
from core.api.permissions import Declaration
from core.api.serializers import StrictModelSerializer, StrictSerializer
from core.api.viewsets import ChangeableViewSet, ScopedViewSet
from people.api.scope import require_cadre
from training.choices import AttendanceState, CheckInResult, LeaveReason
from training.devices import device_of, done_url, keep_device
from training.models import Attendance, CheckInAttempt, Slot
from training.queries.checkin import permission_for
from training.queries.occupied import slot_title
from training.services.attendance import Verdict, register
from training.services.checkin import Outcome, Proof, check_in


class SlotFilter(filters.FilterSet):
    training_class = filters.NumberFilter(field_name="training_class_id", label="班次")
    activity = filters.NumberFilter(field_name="activity_id", label="学习活动")
    since = filters.DateFilter(field_name="starts_at", lookup_expr="date__gte", label="不早于")
    until = filters.DateFilter(field_name="starts_at", lookup_expr="date__lte", label="不晚于")

    class Meta:
        model = Slot
        fields: list[str] = []


class SlotSerializer(StrictModelSerializer):
    title = serializers.SerializerMethodField(label="名称")
    training_class = serializers.IntegerField(source="training_class_id", read_only=True, allow_null=True)
    activity = serializers.IntegerField(source="activity_id", read_only=True, allow_null=True)

    class Meta:
        model = Slot
        fields: tuple[str, ...] = (
            "id",
            "uid",
            "title",
            "training_class",
            "activity",
            "starts_at",
            "ends_at",
            "place",
            "topic",
            "lecturer",
            "needs_sign_out",
            "sequence",
            "cancelled_at",
        )
        read_only_fields = fields

    def get_title(self, slot: Slot) -> str:
        return slot_title(slot)


class SlotViewSet(ScopedViewSet):
    """班次和学习活动的时段。"""

    label = "时段"
    model = Slot
    permission = Permission.VIEW_TRAINING
    filterset_class = SlotFilter
    serializer_class = SlotSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_at": ("starts_at",)}

    def rows(self, rows: QuerySet[Slot]) -> QuerySet[Slot]:
        return rows.select_related("training_class", "activity")


class AttendanceFilter(filters.FilterSet):
    slot = filters.NumberFilter(field_name="slot_id", label="时段")
    activity = filters.NumberFilter(field_name="slot__activity_id", label="学习活动")
    training_class = filters.NumberFilter(field_name="slot__training_class_id", label="培训班次")
    cadre = filters.NumberFilter(field_name="cadre_id", label="干部")
    state = filters.ChoiceFilter(choices=AttendanceState.choices, label="到课情况")

    class Meta:
        model = Attendance
        fields: list[str] = []


class AttendanceSerializer(StrictModelSerializer):
    """Of a slot of a class or of a study activity: one of the two is null."""

    slot = serializers.IntegerField(source="slot_id", read_only=True, label="时段编号")
    activity = serializers.IntegerField(source="slot.activity_id", read_only=True, allow_null=True)
    training_class = serializers.IntegerField(
        source="slot.training_class_id", read_only=True, allow_null=True
    )
    unit = serializers.IntegerField(source="unit_id", read_only=True, allow_null=True)
    cadre = serializers.IntegerField(source="cadre_id", read_only=True, label="干部编号")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)

    class Meta:
        model = Attendance
        fields: tuple[str, ...] = (
            "id",
            "slot",
            "activity",
            "training_class",
            "cadre",
            "cadre_name",
            "unit",
            "state",
            "source",
            "leave_reason",
            "checked_in_at",
            "checked_out_at",
            "note",
        )
        read_only_fields = fields


class AttendanceChange(StrictSerializer):
    """Registers or corrects one person; a correction needs a reason."""

    state = serializers.ChoiceField(AttendanceState.choices, label="登记为")
    leave_reason = serializers.ChoiceField(
        LeaveReason.choices, required=False, default="", allow_blank=True, label="请假事由"
    )
    reason = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=200, label="更正原因"
    )

    def update(self, instance: Attendance, validated_data: dict[str, Any]) -> Attendance:
        by = validated_data["by"]
        require_cadre(by, instance.cadre, permission_for(instance.slot))
        verdict = Verdict(
            AttendanceState(validated_data["state"]),
            reason=validated_data.get("reason", ""),
            leave_reason=validated_data.get("leave_reason", ""),
        )
        register(slot=instance.slot, rows=[instance], verdict=verdict, by=by, at=timezone.now())
        return instance


READS = {"list": Permission.VIEW_TRAINING, "retrieve": Permission.VIEW_TRAINING}


class AttendanceViewSet(ChangeableViewSet):
    """到课记录：读取、登记和更正。"""

    label = "到课记录"
    model = Attendance
    permission: ClassVar[Declaration] = {
        **READS,
        "partial_update": (Permission.EDIT_TRAINING, Permission.EDIT_STUDY),
    }
    filterset_class = AttendanceFilter
    serializer_class = AttendanceSerializer
    change_serializer_class = AttendanceChange
    http_method_names = ["get", "patch", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_at": ("slot__starts_at",)}

    def rows(self, rows: QuerySet[Attendance]) -> QuerySet[Attendance]:
        joined = rows.select_related("cadre", "slot__activity__group__unit", "slot__activity__unit")
        return joined.select_related("slot__training_class")


class AttemptSerializer(StrictModelSerializer):
    slot = serializers.IntegerField(source="slot_id", read_only=True, allow_null=True, label="时段编号")
    cadre = serializers.IntegerField(source="cadre_id", read_only=True, label="干部编号")

    class Meta:
        model = CheckInAttempt
        fields: tuple[str, ...] = ("id", "slot", "cadre", "at", "received_at", "result", "source")
        read_only_fields = fields


class CheckInEntry(StrictSerializer):
    """A typed code, or the ticket of a scanned one; `kept_at` when the network was away at the time."""

    code = serializers.CharField(required=False, default="", allow_blank=True, max_length=12, label="签到码")
    ticket = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=400, label="扫码凭据"
    )
    kept_at = serializers.DateTimeField(required=False, label="按下签到的时间")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["code"] and not attrs["ticket"]:
            raise serializers.ValidationError({"code": ["请填写签到码，或给出扫码凭据。"]})
        return attrs


class CheckInAnswer(serializers.Serializer):
    result = serializers.ChoiceField(CheckInResult.choices)
    message = serializers.CharField()
    title = serializers.CharField()
    at = serializers.DateTimeField()
    url = serializers.CharField()


class CheckInViewSet(ScopedViewSet):
    """签到：本人提交签到码或扫码凭据；读取可见范围内的签到经过。"""

    label = "签到"
    model = CheckInAttempt
    permission: ClassVar[Declaration] = {**READS, "create": Permission.SIGN_UP}
    serializer_class = AttemptSerializer
    http_method_names = ["get", "post", "head", "options"]

    @extend_schema(request=CheckInEntry, responses={200: CheckInAnswer, 201: CheckInAnswer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        entry = CheckInEntry(data=request.data, context=self.get_serializer_context())
        entry.is_valid(raise_exception=True)
        device = device_of(request._request)
        data = entry.validated_data
        proof = Proof(data["ticket"], data["code"], data.get("kept_at"))
        outcome = check_in(proof=proof, by=self.viewer, at=timezone.now(), device=device)
        answer = self._answer(outcome)
        keep_device(answer, device)
        return answer

    @staticmethod
    def _answer(outcome: Outcome) -> Response:
        """What was there already is no mistake: a telephone that sends twice is told so and goes on."""
        if not outcome.settled:
            return problem(422, outcome.result, outcome.message)
        body = {
            "result": outcome.result,
            "message": outcome.message,
            "title": slot_title(outcome.slot) if outcome.slot else "",
            "at": outcome.at,
            "url": done_url(outcome),
        }
        return Response(CheckInAnswer(body).data, status=201 if outcome.accepted else 200)
