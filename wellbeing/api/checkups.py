"""Checkups over HTTP: campaigns, slots, who stands where. There is nothing about findings to be asked for."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import StrictModelSerializer, StrictSerializer
from core.api.viewsets import ScopedViewSet, WritableViewSet
from wellbeing.filters.checkups import CampaignFilter, MemberApiFilter, SlotFilter
from wellbeing.models import CheckupCampaign, CheckupMember, CheckupRule, CheckupSlot
from wellbeing.services.checkups.campaigns import change_campaign, plan_campaign
from wellbeing.services.checkups.members import RESULTS, record_results
from wellbeing.services.checkups.slots import book_slot, cancel_booking

EDIT, OWN, RULES = Permission.EDIT_CHECKUP, Permission.OWN_WELLBEING, Permission.EDIT_RULES
ANYONE = (EDIT, OWN)
Orders = dict[str, tuple[str, ...]]


class CampaignSerializer(StrictModelSerializer):
    class Meta:
        model = CheckupCampaign
        fields: tuple[str, ...] = (
            "id",
            "year",
            "title",
            "institution",
            "package",
            "budget_per_head",
            "budget_total",
            "starts_on",
            "ends_on",
            "state",
            "spent",
        )
        read_only_fields = ("id", "state", "spent")
        validators: list[Any] = []  # the service checks, in the words of the model

    def create(self, validated_data: dict[str, Any]) -> CheckupCampaign:
        by = validated_data.pop("by")
        return plan_campaign(values=validated_data, by=by)

    def update(self, instance: CheckupCampaign, validated_data: dict[str, Any]) -> CheckupCampaign:
        by = validated_data.pop("by")
        change_campaign(campaign=instance, values=validated_data, by=by)
        return instance


class CampaignViewSet(WritableViewSet):
    """体检安排；发布、开始、结束在页面上办理。"""

    label = "体检安排"
    model = CheckupCampaign
    permission: ClassVar[Declaration] = {
        "list": ANYONE,
        "retrieve": ANYONE,
        "create": EDIT,
        "partial_update": EDIT,
    }
    filterset_class = CampaignFilter
    serializer_class = CampaignSerializer
    ordering_fields: ClassVar[Orders] = {"year": ("year",), "starts_on": ("starts_on",)}


class CheckupSlotSerializer(StrictModelSerializer):
    class Meta:
        model = CheckupSlot
        fields: tuple[str, ...] = (
            "id",
            "campaign",
            "starts_at",
            "ends_at",
            "place",
            "capacity",
            "seats_taken",
        )
        read_only_fields = fields


class SlotViewSet(ScopedViewSet):
    """体检时段和余下的名额。"""

    label = "体检时段"
    model = CheckupSlot
    permission = ANYONE
    filterset_class = SlotFilter
    serializer_class = CheckupSlotSerializer
    ordering_fields: ClassVar[Orders] = {"starts_at": ("starts_at",)}


class MemberSerializer(StrictModelSerializer):
    cadre = serializers.IntegerField(source="cadre_id", read_only=True, label="干部编号")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True, default="")

    class Meta:
        model = CheckupMember
        fields: tuple[str, ...] = (
            "id",
            "campaign",
            "cadre",
            "cadre_name",
            "unit_name",
            "slot",
            "state",
            "added_for",
            "deferred_for",
            "removed_for",
            "recheck_needed",
            "recheck_done",
        )
        read_only_fields = fields


class BookingSerializer(StrictSerializer):
    slot = serializers.IntegerField(min_value=1, max_value=2**63 - 1, allow_null=True, label="体检时段")


class CheckupResultSerializer(StrictSerializer):
    result = serializers.ChoiceField(choices=list(RESULTS.items()), label="结果")


class MemberViewSet(ScopedViewSet):
    """体检名单：本人的，和经办范围内的；只有是否已检、是否需复查。"""

    label = "体检名单"
    model = CheckupMember
    permission: ClassVar[Declaration] = {
        "list": ANYONE,
        "retrieve": ANYONE,
        "booking": ANYONE,
        "result": EDIT,
    }
    filterset_class = MemberApiFilter
    serializer_class = MemberSerializer
    ordering_fields: ClassVar[Orders] = {"slot": ("slot__starts_at",), "state": ("state",)}

    def rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("cadre", "unit", "campaign", "slot")

    @extend_schema(
        summary="预约、改约；slot 为空取消预约", request=BookingSerializer, responses={200: MemberSerializer}
    )
    @action(detail=True, methods=["post"])
    def booking(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        member, now = self.get_object(), timezone.now()
        slot_id = self._sent(BookingSerializer, request)["slot"]
        if slot_id is None:
            cancel_booking(member=member, by=self.viewer, at=now)
        else:
            slot = get_object_or_404(CheckupSlot.objects.visible_to(self.viewer), pk=slot_id)
            book_slot(member=member, slot=slot, by=self.viewer, at=now)
        return self._shown(member)

    @extend_schema(
        summary="登记结果：已检、未检、需复查、已复查",
        request=CheckupResultSerializer,
        responses={200: MemberSerializer},
    )
    @action(detail=True, methods=["post"])
    def result(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        member = self.get_object()
        record_results(
            members=[member], result=self._sent(CheckupResultSerializer, request)["result"], by=self.viewer
        )
        return self._shown(member)

    def _sent(self, serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
        sent = serializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def _shown(self, member: CheckupMember) -> Response:
        fresh = self.get_queryset().get(pk=member.pk)
        return Response(MemberSerializer(fresh, context=self.get_serializer_context()).data)


class CheckupRuleSerializer(StrictModelSerializer):
    class Meta:
        model = CheckupRule
        fields: tuple[str, ...] = (
            "id",
            "name",
            "is_on",
            "min_age",
            "max_age",
            "sex",
            "rank",
            "min_years",
            "unit_kind",
            "frequency",
            "source",
            "starts_on",
            "ends_on",
        )
        read_only_fields = fields


class CheckupRuleViewSet(ScopedViewSet):
    """体检规则的每一版。"""

    label = "体检规则"
    model = CheckupRule
    permission = (EDIT, OWN, RULES)
    serializer_class = CheckupRuleSerializer
    ordering_fields: ClassVar[Orders] = {"starts_on": ("starts_on",)}
