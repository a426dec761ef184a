"""What the home page shows of each app: figures, heads, panels, and the first steps of an office."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from core.access import Viewer
from core.asking import Steps
from core.charts import half_ring
from people.contracts.panels import Panel
from people.contracts.registry import Link, Registry


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on the home page; it leads to the list it counts.

    A queryset as `value` is counted together with those of all other figures. `lead`: one of the numbers
    that say what is to be done; the others stand small behind them.
    """

    label: str
    value: int | str | QuerySet[Any]
    unit: str
    link: Link
    query: str = ""
    note: str = ""
    lead: bool = True


@dataclass(frozen=True, slots=True)
class Gauge:
    """How much of what should be done is done; leads to the list of what is not.

    `due` is the share expected by today. `hidden` says in words why nothing is shown, such as that so few
    people would be recognised.
    """

    label: str
    done: int
    of: int
    unit: str
    link: Link
    due: float = 1.0
    note: str = ""
    hidden: str = ""

    @property
    def share(self) -> float:
        return self.done / self.of if self.of else 1.0

    @property
    def reached(self) -> bool:
        return self.share >= self.due

    @property
    def lacking(self) -> int:
        """How many are missing to what is expected by today."""
        return max(0, ceil(self.of * self.due - 1e-9) - self.done)

    @property
    def image(self) -> SafeString:
        return half_ring(self.done, self.of, title=self.label, unit=self.unit, due=self.due)


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step of putting the product into use, done when such rows are there.

    `help` is a part of the manual, `section` the heading in it; `ready`: the product brings what the step
    looks at, so that "done" would be untrue.
    """

    title: str
    why: str
    link: Link
    done: QuerySet[Any]
    query: str = ""
    act: str = "去办理"
    help: str = ""
    section: str = ""
    ready: bool = False


class FirstStepSource(Protocol):
    def __call__(self, *, viewer: Viewer) -> FirstStep: ...


class HomePanelSource(Protocol):
    """A panel, or the steps to it for what has to ask the database (core.asking)."""

    def __call__(self, *, viewer: Viewer) -> Panel | Steps[Panel | None] | None: ...


class FigureSource(Protocol):
    def __call__(self, *, viewer: Viewer) -> Iterable[Figure]: ...


class GaugeSource(Protocol):
    """Yields gauges, and between them what it has to ask (core.asking)."""

    def __call__(self, *, viewer: Viewer) -> Iterable[Gauge]: ...


home_figures: Registry[FigureSource] = Registry()
# How far the office is, for those who look after others.
home_gauges: Registry[GaugeSource] = Registry()
# What an office does first, in this order (people.views.start).
first_steps: Registry[FirstStepSource] = Registry()
# What stands above the to-do list of a cadre: the own hours, the next event.
home_heads: Registry[HomePanelSource] = Registry()
home_panels: Registry[HomePanelSource] = Registry()
