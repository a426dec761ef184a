"""What the pages do not ask because they show appointments on the cadre's own page."""

from datetime import date

import django_filters as filters
from django.db.models import QuerySet

from core.api.filters import RowNumberFilter
from core.periods import covers
from people.choices import AppointmentKind
from people.filters import units_of
from people.models import Appointment


class AppointmentFilter(filters.FilterSet):
    cadre = RowNumberFilter(field_name="cadre_id", label="干部编号")
    unit = filters.ModelChoiceFilter(queryset=units_of, label="机构编号")
    kind = filters.ChoiceFilter(choices=AppointmentKind.choices, label="类型")
    on = filters.DateFilter(method="held_on", label="在这一天任职（YYYY-MM-DD）")

    class Meta:
        model = Appointment
        fields: list[str] = []

    def held_on(self, rows: QuerySet[Appointment], name: str, value: date) -> QuerySet[Appointment]:
        return rows.filter(covers(value))
