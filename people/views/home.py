"""首页: what is to be done, and the figures that lead to their lists."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import Viewer
from core.asking import Ask, Steps, asked_all, result_of, together
from core.web.views import FramePage
from people.calendar import SEES, Month, entries_of_duties, entry_steps
from people.contracts import (
    Contribution,
    DayMark,
    Duty,
    Entry,
    Figure,
    FigureSource,
    HomePanelSource,
    Panel,
    home_figures,
    home_gauges,
    home_heads,
    home_panels,
    parts_of_duties,
)
from people.months import month_from
from people.views.todo import ToDo

LEADING = 5  # numbers on top


class HomePage(FramePage):
    """Every role opens this page; what it holds follows from the viewer's permissions alone.

    All its parts ask the database together: what it costs does not grow with the number of apps.
    """

    template_name = "people/home.html"
    title = "首页"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figures = {f"figure:{c.key}": _figures(c, self.viewer) for c in home_figures.for_viewer(self.viewer)}
        heads = {f"head:{c.key}": _panel(c, self.viewer) for c in home_heads.for_viewer(self.viewer)}
        panels = {f"panel:{c.key}": _panel(c, self.viewer) for c in home_panels.for_viewer(self.viewer)}
        gauges = {f"gauge:{c.key}": c.source(viewer=self.viewer) for c in home_gauges.for_viewer(self.viewer)}
        due = parts_of_duties(self.viewer)
        first = month_from(self.request.GET.get("m", ""), self.viewer.on)
        month = {"month": entry_steps(self.viewer, first)} if self.viewer.can(SEES) else {}
        found = together({**figures, **gauges, **heads, **panels, **due, **month})
        waiting = {key: found[key][0] for key in due}
        leading, small = by_weight([figure for key in figures for figure in found[key][0]])
        return super().get_context_data(
            figures=leading,
            small_figures=small,
            gauges=[gauge for key in gauges for gauge in found[key][0]],
            heads=[panel for key in heads if (panel := found[key][1])],
            due=ToDo.of(self.viewer, waiting, self.request.GET.get("due", "")),
            panels=[panel for key in panels if (panel := found[key][1])],
            month=self._month(first, found["month"][1], waiting.values()) if month else None,
            **kwargs,
        )

    def _month(self, first: date, found: list[Entry | DayMark], due: Iterable[Sequence[Duty]]) -> Month:
        entries = entries_of_duties(duty for part in due for duty in part)
        return Month.of(first, [*found, *entries], self.viewer.on)


def by_weight(figures: list[Figure]) -> tuple[list[Figure], list[Figure]]:
    """The numbers that say what is to be done, and the rest. Where none does, all of them lead."""
    leading = [figure for figure in figures if figure.lead][:LEADING] or figures[:LEADING]
    return leading, [figure for figure in figures if figure not in leading]


def _figures(asked: Contribution[FigureSource], viewer: Viewer) -> Steps[None]:
    """What the figures of one source count is counted in one round."""
    figures: list[Figure] = []
    yield from _apart(asked.source(viewer=viewer), figures)
    asks = {n: Ask[int](f.value, counts=True) for n, f in enumerate(figures) if isinstance(f.value, QuerySet)}
    yield from asked_all(*asks.values())
    for number, figure in enumerate(figures):
        yield replace(figure, value=asks[number].answer) if number in asks else figure


def _apart(steps: Iterable[Any], figures: list[Figure]) -> Steps[None]:
    """Passes on what is asked, and keeps what is shown."""
    for item in steps:
        if isinstance(item, Figure):
            figures.append(item)
        else:
            yield item


def _panel(asked: Contribution[HomePanelSource], viewer: Viewer) -> Steps[Panel | None]:
    """What is dear comes after the page, in the place that is kept for it."""
    if asked.later is not None:
        kept = Panel(asked.key, asked.label, "people/home_later.html")
        return kept if asked.later(viewer) else None
    found = asked.source(viewer=viewer)
    return (yield from found) if isinstance(found, Generator) else found


class HomePart(FramePage):
    """One panel that the home page leaves for later; a page of its own where there is no JavaScript."""

    template_name = "people/home_part.html"
    title = "首页"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        panel = self._panel(kwargs["key"])
        if request.htmx:  # type: ignore[attr-defined]
            context = {"panel": panel, "viewer": self.viewer}
            return render(request, panel.template, context) if panel else HttpResponse()
        return self.render_to_response(self.get_context_data(panel=panel))

    def _panel(self, key: str) -> Panel | None:
        for contribution in home_panels.for_viewer(self.viewer):
            if contribution.key == key:
                return result_of(_panel(replace(contribution, later=None), self.viewer))
        raise Http404
