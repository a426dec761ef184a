"""Filters of ledger entries, self-filed study and conversion rules, for pages and API alike."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet

from core.access import Permission
from people.filters import search_condition, units_of, viewer_of
from people.models import Cadre, Unit
from training.choices import HourSource, Ledger, SelfFiledKind, SelfFiledState
from training.hours import year_span
from training.models import ConversionRule, HourEntry, SelfFiledStudy
from training.queries.reach import Reach
from training.reach import Verdict

IN_FORCE = [("in_force", "有效"), ("reversed", "已冲销")]
VERDICTS = [(Verdict.SHORT.value, "补不齐"), (Verdict.REACHABLE.value, "来得及")]
SENT = [(value, label) for value, label in SelfFiledState.choices if value != SelfFiledState.DRAFT]


class EntryFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名或事项")
    source = filters.ChoiceFilter(choices=HourSource.choices, label="来源", empty_label="全部来源")
    ledger = filters.ChoiceFilter(choices=Ledger.choices, label="台账", empty_label="全部台账")
    state = filters.ChoiceFilter(choices=IN_FORCE, method="in_state", label="状态", empty_label="状态不限")
    year = filters.NumberFilter(method="in_year", label="年度", min_value=1970, max_value=2199)
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    cadre = filters.NumberFilter(field_name="cadre_id", label="干部编号")

    class Meta:
        model = HourEntry
        fields: list[str] = []

    def search(self, rows: QuerySet[HourEntry], name: str, value: str) -> QuerySet[HourEntry]:
        words = value.strip()
        return rows.filter(Q(title__icontains=words) | Q(cadre__name__icontains=words))

    def in_state(self, rows: QuerySet[HourEntry], name: str, value: str) -> QuerySet[HourEntry]:
        return rows.filter(reversed_at__isnull=value == "in_force")

    def in_year(self, rows: QuerySet[HourEntry], name: str, value: Any) -> QuerySet[HourEntry]:
        """Entries that touch the year: one across the year end belongs to both."""
        year = year_span(int(value))
        return rows.filter(starts_on__lte=year.last, ends_on__gte=year.first)

    def in_unit(self, rows: QuerySet[HourEntry], name: str, value: Unit) -> QuerySet[HourEntry]:
        return rows.filter(cadre__in=people_of(self.request, value))


class FilingFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名或学习内容")
    state = filters.ChoiceFilter(choices=SENT, label="状态", empty_label="状态不限")
    kind = filters.ChoiceFilter(choices=SelfFiledKind.choices, label="类别", empty_label="全部类别")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    year = filters.NumberFilter(method="in_year", label="年度", min_value=1970, max_value=2199)

    class Meta:
        model = SelfFiledStudy
        fields: list[str] = []

    def search(self, rows: QuerySet[SelfFiledStudy], name: str, value: str) -> QuerySet[SelfFiledStudy]:
        words = value.strip()
        return rows.filter(
            Q(title__icontains=words) | Q(organiser__icontains=words) | Q(cadre__name__icontains=words)
        )

    def in_unit(self, rows: QuerySet[SelfFiledStudy], name: str, value: Unit) -> QuerySet[SelfFiledStudy]:
        return rows.filter(cadre__in=people_of(self.request, value))

    def in_year(self, rows: QuerySet[SelfFiledStudy], name: str, value: Any) -> QuerySet[SelfFiledStudy]:
        year = year_span(int(value))
        return rows.filter(starts_on__lte=year.last, ends_on__gte=year.first)


class ReachFilter(filters.FilterSet):
    """Expects cadres with a gap; the page lends what it has reckoned, by cadre."""

    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    verdict = filters.ChoiceFilter(
        choices=VERDICTS, method="with_verdict", label="结论", empty_label="结论不限"
    )
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")

    class Meta:
        model = Cadre
        fields: list[str] = []

    def __init__(self, *args: Any, reaches: Mapping[int, Reach] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reaches = reaches or {}

    def search(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        return rows.filter(search_condition(value))

    def in_unit(self, rows: Any, name: str, value: Unit) -> QuerySet[Cadre]:
        found: QuerySet[Cadre] = rows.in_unit(value.path or "", viewer_of(self.request).on)
        return found

    def with_verdict(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        wanted = value == Verdict.SHORT
        return rows.filter(pk__in=[pk for pk, reach in self.reaches.items() if reach.is_short == wanted])


class ConversionFilter(filters.FilterSet):
    source = filters.ChoiceFilter(choices=HourSource.choices, label="来源")
    on = filters.DateFilter(method="in_force_on", label="当日生效")

    class Meta:
        model = ConversionRule
        fields: list[str] = []

    def in_force_on(self, rows: Any, name: str, value: Any) -> QuerySet[ConversionRule]:
        found: QuerySet[ConversionRule] = rows.covering(value)
        return found


def people_of(request: Any, unit: Unit) -> QuerySet[Cadre]:
    """Cadres of the unit and below on the viewer's day."""
    viewer = viewer_of(request)
    seen = Cadre.objects.visible_to(viewer, Permission.VIEW_TRAINING)
    return seen.in_unit(unit.path or "", viewer.on)
