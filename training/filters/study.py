"""What the lists of study activities may be asked, on the pages and in the API alike."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from people.filters import aged, search_condition, units_of, viewer_of
from people.models import Cadre, Unit
from training.choices import (
    INTEGRITY_THEMES,
    ActivityState,
    AttendanceState,
    GroupKind,
    LeaveState,
    MakeUpState,
    StudyKind,
    StudyTheme,
)
from training.hours import year_span
from training.models import Attendance, MakeUp, StudyActivity, StudyGroup, StudyLeave
from training.queries.study import figures_on

RATES = {"100": (100, "全勤"), "90": (90, "90% 及以上"), "low": (90, "不足 90%")}


def groups_of(request: HttpRequest | None) -> QuerySet[StudyGroup]:
    if request is None:
        return StudyGroup.objects.none()
    return StudyGroup.objects.visible_to(viewer_of(request)).order_by("kind", "name")


class ActivityFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="活动名称、地点或主持人")
    kind = filters.ChoiceFilter(choices=StudyKind.choices, label="活动类别", empty_label="全部类别")
    state = filters.ChoiceFilter(choices=ActivityState.choices, label="状态", empty_label="状态不限")
    group = filters.ModelChoiceFilter(queryset=groups_of, label="学习组", empty_label="全部学习组")
    theme = filters.ChoiceFilter(choices=StudyTheme.choices, label="主题", empty_label="全部主题")
    year = filters.NumberFilter(method="in_year", label="年度", min_value=1970, max_value=2199)
    since = filters.DateFilter(field_name="held_on", lookup_expr="gte", label="不早于")
    until = filters.DateFilter(field_name="held_on", lookup_expr="lte", label="不晚于")
    todo = filters.ChoiceFilter(
        choices=[("register", "待登记")], method="waiting", label="待办", empty_label="不限"
    )

    class Meta:
        model = StudyActivity
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        found = Q(title__icontains=words) | Q(chair__icontains=words) | Q(slot__place__icontains=words)
        return rows.filter(found)

    def in_year(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        year = year_span(int(value))
        return rows.filter(held_on__gte=year.first, held_on__lte=year.last)

    def waiting(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Activities whose day has passed and that nobody has registered as held."""
        return rows.filter(state=ActivityState.PLANNED, held_on__lt=viewer_of(self.request).on)


class GroupFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label="名称")
    kind = filters.ChoiceFilter(choices=GroupKind.choices, label="类别", empty_label="全部类别")
    open = filters.ChoiceFilter(
        choices=[("1", "现有"), ("0", "已撤销")], method="is_open", label="状态", empty_label="状态不限"
    )

    class Meta:
        model = StudyGroup
        fields: list[str] = []

    def is_open(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        on = viewer_of(self.request).on
        found: QuerySet[Any] = rows.open_on(on) if value == "1" else rows.filter(closed_on__lt=on)
        return found


class AttendeeFilter(filters.FilterSet):
    """People of one activity."""

    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    state = filters.ChoiceFilter(choices=AttendanceState.choices, label="到课情况", empty_label="全部情况")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )

    class Meta:
        model = Attendance
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(cadre__in=Cadre.objects.filter(search_condition(value)))

    def in_unit(self, rows: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        return rows.filter(unit__path__startswith=value.path)


class PeopleFilter(filters.FilterSet):
    """Active cadres of a year; the year is read by the page before it counts."""

    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    year = filters.ChoiceFilter(method="as_counted", label="年度", empty_label="今年")

    class Meta:
        model = Cadre
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request:
            this = viewer_of(self.request).on.year
            self.form.fields["year"].choices = [
                ("", "今年"),
                *((year, f"{year}年") for year in range(this - 1, this - 6, -1)),
            ]

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(search_condition(value))

    def in_unit(self, rows: Any, name: str, value: Unit) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.in_unit(value.path, viewer_of(self.request).on)
        return found

    def as_counted(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Narrows nothing: the page counts the year asked for."""
        return rows


class AttendanceFilter(PeopleFilter):
    kind = filters.ChoiceFilter(
        choices=StudyKind.choices, method="as_counted", label="活动类别", empty_label="全部类别"
    )
    rate = filters.ChoiceFilter(
        choices=[(key, words) for key, (_, words) in RATES.items()],
        method="with_rate",
        label="出勤率",
        empty_label="出勤率不限",
    )

    def with_rate(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        percent, _ = RATES[value]
        counted = rows.filter(due__gt=0)
        few = Q(came__lt=F("due") * percent / 100.0)
        return counted.filter(few) if value == "low" else counted.exclude(few)


class IntegrityFilter(PeopleFilter):
    missing = filters.ChoiceFilter(
        choices=[
            ("any", "任一形式未参加"),
            *((theme.value, f"未参加{theme.label}") for theme in INTEGRITY_THEMES),
        ],
        method="lacks",
        label="覆盖情况",
        empty_label="覆盖不限",
    )

    def lacks(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        wanted = [theme.value for theme in INTEGRITY_THEMES] if value == "any" else [value]
        condition = Q()
        for theme in wanted:
            condition |= Q(**{f"{theme}__isnull": True})
        return rows.filter(condition)


class SpeakerFilter(PeopleFilter):
    year = None  # speeches are counted over all years
    young = filters.ChoiceFilter(
        choices=[("1", "青年干部")], method="only_young", label="年龄", empty_label="年龄不限"
    )
    spoke = filters.ChoiceFilter(
        choices=[("never", "从未发言"), ("once", "发过言")],
        method="has_spoken",
        label="发言",
        empty_label="发言不限",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super(PeopleFilter, self).__init__(*args, **kwargs)

    def only_young(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        on = viewer_of(self.request).on
        return rows.filter(aged(on, None, figures_on(on).youth_age))

    def has_spoken(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(speech_count=0) if value == "never" else rows.filter(speech_count__gt=0)


class StudyLeaveFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或活动")
    state = filters.ChoiceFilter(choices=LeaveState.choices, label="状态", empty_label="全部状态")
    waiting = filters.ChoiceFilter(
        choices=[("1", "待批")], method="only_waiting", label="待办", empty_label="不限"
    )
    activity = filters.NumberFilter(
        field_name="attendance__slot__activity", label="活动编号", widget=forms.HiddenInput
    )

    class Meta:
        model = StudyLeave
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        people = Q(attendance__cadre__in=Cadre.objects.filter(search_condition(value)))
        return rows.filter(people | Q(attendance__slot__activity__title__icontains=value.strip()))

    def only_waiting(self, rows: Any, name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.waiting()
        return found


class MakeUpFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    state = filters.ChoiceFilter(choices=MakeUpState.choices, label="状态", empty_label="全部状态")
    overdue = filters.ChoiceFilter(
        choices=[("1", "已逾期")], method="past_due", label="期限", empty_label="期限不限"
    )
    activity = filters.NumberFilter(
        field_name="attendance__slot__activity", label="活动编号", widget=forms.HiddenInput
    )

    class Meta:
        model = MakeUp
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(attendance__cadre__in=Cadre.objects.filter(search_condition(value)))

    def past_due(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        open_states = [MakeUpState.ASSIGNED, MakeUpState.RETURNED]
        return rows.filter(state__in=open_states, due_on__lt=viewer_of(self.request).on)
