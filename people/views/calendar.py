"""工作日历: the viewer's month, or the same as a list; a day's entries beside it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property

from core.asking import together
from core.web.views import FramePage
from people.calendar import SEES, Month, entries_of_duties, entry_steps
from people.choices import CalendarKind
from people.contracts import parts_of_duties
from people.months import month_from

VIEWS = (("month", "月"), ("list", "列表"))
SHOWN_A_DAY = 4  # calendar.css hides the others in the month


class CalendarPage(FramePage):
    """Plain links and one form: it works without JavaScript, with it only the calendar is exchanged."""

    permission: ClassVar = SEES
    template_name = "people/calendar/page.html"
    title = "工作日历"

    @cached_property
    def first(self) -> date:
        asked = self.request.GET.get("m") or self.request.GET.get("d", "")[:7]
        return month_from(asked, self.viewer.on)

    @cached_property
    def kind(self) -> str:
        asked = self.request.GET.get("kind", "")
        return asked if asked in CalendarKind.values else ""

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return [("首页", reverse("home")), (self.title, "")]

    def get_template_names(self) -> list[str]:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        alone = htmx and not htmx.history_restore_request
        return ["people/calendar/body.html" if alone else self.template_name]

    def render_to_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().render_to_response(*args, **kwargs)
        patch_vary_headers(response, ("HX-Request",))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = self._month()
        view = self.request.GET.get("view", "")
        return super().get_context_data(
            month=month,
            view=view if view in dict(VIEWS) else "month",
            views=VIEWS,
            kind=self.kind,
            kinds=CalendarKind.choices,
            chosen=self._chosen(month),
            has_own=self.viewer.on_own_record(SEES),
            looks_after=bool(self.viewer.paths(SEES)),
            most=SHOWN_A_DAY,
            **kwargs,
        )

    def _month(self) -> Month:
        due = parts_of_duties(self.viewer)
        found = together({"calendar": entry_steps(self.viewer, self.first), **due})
        duties = (duty for key in due for duty in found[key][0])
        entries = [*found["calendar"][1], *entries_of_duties(duties)]
        return Month.of(self.first, entries, self.viewer.on, self.kind)

    def _chosen(self, month: Month) -> Any:
        """The day asked for; else today, else the first of the month with something."""
        days = {f"{day.day:%Y-%m-%d}": day for week in month.weeks for day in week}
        today = days.get(f"{self.viewer.on:%Y-%m-%d}")
        return days.get(self.request.GET.get("d", ""), today or next(iter(month.days), month.weeks[1][0]))
