"""What is due: for whom, by when, where it is done, and what may be done about it on the spot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core.access import Viewer
from core.asking import Ask, Steps, answer_to, result_of, together
from people.contracts.registry import Contribution, Link, Registry


@dataclass(frozen=True, slots=True)
class Press:
    """What may be done about a duty on the spot: a button, one POST to a view that is a `PressMixin`."""

    label: str
    link: Link


@dataclass(frozen=True, slots=True)
class Duty:
    """Something due: what, for whom, by when, and where it is done. `due_on` None means without a date.

    What has a date is reminded of by itself (people.reminders), once per `key`. `escalates`: when it is
    overdue, its title may be told to the head of the department and the leader in charge; `above` is where
    they see it, when that is another place. `on_calendar` is False for what stands on the calendar by itself.
    """

    key: str
    title: str
    due_on: date | None
    link: Link
    cadre_id: int | None = None
    count: int = 1
    reason: str = ""
    escalates: bool = False
    above: Link | None = None
    press: Press | None = None
    on_calendar: bool = True


class DutySource(Protocol):
    """Yields duties, and between them what it has to ask (core.asking)."""

    def __call__(self, *, viewer: Viewer) -> Iterable[Duty]: ...


duties: Registry[DutySource] = Registry()


def duties_of(viewer: Viewer) -> list[Duty]:
    """Everything due for the viewer, the earliest first, undated last."""
    return in_order(shown for shown, _ in together(parts_of_duties(viewer)).values())


def in_order(found: Iterable[Iterable[Duty]]) -> list[Duty]:
    every = (duty for part in found for duty in part)
    return sorted(every, key=lambda duty: (duty.due_on or date.max, duty.key))


def parts_of_duties(viewer: Viewer) -> dict[str, Iterable[Duty]]:
    """What each source has to say, to be asked `together`."""
    return {f"duty:{c.key}": _duties_from(c, viewer) for c in duties.for_viewer(viewer)}


def _duties_from(asked: Contribution[DutySource], viewer: Viewer) -> Steps[None]:
    if asked.waits is None or (yield from waiting(viewer, asked.key)):
        yield from asked.source(viewer=viewer)


def how_many_wait(viewer: Viewer, key: str) -> int:
    """As `waiting`, for the source of that duty itself: it is only asked when the number is known."""
    return result_of(waiting(viewer, key))


def waiting(viewer: Viewer, key: str) -> Steps[int]:
    """How many rows the duty of that key is about; counted once a request, together with all others."""
    asked = next((c for c in duties.for_viewer(viewer) if c.key == key), None)
    if asked is None or asked.waits is None:
        return 0
    rows = asked.waits
    ask = viewer.remember(f"people.waiting:{key}", lambda: Ask[int](rows(viewer), counts=True))
    return (yield from answer_to(ask))
