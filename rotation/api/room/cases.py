"""Cases before the leaders: opened, who speaks, opinions with the own password, permits to read, papers."""

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
from core.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from core.api.viewsets import ChangeableViewSet, CreatableViewSet
from people.models import Post
from rotation.api.acting import Acting, Ordered, account_field, ordered
from rotation.choices.decisions import Stance
from rotation.filters.room import CaseFilter, OfCaseFilter
from rotation.models import Case, LeaderOpinion, Move, ReadingGrant, RotationPlan, Speaker
from rotation.queries.room.board import with_counts
from rotation.queries.room.cases import leaders_to_ask
from rotation.queries.room.frozen import comparison_shown
from rotation.services.room.cases import mark_absent, move_speaker, open_case
from rotation.services.room.files import order_files
from rotation.services.room.opinions import give_opinion, register_written_opinion, withdraw_opinion
from rotation.services.room.papers import KINDS, order_pack
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


class CaseEntry(StrictModelSerializer):
    """On the whole plan, or on one post of it; leaders in the order in which they speak."""

    plan = ScopedRelatedField(RotationPlan, label="方案编号")
    post = ScopedRelatedField(Post, required=False, allow_null=True, label="岗位编号（不填为整份方案）")
    leaders = serializers.ListField(
        child=account_field("账号编号"), allow_empty=False, max_length=100, label="参会领导（账号编号）"
    )
    main = account_field("末位表态的主要领导（账号编号）", required=False, allow_null=True)
    title = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=120, label="议题名称"
    )

    class Meta:
        model = Case
        fields = ("plan", "post", "leaders", "main", "title", "opinions_due_on")
        validators: list[Any] = []

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        main = attrs.pop("main", None)
        numbers = [*attrs["leaders"], *([main] if main else [])]
        known = {user.pk: user for user in leaders_to_ask(self.viewer.on).filter(pk__in=numbers)}
        if missing := [number for number in numbers if number not in known]:
            raise serializers.ValidationError({"leaders": [f"没有可以研究决定的账号 {missing[0]}。"]})
        leaders = [known[number] for number in dict.fromkeys(attrs["leaders"])]
        return {**attrs, "leaders": leaders, "main": known[main] if main else None}

    def create(self, validated_data: dict[str, Any]) -> Case:
        return open_case(at=timezone.now(), **validated_data)


class PackBody(StrictSerializer):
    kind = serializers.ChoiceField(choices=list(KINDS.items()), label="形式")


class CaseViewSet(Acting, CreatableViewSet):
    """轮岗议题：只有知悉范围内的人可见。"""

    label = "轮岗议题"
    model = Case
    permission: ClassVar[Declaration] = {**READS, "create": EDITS, "files": EDITS, "pack": SEES}
    http_method_names = ["get", "post", "head", "options"]
    create_serializer_class = CaseEntry
    filterset_class = CaseFilter
    serializer_class = CaseSerializer
    detail_serializer_class = CaseDetailSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"opened_at": ("opened_at",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        return with_counts(rows.select_related("plan", "post__unit"))

    @extend_schema(summary="准备上会档案", request=None, responses={202: Ordered})
    @action(detail=True, methods=["post"])
    def files(self, request: Request, pk: str = "") -> Response:
        return ordered(order_files(case=self.get_object(), by=self.viewer))

    @extend_schema(summary="取会议材料", request=PackBody, responses={202: Ordered})
    @action(detail=True, methods=["post"])
    def pack(self, request: Request, pk: str = "") -> Response:
        """须有全部人选的阅档授权；取得留有记录。"""
        case, given = self.get_object(), self.given(PackBody, request)
        return ordered(order_pack(case=case, kind=given["kind"], by=self.viewer))


class SpeakerSerializer(StrictModelSerializer):
    name = serializers.CharField(source="user.name", read_only=True, label="姓名")

    class Meta:
        model = Speaker
        fields: tuple[str, ...] = ("id", "case", "user", "name", "position", "is_main", "excluded", "absence")
        read_only_fields = fields


class AbsenceEntry(StrictModelSerializer):
    """Why a leader is not there; "" brings them back."""

    class Meta:
        model = Speaker
        fields = ("absence",)

    def update(self, instance: Speaker, validated_data: dict[str, Any]) -> Speaker:
        reason = validated_data.get("absence", instance.absence)
        mark_absent(speaker=instance, reason=reason, by=validated_data["by"])
        return instance


class PlaceBody(StrictSerializer):
    up = serializers.BooleanField(label="提前一位（false 为推后）")


class WrittenBody(StrictSerializer):
    stance = serializers.ChoiceField(choices=Stance.choices, label="意见")
    choice = ScopedRelatedField(Move, required=False, allow_null=True, default=None, label="同意人选")
    words = serializers.CharField(label="书面意见")


class SpeakerViewSet(Acting, ChangeableViewSet):
    """参会领导：请假、次序和书面意见由承办人登记。"""

    label = "参会领导"
    model = Speaker
    permission: ClassVar[Declaration] = {**READS, "partial_update": EDITS, "place": EDITS, "written": EDITS}
    filterset_class = OfCaseFilter
    serializer_class = SpeakerSerializer
    change_serializer_class = AbsenceEntry
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"position": ("position",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("case__plan", "user")
        return found

    @extend_schema(summary="调整发言次序", request=PlaceBody, responses={200: SpeakerSerializer})
    @action(detail=True, methods=["post"])
    def place(self, request: Request, pk: str = "") -> Response:
        speaker, given = self.get_object(), self.given(PlaceBody, request)
        move_speaker(speaker=speaker, up=given["up"], by=self.viewer)
        return self.answer(speaker)

    @extend_schema(summary="登记书面意见", request=WrittenBody, responses={200: SpeakerSerializer})
    @action(detail=True, methods=["post"])
    def written(self, request: Request, pk: str = "") -> Response:
        """请假领导交来的书面意见；不计入票数。"""
        speaker, given = self.get_object(), self.given(WrittenBody, request)
        given["stance"] = Stance(given["stance"])
        register_written_opinion(speaker=speaker, by=self.viewer, at=timezone.now(), **given)
        return self.answer(speaker)


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


class OpinionViewSet(Acting, CreatableViewSet):
    """领导意见：本人的随时可见，他人的在会议研究以后可见。"""

    label = "领导意见"
    model = LeaderOpinion
    permission: ClassVar[Declaration] = {**READS, "create": DECIDES, "withdraw": DECIDES}
    http_method_names = ["get", "post", "head", "options"]
    serializer_class = OpinionSerializer
    create_serializer_class = GiveOpinionSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"given_at": ("given_at",)}

    def rows(self, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.select_related("speaker__user", "case__plan")
        return found

    @extend_schema(summary="撤回意见", request=None, responses={200: OpinionSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str = "") -> Response:
        """撤回本人在这个议题上的意见，会议研究以前可以。"""
        row = self.get_object()
        withdraw_opinion(case=row.case, by=self.viewer, at=timezone.now())
        return self.answer(row)


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
