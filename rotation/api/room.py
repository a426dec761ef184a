"""The decision room over HTTP: cases, the own opinion, permits to read, decisions, results and visits."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import ChangeableViewSet, CreatableViewSet, ScopedViewSet
from rotation.choices.decisions import Stance
from rotation.filters.room import CaseFilter, DecidedMoveFilter, DecisionFilter
from rotation.models import Case, DecidedMove, Decision, EffectLine, LeaderOpinion, Move, ReadingGrant
from rotation.queries.room.board import with_counts
from rotation.queries.room.frozen import comparison_shown
from rotation.services.room.closing import record_revisit
from rotation.services.room.opinions import give_opinion
from rotation.services.room.reading import grant_reading, revoke_reading

SEES, DECIDES, EDITS = Permission.VIEW_ROTATION, Permission.DECIDE_ROTATION, Permission.EDIT_ROTATION
READS = {"list": SEES, "retrieve": SEES}


class CaseSerializer(StrictModelSerializer):
    people = serializers.IntegerField(read_only=True, label="人选")
    spoken = serializers.IntegerField(read_only=True, label="已发表意见")
    speaking = serializers.IntegerField(read_only=True, label="参会领导")

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            *("id", "uid", "number", "title", "plan", "post", "opinions_due_on"),
            *("opened_at", "closed_at", "people", "spoken", "speaking"),
        )
        read_only_fields = fields


class CaseDetailSerializer(CaseSerializer):
    """With the comparison: as it is now, or after the decision as the meeting saw it."""

    comparison = serializers.SerializerMethodField(label="人选比对")

    class Meta(CaseSerializer.Meta):
        fields = (*CaseSerializer.Meta.fields, "comparison")
        read_only_fields = fields

    def get_comparison(self, case: Case) -> dict[str, Any]:
        return comparison_shown(case, on=self.viewer.on).as_data()


class CaseViewSet(ScopedViewSet):
    """轮岗议题：只有知悉范围内的人可见。"""

    label = "轮岗议题"
    model = Case
    permission: ClassVar[Declaration] = {**READS}
    filterset_class = CaseFilter
    serializer_class = CaseSerializer
    detail_serializer_class = CaseDetailSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"opened_at": ("opened_at",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        return with_counts(rows.select_related("plan", "post__unit"))


class OpinionSerializer(StrictModelSerializer):
    leader = serializers.CharField(source="speaker.user.name", read_only=True, label="领导")

    class Meta:
        model = LeaderOpinion
        fields: tuple[str, ...] = (
            *("id", "case", "leader", "stance", "choice", "words", "in_writing", "given_at", "withdrawn_at"),
        )
        read_only_fields = fields


class GiveOpinionSerializer(StrictModelSerializer):
    case = ScopedRelatedField(Case, label="议题")
    stance = serializers.ChoiceField(choices=Stance.choices, label="意见")
    choice = ScopedRelatedField(Move, required=False, allow_null=True, default=None, label="同意人选")
    words = serializers.CharField(required=False, allow_blank=True, default="", label="意见说明")
    password = serializers.CharField(write_only=True, trim_whitespace=False, label="登录密码")

    class Meta:
        model = LeaderOpinion
        fields = ("case", "stance", "choice", "words", "password")

    def create(self, validated_data: dict[str, Any]) -> LeaderOpinion:
        stance = Stance(validated_data.pop("stance"))
        return give_opinion(stance=stance, at=timezone.now(), **validated_data)


class OpinionViewSet(CreatableViewSet):
    """领导意见：本人的随时可见，他人的在会议研究以后可见。"""

    label = "领导意见"
    model = LeaderOpinion
    permission: ClassVar[Declaration] = {**READS, "create": DECIDES}
    serializer_class = OpinionSerializer
    create_serializer_class = GiveOpinionSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"given_at": ("given_at",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("speaker__user")
        return found


class GrantSerializer(StrictModelSerializer):
    reader_name = serializers.CharField(source="reader.name", read_only=True, label="阅档人姓名")

    class Meta:
        model = ReadingGrant
        fields: tuple[str, ...] = (
            *("id", "case", "reader", "reader_name", "purpose", "starts_on", "ends_on"),
            *("granted_at", "revoked_at"),
        )
        read_only_fields = fields


class NewGrantSerializer(StrictModelSerializer):
    case = ScopedRelatedField(Case, label="议题")
    reader = serializers.IntegerField(min_value=1, max_value=2**31, label="阅档人（账号编号）")
    days = serializers.IntegerField(min_value=1, max_value=30, write_only=True, label="天数")

    class Meta:
        model = ReadingGrant
        fields = ("case", "reader", "purpose", "days")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A leader who speaks in the case; nobody else is known here."""
        speakers = attrs["case"].speakers.filter(user=attrs["reader"])
        user = next((speaker.user for speaker in speakers.select_related("user")), None)
        if user is None:
            raise serializers.ValidationError({"reader": ["只能授权给本议题的参会领导。"]})
        return {**attrs, "reader": user}

    def create(self, validated_data: dict[str, Any]) -> ReadingGrant:
        return grant_reading(at=timezone.now(), **validated_data)


class GrantViewSet(CreatableViewSet):
    """阅档授权：承办人授予和收回。"""

    label = "阅档授权"
    model = ReadingGrant
    permission: ClassVar[Declaration] = {**READS, "create": EDITS, "revoke": EDITS}
    serializer_class = GrantSerializer
    create_serializer_class = NewGrantSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"ends_on": ("ends_on",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("reader", "case__plan")
        return found

    @extend_schema(summary="收回阅档授权", request=None, responses={200: GrantSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        revoke_reading(grant=row, by=self.viewer, at=timezone.now())
        row.refresh_from_db()
        return Response(GrantSerializer(row, context=self.get_serializer_context()).data)


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


class DecisionViewSet(ScopedViewSet):
    """会议决定：只读；登记后不能修改。"""

    label = "会议决定"
    model = Decision
    permission: ClassVar[Declaration] = {**READS}
    filterset_class = DecisionFilter
    serializer_class = RotationDecisionSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"held_on": ("held_on",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("plan").defer("record", "minutes")
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


ROUTES = (
    ("rotation-cases", CaseViewSet, "api-rotation-cases"),
    ("leader-opinions", OpinionViewSet, "api-leader-opinions"),
    ("reading-grants", GrantViewSet, "api-reading-grants"),
    ("rotation-decisions", DecisionViewSet, "api-rotation-decisions"),
    ("rotation-results", ResultViewSet, "api-rotation-results"),
    ("rotation-revisits", RevisitViewSet, "api-rotation-revisits"),
)
