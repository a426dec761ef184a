"""What the list of filed needs may be asked."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from people.filters import units_of
from people.models import Unit
from training.choices import NeedOrigin, Theme
from training.models import TrainingNeed

STATE_CHOICES = [("open", "未办结"), ("founded", "已立项"), ("closed", "已办结")]


class NeedFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="内容或理由")
    theme = filters.ChoiceFilter(choices=Theme.choices, label="专题", empty_label="全部专题")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    origin = filters.ChoiceFilter(choices=NeedOrigin.choices, label="来源", empty_label="来源不限")
    state = filters.ChoiceFilter(
        choices=STATE_CHOICES, method="in_state", label="状态", empty_label="状态不限"
    )
    year = filters.NumberFilter(field_name="filed_on__year", label="年度", min_value=1970, max_value=2199)

    class Meta:
        model = TrainingNeed
        fields: list[str] = []

    def search(self, rows: QuerySet[TrainingNeed], name: str, value: str) -> QuerySet[TrainingNeed]:
        return rows.filter(Q(topic__icontains=value.strip()) | Q(reason__icontains=value.strip()))

    def in_unit(self, rows: QuerySet[TrainingNeed], name: str, value: Unit) -> QuerySet[TrainingNeed]:
        return rows.filter(unit__path__startswith=value.path or "?")

    def in_state(self, rows: QuerySet[TrainingNeed], name: str, value: Any) -> QuerySet[TrainingNeed]:
        if value == "founded":
            return rows.filter(programmes__isnull=False).distinct()
        return rows.filter(closed_on__isnull=value == "open")
