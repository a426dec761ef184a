"""What happened to a cadre, and what others may have to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from people.contracts.registry import Link, Registry


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happened to a cadre and that others may have to answer.

    `code` (people.choices.OccasionCode) says what others may have to do about it; "" is for reading only.
    One with an empty `title` only sets off what its code asks for, and is shown to nobody.
    `key` names the event for good, such as "appointment:17": correcting its date makes no second event.
    """

    cadre_id: int
    happened_on: date
    kind: str
    title: str
    detail: str = ""
    link: Link | None = None
    icon: str = "circle"
    code: str = ""
    key: str = ""


class OccasionSource(Protocol):
    def __call__(self, *, cadre_ids: Sequence[int], since: date, until: date) -> Iterable[Occasion]: ...


occasions: Registry[OccasionSource] = Registry()


def occasions_of(cadre_ids: Sequence[int], *, since: date, until: date) -> list[Occasion]:
    """What happened to these cadres in the closed period, the latest first."""
    found = [o for c in occasions.all() for o in c.source(cadre_ids=cadre_ids, since=since, until=until)]
    return sorted(found, key=lambda o: (o.happened_on, o.kind, o.title), reverse=True)
