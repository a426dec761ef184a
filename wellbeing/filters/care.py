"""What the lists of care and activities may be asked: states, kinds and days, never a reason."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from people.filters import units_of, viewer_of
from wellbeing.choices.care import (
    REPORTED,
    CareFund,
    CareGroup,
    CareKind,
    CareState,
    EventStage,
    SupportState,
    kinds_in,
)
from wellbeing.choices.recreation import ActivityKind, ActivityState
from wellbeing.filters.talks import OfCadreFilter
from wellbeing.models import Activity, CareCase, CareEvent, CareSupport


class CareCaseFilter(OfCadreFilter):
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    group = filters.ChoiceFilter(
        choices=CareGroup.choices, method="in_group", label="大类", empty_label="全部大类"
    )
    kind = filters.ChoiceFilter(choices=CareKind.choices, label="类别", empty_label="全部类别")
    state = filters.ChoiceFilter(choices=CareState.choices, label="状态", empty_label="状态不限")
    fund = filters.ChoiceFilter(choices=CareFund.choices, label="经费来源", empty_label="全部经费")
    year = filters.NumberFilter(label="经费年度", min_value=2000, max_value=2199)
    mine = filters.ChoiceFilter(
        choices=[("1", "我经办的")], method="only_mine", label="与我", empty_label="不限"
    )

    class Meta:
        model = CareCase
        fields: list[str] = []

    def in_group(self, rows: QuerySet[CareCase], name: str, value: str) -> QuerySet[CareCase]:
        return rows.filter(kind__in=kinds_in(CareGroup(value)))

    def only_mine(self, rows: QuerySet[CareCase], name: str, value: str) -> QuerySet[CareCase]:
        return rows.filter(handler_id=viewer_of(self.request).user_id)


class CareEventFilter(OfCadreFilter):
    cause = filters.ChoiceFilter(
        choices=[(one.value, one.label) for one in REPORTED], label="事项", empty_label="全部事项"
    )
    state = filters.ChoiceFilter(
        choices=EventStage.choices, method="at_stage", label="状态", empty_label="状态不限"
    )
    mine = filters.ChoiceFilter(
        choices=[("1", "我报告的")], method="only_mine", label="与我", empty_label="不限"
    )

    class Meta:
        model = CareEvent
        fields: list[str] = []

    def at_stage(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.with_stage().filter(stage=value)  # type: ignore[attr-defined, no-any-return]

    def only_mine(self, rows: QuerySet[CareEvent], name: str, value: str) -> QuerySet[CareEvent]:
        return rows.filter(reported_by_id=viewer_of(self.request).user_id)


class SupportFilter(OfCadreFilter):
    state = filters.ChoiceFilter(choices=SupportState.choices, label="状态", empty_label="状态不限")
    late = filters.ChoiceFilter(
        choices=[("1", "该走访了")], method="only_late", label="走访", empty_label="不限"
    )

    class Meta:
        model = CareSupport
        fields: list[str] = []

    def only_late(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state=SupportState.ACTIVE, next_visit_on__lte=viewer_of(self.request).on)


class ActivityFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="活动名称")
    kind = filters.ChoiceFilter(choices=ActivityKind.choices, label="类别", empty_label="全部类别")
    state = filters.ChoiceFilter(choices=ActivityState.choices, label="状态", empty_label="状态不限")
    year = filters.NumberFilter(
        field_name="starts_at", lookup_expr="year", label="年度", min_value=2000, max_value=2199
    )

    class Meta:
        model = Activity
        fields: list[str] = []
