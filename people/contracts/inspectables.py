"""What inspections of the progress of work (工作推进) may choose from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.access import Viewer
from people.contracts.registry import Link, Registry

if TYPE_CHECKING:
    from people.models import Unit


@dataclass(frozen=True, slots=True)
class Inspectable:
    """Something that an inspection may look into: a task that does not get on, for example.

    `key` names it for good, such as "park.task:12"; `reason` says in facts why it is worth looking into.
    """

    key: str
    title: str
    unit: "Unit | None"
    owner: str
    reason: str
    due_on: date | None = None
    link: Link | None = None


class InspectableSource(Protocol):
    """What is worth looking into on the day; with `keys`, those very things, whatever has become of them.

    Only of units whose discipline the viewer looks after, and nothing that the viewer answers for.
    """

    def __call__(self, *, viewer: Viewer, keys: Sequence[str] = ()) -> Iterable[Inspectable]: ...


inspectables: Registry[InspectableSource] = Registry()


def worth_inspecting(viewer: Viewer) -> list[Inspectable]:
    """What the viewer may look into today, app by app, each in its own order."""
    return [item for c in inspectables.all() for item in c.source(viewer=viewer)]


def inspectable(viewer: Viewer, key: str) -> Inspectable | None:
    """The thing of that key, if the viewer may look into it; None also for a key nobody knows."""
    found = (c.source(viewer=viewer, keys=(key,)) for c in inspectables.all())
    return next((item for items in found for item in items), None)
