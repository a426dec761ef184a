"""What the lists of cases, decisions and notices may be asked."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from people.filters import viewer_of
from rotation.choices.decisions import ObjectionState, Outcome
from rotation.choices.plans import MoveKind
from rotation.models import Case, DecidedMove, Decision
from rotation.queries.room.cases import cases_waiting_for


class CaseFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="议题编号或名称")
    state = filters.ChoiceFilter(
        choices=[("open", "酝酿中"), ("closed", "已研究")],
        method="in_state",
        label="状态",
        empty_label="状态不限",
    )
    plan = filters.NumberFilter(field_name="plan", label="方案编号", min_value=1)
    mine = filters.ChoiceFilter(
        choices=[("1", "等我发表意见")], method="only_mine", label="与我", empty_label="不限"
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(number__icontains=value) | Q(title__icontains=value))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(closed_at__isnull=value == "open")

    def only_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(pk__in=cases_waiting_for(viewer_of(self)).values("pk"))


class DecisionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="会议编号或方案")
    year = filters.NumberFilter(
        field_name="held_on", lookup_expr="year", label="年度", min_value=2000, max_value=2199
    )

    class Meta:
        model = Decision
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(number__icontains=value) | Q(plan__title__icontains=value))


class DecidedMoveFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名或职务")
    kind = filters.ChoiceFilter(choices=MoveKind.choices, label="类型", empty_label="类型不限")
    outcome = filters.ChoiceFilter(choices=Outcome.choices, label="结果", empty_label="结果不限")

    class Meta:
        model = DecidedMove
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = Q(cadre__name__icontains=value) | Q(to_text__icontains=value) | Q(from_text__icontains=value)
        return rows.filter(found)


class OfCaseFilter(filters.FilterSet):
    """Of rows that hang on a case."""

    case = filters.NumberFilter(field_name="case_id", label="议题编号", min_value=1)


class OfDecisionFilter(filters.FilterSet):
    """Of rows that hang on a decided move."""

    decided = filters.NumberFilter(field_name="decided_id", label="任免结果编号", min_value=1)
    state = filters.ChoiceFilter(choices=ObjectionState.choices, label="状态")
