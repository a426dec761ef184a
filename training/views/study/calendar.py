"""工作日历: the year at a glance, one day to change, a year's notice to import."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property

from core.access import Permission
from core.errors import DomainError
from core.web.views import FormPage, Permissions, ViewerMixin
from training.choices import DayKind
from training.forms.study_setup import CalendarDayForm, CalendarImportForm
from training.models import CalendarDay
from training.queries.study import named_days
from training.services.study import import_year, read_file, read_text, set_day
from training.views.study.common import Crumbs, PlacesMixin, study_crumbs
from training.workdays import is_working_day

YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    works: bool
    special: str
    name: str


class CalendarPage(PlacesMixin):
    title = "工作日历"
    place = "workdays"
    permission = Permission.VIEW_TRAINING
    template_name = "training/study/calendar.html"

    @cached_property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        known = asked.isdecimal() and len(asked) == 4 and int(asked) in YEARS
        return int(asked) if known else self.viewer.on.year

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        book = named_days(self.year)
        kinds = list(book.kinds.values())
        return super().get_context_data(
            year=self.year,
            months=[(month, self._weeks(month, book)) for month in range(1, 13)],
            holidays=kinds.count(DayKind.HOLIDAY),
            workdays=kinds.count(DayKind.WORKDAY),
            named=self._named(book),
            editable=self.viewer.sees_all(Permission.EDIT_STUDY),
            today=self.viewer.on,
            **kwargs,
        )

    def _weeks(self, month: int, book: Any) -> list[list[Day | None]]:
        weeks = Calendar().monthdatescalendar(self.year, month)
        return [[self._day(day, book) if day.month == month else None for day in week] for week in weeks]

    def _day(self, day: date, book: Any) -> Day:
        kind = book.kinds.get(day)
        special = {DayKind.HOLIDAY: "休", DayKind.WORKDAY: "班"}.get(kind, "")
        return Day(day, is_working_day(day, book), special, book.names.get(day, ""))

    def _named(self, book: Any) -> list[tuple[str, list[date], list[date]]]:
        """Each holiday with its days off and the days worked for it."""
        found: dict[str, tuple[list[date], list[date]]] = {}
        for day in sorted(book.kinds):
            off, worked = found.setdefault(book.names.get(day) or "其他", ([], []))
            (off if book.kinds[day] == DayKind.HOLIDAY else worked).append(day)
        return [(name, off, worked) for name, (off, worked) in found.items()]


class CalendarAct(ViewerMixin):
    """The calendar is one for the whole zone."""

    permission: ClassVar = Permission.EDIT_STUDY

    def may(self, permission: Permissions) -> bool:
        return super().may(permission) and self.viewer.sees_all(Permission.EDIT_STUDY)

    def get_crumbs(self) -> Crumbs:
        here = self.get_title()  # type: ignore[attr-defined]
        return study_crumbs(("工作日历", reverse("training:workdays")), (here, ""))

    def year_url(self, year: int) -> str:
        return f"{reverse('training:workdays')}?year={year}"


class EditDay(CalendarAct, FormPage):
    form_class = CalendarDayForm
    success_message = "已保存；已经排定的活动不自动移动，请在活动里改期。"

    @cached_property
    def day(self) -> date:
        try:
            found = parse_date(self.kwargs["day"])
        except ValueError as error:
            raise Http404 from error
        if found is None or found.year not in YEARS:
            raise Http404
        return found

    def get_title(self) -> str:
        return (
            f"{self.day.year}年{self.day.month}月{self.day.day}日（周{'一二三四五六日'[self.day.weekday()]}）"
        )

    def get_initial(self) -> dict[str, Any]:
        row = CalendarDay.objects.visible_to(self.viewer).filter(day=self.day).first()
        return {"kind": row.kind, "name": row.name} if row else {}

    def act(self, form: CalendarDayForm) -> None:
        data = form.cleaned_data
        set_day(day=self.day, kind=data["kind"], name=data["name"], by=self.viewer)

    def get_success_url(self) -> str:
        return self.year_url(self.day.year)


class ImportCalendar(CalendarAct, FormPage):
    title = "导入放假安排"
    submit_label = "导入"
    form_class = CalendarImportForm
    template_name = "training/study/calendar_import.html"

    def get_initial(self) -> dict[str, Any]:
        return {"year": self.viewer.on.year + 1}

    def act(self, form: CalendarImportForm) -> int:
        data = form.cleaned_data
        upload = data["file"]
        reading = (
            read_file(upload.read(), upload.name, data["year"])
            if upload
            else read_text(data["text"], data["year"])
        )
        self.year, self.faults = data["year"], reading.faults
        if reading.faults:
            message = f"有 {len(reading.faults)} 行看不懂，还没有写入任何日期，请改好后再导入。"
            raise DomainError(message, code="faults")
        return import_year(year=data["year"], reading=reading, by=self.viewer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(faults=getattr(self, "faults", ()), **kwargs)

    def get_success_message(self) -> str:
        return f"已导入 {self.year} 年 {self.result} 天。"

    def get_success_url(self) -> str:
        return self.year_url(getattr(self, "year", self.viewer.on.year))
