"""Care over HTTP: kinds, amounts, states and days. What a person is going through is not among them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core.access import Permission
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ScopedViewSet
from wellbeing.choices.care import COMPUTED, EventStage
from wellbeing.filters.care import ActivityFilter, CareCaseFilter, CareEventFilter, SupportFilter
from wellbeing.models import Activity, CareCase, CareEvent, CareRule, CareSupport

EDIT, APPROVE = Permission.EDIT_CARE, Permission.APPROVE_CARE
REPORT, OWN, RULES = Permission.REPORT_CARE, Permission.OWN_WELLBEING, Permission.EDIT_RULES


class CareCaseSerializer(StrictModelSerializer):
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    happened_on = serializers.DateField(source="event.happened_on", read_only=True)
    handler_name = serializers.CharField(source="handler.name", read_only=True)

    class Meta:
        model = CareCase
        fields: tuple[str, ...] = (
            "id",
            "cadre",
            "cadre_name",
            "kind",
            "happened_on",
            "amount",
            "form",
            "fund",
            "year",
            "state",
            "handler_name",
            "applied_on",
            "decided_on",
            "given_on",
            "receipt_kind",
            "received_on",
        )
        read_only_fields = fields


class CareCaseViewSet(ScopedViewSet):
    """慰问救助：本人的、经办范围内的和待审批的（不含事由）。"""

    label = "慰问救助"
    model = CareCase
    permission = (EDIT, APPROVE, OWN)
    filterset_class = CareCaseFilter
    serializer_class = CareCaseSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "applied_on": ("applied_on",),
        "amount": ("amount",),
    }

    def rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("cadre", "event", "handler").defer("reason", "opinion")


class CareEventSerializer(StrictModelSerializer):
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    state = serializers.ChoiceField(source="stage", choices=EventStage.choices, read_only=True)

    class Meta:
        model = CareEvent
        fields: tuple[str, ...] = (
            "id",
            "cadre",
            "cadre_name",
            "cause",
            "happened_on",
            "reported_on",
            "state",
        )
        read_only_fields = fields


class CareEventViewSet(ScopedViewSet):
    """报告的关心慰问事项（不含情况说明）。"""

    label = "关心慰问事项"
    model = CareEvent
    permission = (EDIT, REPORT, OWN)
    filterset_class = CareEventFilter
    serializer_class = CareEventSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"happened_on": ("happened_on",)}

    def rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        staged = rows.with_stage()  # type: ignore[attr-defined]
        found: QuerySet[Any] = staged.exclude(cause__in=COMPUTED).select_related("cadre").defer("detail")
        return found


class CareSupportSerializer(StrictModelSerializer):
    cadre_name = serializers.CharField(source="cadre.name", read_only=True)
    helper_name = serializers.CharField(source="helper.name", read_only=True)

    class Meta:
        model = CareSupport
        fields: tuple[str, ...] = (
            "id",
            "cadre",
            "cadre_name",
            "helper_name",
            "starts_on",
            "until",
            "visit_days",
            "next_visit_on",
            "state",
            "ended_on",
        )
        read_only_fields = fields


class CareSupportViewSet(ScopedViewSet):
    """结对帮扶：经办范围内的、由本人帮扶的和帮扶本人的（不含困难情况和结果）。"""

    label = "结对帮扶"
    model = CareSupport
    permission = (EDIT, APPROVE, REPORT, OWN)
    filterset_class = SupportFilter
    serializer_class = CareSupportSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"next_visit_on": ("next_visit_on",)}

    def rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("cadre", "helper").defer("situation", "result")


class CareRuleSerializer(StrictModelSerializer):
    class Meta:
        model = CareRule
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "is_on",
            "amount",
            "yearly_cap",
            "form",
            "fund",
            "entitled",
            "within_days",
            "lead_days",
            "near_days",
            "source",
            "starts_on",
            "ends_on",
        )
        read_only_fields = fields


class CareRuleViewSet(ScopedViewSet):
    """慰问规则，各版本。"""

    label = "慰问规则"
    model = CareRule
    permission = (EDIT, APPROVE, RULES, REPORT, OWN)
    serializer_class = CareRuleSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}


class ActivitySerializer(StrictModelSerializer):
    class Meta:
        model = Activity
        fields: tuple[str, ...] = (
            "id",
            "title",
            "kind",
            "place",
            "starts_at",
            "ends_at",
            "opens_at",
            "closes_at",
            "capacity",
            "seats_taken",
            "state",
            "note",
        )
        read_only_fields = fields


class ActivityViewSet(ScopedViewSet):
    """文体活动。"""

    label = "文体活动"
    model = Activity
    permission = (EDIT, OWN)
    filterset_class = ActivityFilter
    serializer_class = ActivitySerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_at": ("starts_at",)}
