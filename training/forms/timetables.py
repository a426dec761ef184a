"""What a planner fills in for a timetable; lists are lines of text, so they can be pasted."""

import re
from datetime import date, time
from itertools import pairwise
from typing import Any

from django import forms
from django.db.models import QuerySet

from core.web.forms import DateInput, Form
from training.models import TrainingClass
from training.queries.timetables import Span, Wish
from training.timetable.problem import Room, Session

PARTS = re.compile(r"[，,；;\t]")
SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至到]\s*(\d{1,2})[:：](\d{2})")
DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})")
LONGEST = 92  # days


class TimetableForm(Form):
    sections = (
        ("排什么", ("title", "classes", "sessions")),
        ("排在哪几天", ("first", "last", "workdays_only", "spans", "most_a_day")),
        ("教室和主讲", ("rooms", "absent")),
    )

    title = forms.CharField(label="方案名称", max_length=120)
    classes = forms.ModelMultipleChoiceField(
        label="班次", queryset=TrainingClass.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    sessions = forms.CharField(
        label="场次",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="一行一场：内容，主讲，时长（分钟），班次，教室。后几项可以不写；只选一个班次时不写班次",
    )
    first = forms.DateField(label="从", widget=DateInput)
    last = forms.DateField(label="到", widget=DateInput)
    workdays_only = forms.BooleanField(label="只排工作日", required=False, initial=True)
    spans = forms.CharField(
        label="每天可用的时段",
        max_length=200,
        initial="09:00-11:30、14:30-17:00",
        help_text="用顿号隔开，互不重叠",
    )
    most_a_day = forms.IntegerField(label="同一班次每天最多几场", min_value=1, max_value=8, initial=2)
    rooms = forms.CharField(
        label="教室",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一间：名称，可坐人数。不写人数表示坐得下",
    )
    absent = forms.CharField(
        label="主讲不能来的日期",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一行一人：姓名，2026-12-03，2026-12-04",
    )

    def __init__(self, *args: Any, classes: QuerySet[TrainingClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classes"].queryset = classes  # type: ignore[attr-defined]

    def clean_spans(self) -> list[Span]:
        found = [_span(match) for match in SPAN.finditer(self.cleaned_data["spans"])]
        if not found:
            raise forms.ValidationError("请按“09:00-11:30、14:30-17:00”的样子填写。")
        found.sort()
        if any(end <= start for start, end in found):
            raise forms.ValidationError("时段的结束须晚于开始。")
        if any(after[0] < one[1] for one, after in pairwise(found)):
            raise forms.ValidationError("时段互相重叠，请改开。")
        return found

    def clean_rooms(self) -> list[Room]:
        return [self._room(line) for line in _lines(self.cleaned_data["rooms"])]

    @staticmethod
    def _room(line: str) -> Room:
        name, *rest = _parts(line)
        number = rest[0].removesuffix("人") if rest else ""
        if number and not number.isdecimal():
            raise forms.ValidationError(f"“{line}”：可坐人数请填数字。")
        return Room(name, int(number) if number else None)

    def clean_absent(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in _lines(self.cleaned_data["absent"]):
            days = [_day(match) for match in DAY.finditer(line)]
            if not days:
                raise forms.ValidationError(f"“{line}”：请写明日期，例如 2026-12-03。")
            found.setdefault(_parts(line)[0], []).extend(days)
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and not 0 <= (last - first).days < LONGEST:
            self.add_error("last", f"结束日期不能早于开始日期，一次最多排 {LONGEST} 天。")
        if "classes" in data and "sessions" in data:
            names = [found.name for found in data["classes"]]
            try:
                data["wanted"] = [_session(line, names) for line in _lines(data["sessions"])]
            except forms.ValidationError as error:
                self.add_error("sessions", error)
        return data

    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(
            classes=list(data["classes"]),
            sessions=data["wanted"],
            first=data["first"],
            last=data["last"],
            spans=data["spans"],
            rooms=data["rooms"],
            absent=data["absent"],
            most_a_day=data["most_a_day"],
            workdays_only=data["workdays_only"],
        )


def _session(line: str, names: list[str]) -> Session:
    title, lecturer, minutes, group, room = (_parts(line) + [""] * 5)[:5]
    if minutes and not minutes.isdecimal():
        raise forms.ValidationError(f"“{line}”：时长请填分钟数，例如 120。")
    if not group and len(names) > 1:
        raise forms.ValidationError(f"“{line}”：选了几个班次，请写明是哪一个班次的。")
    if group and group not in names:
        raise forms.ValidationError(f"“{line}”：“{group}”不在所选班次中。")
    return Session(title, group or names[0], lecturer, int(minutes or 0), room)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parts(line: str) -> list[str]:
    return [part.strip() for part in PARTS.split(line)]


def _span(match: re.Match[str]) -> Span:
    hours = [int(part) for part in match.groups()]
    if hours[0] > 23 or hours[2] > 23 or hours[1] > 59 or hours[3] > 59:
        raise forms.ValidationError(f"“{match[0]}”不是时刻。")
    return time(hours[0], hours[1]), time(hours[2], hours[3])


def _day(match: re.Match[str]) -> str:
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError as error:
        raise forms.ValidationError(f"“{match[0]}”不是日期。") from error
