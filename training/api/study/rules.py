"""The calendar, the frequencies and the obligations over HTTP; read only."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.access import Permission
from core.api.permissions import viewer_of
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ScopedViewSet
from training.choices import Frequency, StudyKind
from training.models import (
    CalendarDay,
    FrequencyRule,
)
from training.queries.study import zone_clock

OPEN_YEARS = range(2000, 2200)


class FrequencySerializer(StrictModelSerializer):
    class Meta:
        model = FrequencyRule
        fields: tuple[str, ...] = (
            "id",
            "kind",
            "group_kind",
            "frequency",
            "times",
            "reference",
            "starts_on",
            "ends_on",
        )
        read_only_fields = fields


class FrequencyViewSet(ScopedViewSet):
    """学习频次规则。"""

    label = "学习频次规则"
    model = FrequencyRule
    permission = Permission.VIEW_TRAINING
    serializer_class = FrequencySerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"starts_on": ("starts_on",)}


class CalendarDaySerializer(StrictModelSerializer):
    class Meta:
        model = CalendarDay
        fields: tuple[str, ...] = ("id", "day", "kind", "name")
        read_only_fields = fields


class CalendarDayViewSet(ScopedViewSet):
    """工作日历：与星期不同的日子。"""

    label = "工作日历"
    model = CalendarDay
    permission = Permission.VIEW_TRAINING
    serializer_class = CalendarDaySerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"day": ("day",)}


class ObligationSerializer(serializers.Serializer):
    """What one group, or the whole zone, owes in one period."""

    kind = serializers.ChoiceField(StudyKind.choices)
    group = serializers.IntegerField(source="circle.group_id", allow_null=True)
    group_name = serializers.CharField(source="circle.name")
    frequency = serializers.ChoiceField(Frequency.choices)
    first = serializers.DateField(source="span.first")
    last = serializers.DateField(source="span.last")
    times = serializers.IntegerField(label="应开展次数")
    held = serializers.IntegerField(label="已开展")
    planned = serializers.IntegerField(label="已排定")
    standing = serializers.SerializerMethodField()
    standing_words = serializers.CharField(source="standing.word")

    def get_standing(self, duty: Any) -> str:
        return str(duty.standing.name.lower())


class ObligationViewSet(GenericViewSet):
    """应开未开：一年内各类学习活动在各期的开展情况。"""

    permission = Permission.VIEW_TRAINING
    serializer_class = ObligationSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(parameters=[OpenApiParameter("year", int, description="年度；不填为今年")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        viewer = viewer_of(request)
        asked = request.query_params.get("year") or str(viewer.on.year)
        if not (asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in OPEN_YEARS):
            raise serializers.ValidationError({"year": ["年度请填四位数字。"]})
        clock = zone_clock(viewer, year=int(asked))
        return Response(self.get_serializer(clock.found, many=True).data)
