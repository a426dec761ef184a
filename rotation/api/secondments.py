"""Secondments and their monthly notes over HTTP; opinions are read on their page alone, where it is noted."""

from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import ScopedRelatedField, StrictModelSerializer
from core.api.viewsets import CreatableViewSet, ScopedViewSet
from rotation.filters.secondments import NoteFilter, SecondmentFilter
from rotation.models import MonthlyNote, Secondment
from rotation.services.secondments import send_note

SEES: Declaration = {"list": Permission.VIEW_SECONDMENT, "retrieve": Permission.VIEW_SECONDMENT}
NOTES: Declaration = {
    "list": Permission.VIEW_SECONDMENT,
    "retrieve": Permission.VIEW_SECONDMENT,
    "create": Permission.VIEW_SECONDMENT,
}


class SecondmentSerializer(StrictModelSerializer):
    place = serializers.CharField(read_only=True, label="挂职单位")

    class Meta:
        model = Secondment
        fields = (
            "id",
            "cadre",
            "direction",
            "partner_kind",
            "organisation",
            "host_unit",
            "place",
            "title",
            "starts_on",
            "planned_end_on",
            "ended_on",
            "released",
            "study_rule",
            "state",
            "document_no",
            "plan",
        )


class SecondmentViewSet(ScopedViewSet):
    """挂职；办理在网页上。"""

    label = "挂职"
    model = Secondment
    permission = SEES
    filterset_class = SecondmentFilter
    serializer_class = SecondmentSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {
        "starts_on": ("starts_on",),
        "planned_end_on": ("planned_end_on",),
    }

    def rows(self, rows: QuerySet[Secondment]) -> QuerySet[Secondment]:
        return rows.select_related("host_unit")


class NoteSerializer(StrictModelSerializer):
    class Meta:
        model = MonthlyNote
        fields = (
            "id",
            "secondment",
            "month",
            "text",
            "wants_help",
            "sent_at",
            "read_at",
            "read_by",
            "answer",
        )


class NoteEntry(StrictModelSerializer):
    """The own note of a month, `YYYY-MM-01`; sent again before it is read it replaces the first."""

    secondment = ScopedRelatedField(Secondment, label="挂职编号")
    month = serializers.DateField(label="月份（当月1日）")

    class Meta:
        model = MonthlyNote
        fields = ("secondment", "month", "text", "wants_help")
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> MonthlyNote:
        month: date = validated_data["month"]
        return send_note(
            secondment=validated_data["secondment"],
            month=month,
            text=validated_data["text"],
            wants_help=validated_data.get("wants_help", ""),
            by=validated_data["by"],
            at=timezone.now(),
        )


class NoteViewSet(CreatableViewSet):
    """挂职月报：本人提交。"""

    label = "挂职月报"
    model = MonthlyNote
    permission = NOTES
    filterset_class = NoteFilter
    serializer_class = NoteSerializer
    create_serializer_class = NoteEntry
    http_method_names = ["get", "post", "head", "options"]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"month": ("month",), "sent_at": ("sent_at",)}

    def get_queryset(self) -> QuerySet[Any]:
        """Other people's for those who review them, and the own ones."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        reach = MonthlyNote.objects.visible_to(self.viewer, Permission.REVIEW_SECONDMENT).values("pk")
        own = rows.filter(secondment__cadre_id=self.viewer.cadre_id or 0)
        found: QuerySet[Any] = rows.filter(pk__in=reach) | own
        return found
