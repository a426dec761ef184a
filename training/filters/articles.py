"""What the list of articles may be asked."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from people.filters import viewer_of
from training.choices import ArticleCategory, Theme
from training.models import Article
from training.queries.articles import to_read

DUTY_CHOICES = [("must", "必读"), ("mine", "待我阅读"), ("overdue", "必读已到期"), ("free", "选读")]


class ArticleFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="标题、来源或正文")
    category = filters.ChoiceFilter(choices=ArticleCategory.choices, label="类别", empty_label="全部类别")
    theme = filters.ChoiceFilter(choices=Theme.choices, label="专题", empty_label="全部专题")
    duty = filters.ChoiceFilter(
        choices=DUTY_CHOICES, method="by_duty", label="阅读要求", empty_label="必读和选读"
    )
    year = filters.NumberFilter(
        field_name="published_on__year", label="发布年度", min_value=1970, max_value=2199
    )

    class Meta:
        model = Article
        fields: list[str] = []

    def search(self, rows: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        words = value.strip()
        return rows.filter(Q(title__icontains=words) | Q(source__icontains=words) | Q(text__icontains=words))

    def by_duty(self, rows: QuerySet[Article], name: str, value: Any) -> QuerySet[Article]:
        viewer = viewer_of(self.request)
        if value == "mine":
            return rows.filter(pk__in=to_read(viewer).order_by().values("pk"))
        if value == "overdue":
            return rows.filter(is_must_read=True, due_on__lt=viewer.on)
        return rows.filter(is_must_read=value == "must")
