"""What is asked of the machine and what an answer is. Pure; the truth about values stands in `score`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices


class Criterion(TextChoices):
    """What is weighed. None of them is a mark for a person: all speak of the move or of the post."""

    PRESSURE = "pressure", "缓解任职年限压力"
    EXPOSURE = "exposure", "年轻干部到基层一线和关键岗位锻炼"
    SKILLS = "skills", "专长与岗位需要相符"
    VACANCY = "vacancy", "少留空岗"
    CAUTION = "caution", "少触发需关注事项"
    STABILITY = "stability", "少动人"


DEFAULT_WEIGHTS: Mapping[Criterion, int] = {
    Criterion.PRESSURE: 6,
    Criterion.EXPOSURE: 3,
    Criterion.SKILLS: 2,
    Criterion.VACANCY: 4,
    Criterion.CAUTION: 2,
    Criterion.STABILITY: 2,
}
MOST_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Person:
    """`place` is the post held now, None without one (or with one that is not in question)."""

    id: int
    name: str
    unit: int | None
    place: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A post in question. `seats` are open to the people in question: the headcount less the holders who are
    not; None is no limit. `held_outside`: somebody who is not in question holds it. `keep_held`: a post that
    is held today and may not be emptied."""

    id: int
    name: str
    unit: int | None
    seats: int | None = 1
    held_outside: bool = False
    keep_held: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One move that breaks no hard rule. `gains` per criterion; `reasons` for it, `warnings` against it."""

    person: int
    place: int
    gains: Mapping[Criterion, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, int]:
        return self.person, self.place


class DemandKind(TextChoices):
    MOVE = "move", "必须调整"
    FILL = "fill", "必须配备"


@dataclass(frozen=True, slots=True)
class Demand:
    """Something the office insists on: that a person moves, or that a post is held. `why_not`: what keeps
    the others out, in words, for the case that it cannot be met."""

    kind: DemandKind
    subject: int
    label: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """`apart`: two moves that may not both be made. `apart_staying`: a move that needs the person to leave.

    `minimum`: unit → how many of the people in question must be there at least.
    """

    people: tuple[Person, ...]
    places: tuple[Place, ...]
    options: tuple[Option, ...]
    demands: tuple[Demand, ...] = ()
    weights: Mapping[Criterion, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    apart: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    apart_staying: tuple[tuple[tuple[int, int], int], ...] = ()
    minimum: Mapping[int, int] = field(default_factory=dict)
    most_moves: int | None = None

    def weight(self, criterion: Criterion) -> int:
        return self.weights.get(criterion, 0)

    def value_of(self, option: Option) -> int:
        """What the move alone is worth under the weights."""
        gained = sum(self.weight(criterion) * gain for criterion, gain in option.gains.items())
        cautions = self.weight(Criterion.CAUTION) * len(option.warnings)
        return gained - cautions - self.weight(Criterion.STABILITY)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`value` counts under the weights; `unmet` are the demands left open; `gives_up` says so in words."""

    options: tuple[Option, ...]
    value: int
    unmet: tuple[Demand, ...] = ()
    gives_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Up to five proposals, the best first; `unmeetable` names what no answer can have; never both empty."""

    proposals: tuple[Proposal, ...] = ()
    unmeetable: tuple[str, ...] = ()
    proven: bool = False
    seconds: float = 0.0


def occupants(problem: Problem, moves: Collection[Option]) -> dict[int, list[int]]:
    """Place → people in question who are there after the moves."""
    moved = {option.person: option.place for option in moves}
    found: dict[int, list[int]] = {place.id: [] for place in problem.places}
    for person in problem.people:
        there = moved.get(person.id, person.place)
        if there in found:
            found[there].append(person.id)
    return found


def left_empty(problem: Problem, moves: Collection[Option]) -> list[Place]:
    after = occupants(problem, moves)
    return [place for place in problem.places if not place.held_outside and not after[place.id]]


def unmet(problem: Problem, moves: Collection[Option]) -> list[Demand]:
    moved = {option.person for option in moves}
    empty = {place.id for place in left_empty(problem, moves)}
    open_for = {DemandKind.MOVE: lambda s: s not in moved, DemandKind.FILL: lambda s: s in empty}
    return [demand for demand in problem.demands if open_for[demand.kind](demand.subject)]


def score(problem: Problem, moves: Collection[Option]) -> int:
    """What the moves together are worth: each for itself, less the posts that stay empty."""
    empty = len(left_empty(problem, moves))
    return sum(problem.value_of(option) for option in moves) - problem.weight(Criterion.VACANCY) * empty


def allowed(problem: Problem, moves: Collection[Option]) -> bool:
    """Whether the moves keep every hard rule; the solver's constraints say the same."""
    people = [option.person for option in moves]
    if len(set(people)) < len(people):
        return False
    if problem.most_moves is not None and len(people) > problem.most_moves:
        return False
    return _seats_kept(problem, moves) and _apart_kept(problem, moves) and _minimum_kept(problem, moves)


def _seats_kept(problem: Problem, moves: Collection[Option]) -> bool:
    before, after = occupants(problem, ()), occupants(problem, moves)
    for place in problem.places:
        now, then = len(before[place.id]), len(after[place.id])
        if place.seats is not None and then > max(place.seats, now):
            return False
        if place.keep_held and now and not then and not place.held_outside:
            return False
    return True


def _apart_kept(problem: Problem, moves: Collection[Option]) -> bool:
    made = {option.key for option in moves}
    moved = {option.person for option in moves}
    together = any(one in made and other in made for one, other in problem.apart)
    beside = any(key in made and staying not in moved for key, staying in problem.apart_staying)
    return not together and not beside


def units_after(problem: Problem, moves: Collection[Option]) -> dict[int, int]:
    """Unit → how many of the people in question are there after the moves."""
    unit_of = {place.id: place.unit for place in problem.places}
    moved = {option.person: unit_of[option.place] for option in moves}
    found = dict.fromkeys(problem.minimum, 0)
    for person in problem.people:
        there = moved.get(person.id, person.unit)
        if there in found:
            found[there] += 1
    return found


def _minimum_kept(problem: Problem, moves: Collection[Option]) -> bool:
    before, after = units_after(problem, ()), units_after(problem, moves)
    return all(after[unit] >= min(least, before[unit]) for unit, least in problem.minimum.items())
