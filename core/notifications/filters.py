"""What the own notifications may be asked, on the page and in the API."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from core.models import Notification
from core.notifications import kinds


class NotificationFilter(filters.FilterSet):
    q = filters.CharFilter(label="按内容查找", method="search", max_length=60)
    kind = filters.ChoiceFilter(label="类别", choices=kinds.choices, empty_label="全部类别")
    unread = filters.ChoiceFilter(
        label="是否已读",
        choices=[("true", "未读"), ("false", "已读")],
        empty_label="未读和已读",
        method="by_reading",
    )
    since = filters.DateFilter(label="从哪天起", field_name="on", lookup_expr="gte")
    until = filters.DateFilter(label="到哪天止", field_name="on", lookup_expr="lte")

    class Meta:
        model = Notification
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(title__icontains=value) | Q(detail__icontains=value))

    def by_reading(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(read_at__isnull=value == "true")
