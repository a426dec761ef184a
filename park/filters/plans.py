"""Questions to plans; to reports and readings, for the API."""

import django_filters as filters

from park.choices import PlanState
from park.models import ActionPlan, IndicatorReading, ProgressReport


class PlanFilter(filters.FilterSet):
    year = filters.NumberFilter(label="年度", min_value=1990, max_value=2199)
    state = filters.ChoiceFilter(choices=PlanState.choices, label="状态", empty_label="全部状态")
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="方案名称")

    class Meta:
        model = ActionPlan
        fields: list[str] = []


class ReportFilter(filters.FilterSet):
    task = filters.NumberFilter(field_name="task_id", label="任务")
    since = filters.DateFilter(field_name="on", lookup_expr="gte", label="从哪天起")
    until = filters.DateFilter(field_name="on", lookup_expr="lte", label="到哪天止")

    class Meta:
        model = ProgressReport
        fields: list[str] = []


class ReadingFilter(filters.FilterSet):
    indicator = filters.NumberFilter(field_name="indicator_id", label="指标")
    since = filters.DateFilter(field_name="on", lookup_expr="gte", label="从哪天起")
    until = filters.DateFilter(field_name="on", lookup_expr="lte", label="到哪天止")

    class Meta:
        model = IndicatorReading
        fields: list[str] = []
