"""What the lists of programmes, certificates and leave may be asked."""

import django_filters as filters
from django.db.models import Q, QuerySet

from people.filters import search_condition
from people.models import Cadre
from training.choices import ClassKind, LeaveState, Theme
from training.models import Certificate, LeaveRequest, Programme


class ProgrammeFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="项目名称或主办单位")
    year = filters.NumberFilter(label="年度", min_value=2000, max_value=2100)
    kind = filters.ChoiceFilter(choices=ClassKind.choices, label="培训类别", empty_label="全部类别")
    theme = filters.ChoiceFilter(choices=Theme.choices, label="培训专题", empty_label="全部专题")
    open = filters.BooleanFilter(method="only_open", label="未结项")

    class Meta:
        model = Programme
        fields: list[str] = []

    def search(self, rows: QuerySet[Programme], name: str, value: str) -> QuerySet[Programme]:
        words = value.strip()
        return rows.filter(Q(name__icontains=words) | Q(organiser__icontains=words))

    def only_open(self, rows: QuerySet[Programme], name: str, value: bool) -> QuerySet[Programme]:
        return rows.filter(closed_on__isnull=value)


class CertificateFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、班次或证书编号")
    year = filters.NumberFilter(field_name="issued_on__year", label="年度", min_value=2000, max_value=2100)
    valid = filters.BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull", label="有效")

    class Meta:
        model = Certificate
        fields: list[str] = []

    def search(self, rows: QuerySet[Certificate], name: str, value: str) -> QuerySet[Certificate]:
        words = value.strip()
        found = Q(holder__icontains=words) | Q(class_name__icontains=words) | Q(number__icontains=words)
        return rows.filter(found)


class LeaveFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或班次")
    state = filters.ChoiceFilter(choices=LeaveState.choices, label="状态", empty_label="状态不限")

    class Meta:
        model = LeaveRequest
        fields: list[str] = []

    def search(self, rows: QuerySet[LeaveRequest], name: str, value: str) -> QuerySet[LeaveRequest]:
        people = Q(participation__cadre__in=Cadre.objects.filter(search_condition(value)))
        return rows.filter(people | Q(participation__training_class__name__icontains=value.strip()))
