"""Plans, variants, moves and what the checks say, over HTTP; they are drafted on the pages."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission
from core.api.permissions import Declaration
from core.api.serializers import StrictModelSerializer
from core.api.viewsets import ScopedViewSet
from rotation.choices.plans import CaseDuty
from rotation.filters.plans import MoveFilter, PlanFilter, VariantFilter
from rotation.models import Move, PlanMember, RotationPlan, Variant
from rotation.queries.checks import check_variant

READ = Permission.VIEW_ROTATION
SEES: Declaration = {"list": READ, "retrieve": READ}
CHECKED: Declaration = {"list": READ, "retrieve": READ, "checks": READ}


class RotationPlanSerializer(StrictModelSerializer):
    class Meta:
        model = RotationPlan
        fields = ("id", "title", "unit", "state", "effective_on", "meeting_on", "document_no", "chosen")


class PlanViewSet(ScopedViewSet):
    """轮岗方案；只列知悉范围内的。"""

    label = "轮岗方案"
    model = RotationPlan
    permission = SEES
    filterset_class = PlanFilter
    serializer_class = RotationPlanSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"effective_on": ("effective_on",)}


class VariantSerializer(StrictModelSerializer):
    class Meta:
        model = Variant
        fields = ("id", "plan", "letter", "title", "origin", "weights", "gives_up", "note")


class CheckSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(read_only=True, label="规则")
    verdict = serializers.CharField(read_only=True, label="结论")
    message = serializers.CharField(read_only=True, label="说明")
    evidence = serializers.CharField(read_only=True, label="依据的事实")
    basis = serializers.CharField(source="source", read_only=True, label="规定出处")
    cadre_id = serializers.IntegerField(read_only=True, label="干部")
    post_id = serializers.IntegerField(read_only=True, label="岗位")
    unit_id = serializers.IntegerField(read_only=True, label="机构")


class VariantViewSet(ScopedViewSet):
    """备选方案；`checks` 给出全部核对结果。"""

    label = "备选方案"
    model = Variant
    permission = CHECKED
    filterset_class = VariantFilter
    serializer_class = VariantSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"letter": ("letter",)}

    @extend_schema(responses=CheckSerializer(many=True))
    @action(detail=True, methods=["get"], filterset_class=None, pagination_class=None)
    def checks(self, request: Request, pk: str = "") -> Response:
        """Of relatives and effect periods: not for whoever is only asked for an opinion."""
        variant = self.get_object()
        asked = PlanMember.objects.visible_to(self.viewer).filter(plan=variant.plan, user=self.viewer.user_id)
        if asked.filter(duty=CaseDuty.CONSULTED).exists():
            return Response([])
        checks = check_variant(variant, on=self.viewer.on).checks
        return Response(CheckSerializer(checks, many=True).data)


class MoveSerializer(StrictModelSerializer):
    class Meta:
        model = Move
        fields = ("id", "variant", "position", "cadre", "from_text", "from_post", "to_post", "kind", "origin")


class MoveViewSet(ScopedViewSet):
    """人员调整。"""

    label = "人员调整"
    model = Move
    permission = SEES
    filterset_class = MoveFilter
    serializer_class = MoveSerializer
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {"position": ("position",)}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("variant")
