"""The hours ledger over HTTP: entries, conversion rules, self-filed study."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ScopedViewSet
from training.filters.hours import ConversionFilter, EntryFilter, FilingFilter
from training.models import ConversionRule, HourEntry, SelfFiledStudy
from training.queries.self_filed import duplicates_for
from training.services import approve_filing, return_filing


class DecisionSerializer(serializers.Serializer):
    """退回须写明原因。"""

    decision = serializers.ChoiceField([("approve", "通过"), ("return", "退回")], label="审批")
    reason = serializers.CharField(label="退回原因", max_length=200, required=False, default="")


class EntrySerializer(StrictModelSerializer):
    """One posting. Amounts never change: what is no longer right is reversed and posted anew."""

    cadre = serializers.IntegerField(source="cadre_id", read_only=True, label="干部编号")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    rule = serializers.IntegerField(source="rule_id", read_only=True, allow_null=True, label="折算规则编号")

    class Meta:
        model = HourEntry
        fields = (
            "id",
            "cadre",
            "cadre_name",
            "source",
            "source_key",
            "kind",
            "title",
            "ledger",
            "hours",
            "days",
            "starts_on",
            "ends_on",
            "rule",
            "how",
            "posted_at",
            "posted_by",
            "reversed_at",
            "reversed_by",
            "reversal_reason",
        )
        read_only_fields = fields


class EntryViewSet(ScopedViewSet):
    """学时入账：每一笔学时的来源、折算和冲销。"""

    label = "学时入账"
    model = HourEntry
    permission = Permission.VIEW_TRAINING
    filterset_class = EntryFilter
    serializer_class = EntrySerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "starts_on": ("starts_on",),
        "posted_at": ("posted_at",),
        "hours": ("hours",),
    }

    def rows(self, rows: QuerySet[HourEntry]) -> QuerySet[HourEntry]:
        return rows.select_related("cadre")


class ConversionSerializer(StrictModelSerializer):
    class Meta:
        model = ConversionRule
        fields = (
            "id",
            "source",
            "kind",
            "basis",
            "hours",
            "days",
            "cap_per_item",
            "cap_per_year",
            "ledger",
            "also_party",
            "note",
            "reference",
            "starts_on",
            "ends_on",
        )
        read_only_fields = fields


class ConversionViewSet(ScopedViewSet):
    """学时折算规则，含每一版的施行时间。"""

    label = "学时折算规则"
    model = ConversionRule
    permission = Permission.VIEW_TRAINING
    filterset_class = ConversionFilter
    serializer_class = ConversionSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "source": ("source", "kind", "basis"),
        "starts_on": ("starts_on",),
    }


class FilingSerializer(StrictModelSerializer):
    cadre = serializers.IntegerField(source="cadre_id", read_only=True, label="干部编号")
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)

    class Meta:
        model = SelfFiledStudy
        fields: tuple[str, ...] = (
            "id",
            "cadre",
            "cadre_name",
            "kind",
            "title",
            "organiser",
            "starts_on",
            "ends_on",
            "measure",
            "quantity",
            "minutes",
            "passed_test",
            "note",
            "state",
            "submitted_at",
            "decided_at",
            "decided_by",
            "decision_reason",
        )
        read_only_fields = fields


class FilingDetail(FilingSerializer):
    alike = serializers.SerializerMethodField(label="可能重复的记录")

    class Meta(FilingSerializer.Meta):
        fields = (*FilingSerializer.Meta.fields, "alike")

    def get_alike(self, row: SelfFiledStudy) -> list[str]:
        return [record.what for record in duplicates_for([row])[row.pk]]


class FilingViewSet(ScopedViewSet):
    """自学填报：已提交给本人审批的填报，通过或退回；本人的填报不在其中。"""

    label = "自学填报"
    model = SelfFiledStudy
    permission = Permission.NOMINATE
    filterset_class = FilingFilter
    serializer_class = FilingSerializer
    detail_serializer_class = FilingDetail
    http_method_names = ["get", "post", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "submitted_at": ("submitted_at",),
        "starts_on": ("starts_on",),
    }

    def rows(self, rows: QuerySet[SelfFiledStudy]) -> QuerySet[SelfFiledStudy]:
        seen = SelfFiledStudy.objects.visible_to(self.viewer, Permission.NOMINATE)
        return seen.select_related("cadre")

    @extend_schema(request=DecisionSerializer, responses=FilingSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """通过则学时按折算规则入账；退回则已入账的学时冲销。"""
        study = self.get_object()
        given = DecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        by, at = self.viewer, timezone.now()
        if given.validated_data["decision"] == "approve":
            approve_filing(study=study, by=by, at=at)
        else:
            return_filing(study=study, reason=given.validated_data["reason"], by=by, at=at)
        return Response(FilingSerializer(study).data)
