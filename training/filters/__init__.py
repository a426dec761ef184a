"""What the lists of training may be asked: the same questions on the pages and in the API."""

from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from people.filters import RANK_CHOICES, search_condition, units_of, viewer_of
from people.models import Cadre, Unit
from training.choices import ClassKind, ClassState, HourRegime, HoursStatus, ParticipationState, Theme
from training.hours import MAIN_REGIMES, ZERO, year_span
from training.models import Participation, TrainingClass
from training.queries import RuleBook, hours_status, party_status
from training.queries.standings import AT_COUNTY_LEVEL

YEARS_BACK = 8
STATE_CHOICES = [("upcoming", "未开班"), ("running", "进行中"), ("finished", "已结班")]
STATUS_CHOICES = [(status.value, status.label) for status in HoursStatus if status != HoursStatus.NO_RULE]


def years_up_to(on: date) -> list[tuple[int, str]]:
    return [(year, f"{year}年") for year in range(on.year, on.year - YEARS_BACK, -1)]


def ledger_day(request: HttpRequest) -> date:
    """The day the ledger is asked for: today, or the last day of an earlier year."""
    on, wanted = viewer_of(request).on, request.GET.get("year", "")
    known = {str(year) for year, _ in years_up_to(on)}
    return year_span(int(wanted)).until(on).last if wanted in known else on


class ClassFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="班次、地点或主办单位")
    kind = filters.ChoiceFilter(choices=ClassKind.choices, label="培训类别", empty_label="全部类别")
    theme = filters.ChoiceFilter(choices=Theme.choices, label="培训专题", empty_label="全部专题")
    year = filters.NumberFilter(method="in_year", label="年度", min_value=1970, max_value=2199)
    state = filters.ChoiceFilter(
        choices=STATE_CHOICES, method="in_state", label="办班状态", empty_label="状态不限"
    )
    stage = filters.ChoiceFilter(
        field_name="state", choices=ClassState.choices, label="办理状态", empty_label="办理状态不限"
    )
    organiser = filters.CharFilter(lookup_expr="icontains", label="主办单位")

    class Meta:
        model = TrainingClass
        fields: list[str] = []

    def search(self, rows: QuerySet[TrainingClass], name: str, value: str) -> QuerySet[TrainingClass]:
        words = value.strip()
        found = Q(name__icontains=words) | Q(place__icontains=words) | Q(organiser__icontains=words)
        return rows.filter(found | Q(theme_text__icontains=words))

    def in_year(self, rows: QuerySet[TrainingClass], name: str, value: Any) -> QuerySet[TrainingClass]:
        """Classes that touch the year: one across the year end belongs to both."""
        year = year_span(int(value))
        return rows.filter(starts_on__lte=year.last, ends_on__gte=year.first)

    def in_state(self, rows: QuerySet[TrainingClass], name: str, value: str) -> QuerySet[TrainingClass]:
        on = viewer_of(self.request).on
        conditions = {
            "upcoming": Q(starts_on__gt=on),
            "running": Q(starts_on__lte=on, ends_on__gte=on),
            "finished": Q(ends_on__lt=on),
        }
        return rows.filter(conditions[value])


class ClassPageFilter(ClassFilter):
    """On the page the year is chosen from a list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = viewer_of(self.request).on
        years = [(on.year + 1, f"{on.year + 1}年"), *years_up_to(on)]
        self.form.fields["year"].widget = forms.Select(choices=[("", "全部年度"), *years])


class LedgerFilter(filters.FilterSet):
    """Expects cadres `with_position` of the viewer's day; a page that reckons itself lends its book."""

    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    unit = filters.ModelChoiceFilter(
        queryset=units_of, method="in_unit", label="部门", empty_label="全部部门"
    )
    year = filters.ChoiceFilter(method="of_year", label="年度", empty_label="今年")
    status = filters.ChoiceFilter(
        choices=STATUS_CHOICES, method="with_status", label="学时状态", empty_label="状态不限"
    )
    regime = filters.ChoiceFilter(
        choices=[(regime.value, regime.label) for regime in MAIN_REGIMES],
        method="under_regime",
        label="适用要求",
        empty_label="要求不限",
    )
    party = filters.ChoiceFilter(
        choices=STATUS_CHOICES, method="with_party_status", label="党员学习", empty_label="党员学习不限"
    )
    rank = filters.ChoiceFilter(choices=RANK_CHOICES, label="职级", empty_label="全部职级")

    class Meta:
        model = Cadre
        fields: list[str] = []

    def __init__(self, *args: Any, book: RuleBook | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book = book
        years = years_up_to(viewer_of(self.request).on)[1:] if self.request else []
        self.form.fields["year"].choices = [("", "今年"), *years]

    def search(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        return rows.filter(search_condition(value))

    def in_unit(self, rows: Any, name: str, value: Unit) -> QuerySet[Cadre]:
        found: QuerySet[Cadre] = rows.in_unit(value.path, viewer_of(self.request).on)
        return found

    def of_year(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        """Narrows nothing: the year says as of which day the hours are reckoned (`ledger_day`)."""
        return rows

    def with_status(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        standing = hours_status(ledger_day(self.request), self.book or RuleBook.load())
        return rows.alias(standing_asked=standing).filter(standing_asked=value)

    def with_party_status(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        standing = party_status(ledger_day(self.request), self.book or RuleBook.load())
        return rows.alias(party_asked=standing).filter(party_asked=value)

    def under_regime(self, rows: QuerySet[Cadre], name: str, value: str) -> QuerySet[Cadre]:
        county = value == HourRegime.FIVE_YEAR
        return rows.filter(AT_COUNTY_LEVEL) if county else rows.exclude(AT_COUNTY_LEVEL)


class ParticipationFilter(filters.FilterSet):
    """Credited hours, for the API."""

    cadre = filters.NumberFilter(field_name="cadre_id", label="干部")
    training_class = filters.NumberFilter(field_name="training_class_id", label="班次")
    kind = filters.ChoiceFilter(
        field_name="training_class__kind", choices=ClassKind.choices, label="培训类别"
    )
    year = filters.NumberFilter(method="in_year", label="年度", min_value=1970, max_value=2199)
    credited = filters.BooleanFilter(method="only_credited", label="已认定学时")
    state = filters.ChoiceFilter(choices=ParticipationState.choices, label="状态")

    class Meta:
        model = Participation
        fields: list[str] = []

    def in_year(self, rows: QuerySet[Participation], name: str, value: Any) -> QuerySet[Participation]:
        year = year_span(int(value))
        return rows.filter(training_class__starts_on__lte=year.last, training_class__ends_on__gte=year.first)

    def only_credited(self, rows: QuerySet[Participation], name: str, value: bool) -> QuerySet[Participation]:
        return rows.filter(hours__gt=ZERO) if value else rows.filter(hours=ZERO)
