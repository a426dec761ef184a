"""Who would have to be in two places at once, and which department would be left too thin. Pure reckoning.

Moments are aware datetimes, ends exclusive: what ends at ten does not clash with what begins at ten.
"""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from people.contracts import Engagement


@dataclass(frozen=True, slots=True)
class Wanted:
    """A span of time at which people are wanted; `key` is the caller's name for it (the pk of a slot)."""

    key: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Clash:
    """One invited person whom something else occupies at one wanted time."""

    wanted: Wanted
    engagement: Engagement

    @property
    def cadre_id(self) -> int:
        return self.engagement.cadre_id

    @property
    def key(self) -> str:
        return engagement_key(self.engagement)


@dataclass(frozen=True, slots=True)
class ThinDepartment:
    """A department of which more would be away at a wanted time than the rule allows."""

    wanted: Wanted
    unit_id: int
    away: int
    people: int

    @property
    def percent(self) -> int:
        return round(100 * self.away / self.people)


def engagement_key(engagement: Engagement) -> str:
    """Names an engagement for good: a clash accepted once stays accepted until the thing begins elsewhen."""
    where = engagement.link
    parts = (where.url_name, *map(str, where.args)) if where else (engagement.kind, engagement.title)
    return hashlib.sha256("\x1f".join((*parts, engagement.starts_at.isoformat())).encode()).hexdigest()


class Agenda:
    """The wanted times in order, so that each engagement is compared only with those near it."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self._wanted = sorted(wanted, key=lambda one: (one.starts_at, one.key))
        self._starts = [one.starts_at for one in self._wanted]
        self._longest = max((one.ends_at - one.starts_at for one in self._wanted), default=timedelta())
        self._known: dict[tuple[datetime, datetime], tuple[Wanted, ...]] = {}

    def meeting(self, starts_at: datetime, ends_at: datetime) -> tuple[Wanted, ...]:
        """The wanted times that share a moment with the span; many people share a span, so it is kept."""
        span = (starts_at, ends_at)
        if span not in self._known:
            self._known[span] = tuple(self._look(starts_at, ends_at))
        return self._known[span]

    def _look(self, starts_at: datetime, ends_at: datetime) -> Iterator[Wanted]:
        first = bisect_left(self._starts, starts_at - self._longest)
        for place in range(first, bisect_left(self._starts, ends_at)):
            if self._wanted[place].ends_at > starts_at:
                yield self._wanted[place]


def find_clashes(
    wanted: Iterable[Wanted], invited: Iterable[int], engagements: Iterable[Engagement]
) -> list[Clash]:
    """Every (wanted time, engagement) of an invited person that share a moment, in time order."""
    agenda, people = Agenda(wanted), set(invited)
    found = [
        Clash(one, engagement)
        for engagement in engagements
        if engagement.cadre_id in people
        for one in agenda.meeting(engagement.starts_at, engagement.ends_at)
    ]
    return sorted(found, key=lambda c: (c.wanted.starts_at, c.wanted.key, c.cadre_id, c.engagement.starts_at))


def thin_departments(
    wanted: Sequence[Wanted],
    invited: Iterable[int],
    engagements: Iterable[Engagement],
    departments: Mapping[int, int],
    *,
    share: Decimal,
    least: int,
) -> list[ThinDepartment]:
    """Departments of which more than `share` would be away; `departments` names that of each active cadre.

    Away are the invited, and whoever else is engaged at the time.
    """
    people = set(invited)
    away: dict[int, set[int]] = {one.key: set(people) for one in wanted}
    agenda = Agenda(wanted)
    for engagement in engagements:
        for one in agenda.meeting(engagement.starts_at, engagement.ends_at):
            away[one.key].add(engagement.cadre_id)
    size = _sizes(departments)
    watched = {unit for cadre, unit in departments.items() if cadre in people and size[unit] >= least}
    found = []
    for one in sorted(wanted, key=lambda each: (each.starts_at, each.key)):
        count = _sizes({cadre: departments[cadre] for cadre in away[one.key] if cadre in departments})
        for unit in sorted(watched):
            if count[unit] > share * size[unit]:
                found.append(ThinDepartment(one, unit, count[unit], size[unit]))
    return found


def _sizes(departments: Mapping[int, int]) -> dict[int, int]:
    sizes: dict[int, int] = defaultdict(int)
    for unit in departments.values():
        sizes[unit] += 1
    return sizes
