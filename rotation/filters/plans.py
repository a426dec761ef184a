"""What the list of plans and the API may be asked."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from people.filters import viewer_of
from rotation.choices.plans import MoveKind, Origin, PlanState
from rotation.models import Move, RotationPlan, Variant
from rotation.queries.plans import waiting_for


class PlanFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="方案名称")
    state = filters.ChoiceFilter(choices=PlanState.choices, label="状态", empty_label="状态不限")
    mine = filters.ChoiceFilter(
        choices=[("1", "等我办理")], method="only_mine", label="与我", empty_label="不限"
    )
    effective = filters.DateFromToRangeFilter(field_name="effective_on", label="任职日期")

    class Meta:
        model = RotationPlan
        fields: list[str] = []

    def only_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(pk__in=waiting_for(viewer_of(self)).values("pk"))


class VariantFilter(filters.FilterSet):
    plan = filters.NumberFilter(field_name="plan_id", label="方案")
    origin = filters.ChoiceFilter(choices=Origin.choices, label="来源")

    class Meta:
        model = Variant
        fields: list[str] = []


class MoveFilter(filters.FilterSet):
    variant = filters.NumberFilter(field_name="variant_id", label="备选方案")
    cadre = filters.NumberFilter(field_name="cadre_id", label="干部")
    kind = filters.ChoiceFilter(choices=MoveKind.choices, label="类型")

    class Meta:
        model = Move
        fields: list[str] = []


class OfPlanFilter(filters.FilterSet):
    """Of rows that hang on a plan."""

    plan = filters.NumberFilter(field_name="plan_id", label="方案编号", min_value=1)


class OfVariantFilter(filters.FilterSet):
    """Of rows that hang on a variant."""

    variant = filters.NumberFilter(field_name="variant_id", label="备选方案编号", min_value=1)
