"""What speaks against moving a cadre to a post."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.asking import Steps, gathered, result_of
from people.contracts.registry import Registry

if TYPE_CHECKING:
    from people.models import Cadre, Post


@dataclass(frozen=True, slots=True)
class Transfer:
    """A move that is asked about: the cadre to the post; None is from the present post to none."""

    cadre: "Cadre"
    post: "Post | None"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What speaks against moving a cadre to a post; `severity` is "blocks" or "consider"."""

    cadre_id: int
    severity: str
    code: str
    message: str
    source: str


class ObstacleSource(Protocol):
    """Yields what speaks against the moves, and between that what it has to ask (core.asking)."""

    def __call__(self, *, moves: Sequence[Transfer], on: date) -> Iterable[Obstacle]: ...


obstacles: Registry[ObstacleSource] = Registry()


def obstacles_to(cadre: "Cadre", post: "Post | None", *, on: date) -> list[Obstacle]:
    """What all apps hold against the move, blocking reasons first."""
    return obstacles_to_all([Transfer(cadre, post)], on=on).get(cadre.pk, [])


def obstacles_to_all(moves: Sequence[Transfer], *, on: date) -> dict[int, list[Obstacle]]:
    """Cadre id → what all apps hold against the move of that cadre, blocking reasons first.

    A cadre has one move here; who has no obstacle is left out.
    """
    return result_of(obstacle_steps(moves, on=on))


def obstacle_steps(moves: Sequence[Transfer], *, on: date) -> Steps[dict[int, list[Obstacle]]]:
    """As `obstacles_to_all`, together with what others ask."""
    every = obstacles.all() if moves else []
    parts = yield from gathered({c.key: c.source(moves=moves, on=on) for c in every})
    found: dict[int, list[Obstacle]] = defaultdict(list)
    for shown, _ in parts.values():
        for obstacle in shown:
            found[obstacle.cadre_id].append(obstacle)
    for against in found.values():
        against.sort(key=lambda o: (o.severity != "blocks", o.code))
    return dict(found)
