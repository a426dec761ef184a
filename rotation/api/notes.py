"""挂职月报 over HTTP: sent by the person, read by the head of the department."""

from datetime import date
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
from core.api.viewsets import CreatableViewSet
from rotation.api.acting import Acting
from rotation.filters.secondments import NoteFilter
from rotation.models import MonthlyNote, Secondment
from rotation.services.secondments import read_note, send_note

NOTES: Declaration = {
    "list": Permission.VIEW_SECONDMENT,
    "retrieve": Permission.VIEW_SECONDMENT,
    "create": Permission.VIEW_SECONDMENT,
    "read": Permission.REVIEW_SECONDMENT,
}


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


class AnswerBody(StrictSerializer):
    answer = serializers.CharField(allow_blank=True, max_length=300, label="审阅意见（可以为空）")


class NoteViewSet(Acting, CreatableViewSet):
    """挂职月报：本人提交，部门审阅。"""

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

    @extend_schema(summary="审阅挂职月报", request=AnswerBody, responses={200: NoteSerializer})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str = "") -> Response:
        row, given = self.get_object(), self.given(AnswerBody, request)
        read_note(note=row, by=self.viewer, at=timezone.now(), **given)
        return self.answer(row)
