"""信息核对 over HTTP: opening and following campaigns, who stands where, when corrections are taken."""

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
from core.api.viewsets import CreatableViewSet, ScopedViewSet
from growth.campaigns import meant
from growth.filters import CampaignFilter, MemberApiFilter
from growth.models import CheckCampaign, CheckMember, CheckState, CorrectionWindow
from growth.services import (
    add_people,
    close_campaign,
    excuse_member,
    extend_campaign,
    open_campaign,
    open_window,
    remind,
    restore_member,
)
from people.choices import StaffType
from people.models import Cadre, Unit


class CheckCampaignSerializer(StrictModelSerializer):
    """Whom it asks: a unit with all below it or everyone, of certain kinds of staff or of all."""

    unit = ScopedRelatedField(Unit, required=False, allow_null=True, label="部门（含下级）")
    parts = serializers.ListField(
        child=serializers.CharField(max_length=60), min_length=1, max_length=30, label="核对内容"
    )
    staff_types = serializers.ListField(
        child=serializers.ChoiceField(StaffType.choices), required=False, max_length=10, label="身份"
    )

    class Meta:
        model = CheckCampaign
        fields = (
            "id",
            "year",
            "title",
            "starts_on",
            "ends_on",
            "parts",
            "unit",
            "staff_types",
            "audience",
            "note",
            "opened_at",
            "closed_at",
        )
        read_only_fields = ("id", "audience", "opened_at", "closed_at")
        validators: ClassVar[list[Any]] = []  # the service checks, in the words of the model

    def create(self, validated_data: dict[str, Any]) -> CheckCampaign:
        by = validated_data.pop("by")
        unit, kinds = validated_data.get("unit"), validated_data.get("staff_types", [])
        cadres = meant(on=by.on, unit=unit, staff_types=kinds)
        return open_campaign(values=validated_data, cadres=cadres, by=by, at=timezone.now())


class CheckExtensionSerializer(StrictSerializer):
    ends_on = serializers.DateField(label="新的截止日期")


class CheckPeopleSerializer(StrictSerializer):
    cadres = serializers.ListField(
        child=ScopedRelatedField(Cadre), min_length=1, max_length=200, label="干部编号"
    )


class CheckAddedSerializer(serializers.Serializer):
    added = serializers.IntegerField(label="新加入的人数")


class CheckExcuseSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=200, label="免核对原因")


class CheckToldSerializer(serializers.Serializer):
    told = serializers.IntegerField(label="新通知的人数")


class CampaignViewSet(CreatableViewSet):
    """信息核对：发起、延长、提醒、结束。"""

    label = "信息核对"
    model = CheckCampaign
    permission: ClassVar[Declaration] = {
        "list": (Permission.VIEW_GROWTH_SELF, Permission.EDIT_CADRE),
        "retrieve": (Permission.VIEW_GROWTH_SELF, Permission.EDIT_CADRE),
        "create": Permission.EDIT_CADRE,
        "extend": Permission.EDIT_CADRE,
        "close": Permission.EDIT_CADRE,
        "remind": Permission.EDIT_CADRE,
        "people": Permission.EDIT_CADRE,
    }
    filterset_class = CampaignFilter
    serializer_class = CheckCampaignSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}

    def rows(self, rows: QuerySet[CheckCampaign]) -> QuerySet[CheckCampaign]:
        return rows.select_related("unit")

    @extend_schema(summary="延长", request=CheckExtensionSerializer, responses={200: CheckCampaignSerializer})
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = CheckExtensionSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        campaign = self.get_object()
        day = sent.validated_data["ends_on"]
        extend_campaign(campaign=campaign, ends_on=day, by=self.viewer, at=timezone.now())
        return Response(self.shown(campaign))

    @extend_schema(summary="结束", request=None, responses={200: CheckCampaignSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        campaign = self.get_object()
        close_campaign(campaign=campaign, by=self.viewer, at=timezone.now())
        return Response(self.shown(campaign))

    @extend_schema(
        summary="加入个别人员", request=CheckPeopleSerializer, responses={200: CheckAddedSerializer}
    )
    @action(detail=True, methods=["post"])
    def people(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = CheckPeopleSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        cadres = sent.validated_data["cadres"]
        added = add_people(campaign=self.get_object(), cadres=cadres, by=self.viewer, at=timezone.now())
        return Response({"added": added})

    @extend_schema(summary="提醒没有核对完的人", request=None, responses={200: CheckToldSerializer})
    @action(detail=True, methods=["post"])
    def remind(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        told = remind(campaign=self.get_object(), by=self.viewer, at=timezone.now())
        return Response({"told": told})


class CheckMemberSerializer(serializers.ModelSerializer):
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True, default="")
    state = serializers.ChoiceField(CheckState.choices, read_only=True)
    disputed = serializers.BooleanField(read_only=True)

    class Meta:
        model = CheckMember
        fields = (
            "id",
            "campaign",
            "cadre",
            "cadre_name",
            "unit_name",
            "state",
            "disputed",
            "began_at",
            "done_at",
            "lines",
            "excused_at",
            "excuse",
        )
        read_only_fields = fields


class CheckMemberViewSet(ScopedViewSet):
    """核对进度：本人的，或管辖范围内的；逐部分核对在页面上办理。免核对和恢复由发起人办理。"""

    label = "核对进度"
    model = CheckMember
    permission: ClassVar[Declaration] = {
        "list": (Permission.VIEW_GROWTH_SELF, Permission.EDIT_CADRE),
        "retrieve": (Permission.VIEW_GROWTH_SELF, Permission.EDIT_CADRE),
        "excuse": Permission.EDIT_CADRE,
        "restore": Permission.EDIT_CADRE,
    }
    filterset_class = MemberApiFilter
    serializer_class = CheckMemberSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"done_at": ("done_at",)}

    def rows(self, rows: Any) -> QuerySet[CheckMember]:
        found: QuerySet[CheckMember] = rows.with_disputes().select_related("cadre", "unit", "campaign")
        return found

    @extend_schema(summary="免核对", request=CheckExcuseSerializer, responses={200: CheckMemberSerializer})
    @action(detail=True, methods=["post"])
    def excuse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sent = CheckExcuseSerializer(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        reason = sent.validated_data["reason"]
        excuse_member(member=self.get_object(), reason=reason, by=self.viewer, at=timezone.now())
        return Response(self._now())

    @extend_schema(summary="恢复核对", request=None, responses={200: CheckMemberSerializer})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        restore_member(member=self.get_object(), by=self.viewer, at=timezone.now())
        return Response(self._now())

    def _now(self) -> Any:
        fresh = self.get_queryset().get(pk=self.kwargs["pk"])
        return self.get_serializer(fresh).data


class CorrectionWindowSerializer(StrictModelSerializer):
    unit = ScopedRelatedField(Unit, required=False, allow_null=True, label="部门（含下级）")

    class Meta:
        model = CorrectionWindow
        fields = ("id", "title", "unit", "starts_on", "ends_on", "note")
        read_only_fields = ("id",)
        validators: ClassVar[list[Any]] = []

    def create(self, validated_data: dict[str, Any]) -> CorrectionWindow:
        by = validated_data.pop("by")
        return open_window(values=validated_data, by=by, at=timezone.now())


class WindowViewSet(CreatableViewSet):
    """更正受理时间。"""

    label = "更正受理时间"
    model = CorrectionWindow
    permission: ClassVar[Declaration] = {
        "list": (Permission.VIEW_GROWTH_SELF, Permission.EDIT_CADRE),
        "retrieve": (Permission.VIEW_GROWTH_SELF, Permission.EDIT_CADRE),
        "create": Permission.EDIT_CADRE,
    }
    serializer_class = CorrectionWindowSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}
