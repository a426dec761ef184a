"""The form of a slot: one day, from when to when; its windows of check-in as times of that day."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from core.web.forms import DateInput, Form
from training.models import Slot


def time_field(label: str, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **options)


class SlotForm(Form):
    sections = (
        ("时间和地点", ("day", "starts", "ends", "place")),
        ("内容", ("topic", "lecturer")),
        ("签到", ("opens", "late", "closes", "needs_sign_out")),
    )

    day = forms.DateField(label="日期", widget=DateInput)
    starts = time_field("开始")
    ends = time_field("结束")
    place = forms.CharField(label="地点", required=False, max_length=100)
    topic = forms.CharField(label="内容", required=False, max_length=200)
    lecturer = forms.CharField(label="主讲", required=False, max_length=100)
    opens = time_field("签到开始", required=False, help_text="留空按签到规则")
    late = time_field("迟到起算", required=False, help_text="留空按签到规则")
    closes = time_field("签到截止", required=False, help_text="留空按签到规则")
    needs_sign_out = forms.BooleanField(label="结束时需要签退", required=False)

    def __init__(self, *args: Any, slot: Slot | None = None, **kwargs: Any) -> None:
        if slot is not None:
            kwargs["initial"] = {**initial_of(slot), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "starts_at": moment(data["day"], data["starts"]),
            "ends_at": moment(data["day"], data["ends"]),
            "place": data["place"],
            "topic": data["topic"],
            "lecturer": data["lecturer"],
            "checkin_opens_at": moment(data["day"], data["opens"]),
            "late_after": moment(data["day"], data["late"]),
            "checkin_closes_at": moment(data["day"], data["closes"]),
            "needs_sign_out": data["needs_sign_out"],
        }


def moment(day: date, clock: time | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, clock)) if clock else None


def initial_of(slot: Slot) -> dict[str, Any]:
    def clock(value: datetime | None) -> time | None:
        return timezone.localtime(value).time() if value else None

    return {
        "day": timezone.localdate(slot.starts_at),
        "starts": clock(slot.starts_at),
        "ends": clock(slot.ends_at),
        "place": slot.place,
        "topic": slot.topic,
        "lecturer": slot.lecturer,
        "opens": clock(slot.checkin_opens_at),
        "late": clock(slot.late_after),
        "closes": clock(slot.checkin_closes_at),
        "needs_sign_out": slot.needs_sign_out,
    }
