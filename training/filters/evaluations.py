"""What the list of evaluations may be asked."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from people.filters import viewer_of
from training.choices import Theme
from training.models import Evaluation


class EvaluationFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="班次或师资")
    theme = filters.ChoiceFilter(
        field_name="training_class__theme", choices=Theme.choices, label="专题", empty_label="全部专题"
    )
    state = filters.ChoiceFilter(
        choices=[("open", "填写中"), ("over", "已结束")],
        method="in_state",
        label="状态",
        empty_label="状态不限",
    )
    year = filters.NumberFilter(field_name="opened_on__year", label="年度", min_value=1970, max_value=2199)

    class Meta:
        model = Evaluation
        fields: list[str] = []

    def search(self, rows: QuerySet[Evaluation], name: str, value: str) -> QuerySet[Evaluation]:
        words = value.strip()
        found = Q(training_class__name__icontains=words)
        return rows.filter(found | Q(training_class__lecturer__icontains=words))

    def in_state(self, rows: QuerySet[Evaluation], name: str, value: Any) -> QuerySet[Evaluation]:
        over = Q(closed_on__isnull=False) | Q(closes_on__lt=viewer_of(self.request).on)
        return rows.filter(over) if value == "over" else rows.exclude(over)
