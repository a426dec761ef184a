"""Questions to the lists of tenures, posts, units and extensions."""

from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet

from core.access import Viewer
from core.web.forms import DateInput
from people.choices import LeadershipLevel, PostClass
from people.filters import search_condition, units_of, viewer_of
from people.models import Cadre, Post, Unit
from rotation.choices.tenure import ExtensionState, Situation, TenureState
from rotation.models import TenureExtension
from rotation.queries.posts import in_situation
from rotation.queries.tenure import due_within, standing
from rotation.tenure import Tenure

DUE = "due"
DUE_MONTHS = 12
STATES = [
    ("late", "超过年限和必须交流"),
    (TenureState.OVER.value, TenureState.OVER.label),
    (TenureState.HARD.value, TenureState.HARD.label),
    (DUE, f"{DUE_MONTHS}个月内到限"),
    (TenureState.WARN.value, TenureState.WARN.label),
]
LATE = (TenureState.OVER, TenureState.HARD)
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)


def day_asked(query: Any, viewer: Viewer) -> date:
    """The day that a list is asked for: today unless the query names another."""
    try:
        day: date | None = forms.DateField(required=False).clean(query.get("on", ""))
    except forms.ValidationError:
        day = None
    return day if day and EARLIEST <= day <= LATEST else viewer.on


class AsOf(filters.FilterSet):
    """A list as of a day; the page reads the day itself (`day_asked`)."""

    on = filters.DateFilter(
        method="unchanged", label="截至日期", widget=DateInput(attrs={"aria-label": "截至日期"})
    )

    def unchanged(self, rows: Any, name: str, value: date) -> Any:
        return rows

    @property
    def day(self) -> date:
        return day_asked(self.data or {}, viewer_of(self.request))


class TenureFilter(AsOf):
    """Expects active cadres with their position of the day. What it reckoned stays in `found`."""

    found: dict[int, Tenure] | None = None

    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    state = filters.ChoiceFilter(choices=STATES, method="in_state", label="年限", empty_label="年限不限")
    level = filters.ChoiceFilter(
        field_name="leadership_level",
        choices=LeadershipLevel.choices,
        label="领导职务层次",
        empty_label="层次不限",
    )

    class Meta:
        model = Cadre
        fields: list[str] = []

    def search(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        return rows.filter(search_condition(value))

    def in_unit(self, rows: Any, name: str, value: Unit) -> Any:
        return rows.in_unit(value.path, self.day)

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        """Reckoned exactly, among those only of whom it may be true."""
        if value == DUE:
            self.found = due_within(rows, self.day, DUE_MONTHS)
        else:
            self.found = standing(rows, self.day, LATE if value == "late" else (TenureState(value),))
        return rows.filter(pk__in=list(self.found))


class PostFilter(AsOf):
    """Expects posts `with_situation`."""

    q = filters.CharFilter(method="search", label="岗位或部门")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    situation = filters.ChoiceFilter(
        choices=Situation.choices, method="in_situation", label="情况", empty_label="情况不限"
    )
    post_class = filters.ChoiceFilter(choices=PostClass.choices, label="岗位类别", empty_label="类别不限")
    level = filters.ChoiceFilter(choices=LeadershipLevel.choices, label="职务层次", empty_label="层次不限")

    class Meta:
        model = Post
        fields: list[str] = []

    def search(self, rows: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        words = value.strip()
        return rows.filter(Q(title__icontains=words) | Q(unit__name__icontains=words))

    def in_unit(self, rows: QuerySet[Post], name: str, value: Unit) -> QuerySet[Post]:
        return rows.filter(unit__path__startswith=value.path or "")

    def in_situation(self, rows: Any, name: str, value: str) -> Any:
        return in_situation(rows, Situation(value))


class StaffingFilter(AsOf):
    """Expects units with `people` and `minimum`."""

    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label="部门")
    short = filters.ChoiceFilter(
        choices=[("1", "低于最低人数"), ("none", "没有规定")],
        method="in_short",
        label="情况",
        empty_label="情况不限",
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def in_short(self, rows: Any, name: str, value: str) -> Any:
        if value == "none":
            return rows.filter(minimum=None)
        return rows.filter(minimum__isnull=False, short__gt=0)


class ExtensionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名")
    state = filters.ChoiceFilter(choices=ExtensionState.choices, label="状态", empty_label="全部状态")

    class Meta:
        model = TenureExtension
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(cadre__in=Cadre.objects.filter(search_condition(value)))


class OfPostFilter(filters.FilterSet):
    """Of rows that hang on a post."""

    post = filters.NumberFilter(field_name="post_id", label="岗位编号", min_value=1)


class OfUnitFilter(filters.FilterSet):
    """Of rows that hang on a unit."""

    unit = filters.NumberFilter(field_name="unit_id", label="机构编号", min_value=1)


class OfCadreFilter(filters.FilterSet):
    """Of extensions: whose, and how they stand."""

    cadre = filters.NumberFilter(field_name="cadre_id", label="干部编号", min_value=1)
    state = filters.ChoiceFilter(choices=ExtensionState.choices, label="状态")
