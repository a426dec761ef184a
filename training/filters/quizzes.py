"""What the lists of quizzes and of the bank may be asked."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from people.filters import viewer_of
from training.choices import QuestionKind, Theme
from training.models import Question, Quiz
from training.queries.quizzes import due_for_me

STATE_CHOICES = [("open", "进行中"), ("later", "未开始"), ("over", "已结束"), ("mine", "待我作答")]


class QuizFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label="测验名称")
    theme = filters.ChoiceFilter(choices=Theme.choices, label="专题", empty_label="全部专题")
    state = filters.ChoiceFilter(
        choices=STATE_CHOICES, method="in_state", label="状态", empty_label="状态不限"
    )

    class Meta:
        model = Quiz
        fields: list[str] = []

    def in_state(self, rows: QuerySet[Quiz], name: str, value: Any) -> QuerySet[Quiz]:
        viewer = viewer_of(self.request)
        on = viewer.on
        if value == "mine":
            return rows.filter(pk__in=due_for_me(viewer).order_by().values("pk"))
        if value == "later":
            return rows.filter(opens_on__gt=on)
        over = Q(due_on__lt=on) | Q(closed_on__isnull=False)
        return rows.filter(over) if value == "over" else rows.filter(~over, opens_on__lte=on)


class QuestionFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="text", lookup_expr="icontains", label="题目中的文字")
    theme = filters.ChoiceFilter(choices=Theme.choices, label="专题", empty_label="全部专题")
    kind = filters.ChoiceFilter(choices=QuestionKind.choices, label="题型", empty_label="全部题型")
    used = filters.ChoiceFilter(
        choices=[("1", "在用"), ("0", "已停用")], method="in_use", label="状态", empty_label="在用和停用"
    )

    class Meta:
        model = Question
        fields: list[str] = []

    def in_use(self, rows: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return rows.filter(retired_on__isnull=value == "1")
