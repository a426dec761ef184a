"""Questions to the lists of deeds and of members of leading groups."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from core.periods import covers
from park.choices import DeedState, GroupRole
from park.models import Deed, GroupMember, LeadingGroup
from people.filters import units_of, viewer_of
from people.models import Unit


def groups_of(request: HttpRequest | None) -> QuerySet[LeadingGroup]:
    if request is None:
        return LeadingGroup.objects.none()
    return LeadingGroup.objects.visible_to(viewer_of(request))


class DeedFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="标题、姓名")
    state = filters.ChoiceFilter(choices=DeedState.choices, label="状态", empty_label="全部状态")
    department = filters.ModelChoiceFilter(
        queryset=units_of, method="in_department", label="时任部门", empty_label="全部部门"
    )
    year = filters.NumberFilter(field_name="nominated_on", lookup_expr="year", label="提名年度")

    class Meta:
        model = Deed
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(title__icontains=value) | Q(cadre__name__icontains=value))

    def in_department(self, rows: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return rows.filter(unit__path__startswith=value.path or "")


class MemberFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="cadre__name", lookup_expr="icontains", label="姓名")
    group = filters.ModelChoiceFilter(queryset=groups_of, label="领导小组", empty_label="全部小组")
    role = filters.ChoiceFilter(choices=GroupRole.choices, label="组内职务", empty_label="全部职务")
    sitting = filters.ChoiceFilter(
        choices=[("1", "在任"), ("0", "已退出")], method="by_time", label="时间", empty_label="全部时间"
    )

    class Meta:
        model = GroupMember
        fields: list[str] = []

    def by_time(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        now = covers(viewer_of(self.request).on)
        return rows.filter(now) if value == "1" else rows.exclude(now)
