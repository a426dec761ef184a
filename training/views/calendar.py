"""培训日历: a month, a week, or what lies ahead as a list; and a cadre's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property

from core import exports
from core.access import Permission
from core.audit import record
from core.choices import AuditAction
from core.templatetags.ui import cn_date, cn_month
from core.web.views import FramePage
from people.months import Span, month_span, week_span
from training.queries.calendar import (
    CATEGORIES,
    Ask,
    Event,
    days_of,
    events_between,
    own_events,
    person_clashes,
    places_between,
)

VIEWS = (("month", "月"), ("week", "周"), ("list", "列表"))
LIST_DAYS = 60
SHOWN_A_DAY = 4  # events in a cell of the month; calendar.css hides the others there


@dataclass(frozen=True, slots=True)
class Place:
    """Which days are looked at: `key` is how the address names them."""

    view: str
    day: date

    @property
    def span(self) -> Span:
        if self.view == "week":
            return week_span(self.day)
        if self.view == "list":
            return Span(self.day, self.day + timedelta(days=LIST_DAYS - 1))
        return month_span(self.day.year, self.day.month)

    @property
    def title(self) -> str:
        if self.view == "month":
            return cn_month(self.day)
        last = self.span.last
        same_year = last.year == self.span.first.year
        return f"{cn_date(self.span.first)}–{f'{last.month}月{last.day}日' if same_year else cn_date(last)}"

    def step(self, by: int) -> "Place":
        if self.view == "month":
            month = self.day.year * 12 + self.day.month - 1 + by
            return Place(self.view, date(month // 12, month % 12 + 1, 1))
        days = 7 if self.view == "week" else LIST_DAYS
        return Place(self.view, self.day + timedelta(days=by * days))

    @property
    def key(self) -> str:
        return f"{self.day:%Y-%m}" if self.view == "month" else f"{self.day:%Y-%m-%d}"


def day_from(text: str, today: date) -> date:
    """2026-03 or 2026-03-05; anything else is today. Years a calendar can step through."""
    try:
        day = date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        return today
    return day if 2000 <= day.year <= 2100 else today


class CalendarFrame(FramePage):
    permission: ClassVar = Permission.VIEW_TRAINING
    template_name = "training/calendar/page.html"
    own: ClassVar = False

    @cached_property
    def place(self) -> Place:
        view = self.request.GET.get("view", "month")
        known = view if view in dict(VIEWS) else "month"
        return Place(known, day_from(self.request.GET.get("m", ""), self.viewer.on))

    @cached_property
    def selected(self) -> date:
        """The day whose events stand beside the month: asked for, else today, else the first of the month."""
        asked = self.request.GET.get("d", "")
        day = day_from(asked, self.viewer.on) if asked else self.viewer.on
        span = self.place.span
        return day if span.first <= day <= span.last else self.place.day

    def get_template_names(self) -> list[str]:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        alone = htmx and not htmx.history_restore_request
        return ["training/calendar/body.html" if alone else self.template_name]

    # Django's own signature does not foresee a file.
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.GET.get("export") == "xlsx":
            return self.export()
        response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ("HX-Request",))
        return response

    def events(self) -> list[Event]:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place, events = self.place, self.events()
        month = place.day.month if place.view == "month" else None
        weeks = days_of(place.span, events, month=month)
        return super().get_context_data(
            place=place,
            earlier=place.step(-1).key,
            later=place.step(1).key,
            views=VIEWS,
            weeks=weeks,
            filled=[day for week in weeks for day in week if day.events],
            today=self.viewer.on,
            selected=self.selected,
            chosen=[event for event in events if event.day == self.selected],
            count=sum(not event.continued for event in events if self._inside(event)),
            legend=[
                (key, label, sum(e.category == key for e in events if self._inside(e)))
                for key, label in CATEGORIES.items()
                if any(e.category == key for e in events)
            ],
            own=self.own,
            most=SHOWN_A_DAY,
            here=self.request.path,
            **kwargs,
        )

    def _inside(self, event: Event) -> bool:
        return self.place.view != "month" or event.day.month == self.place.day.month

    def export(self) -> HttpResponseBase:
        """The days shown, a line per event, to post on a board; leaves an audit event."""
        label, now = f"{self.get_title()}（{self.place.title}）", timezone.now()
        record(action=AuditAction.EXPORTED, by=self.viewer, label=f"导出{label}")
        note = exports.source_note(source=label, by=self.viewer.name, at=now)
        return exports.download(exports.xlsx_bytes(label, EXPORT, self.events(), note=note), f"{label}.xlsx")


EXPORT = (
    exports.Column("day", "日期", 14),
    exports.Column("span", "时间", 14),
    exports.Column("title", "活动", 40),
    exports.Column("topic", "内容", 30),
    exports.Column("kind", "类别", 16),
    exports.Column("place", "地点", 24),
    exports.Column("people", "应到人数", 10),
)


class CalendarPage(CalendarFrame):
    """Everybody's calendar, with the filters and, for staff, what clashes."""

    title = "培训日历"

    @cached_property
    def ask(self) -> Ask:
        category = self.request.GET.get("category", "")
        return Ask(
            category=category if category in CATEGORIES else "",
            place=self.request.GET.get("place", "")[:100],
            mine=self.viewer.cadre_id is not None and self.request.GET.get("mine") == "1",
        )

    def events(self) -> list[Event]:
        return self._events

    @cached_property
    def _events(self) -> list[Event]:
        return events_between(self.viewer, self.place.span, self.ask)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        staff = bool(self.viewer.paths(Permission.EDIT_TRAINING) or self.viewer.paths(Permission.EDIT_STUDY))
        clashing = staff and any(event.clashes for event in self._events)
        return super().get_context_data(
            ask=self.ask,
            categories=CATEGORIES.items(),
            places=places_between(self.viewer, self.place.span),
            staff=staff,
            may_plan=bool(self.viewer.paths(Permission.EDIT_TRAINING)),
            may_study=bool(self.viewer.paths(Permission.EDIT_STUDY)),
            has_own=self.viewer.on_own_record(Permission.VIEW_TRAINING),
            clashes=person_clashes(self.viewer, self.place.span, since=timezone.now()) if clashing else [],
            **kwargs,
        )


class MyCalendar(CalendarFrame):
    """What occupies the viewer's own cadre: training, talks, checkups, whatever the apps know of."""

    title = "我的日历"
    own = True

    def may(self, permission: Any) -> bool:
        return super().may(permission) and self.viewer.on_own_record(Permission.VIEW_TRAINING)

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), ("培训日历", reverse("training:calendar")), (self.title, "")]

    def events(self) -> list[Event]:
        return self._events

    @cached_property
    def _events(self) -> list[Event]:
        return own_events(self.viewer.cadre_id or 0, self.place.span)
