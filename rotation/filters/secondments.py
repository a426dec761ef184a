"""Questions to the lists of secondments and of monthly notes."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from people.filters import search_condition, units_of, viewer_of
from people.models import Cadre, Unit
from rotation.choices.secondments import Direction, PartnerKind, SecondmentState
from rotation.models import MonthlyNote, Secondment, SecondmentPlan
from rotation.secondment_states import LIVE, PUBLISHED, VOID

GROUPS: dict[str, tuple[str, tuple[SecondmentState, ...]]] = {
    "live": ("在挂（含延期）", LIVE),
    "real": ("已批准和已开展", PUBLISHED),
    "coming": ("待派出", (SecondmentState.APPROVED, SecondmentState.DISPATCHED)),
    "open": (
        "未办结",
        tuple(s for s in SecondmentState if s not in (*VOID, SecondmentState.RETURNED, SecondmentState.KEPT)),
    ),
}
STATES = [*((key, words) for key, (words, _) in GROUPS.items()), *SecondmentState.choices]


def of_unit(rows: QuerySet[Any], unit: Unit, on: date) -> QuerySet[Any]:
    """The home unit of who goes out, the host of who comes in."""
    path = unit.path or ""
    people = Cadre.objects.all().in_unit(path, on)
    return rows.filter(Q(cadre__in=people) | Q(host_unit__path__startswith=path))


def plans_of(request: HttpRequest | None) -> QuerySet[SecondmentPlan]:
    if request is None:
        return SecondmentPlan.objects.none()
    return SecondmentPlan.objects.visible_to(viewer_of(request))


class SecondmentFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、单位或职务")
    state = filters.ChoiceFilter(choices=STATES, method="in_state", label="状态", empty_label="全部状态")
    direction = filters.ChoiceFilter(choices=Direction.choices, label="方向", empty_label="方向不限")
    partner_kind = filters.ChoiceFilter(choices=PartnerKind.choices, label="单位类别", empty_label="类别不限")
    plan = filters.ModelChoiceFilter(queryset=plans_of, label="计划", empty_label="计划不限")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="部门不限"
    )
    year = filters.NumberFilter(
        field_name="starts_on__year", label="开始年份", min_value=2000, max_value=2200
    )

    class Meta:
        model = Secondment
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        people = Cadre.objects.filter(search_condition(words))
        named = Q(organisation__icontains=words) | Q(title__icontains=words)
        return rows.filter(Q(cadre__in=people) | named | Q(host_unit__name__icontains=words))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state__in=GROUPS[value][1]) if value in GROUPS else rows.filter(state=value)

    def in_unit(self, rows: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return of_unit(rows, value, viewer_of(self.request).on)


class NoteFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名或内容")
    read = filters.ChoiceFilter(
        choices=[("0", "待审阅"), ("1", "已审阅")], method="by_reading", label="审阅", empty_label="审阅不限"
    )
    help = filters.ChoiceFilter(
        choices=[("1", "有需要协调的事项")], method="with_help", label="协调", empty_label="不限"
    )

    class Meta:
        model = MonthlyNote
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        people = Cadre.objects.filter(search_condition(value))
        return rows.filter(Q(secondment__cadre__in=people) | Q(text__icontains=value.strip()))

    def by_reading(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(read_at__isnull=value == "0")

    def with_help(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.exclude(wants_help="")
