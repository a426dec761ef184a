"""What the list of who came to a slot may be asked."""

import django_filters as filters
from django.db.models import QuerySet

from people.filters import search_condition
from people.models import Cadre, Unit
from training.choices import AttendanceSource, AttendanceState
from training.models import Attendance

SOURCES = [(key, label) for key, label in AttendanceSource.choices if key]
LOOKS = [("yes", "有疑点")]


class RosterFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label="姓名、拼音首字母或工号")
    state = filters.ChoiceFilter(choices=AttendanceState.choices, label="到课情况", empty_label="情况不限")
    source = filters.ChoiceFilter(choices=SOURCES, label="登记方式", empty_label="方式不限")
    unit = filters.ModelChoiceFilter(
        queryset=Unit.objects.order_by("display_order", "path"), label="时任部门", empty_label="全部部门"
    )
    suspicion = filters.ChoiceFilter(
        choices=LOOKS, method="with_suspicion", label="疑点", empty_label="疑点不限"
    )

    class Meta:
        model = Attendance
        fields: list[str] = []

    def search(self, rows: QuerySet[Attendance], name: str, value: str) -> QuerySet[Attendance]:
        return rows.filter(cadre__in=Cadre.objects.filter(search_condition(value)))

    def with_suspicion(self, rows: QuerySet[Attendance], name: str, value: str) -> QuerySet[Attendance]:
        return rows.exclude(suspicion="")
