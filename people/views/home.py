"""首页: what is to be done, and the figures that lead to their lists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.web.counts import count_together
from core.web.views import FramePage
from people.contracts import (
    Contribution,
    Duty,
    Figure,
    HomePanelSource,
    Panel,
    duties_of,
    home_figures,
    home_heads,
    home_panels,
)


@dataclass(frozen=True, slots=True)
class Todo:
    duty: Duty
    url: str


class HomePage(FramePage):
    """Every role opens this page; what it holds follows from the viewer's permissions alone."""

    template_name = "people/home.html"
    title = "首页"

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            figures=self._figures(),
            heads=[panel for c in home_heads.for_viewer(self.viewer) if (panel := self._panel(c))],
            todos=[
                Todo(duty, reverse(duty.link.url_name, args=duty.link.args))
                for duty in duties_of(self.viewer)
            ],
            panels=self._panels(),
            **kwargs,
        )

    def _figures(self) -> list[Figure]:
        """What they count is counted together."""
        asked = [f for c in home_figures.for_viewer(self.viewer) for f in c.source(viewer=self.viewer)]
        rows = {str(n): f.value for n, f in enumerate(asked) if isinstance(f.value, QuerySet)}
        counts = count_together(self.viewer, rows)
        return [replace(f, value=counts[str(n)]) if str(n) in rows else f for n, f in enumerate(asked)]

    def _panels(self) -> list[Panel]:
        """What is dear comes after the page, in the place that is kept for it."""
        found = (self._panel(c) for c in home_panels.for_viewer(self.viewer))
        return [panel for panel in found if panel]

    def _panel(self, asked: Contribution[HomePanelSource]) -> Panel | None:
        if asked.later is None:
            return asked.source(viewer=self.viewer)
        kept = Panel(asked.key, asked.label, "people/home_later.html")
        return kept if asked.later(self.viewer) else None


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
                return contribution.source(viewer=self.viewer)
        raise Http404
