"""Questions to the list of indicators, on the page and in the API."""

import django_filters as filters
from django.db.models import F, Q, QuerySet

from park.filters.tasks import plans_of
from park.models import Indicator
from people.filters import viewer_of

READ_CHOICES = [("none", "没有读数"), ("read", "已有读数"), ("overdue", "过时限未达到")]


class IndicatorFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="指标名称")
    plan = filters.ModelChoiceFilter(queryset=plans_of, label="方案", empty_label="全部方案")
    unit = filters.CharFilter(label="单位")
    read = filters.ChoiceFilter(
        choices=READ_CHOICES, method="with_reading", label="登记情况", empty_label="登记不限"
    )

    class Meta:
        model = Indicator
        fields: list[str] = []

    def search(self, rows: QuerySet[Indicator], name: str, value: str) -> QuerySet[Indicator]:
        return rows.filter(Q(name__icontains=value.strip()) | Q(source_text__icontains=value.strip()))

    def with_reading(self, rows: QuerySet[Indicator], name: str, value: str) -> QuerySet[Indicator]:
        if value == "none":
            return rows.filter(latest__isnull=True)
        if value == "read":
            return rows.filter(latest__isnull=False)
        today = viewer_of(self.request).on
        behind = Q(latest__isnull=True) | Q(latest__lt=F("target"))
        return rows.filter(behind, deadline__lt=today)
