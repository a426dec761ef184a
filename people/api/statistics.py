"""The statistics over HTTP: the same tables as the page, as JSON."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.access import Permission
from core.api.filters import UNKNOWN
from core.api.permissions import viewer_of
from people.statistics.choosing import as_data, every_table
from people.statistics.counting import units_to_count
from people.statistics.dimensions import dimension_of

NAMES = frozenset({"on", "unit", "dimension"})


class StatRow(serializers.Serializer[Any]):
    label = serializers.CharField(label="名称")  # type: ignore[assignment]
    remark = serializers.CharField(label="不显示的原因")
    numbers = serializers.ListField(child=serializers.IntegerField(allow_null=True), label="数字")
    lists = serializers.ListField(child=serializers.CharField(), label="各数字的名单页面")


class StatTableSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(label="统计项")
    title = serializers.CharField(label="名称")
    counter = serializers.CharField(label="单位")
    columns = serializers.ListField(child=serializers.CharField(), label="列")
    rows = StatRow(many=True, label="行，最后一行为合计")


class StatisticsSerializer(serializers.Serializer[Any]):
    on = serializers.DateField(label="截至")
    unit = serializers.IntegerField(label="机构")
    tables = StatTableSerializer(many=True, label="统计表")


class Question(serializers.Serializer[Any]):
    on = serializers.DateField(required=False)
    unit = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    dimension = serializers.CharField(required=False, default="")


class StatisticsView(APIView):
    """统计报表。"""

    permission = Permission.VIEW_CADRE

    @extend_schema(
        summary="统计报表",
        parameters=[
            OpenApiParameter("on", str, description="截至日期，默认今天"),
            OpenApiParameter("unit", int, description="机构编号，默认能查看的最高一级"),
            OpenApiParameter("dimension", str, description="只要一种口径，如 age"),
        ],
        responses={200: StatisticsSerializer},
    )
    def get(self, request: Request) -> Response:
        viewer = viewer_of(request)
        if not viewer.paths(Permission.VIEW_CADRE):
            raise Http404
        asked = _asked(request)
        on, by = asked.get("on", viewer.on), asked["dimension"]
        units = units_to_count(viewer)
        unit = units.filter(pk=asked["unit"]).first() if "unit" in asked else units.first()
        if on > viewer.on:
            raise ValidationError({"on": "统计日期不能晚于今天。"})
        if unit is None:
            raise ValidationError({"unit": "没有这个机构，或不在你的查看范围内。"})
        if by and dimension_of(viewer, by) is None:
            raise ValidationError({"dimension": "没有这个统计口径。"})
        tables = [as_data(table) for table in every_table(viewer, on, unit, by)]
        return Response(StatisticsSerializer({"on": on, "unit": unit.pk, "tables": tables}).data)


def _asked(request: Request) -> dict[str, Any]:
    if unknown := sorted(set(request.query_params) - NAMES):
        message = ErrorDetail(f"没有这个筛选条件；可用的有：{'、'.join(sorted(NAMES))}。", code=UNKNOWN)
        raise ValidationError({name[:60]: [message] for name in unknown})
    question = Question(data=request.query_params)
    question.is_valid(raise_exception=True)
    return dict(question.validated_data)
