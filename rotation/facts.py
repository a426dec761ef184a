"""What checks and proposals are judged by: one picture of people, posts and units on a day. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from people.choices import KinRelation, LeadershipLevel, PostClass
from people.contracts import Obstacle
from rotation.choices.plans import MoveKind
from rotation.grass_roots import Spell
from rotation.requirements import Requirement
from rotation.tenure import Stint, Tenure
from rotation.thresholds import USUAL, Thresholds

# 领导职务层次 from low to high; 0 is no leading post.
LEVELS = tuple(reversed(LeadershipLevel.values))
CHIEFS = frozenset(
    {LeadershipLevel.BUREAU_CHIEF, LeadershipLevel.COUNTY_CHIEF, LeadershipLevel.TOWNSHIP_CHIEF}
)
HEAD_WORDS = ("科长", "主任", "局长", "部长", "处长", "所长", "站长", "队长", "书记", "组长")


class Standing(IntEnum):
    """Where a seat stands in its unit; posts without a level are told by their title."""

    STAFF = 0
    DEPUTY = 1
    CHIEF = 2


def height_of(level: str) -> int:
    return LEVELS.index(level) + 1 if level in LEVELS else 0


def level_below(level: str) -> str:
    """The next leading level down; "" below the lowest."""
    place = height_of(level)
    return LEVELS[place - 2] if place > 1 else ""


def standing_of(level: str, title: str) -> Standing:
    if level:
        return Standing.CHIEF if level in CHIEFS else Standing.DEPUTY
    if title.endswith(HEAD_WORDS):
        return Standing.DEPUTY if "副" in title else Standing.CHIEF
    return Standing.STAFF


@dataclass(frozen=True, slots=True)
class Seat:
    """A post that somebody holds on the day, or would hold after the moves."""

    cadre_id: int
    unit_id: int | None
    post_id: int | None
    title: str
    level: str = ""
    is_main: bool = True
    appointment_id: int | None = None

    @property
    def standing(self) -> Standing:
        return standing_of(self.level, self.title)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of everybody who holds a post."""

    name: str
    age: int | None = None
    specialty: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """`relative_id` is the `relation` of `cadre_id`; not confirmed means found in a form only."""

    cadre_id: int
    relative_id: int
    relation: KinRelation
    confirmed: bool = True
    names: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be moved. `level` is that of the main post, else the one on the record.

    `grass_roots`: whether there is any time at the grass roots or on secondment; `rooted` are the times that
    count as 基层工作经历.
    `probation_until` is the last day of the year after a promotion or after joining, None when it is over.
    """

    id: int
    name: str
    is_active: bool = True
    sex: str = ""
    age: int | None = None
    retirement_month: date | None = None
    work_started_on: date | None = None
    staff_type: str = ""
    rank: str = ""
    level: str = ""
    is_party: bool = False
    education: str = ""
    specialty: str = ""
    title: str = ""
    grass_roots: bool = False
    rooted: tuple[Spell, ...] = ()
    stints: tuple[Stint, ...] = ()
    tenure: Tenure | None = None
    probation_until: date | None = None
    probation_words: str = ""
    appraisals: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A successor of a post and how ready; `readiness` is a rotation.choices.tenure.Readiness."""

    cadre_id: int
    name: str
    readiness: str


@dataclass(frozen=True, slots=True)
class PostFacts:
    """`headcount` None: how many may hold the post is not fixed."""

    id: int
    title: str
    unit_id: int
    unit_name: str
    post_class: PostClass
    level: str = ""
    headcount: int | None = None
    requirements: tuple[Requirement, ...] = ()
    successors: tuple[Prepared, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.unit_name}{self.title}"

    @property
    def standing(self) -> Standing:
        return standing_of(self.level, self.title)

    @property
    def matters(self) -> bool:
        """A key post, or one that leads."""
        return self.post_class == PostClass.KEY or self.standing > Standing.STAFF


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """`in_charge`: leaders of the zone to whose field (分管) the unit belongs."""

    id: int
    name: str
    path: str = ""
    parent_id: int | None = None
    minimum: int | None = None
    minimum_source: str = ""
    in_charge: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A move that is asked about; `post_id` None removes from the main post."""

    cadre_id: int
    post_id: int | None
    kind: MoveKind = MoveKind.ROTATION


@dataclass(frozen=True, slots=True)
class Facts:
    """The picture on `on`. `people` are those asked about; seats, posts and units are of the whole zone."""

    on: date
    people: Mapping[int, Person] = field(default_factory=dict)
    known: Mapping[int, Known] = field(default_factory=dict)
    seats: Sequence[Seat] = ()
    posts: Mapping[int, PostFacts] = field(default_factory=dict)
    units: Mapping[int, UnitFacts] = field(default_factory=dict)
    ties: Sequence[Tie] = ()
    obstacles: Mapping[int, Sequence[Obstacle]] = field(default_factory=dict)
    rules: Thresholds = USUAL

    def name_of(self, cadre_id: int) -> str:
        if cadre_id in self.people:
            return self.people[cadre_id].name
        return self.known[cadre_id].name if cadre_id in self.known else ""

    def known_of(self, cadre_id: int) -> Known:
        if cadre_id in self.known:
            return self.known[cadre_id]
        person = self.people[cadre_id]
        return Known(person.name, person.age, person.specialty)


class Layout:
    """Who sits where, before the moves or after them, and who leads whom."""

    def __init__(self, facts: Facts, moves: Iterable[Wanted] = ()) -> None:
        self.facts = facts
        self.of_cadre: dict[int, list[Seat]] = defaultdict(list)
        self.on_post: dict[int, list[int]] = defaultdict(list)
        self.in_unit: dict[int, list[Seat]] = defaultdict(list)
        wanted = {move.cadre_id: move for move in moves}
        for seat in facts.seats:
            if not (seat.is_main and seat.cadre_id in wanted):
                self._sit(seat)
        for move in wanted.values():
            if post := facts.posts.get(move.post_id or 0):
                self._sit(seat_on(post, move.cadre_id))

    def _sit(self, seat: Seat) -> None:
        self.of_cadre[seat.cadre_id].append(seat)
        if seat.post_id is not None and seat.cadre_id not in self.on_post[seat.post_id]:
            self.on_post[seat.post_id].append(seat.cadre_id)
        if seat.unit_id is not None:
            self.in_unit[seat.unit_id].append(seat)

    def main(self, cadre_id: int) -> Seat | None:
        return next((seat for seat in self.of_cadre.get(cadre_id, ()) if seat.is_main), None)

    def holders(self, post_id: int) -> list[int]:
        return self.on_post.get(post_id, [])

    def members(self, unit_id: int) -> list[int]:
        """People whose main post is in the unit itself."""
        return [seat.cadre_id for seat in self.in_unit.get(unit_id, ()) if seat.is_main]

    def leaders(self, unit_id: int) -> list[Seat]:
        """正副职 of the unit itself."""
        return [seat for seat in self.in_unit.get(unit_id, ()) if seat.standing > Standing.STAFF]

    def above(self, unit_id: int | None) -> Iterable[int]:
        """The units over a unit, the nearest first."""
        seen: set[int] = set()
        unit = self.facts.units.get(unit_id) if unit_id else None
        while unit and unit.parent_id and unit.parent_id not in seen:
            seen.add(unit.parent_id)
            yield unit.parent_id
            unit = self.facts.units.get(unit.parent_id)

    def direct_leaders(self, seat: Seat) -> set[int]:
        """Whom the holder of the seat answers to directly: 正职 of the own unit, 正副职 one level up."""
        if seat.unit_id is None:
            return set()
        own = self.leaders(seat.unit_id)
        found = {s.cadre_id for s in own if s.standing > seat.standing}
        if not found or seat.standing > Standing.STAFF:
            for unit_id in self.above(seat.unit_id):
                if body := self.leaders(unit_id):
                    found |= {s.cadre_id for s in body}
                    break
        return found - {seat.cadre_id}


def seat_on(post: PostFacts, cadre_id: int) -> Seat:
    return Seat(cadre_id, post.unit_id, post.id, post.title, post.level)
