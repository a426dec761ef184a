"""还来得及吗: which classes would still close a gap in hours, and the fewest of them. Pure.

Up to EXACT candidates every combination is looked at, so the answer is a minimum. With more of them a good
combination is searched for: from several orders, then improved by leaving out and by exchanging.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from training.hours import ZERO

EXACT = 12
Moments = tuple[datetime, datetime]


class Verdict(StrEnum):
    """Whether the known classes suffice."""

    MET = "met"
    REACHABLE = "reachable"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Offer:
    """A class that may still be joined: what it counts toward the requirement, when it keeps people busy.

    `seats` None means without limit.
    """

    key: int
    title: str
    hours: Decimal
    days: Decimal
    times: tuple[Moments, ...]
    seats: int | None = None

    @property
    def starts_at(self) -> datetime:
        return min(start for start, _ in self.times)

    def clashes(self, other: "Offer") -> bool:
        return meets(self.times, other.times)


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: hours OR days; `days` None where days cannot stand in for hours."""

    hours: Decimal
    days: Decimal | None = None

    @property
    def is_closed(self) -> bool:
        return self.hours <= 0 or (self.days is not None and self.days <= 0)

    def closed_by(self, offers: Iterable[Offer]) -> bool:
        chosen = list(offers)
        if sum((offer.hours for offer in chosen), ZERO) >= self.hours:
            return True
        return self.days is not None and sum((offer.days for offer in chosen), ZERO) >= self.days


@dataclass(frozen=True, slots=True)
class Plan:
    """The classes to join, in time order; when they do not suffice, those that lead furthest."""

    verdict: Verdict
    offers: tuple[Offer, ...] = ()
    short_hours: Decimal = ZERO

    @property
    def hours(self) -> Decimal:
        return sum((offer.hours for offer in self.offers), ZERO)


@dataclass(frozen=True, slots=True)
class Person:
    """Who has a gap, which classes are there for them, and what keeps them busy already."""

    key: int
    gap: Gap
    offers: tuple[Offer, ...] = ()
    busy: tuple[Moments, ...] = ()
    joined: frozenset[int] = frozenset()


def meets(one: Sequence[Moments], other: Sequence[Moments]) -> bool:
    """Whether any two of the spans share a moment; ends are exclusive."""
    return any(a < d and c < b for a, b in one for c, d in other)


def plan(gap: Gap, offers: Sequence[Offer]) -> Plan:
    """The fewest classes without a clash that close the gap; of those the least, then the earliest."""
    if gap.is_closed:
        return Plan(Verdict.MET)
    useful = [offer for offer in offers if (offer.hours or offer.days) and offer.seats != 0]
    found = exact(gap, useful) if len(useful) <= EXACT else searched(gap, useful)
    if found is not None:
        return Plan(Verdict.REACHABLE, _in_order(found))
    best = furthest(useful)
    return Plan(Verdict.SHORT, _in_order(best), gap.hours - sum((offer.hours for offer in best), ZERO))


def plan_all(people: Sequence[Person]) -> dict[int, Plan]:
    """A plan for everyone within the seats that are left: whoever lacks most chooses first."""
    left = {offer.key: offer.seats for person in people for offer in person.offers}
    plans: dict[int, Plan] = {}
    for person in sorted(people, key=lambda p: (-p.gap.hours, p.key)):
        found = plans[person.key] = plan(person.gap, open_to(person, left))
        if found.verdict == Verdict.REACHABLE:
            for offer in found.offers:
                seats = left[offer.key]
                left[offer.key] = None if seats is None else seats - 1
    return plans


def open_to(person: Person, left: Mapping[int, int | None] | None = None) -> list[Offer]:
    """The offers with a seat left that the person has not joined and is free for."""
    known = left or {}
    seated = [replace(offer, seats=known.get(offer.key, offer.seats)) for offer in person.offers]
    return [
        offer
        for offer in seated
        if offer.seats != 0 and offer.key not in person.joined and not meets(offer.times, person.busy)
    ]


def exact(gap: Gap, offers: Sequence[Offer]) -> list[Offer] | None:
    if not gap.closed_by(offers):
        return None
    for size in range(1, len(offers) + 1):
        closing = [chosen for chosen in _free_of_clashes(offers, size) if gap.closed_by(chosen)]
        if closing:
            best = min(closing, key=_cost)
            return list(best)
    return None


def _free_of_clashes(offers: Sequence[Offer], size: int) -> Iterator[tuple[Offer, ...]]:
    clashing = _clashing(offers)
    for chosen in combinations(offers, size):
        if not any((a.key, b.key) in clashing for a, b in combinations(chosen, 2)):
            yield chosen


def _clashing(offers: Sequence[Offer]) -> set[tuple[int, int]]:
    return {(a.key, b.key) for a, b in combinations(offers, 2) if a.clashes(b)}


def _cost(chosen: Sequence[Offer]) -> tuple[Decimal, datetime, tuple[int, ...]]:
    keys = tuple(sorted(offer.key for offer in chosen))
    return sum((offer.hours for offer in chosen), ZERO), max(o.starts_at for o in chosen), keys


def searched(gap: Gap, offers: Sequence[Offer]) -> list[Offer] | None:
    found = [_improved(gap, chosen, offers) for chosen in _greedy(offers) if gap.closed_by(chosen)]
    return min(found, key=lambda chosen: (len(chosen), *_cost(chosen)), default=None)


def _greedy(offers: Sequence[Offer]) -> Iterator[list[Offer]]:
    """Combinations as large as they become, taken in several orders."""
    orders = (
        lambda offer: (-offer.hours, offer.starts_at, offer.key),
        lambda offer: (-offer.days, offer.starts_at, offer.key),
        lambda offer: (max(end for _, end in offer.times), offer.key),
    )
    for order in orders:
        chosen: list[Offer] = []
        for offer in sorted(offers, key=order):
            if not any(offer.clashes(other) for other in chosen):
                chosen.append(offer)
        yield chosen


def _improved(gap: Gap, chosen: Sequence[Offer], offers: Sequence[Offer]) -> list[Offer]:
    """Leaves out what is not needed, the smallest first; then lets one class stand in for two."""
    found = _thinned(gap, chosen)
    while shorter := _exchanged(gap, found, offers):
        found = _thinned(gap, shorter)
    return found


def _thinned(gap: Gap, chosen: Sequence[Offer]) -> list[Offer]:
    found = sorted(chosen, key=lambda offer: (offer.hours, offer.days, offer.key))
    for offer in list(found):
        rest = [other for other in found if other is not offer]
        if gap.closed_by(rest):
            found = rest
    return found


def _exchanged(gap: Gap, chosen: Sequence[Offer], offers: Sequence[Offer]) -> list[Offer] | None:
    for pair in combinations(chosen, 2):
        rest = [offer for offer in chosen if offer not in pair]
        for offer in offers:
            if offer in chosen or any(offer.clashes(other) for other in rest):
                continue
            if gap.closed_by([*rest, offer]):
                return [*rest, offer]
    return None


def furthest(offers: Sequence[Offer]) -> list[Offer]:
    """The combination without clashes that counts most hours, as far as it is searched."""
    if len(offers) > EXACT:
        return max(_greedy(offers), key=lambda chosen: sum((o.hours for o in chosen), ZERO))
    best: tuple[Offer, ...] = ()
    for size in range(1, len(offers) + 1):
        best = max([best, *_free_of_clashes(offers, size)], key=_hours)
    return list(best)


def _hours(chosen: Sequence[Offer]) -> tuple[Decimal, int]:
    return sum((offer.hours for offer in chosen), ZERO), -len(chosen)


def _in_order(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda offer: (offer.starts_at, offer.key)))
