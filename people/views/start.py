"""开始使用: the first steps of an office, from an empty database to the first growth file."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse

from core.access import Permission, Viewer
from core.web.counts import count_together
from core.web.views import FramePage
from people.contracts import FirstStep, Panel, first_steps, home_panels


@dataclass(frozen=True, slots=True)
class StepShown:
    number: int
    step: FirstStep
    url: str
    count: int


def steps_of(viewer: Viewer) -> list[StepShown]:
    """The steps that the viewer may take, with how much there is of each; one query."""
    steps = [c.source(viewer=viewer) for c in first_steps.for_viewer(viewer)]
    counts = count_together({str(n): step.done[:1] for n, step in enumerate(steps)})
    return [StepShown(n + 1, step, _url_of(step), counts[str(n)]) for n, step in enumerate(steps)]


def next_step_of(viewer: Viewer) -> StepShown | None:
    return next((shown for shown in steps_of(viewer) if not shown.count), None)


def _url_of(step: FirstStep) -> str:
    address = reverse(step.link.url_name, args=step.link.args)
    return f"{address}?{step.query}" if step.query else address


class FirstStepsPage(FramePage):
    template_name = "people/first_steps.html"
    title = "开始使用"
    permission: ClassVar = Permission.IMPORT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = steps_of(self.viewer)
        return super().get_context_data(steps=steps, left=[s for s in steps if not s.count], **kwargs)


@home_panels.register(
    "people.start", order=1, permission=Permission.IMPORT, label="开始使用", later=lambda viewer: True
)
def first_steps_panel(*, viewer: Viewer) -> Panel | None:
    """Until everything has been done once."""
    steps = steps_of(viewer)
    left = [shown for shown in steps if not shown.count]
    if not left:
        return None
    done = len(steps) - len(left)
    context: dict[str, object] = {"next": left[0], "done": done, "all": len(steps)}
    return Panel("people.start", "开始使用", "people/home_first_steps.html", context)
