"""Talks over HTTP: that and when for those who may know; what was said for talker and superior alone."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from core.api.viewsets import CreatableViewSet, ScopedViewSet
from people.models import Cadre
from wellbeing.access import ALL_FIELDS, right_to
from wellbeing.choices.talks import Right
from wellbeing.filters.talks import DutyFilter, FollowUpFilter, SlotFilter, TalkFilter
from wellbeing.models import FollowUp, Talk, TalkDuty, TalkRule, TalkSlot
from wellbeing.queries.people import account_of
from wellbeing.services.door import OpenTalk, open_talk
from wellbeing.services.drafting import LONGEST, WRITTEN_FIELDS, Draft, save_draft
from wellbeing.services.talks import plan_talk

STAFF = (Permission.HOLD_TALK, Permission.PLAN_TALK)
ANYONE = (*STAFF, Permission.OWN_TALK)
IN_PERSON = (Right.TALKER, Right.SUPERIOR)


class TalkSerializer(StrictModelSerializer):
    """Metadata. What was said is at `talks/编号/content/`."""

    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    talker = serializers.IntegerField(source="talker_id", read_only=True, label="谈话人账号编号")
    talker_name = serializers.CharField(source="talker.name", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True, default="")
    cadre = ScopedRelatedField(Cadre, label="干部编号")

    class Meta:
        model = Talk
        fields: tuple[str, ...] = (
            "id",
            "cadre",
            "cadre_name",
            "talker",
            "talker_name",
            "unit_name",
            "kind",
            "reason",
            "way",
            "place",
            "planned_from",
            "planned_to",
            "held_on",
            "state",
        )
        read_only_fields = ("id", "held_on", "state")
        validators: list[Any] = []  # the service checks, in the words of the model

    def create(self, validated_data: dict[str, Any]) -> Talk:
        """The caller plans a talk of the own; planners name other talkers on the page."""
        by, cadre = validated_data.pop("by"), validated_data.pop("cadre")
        return plan_talk(cadre=cadre, talker=account_of(by), values=validated_data, by=by, on=by.on)


def _text(name: str) -> serializers.CharField:
    writable = name in WRITTEN_FIELDS
    return serializers.CharField(required=False, allow_blank=True, max_length=LONGEST, read_only=not writable)


class ContentSerializer(StrictSerializer):
    """The sealed fields; `version` is the one the texts were written upon."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, label="版本")

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **{name: _text(name) for name in ALL_FIELDS}}


class TalkViewSet(CreatableViewSet):
    """谈心谈话（只有时间、人员、类型和状态）。"""

    label = "谈心谈话"
    model = Talk
    permission: ClassVar[Declaration] = {
        "list": ANYONE,
        "retrieve": ANYONE,
        "create": Permission.HOLD_TALK,
        "content": Permission.HOLD_TALK,
    }
    filterset_class = TalkFilter
    serializer_class = TalkSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "held_on": ("held_on",),
        "planned_from": ("planned_from",),
    }

    def rows(self, rows: QuerySet[Talk]) -> QuerySet[Talk]:
        return rows.select_related("cadre", "talker", "unit")

    @extend_schema(
        summary="谈话内容（仅谈话人和指定上级；每次打开都有记录）",
        methods=["GET"],
        responses={200: ContentSerializer},
    )
    @extend_schema(
        summary="保存草稿（仅谈话人；版本不符答 409）",
        methods=["PATCH"],
        request=ContentSerializer,
        responses={200: ContentSerializer},
    )
    @action(detail=True, methods=["get", "patch"])
    def content(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        talk = self.get_object()
        if request.method == "PATCH":
            self._save(talk, request)
        opened = self._open(talk)
        return Response({"version": opened.version, **opened.texts})

    def _open(self, talk: Talk) -> OpenTalk:
        """An emergency access and the cadre's own summary are read on their pages only."""
        now = timezone.now()
        if right_to(self.viewer, talk, at=now) not in IN_PERSON:
            raise Http404
        return open_talk(viewer=self.viewer, talk=talk, at=now)

    def _save(self, talk: Talk, request: Request) -> None:
        if right_to(self.viewer, talk, at=timezone.now()) not in IN_PERSON:
            raise Http404
        sent = ContentSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        texts = dict(sent.validated_data)
        draft = Draft(version=texts.pop("version"), texts=texts)
        save_draft(talk=talk, draft=draft, by=self.viewer, at=timezone.now())


class DutySerializer(StrictModelSerializer):
    cadre = serializers.IntegerField(source="cadre_id", read_only=True, label="干部编号")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    talker_name = serializers.CharField(source="talker.name", read_only=True, default="")

    class Meta:
        model = TalkDuty
        fields: tuple[str, ...] = (
            "id",
            "cadre",
            "cadre_name",
            "code",
            "occasion_on",
            "relation",
            "talker_name",
            "raised_on",
            "due_on",
            "state",
            "done_on",
        )
        read_only_fields = fields


class DutyViewSet(ScopedViewSet):
    """应谈事项。"""

    label = "应谈事项"
    model = TalkDuty
    permission = ANYONE
    filterset_class = DutyFilter
    serializer_class = DutySerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"due_on": ("due_on",)}

    def rows(self, rows: QuerySet[TalkDuty]) -> QuerySet[TalkDuty]:
        return rows.select_related("cadre", "talker")


class TalkSlotSerializer(StrictModelSerializer):
    talker_name = serializers.CharField(source="talker.name", read_only=True)
    taken = serializers.SerializerMethodField(label="已约")

    class Meta:
        model = TalkSlot
        fields: tuple[str, ...] = ("id", "talker_name", "starts_at", "ends_at", "place", "taken")
        read_only_fields = fields

    def get_taken(self, row: TalkSlot) -> bool:
        return row.cadre_id is not None


class TalkSlotViewSet(ScopedViewSet):
    """谈话时段：自己放出的、自己约的和空闲的。"""

    label = "谈话时段"
    model = TalkSlot
    permission = ANYONE
    filterset_class = SlotFilter
    serializer_class = TalkSlotSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_at": ("starts_at",)}

    def rows(self, rows: QuerySet[TalkSlot]) -> QuerySet[TalkSlot]:
        return rows.filter(withdrawn_at__isnull=True).select_related("talker")


class FollowUpSerializer(StrictModelSerializer):
    """Without the matter and the result, which open on the page alone."""

    cadre = serializers.IntegerField(source="cadre_id", read_only=True, label="干部编号")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    owner_name = serializers.CharField(source="owner.name", read_only=True)

    class Meta:
        model = FollowUp
        fields: tuple[str, ...] = (
            "id",
            "cadre",
            "cadre_name",
            "category",
            "owner_name",
            "opened_on",
            "due_on",
            "state",
            "closed_at",
            "told_at",
        )
        read_only_fields = fields


class FollowUpViewSet(ScopedViewSet):
    """谈话跟进事项（不含事项内容）。"""

    label = "跟进事项"
    model = FollowUp
    permission = ANYONE
    filterset_class = FollowUpFilter
    serializer_class = FollowUpSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"due_on": ("due_on",)}

    def rows(self, rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        return rows.select_related("cadre", "owner").defer("matter", "result")


class RuleSerializer(StrictModelSerializer):
    class Meta:
        model = TalkRule
        fields: tuple[str, ...] = (
            "id",
            "code",
            "relation",
            "is_on",
            "lead_days",
            "due_days",
            "per_year",
            "source",
            "starts_on",
            "ends_on",
        )
        read_only_fields = fields


class RuleViewSet(ScopedViewSet):
    """谈话规则（各版本）。"""

    label = "谈话规则"
    model = TalkRule
    permission = STAFF
    serializer_class = RuleSerializer
