"""The way of one person into a class and out of it: which step may follow which. Pure, without a database."""

from collections.abc import Mapping

from training.choices import SEATED_STATES, EnrolmentWay, ParticipationState

P = ParticipationState
PENDING = frozenset({P.APPLIED, P.NOMINATED})
ACTIVE = frozenset({P.CONFIRMED, P.DISPATCHED})
OUT = frozenset({P.REJECTED, P.WITHDRAWN})
ASSESSED = frozenset({P.COMPLETED, P.NOT_COMPLETED})
ARROWS: dict[ParticipationState, frozenset[ParticipationState]] = {
    P.APPLIED: frozenset({P.NOMINATED, P.CONFIRMED, P.DISPATCHED, P.WAITING, P.REJECTED, P.WITHDRAWN}),
    P.NOMINATED: frozenset({P.CONFIRMED, P.DISPATCHED, P.WAITING, P.REJECTED, P.WITHDRAWN}),
    P.WAITING: frozenset({P.CONFIRMED, P.DISPATCHED, P.REJECTED, P.WITHDRAWN}),
    P.CONFIRMED: frozenset({P.DISPATCHED, P.WITHDRAWN, P.DROPPED, *ASSESSED}),
    P.DISPATCHED: frozenset({P.WITHDRAWN, P.DROPPED, *ASSESSED}),
    P.REJECTED: frozenset({P.APPLIED, P.NOMINATED, P.CONFIRMED, P.WAITING}),
    P.WITHDRAWN: frozenset({P.APPLIED, P.NOMINATED, P.CONFIRMED, P.WAITING}),
    P.COMPLETED: frozenset({P.NOT_COMPLETED}),
    P.NOT_COMPLETED: frozenset({P.COMPLETED}),
    P.DROPPED: frozenset(),
}
BEGINNINGS = frozenset({P.APPLIED, P.NOMINATED, P.CONFIRMED, P.WAITING})
LIGHTS: Mapping[str, str] = {
    P.NOMINATED: "yellow",
    P.APPLIED: "yellow",
    P.WAITING: "grey",
    P.CONFIRMED: "green",
    P.DISPATCHED: "blue",
    P.REJECTED: "red",
    P.WITHDRAWN: "grey",
    P.COMPLETED: "green",
    P.NOT_COMPLETED: "red",
    P.DROPPED: "red",
}
APPLY_WAYS = frozenset({EnrolmentWay.OPEN, EnrolmentWay.APPROVED, EnrolmentWay.SIGNED})


def may_follow(before: ParticipationState | None, after: ParticipationState) -> bool:
    """Whether the step is one of the ways; None stands for a person who was never on the list."""
    return after in (BEGINNINGS if before is None else ARROWS[before])


def seat_change(before: ParticipationState | None, after: ParticipationState) -> int:
    """+1 takes a seat, -1 gives one back."""
    return (after in SEATED_STATES) - (before is not None and before in SEATED_STATES)


def awaits_unit(way: EnrolmentWay, state: ParticipationState) -> bool:
    """The department has to agree before the office decides."""
    return way == EnrolmentWay.SIGNED and state == P.APPLIED
