"""What the lists of inspections and findings may be asked; never what was found."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from people.filters import search_condition, units_of, viewer_of
from people.models import Cadre, Unit
from wellbeing.choices.inspections import (
    UNSETTLED,
    FindingState,
    InspectionKind,
    InspectionState,
    Outcome,
)
from wellbeing.models import Finding, Inspection

UNSET = "unsettled"


class InspectionFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="督查事项")
    kind = filters.ChoiceFilter(choices=InspectionKind.choices, label="类别", empty_label="全部类别")
    state = filters.ChoiceFilter(choices=InspectionState.choices, label="状态", empty_label="状态不限")
    year = filters.NumberFilter(
        field_name="planned_on", lookup_expr="year", label="年度", min_value=2000, max_value=2199
    )

    class Meta:
        model = Inspection
        fields: list[str] = []


class FindingFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、部门或督查事项")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    kind = filters.ChoiceFilter(
        field_name="inspection__kind", choices=InspectionKind.choices, label="类别", empty_label="全部类别"
    )
    state = filters.ChoiceFilter(
        choices=[(UNSET, "未销号"), *FindingState.choices],
        method="in_state",
        label="状态",
        empty_label="状态不限",
    )
    outcome = filters.ChoiceFilter(choices=Outcome.choices, label="处理方式", empty_label="处理方式不限")
    late = filters.ChoiceFilter(
        choices=[("1", "已逾期")], method="only_late", label="时限", empty_label="时限不限"
    )
    mine = filters.ChoiceFilter(
        choices=[("1", "我负责的")], method="only_mine", label="与我", empty_label="不限"
    )
    repeated = filters.ChoiceFilter(
        choices=[("1", "屡查屡犯")], method="only_repeated", label="重复", empty_label="不限"
    )

    class Meta:
        model = Finding
        fields: list[str] = []

    def search(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        people = Cadre.objects.filter(search_condition(value))
        named = Q(unit__name__icontains=value) | Q(inspection__title__icontains=value)
        return rows.filter(named | Q(cadre__in=people))

    def in_unit(self, rows: QuerySet[Finding], name: str, value: Unit) -> QuerySet[Finding]:
        return rows.filter(unit__path__startswith=value.path or "")

    def in_state(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        return rows.filter(state__in=UNSETTLED if value == UNSET else [value])

    def only_late(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        return rows.filter(state=FindingState.RECTIFYING, due_on__lt=viewer_of(self.request).on)

    def only_mine(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        me: Any = viewer_of(self.request).user_id
        return rows.filter(Q(owner_id=me) | Q(lead_id=me))

    def only_repeated(self, rows: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        return rows.filter(repeat_of__isnull=False)
