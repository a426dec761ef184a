"""Tables of rows in a form: empty rows are dropped, and more rows can be had without a script."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from core.web.forms import DateInput, Form
from people.forms import UnitChoice, open_units
from training.models import Slot, VisitLesson, VisitStop
from training.services.classes import SlotValues
from training.services.visits import LessonValues, StopValues

SPARE = 2
MOST = 60


class TimeInput(forms.TimeInput):
    input_type = "time"


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of a date and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class Row(Form):
    """One line; `needed` names what a line that is filled at all has to have."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    needed: Sequence[str] = ()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in self.needed if self.is_filled else ():
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, f"请填写{self.fields[name].label}。")
        return data

    @property
    def is_filled(self) -> bool:
        """A line with nothing but its key counts as taken away."""
        names = [name for name in self.fields if name != "pk"]
        return any(self.cleaned_data.get(name) not in (None, "") for name in names) or any(
            name in self.errors for name in names
        )


class SlotRow(Row):
    needed = ("day", "begins", "ends")

    day = forms.DateField(label="日期", required=False, widget=DateInput())
    begins = forms.TimeField(label="开始", required=False, widget=TimeInput(format="%H:%M"))
    ends = forms.TimeField(label="结束", required=False, widget=TimeInput(format="%H:%M"))
    topic = forms.CharField(label="内容", required=False, max_length=200)
    lecturer = forms.CharField(label="主讲", required=False, max_length=100)
    place = forms.CharField(label="地点", required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        begins, ends = data.get("begins"), data.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", "结束时间须晚于开始时间。")
        return data

    def values(self) -> SlotValues:
        data = self.cleaned_data
        begins, ends = (
            timezone.make_aware(datetime.combine(data["day"], data[name])) for name in ("begins", "ends")
        )
        return SlotValues(begins, ends, data["place"], data["topic"], data["lecturer"], data["pk"])

    @staticmethod
    def initial_of(slot: Slot) -> dict[str, Any]:
        starts, ends = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
        return {
            "pk": slot.pk,
            "day": starts.date(),
            "begins": starts.time(),
            "ends": ends.time(),
            "topic": slot.topic,
            "lecturer": slot.lecturer,
            "place": slot.place,
        }


class QuotaRow(Row):
    needed = ("unit", "seats")

    unit = UnitChoice(None, label="机构", required=False)
    seats = forms.IntegerField(label="名额", required=False, min_value=1, max_value=9999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = open_units()  # type: ignore[attr-defined]


class StopRow(Row):
    needed = ("day", "place")

    day = forms.DateField(label="日期", required=False, widget=DateInput())
    place = forms.CharField(label="地点", required=False, max_length=100)
    host = forms.CharField(label="接待单位", required=False, max_length=100)
    subject = forms.CharField(label="考察内容", required=False, max_length=200)

    def values(self) -> StopValues:
        data = self.cleaned_data
        return StopValues(data["day"], data["place"], data["host"], data["subject"])

    @staticmethod
    def initial_of(stop: VisitStop) -> dict[str, Any]:
        return {"day": stop.day, "place": stop.place, "host": stop.host, "subject": stop.subject}


class LessonRow(Row):
    needed = ("title",)

    title = forms.CharField(label="做法", required=False, max_length=120)
    detail = forms.CharField(label="内容", required=False, max_length=2000)
    unit = UnitChoice(None, label="落实部门", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = open_units()  # type: ignore[attr-defined]

    def values(self) -> LessonValues:
        data = self.cleaned_data
        return LessonValues(data["title"], data["detail"], data["unit"], data["pk"])

    @staticmethod
    def initial_of(lesson: VisitLesson) -> dict[str, Any]:
        return {"pk": lesson.pk, "title": lesson.title, "detail": lesson.detail, "unit": lesson.unit_id}


class RowSet(BaseFormSet[Any]):
    """The lines of a table; `filled` are those that say something."""

    @property
    def filled(self) -> list[Any]:
        return [form for form in self.forms if form.is_filled]

    def columns(self) -> list[forms.BoundField]:
        return list(self.empty_form.visible_fields())


def row_set(row: type[Row]) -> Any:
    """The class of the table; unbound it takes `initial` and shows SPARE empty lines more."""
    return formset_factory(row, formset=RowSet, extra=SPARE, max_num=MOST, absolute_max=MOST)
