"""Questions to the list of tasks: the same on the table, the board, the timeline, paper and the API."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from park.choices import OPEN_STATES, Signal, TaskState
from park.models import ActionPlan, Task
from park.queries.people import lead_officials
from park.queries.tasks import default_plan, known_plans, own_rows_only
from people.filters import units_of, viewer_of
from people.models import Cadre, Unit

OPEN = "open"
ALL_PLANS = "all"
STATE_CHOICES = [(OPEN, "未办结"), *TaskState.choices]
DUE_CHOICES = [("month", "本月到期"), ("quarter", "本季度到期"), ("year", "今年到期"), ("none", "未定时限")]
SIGNAL_WORDS = [
    (Signal.RED, "逾期"),
    (Signal.YELLOW, "滞后"),
    (Signal.BLUE, "临期"),
    (Signal.GREEN, "正常"),
    (Signal.GREY, "办结和待交办"),
]


def plans_of(request: HttpRequest | None) -> QuerySet[ActionPlan]:
    if request is None:
        return ActionPlan.objects.none()
    return ActionPlan.objects.visible_to(viewer_of(request)).defer("text")


def officials_of(request: HttpRequest | None) -> QuerySet[Cadre]:
    if request is None:
        return Cadre.objects.none()
    return lead_officials(viewer_of(request).on)


def due_between(key: str, on: date) -> Q:
    if key == "none":
        return Q(due_on__isnull=True)
    if key == "year":
        return Q(due_on__year=on.year)
    first = on.month if key == "month" else 3 * ((on.month - 1) // 3) + 1
    last = first if key == "month" else first + 2
    return Q(due_on__year=on.year, due_on__month__gte=first, due_on__month__lte=last)


class TaskFilter(filters.FilterSet):
    """Expects tasks `with_signal` of the viewer's day."""

    q = filters.CharFilter(method="search", label="任务、举措、责任人")
    plan = filters.ModelChoiceFilter(queryset=plans_of, label="方案", empty_label="全部方案")
    signal = filters.ChoiceFilter(
        choices=SIGNAL_WORDS, method="with_signal", label="亮灯", empty_label="全部亮灯"
    )
    official = filters.ModelChoiceFilter(
        queryset=officials_of, field_name="lead_official", label="责任领导", empty_label="全部责任领导"
    )
    department = filters.ModelChoiceFilter(
        queryset=units_of, method="in_department", label="责任部门", empty_label="全部责任部门"
    )
    state = filters.ChoiceFilter(
        choices=STATE_CHOICES, method="in_state", label="状态", empty_label="全部状态"
    )
    due_on = filters.DateFilter(label="到期日")
    due = filters.ChoiceFilter(choices=DUE_CHOICES, method="due_in", label="完成时限", empty_label="全部时限")
    key = filters.ChoiceFilter(
        choices=[("1", "重点任务")], method="only_key", label="重点任务", empty_label="不限"
    )
    supervised = filters.ChoiceFilter(
        choices=[("1", "被催办督办过")], method="only_supervised", label="催办督办", empty_label="不限"
    )
    blank = filters.ChoiceFilter(
        choices=[("1", "责任未填齐")], method="only_blank", label="责任填写", empty_label="不限"
    )
    owner = filters.ModelChoiceFilter(
        queryset=lambda request: (
            Cadre.objects.visible_to(viewer_of(request)) if request else Cadre.objects.none()
        ),
        label="责任人",
        empty_label="全部责任人",
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def search(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        words = value.strip()
        return rows.filter(
            Q(name__icontains=words) | Q(measures__icontains=words) | Q(owner__name__icontains=words)
        )

    def in_department(self, rows: QuerySet[Task], name: str, value: Unit) -> QuerySet[Task]:
        return rows.filter(lead_department__in=Unit.objects.filter(path__startswith=value.path or ""))

    def with_signal(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return rows.filter(**{name: value})

    def in_state(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return rows.filter(state__in=OPEN_STATES) if value == OPEN else rows.filter(state=value)

    def due_in(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return rows.filter(due_between(value, viewer_of(self.request).on))

    def only_key(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return rows.filter(is_key=True)

    def only_supervised(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return rows.filter(Q(reminded_times__gt=0) | Q(supervised_times__gt=0))

    def only_blank(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        blank = Q(lead_official=None) | Q(lead_department=None) | Q(owner=None) | Q(due_on=None)
        return rows.filter(blank)


class TaskPageFilter(TaskFilter):
    """On the page: one plan at a time for those who look after others, and no list of all cadres."""

    plan = filters.ChoiceFilter(field_name="plan", label="方案", choices=(), empty_label=None)

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        request = kwargs["request"]
        viewer = viewer_of(request)
        mixed = data.get("plan") == ALL_PLANS or (own_rows_only(viewer) and not data.get("plan"))
        data = data.copy()
        if mixed:
            data["plan"] = ""
        elif not data.get("plan"):
            chosen = default_plan(viewer)
            data["plan"] = str(chosen.pk) if chosen else ""
        super().__init__(data, *args, **kwargs)
        del self.form.fields["owner"]
        plans = [(str(plan.pk), str(plan)) for plan in known_plans(viewer)]
        every = [(ALL_PLANS, "全部方案")]
        self.form.fields["plan"].choices = [*every, *plans] if mixed else [*plans, *every]
        self.form.fields["plan"].required = False
