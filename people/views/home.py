"""首页: what is to be done, and the figures that lead to their lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.web.views import FramePage
from people.contracts import Duty, Panel, duties_of, home_figures, home_panels


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
            figures=[
                figure
                for c in home_figures.for_viewer(self.viewer)
                for figure in c.source(viewer=self.viewer)
            ],
            todos=[
                Todo(duty, reverse(duty.link.url_name, args=duty.link.args))
                for duty in duties_of(self.viewer)
            ],
            panels=self._panels(),
            **kwargs,
        )

    def _panels(self) -> list[Panel]:
        found = (c.source(viewer=self.viewer) for c in home_panels.for_viewer(self.viewer))
        return [panel for panel in found if panel]
