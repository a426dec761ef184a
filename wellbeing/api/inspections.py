"""Inspections and findings over HTTP: states and dates; the texts open on the page alone."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core.access import Permission
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ScopedViewSet
from wellbeing.filters.inspections import FindingFilter, InspectionFilter
from wellbeing.models import Finding, Inspection

SEES = Permission.VIEW_DISCIPLINE
SEALED = ("problem", "measure", "progress", "review", "decision")


class InspectionSerializer(StrictModelSerializer):
    unit_name = serializers.CharField(source="unit.name", read_only=True, default="")

    class Meta:
        model = Inspection
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "kind_name",
            "title",
            "unit",
            "unit_name",
            "planned_on",
            "from_time",
            "to_time",
            "checked_on",
            "state",
        )
        read_only_fields = fields


class InspectionViewSet(ScopedViewSet):
    """督查事项。"""

    label = "督查事项"
    model = Inspection
    permission = SEES
    filterset_class = InspectionFilter
    serializer_class = InspectionSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"planned_on": ("planned_on",)}

    def rows(self, rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
        return rows.select_related("unit")


class FindingSerializer(StrictModelSerializer):
    """Without the texts, and without the person: whom it is about stands on the page."""

    unit_name = serializers.CharField(source="unit.name", read_only=True)
    lead_name = serializers.CharField(source="lead.name", read_only=True, default="")
    owner_name = serializers.CharField(source="owner.name", read_only=True, default="")

    class Meta:
        model = Finding
        fields: tuple[str, ...] = (
            "id",
            "inspection",
            "unit",
            "unit_name",
            "found_on",
            "repeat_of",
            "lead_name",
            "owner_name",
            "due_on",
            "state",
            "submitted_on",
            "closed_on",
        )
        read_only_fields = fields


class FindingViewSet(ScopedViewSet):
    """督查问题（不含人员、内容和处理）。"""

    label = "督查问题"
    model = Finding
    permission = SEES
    filterset_class = FindingFilter
    serializer_class = FindingSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "due_on": ("due_on",),
        "found_on": ("found_on",),
    }

    def rows(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("unit", "lead", "owner").defer(*SEALED)
