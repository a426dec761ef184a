"""The global search over HTTP: the same function as the box in the top bar."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import Open, viewer_of
from core.search.finding import LONG_LIST, ONE_KIND, search
from core.search.sources import sources
from core.search.terms import MOST_TYPED


class HitSerializer(serializers.Serializer):
    id = serializers.IntegerField(label="编号", source="object_id")
    title = serializers.CharField(label="名称")
    detail = serializers.CharField(label="说明")
    path = serializers.CharField(label="页面", source="url")


class HitGroupSerializer(serializers.Serializer):
    key = serializers.CharField(label="类别")
    label = serializers.CharField(label="类别名称")  # type: ignore[assignment]
    more = serializers.BooleanField(label="还有更多")
    hits = HitSerializer(many=True, label="结果")


class SearchSerializer(serializers.Serializer):
    groups = HitGroupSerializer(many=True, label="按类别的结果")


class SearchView(APIView):
    """全局查找。"""

    permission = Open.LOGGED_IN

    @extend_schema(
        summary="全局查找",
        parameters=[
            OpenApiParameter("q", str, required=True, description="姓名、名称、拼音、首字母或编号"),
            OpenApiParameter("kind", str, description="只找一类，如 people.cadre"),
        ],
        responses={200: SearchSerializer},
    )
    def get(self, request: Request) -> Response:
        unknown = set(request.query_params) - {"q", "kind"}
        if unknown:
            raise ValidationError(dict.fromkeys(sorted(unknown), "没有这个条件。"))
        query, kind = request.query_params.get("q", "")[:MOST_TYPED], request.query_params.get("kind", "")
        if kind and kind not in {one.key for one in sources()}:
            raise ValidationError({"kind": "没有这个类别。"})
        groups = search(viewer_of(request), query, limit=ONE_KIND if kind else LONG_LIST, kind=kind)
        return Response(SearchSerializer({"groups": groups}).data)
