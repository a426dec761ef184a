"""The questions behind a number: its day, its unit, its bucket."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from core.access import Viewer
from people.filters import search_condition, viewer_of
from people.models import Cadre, Unit
from people.statistics.counting import in_bucket, of_unit, of_unit_itself, units_to_count
from people.statistics.days import day_asked
from people.statistics.dimensions import Dimension, dimension_of, structure


def units_of(request: HttpRequest | None) -> QuerySet[Unit]:
    return Unit.objects.none() if request is None else units_to_count(viewer_of(request))


class FigureFilter(filters.FilterSet):
    """Expects `people_on` the day asked for (days.day_asked)."""

    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    on = filters.DateFilter(method="as_counted", label="截至")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    own = filters.ChoiceFilter(
        choices=[("1", "只看本级")], method="as_counted", label="范围", empty_label="含下级"
    )
    by = filters.ChoiceFilter(method="as_counted", label="统计口径", empty_label="不分组")
    value = filters.ChoiceFilter(method="of_bucket", label="分组", empty_label="全部")

    class Meta:
        model = Cadre
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is None:
            return
        fields, chosen = self.form.fields, self.dimension
        known = {one.key: one.label for one in structure(self.viewer)}
        known |= {chosen.key: chosen.label} if chosen else {}
        fields["by"].choices = [("", "不分组"), *known.items()]
        fields["value"].choices = [("", "全部"), *(chosen.buckets if chosen else ())]

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.request)

    @cached_property
    def dimension(self) -> Dimension | None:
        return dimension_of(self.viewer, self.request.GET.get("by", ""))

    def search(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        return rows.filter(search_condition(value))

    def in_unit(self, rows: QuerySet[Cadre], name: str, value: Unit) -> QuerySet[Cadre]:
        alone = self.request.GET.get("own") == "1"
        return of_unit_itself(rows, value) if alone else of_unit(rows, value)

    def of_bucket(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        on = day_asked(self.request)
        return in_bucket(rows, self.dimension, on, value) if self.dimension else rows

    def as_counted(self, rows: QuerySet[Cadre], name: str, value: Any) -> QuerySet[Cadre]:
        """Narrows nothing: it says how the others count."""
        return rows
