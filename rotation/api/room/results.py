"""What the meeting decided and what came of it: decisions, objections, results, visits."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from core.access import Permission
from core.api.parsers import FormParser, StrictJSONParser
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from core.api.viewsets import ChangeableViewSet, CreatableViewSet, ScopedViewSet, WritableViewSet
from core.files import file_response
from rotation.choices.decisions import ObjectionState, Outcome
from rotation.filters.room import DecidedMoveFilter, DecisionFilter, OfDecisionFilter
from rotation.models import DecidedMove, Decision, EffectLine, Objection, RotationPlan
from rotation.services.room.closing import record_revisit
from rotation.services.room.deciding import Attendance, Meeting, Ruling, decide, due_members
from rotation.services.room.notices import record_objection, settle_objection

SEES, EDITS = Permission.VIEW_ROTATION, Permission.EDIT_ROTATION
READS = {"list": SEES, "retrieve": SEES}


class RotationDecisionSerializer(StrictModelSerializer):
    state = serializers.CharField(source="plan.state", read_only=True, label="进展")
    effective_on = serializers.DateField(source="plan.effective_on", read_only=True, label="任职日期")

    class Meta:
        model = Decision
        fields: tuple[str, ...] = (
            *("id", "uid", "plan", "number", "held_on", "place", "chair", "attendance"),
            *("digest", "digest_sm3", "decided_at", "state", "effective_on"),
        )
        read_only_fields = fields


class AbsentBody(StrictSerializer):
    user = serializers.IntegerField(min_value=1, max_value=2**31, label="领导（账号编号）")
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=100, label="未到会原因"
    )


class RulingBody(StrictSerializer):
    move = serializers.IntegerField(min_value=1, max_value=2**63 - 1, label="人员调整编号")
    outcome = serializers.ChoiceField(choices=Outcome.choices, label="研究结果")
    agree = serializers.IntegerField(min_value=0, max_value=99, default=0, label="同意票")
    against = serializers.IntegerField(min_value=0, max_value=99, default=0, label="不同意票")
    defer = serializers.IntegerField(min_value=0, max_value=99, default=0, label="暂缓票")


class DecisionEntry(StrictModelSerializer):
    """For good. Those who were to come are the speakers of the plan's cases; `absent` names who did not.

    With a file of the minutes the body is a form, `rulings` and `absent` in it are JSON.
    """

    plan = ScopedRelatedField(RotationPlan, label="方案编号")
    absent = AbsentBody(many=True, required=False, default=list, label="未到会的")
    rulings = RulingBody(many=True, label="逐项结果")
    document_no = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=60, label="任免文号"
    )
    on_paper = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=100, label="未用上会档案的原因"
    )

    minutes_file = serializers.FileField(required=False, label="会议记录附件")

    class Meta:
        model = Decision
        fields: tuple[str, ...] = (
            *("plan", "number", "held_on", "place", "chair", "minutes", "minutes_file", "absent", "rulings"),
            *("document_no", "on_paper"),
        )
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Decision:
        data = validated_data
        absent = {one["user"]: one["reason"] for one in data["absent"]}
        meeting = Meeting(
            number=data["number"],
            held_on=data["held_on"],
            chair=data["chair"],
            place=data.get("place", ""),
            minutes=data.get("minutes", ""),
            minutes_file=data.get("minutes_file"),
            attendance=tuple(self._attended(data["plan"], absent)),
        )
        rulings = {
            one["move"]: Ruling(Outcome(one["outcome"]), one["agree"], one["against"], one["defer"])
            for one in data["rulings"]
        }
        return decide(
            plan=data["plan"],
            meeting=meeting,
            rulings=rulings,
            document_no=data["document_no"],
            on_paper=data["on_paper"],
            by=data["by"],
            at=timezone.now(),
        )

    @staticmethod
    def _attended(plan: RotationPlan, absent: dict[int, str]) -> list[Attendance]:
        members = due_members(plan)
        if unknown := set(absent) - {member.user_id for member in members}:
            raise serializers.ValidationError({"absent": [f"账号 {min(unknown)} 不在应到人员之列。"]})
        return [
            Attendance(m.user.name, m.user_id, m.user_id not in absent, absent.get(m.user_id, ""))
            for m in members
        ]


class DecisionViewSet(CreatableViewSet):
    """会议决定：登记后不能修改；附会议记录的按表单（multipart）提交，`rulings`、`absent` 写成 JSON。"""

    label = "会议决定"
    model = Decision
    permission: ClassVar[Declaration] = {**READS, "create": EDITS, "minutes": SEES}
    parser_classes = [StrictJSONParser, FormParser]
    json_fields = ("rulings", "absent")
    http_method_names = ["get", "post", "head", "options"]
    create_serializer_class = DecisionEntry
    filterset_class = DecisionFilter
    serializer_class = RotationDecisionSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"held_on": ("held_on",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("plan").defer("record", "minutes")
        return found

    @extend_schema(summary="会议记录附件", responses={(200, "application/octet-stream"): bytes})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def minutes(self, request: Request, pk: str = "") -> HttpResponse:
        kept = self.get_object().minutes_file
        if kept is None:
            raise Http404
        return file_response(kept)


class ObjectionSerializer(StrictModelSerializer):
    class Meta:
        model = Objection
        fields: tuple[str, ...] = (
            *("id", "decided", "received_on", "source", "content", "state", "answer", "settled_on"),
        )
        read_only_fields = fields


class ObjectionEntry(StrictModelSerializer):
    decided = ScopedRelatedField(DecidedMove, label="任免结果编号")
    content = serializers.CharField(label="反映内容")

    class Meta:
        model = Objection
        fields = ("decided", "received_on", "source", "content")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> Objection:
        return record_objection(at=timezone.now(), **validated_data)


class SettleEntry(StrictModelSerializer):
    state = serializers.ChoiceField(
        choices=[c for c in ObjectionState.choices if c[0] != ObjectionState.OPEN], label="核查结论"
    )
    answer = serializers.CharField(label="核查情况")

    class Meta:
        model = Objection
        fields = ("state", "answer")

    def update(self, instance: Objection, validated_data: dict[str, Any]) -> Objection:
        missing = {name: ["请填写。"] for name in ("state", "answer") if name not in validated_data}
        if missing:
            raise serializers.ValidationError(missing)
        settle_objection(
            objection=instance,
            state=ObjectionState(validated_data["state"]),
            answer=validated_data["answer"],
            by=validated_data["by"],
            at=timezone.now(),
        )
        return instance


class ObjectionViewSet(WritableViewSet):
    """公示反映：登记，办结（PATCH）。"""

    label = "公示反映"
    model = Objection
    permission: ClassVar[Declaration] = {**READS, "create": EDITS, "partial_update": EDITS}
    filterset_class = OfDecisionFilter
    serializer_class = ObjectionSerializer
    create_serializer_class = ObjectionEntry
    change_serializer_class = SettleEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"received_on": ("received_on",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("decided__decision__plan", "decided__cadre")
        return found


class RotationResultSerializer(StrictModelSerializer):
    name = serializers.CharField(source="cadre.name", read_only=True, label="姓名")
    effective_on = serializers.DateField(
        source="decision.plan.effective_on", read_only=True, label="任职日期"
    )
    document_no = serializers.CharField(source="decision.plan.document_no", read_only=True, label="任免文号")

    class Meta:
        model = DecidedMove
        fields: tuple[str, ...] = (
            *("id", "cadre", "name", "kind", "from_text", "to_post", "to_text", "outcome"),
            *("effective_on", "document_no"),
        )
        read_only_fields = fields


class ResultViewSet(ScopedViewSet):
    """任免结果：知悉范围内的全部，其他人只见已公布的。"""

    label = "任免结果"
    model = DecidedMove
    permission: ClassVar[Declaration] = {"list": Permission.VIEW_CADRE, "retrieve": Permission.VIEW_CADRE}
    filterset_class = DecidedMoveFilter
    serializer_class = RotationResultSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"id": ("pk",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("cadre", "decision__plan")
        return found


class RevisitSerializer(StrictModelSerializer):
    name = serializers.CharField(source="decided.cadre.name", read_only=True, label="姓名")

    class Meta:
        model = EffectLine
        fields: tuple[str, ...] = ("id", "decided", "name", "due_on", "held_on")
        read_only_fields = fields


class HoldRevisitSerializer(StrictModelSerializer):
    held_on = serializers.DateField(label="回访日期")
    words = serializers.CharField(label="回访情况")

    class Meta:
        model = EffectLine
        fields = ("held_on", "words")

    def update(self, instance: EffectLine, validated_data: dict[str, Any]) -> EffectLine:
        record_revisit(line=instance, at=timezone.now(), **validated_data)
        return instance


class RevisitViewSet(ChangeableViewSet):
    """任职回访。"""

    label = "任职回访"
    model = EffectLine
    permission: ClassVar[Declaration] = {**READS, "partial_update": EDITS}
    serializer_class = RevisitSerializer
    change_serializer_class = HoldRevisitSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"due_on": ("due_on",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("decided__cadre", "effect__plan").defer("words")
        return found
