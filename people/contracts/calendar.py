"""What stands on a viewer's calendar: one registry that every app fills, for the home page and the month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from core.access import Viewer
from people.choices import CalendarKind
from people.contracts.registry import Link, Registry


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of a day, or of several to `last`; without `starts_at` it has no time of day.

    `own`: the viewer is expected there in person. `note` stands where there is room for it. A source says
    no more than the viewer may know: that a talk was agreed on is for the two whom it concerns.
    """

    kind: CalendarKind
    title: str
    day: date
    last: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    note: str = ""
    link: Link | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day that is not what its weekday says: a holiday, a make-up workday."""

    day: date
    name: str
    is_off: bool


class CalendarSource(Protocol):
    """Yields entries and marks of the closed span of days, and between them what it has to ask."""

    def __call__(self, *, viewer: Viewer, first: date, last: date) -> Iterable[Entry | DayMark]: ...


# What occupies the viewer (`engagements`) and what is due on a day (`duties`) comes by itself.
calendar_entries: Registry[CalendarSource] = Registry()
