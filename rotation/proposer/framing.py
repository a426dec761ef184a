"""From the facts to the problem: which moves break no hard rule, and what speaks for and against each. Pure.

The rules are those of `rotation.checks`, so the machine proposes nothing that the checks would call 不具备.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from people.choices import PostClass
from people.spans import months_in_words
from rotation.checking import Check
from rotation.checks import career, kinship, others, requirements, tenure
from rotation.choices.plans import MoveKind, Verdict
from rotation.choices.tenure import TenureState
from rotation.facts import Facts, Layout, Person, PostFacts, Wanted, height_of
from rotation.proposer.problem import (
    DEFAULT_WEIGHTS,
    Criterion,
    Demand,
    DemandKind,
    Option,
    Place,
    Problem,
)
from rotation.proposer.problem import Person as Candidate

# Rules that look at one move alone; seats, units and relatives are looked at over all moves.
OF_ONE_MOVE = (tenure.checks, career.checks, requirements.checks, others.checks)
PRESSING = {TenureState.WARN: 1, TenureState.OVER: 2, TenureState.HARD: 3}
FRONTLINE = (
    "项目",
    "招商",
    "企业",
    "征迁",
    "信访",
    "安全",
    "应急",
    "环保",
    "执法",
    "村",
    "社区",
    "镇",
    "街道",
)
MOST_REASONS = 3
_CLASSES = frozenset({PostClass.KEY, PostClass.IMPORTANT})
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the office asks for. `promote`: whether posts one level up may be proposed."""

    people: tuple[int, ...]
    posts: tuple[int, ...]
    must_move: tuple[int, ...] = ()
    must_fill: tuple[int, ...] = ()
    weights: Mapping[Criterion, int] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    most_moves: int | None = None
    promote: bool = False


def frame(facts: Facts, wish: Wish) -> Problem:
    """The problem of the wish; people and posts that the facts do not know are left out."""
    return _Framing(facts, wish).problem()


def kind_of(facts: Facts, person: Person, post: PostFacts) -> MoveKind:
    """提任 where the post stands higher, 轮岗 within the own unit, else 交流转任."""
    if height_of(post.level) > height_of(person.level):
        return MoveKind.PROMOTION
    seat = person.tenure
    if seat is None:
        return MoveKind.ASSIGNMENT
    return MoveKind.ROTATION if seat.unit_id == post.unit_id else MoveKind.TRANSFER


class _Framing:
    def __init__(self, facts: Facts, wish: Wish) -> None:
        self.facts, self.wish = facts, wish
        self.people = [facts.people[pk] for pk in wish.people if pk in facts.people]
        self.posts = [facts.posts[pk] for pk in wish.posts if pk in facts.posts]
        self.pool = {person.id for person in self.people}
        self.now = Layout(facts)
        self.kin = self._kin()
        self.refused: dict[Key, list[str]] = {}
        self.apart_staying: list[tuple[Key, int]] = []

    def problem(self) -> Problem:
        options = tuple(self._options())
        return Problem(
            people=tuple(self._candidate(person) for person in self.people),
            places=tuple(self._place(post) for post in self.posts),
            options=options,
            demands=tuple(self._demands()),
            weights=self.wish.weights,
            apart=tuple(self._apart(options)),
            apart_staying=tuple(self.apart_staying),
            minimum=self._minimum(),
            most_moves=self.wish.most_moves,
        )

    # People and places

    def _candidate(self, person: Person) -> Candidate:
        seat = self.now.main(person.id)
        post = seat.post_id if seat and seat.post_id in self.wish.posts else None
        return Candidate(person.id, person.name, seat.unit_id if seat else None, post)

    def _place(self, post: PostFacts) -> Place:
        holders = self.now.holders(post.id)
        outside = [pk for pk in holders if pk not in self.pool]
        seats = post.headcount if post.headcount is not None else (1 if post.matters else None)
        return Place(
            id=post.id,
            name=post.name,
            unit=post.unit_id,
            seats=None if seats is None else max(0, seats - len(outside)),
            held_outside=bool(outside),
            keep_held=post.matters,
        )

    def _minimum(self) -> dict[int, int]:
        """Unit → people in question who must stay there, others counted already."""
        found = {}
        for unit in self.facts.units.values():
            if unit.minimum:
                others_there = [pk for pk in self.now.members(unit.id) if pk not in self.pool]
                found[unit.id] = max(0, unit.minimum - len(others_there))
        return found

    # Moves

    def _options(self) -> Iterator[Option]:
        for person in self.people:
            seat = self.now.main(person.id)
            elsewhere = (post for post in self.posts if seat is None or seat.post_id != post.id)
            yield from filter(None, (self._option(person, post) for post in elsewhere))

    def _option(self, person: Person, post: PostFacts) -> Option | None:
        if lost := self._out_of_question(person, post):
            self.refused[person.id, post.id] = [lost]
            return None
        move = Wanted(person.id, post.id, kind_of(self.facts, person, post))
        checks = [c for family in OF_ONE_MOVE for c in family(self.facts, self.now, self.now, [move])]
        checks += self._kinship(person, move)
        failing = [check.message for check in checks if check.verdict == Verdict.FAILS]
        if failing:
            self.refused[person.id, post.id] = failing
            return None
        gains, reasons = self._gains(person, post, checks)
        warnings = tuple(dict.fromkeys(c.message for c in checks if c.verdict == Verdict.ATTENTION))
        return Option(person.id, post.id, gains, tuple(reasons), warnings)

    def _out_of_question(self, person: Person, post: PostFacts) -> str:
        rise = height_of(post.level) - height_of(person.level)
        if rise < 0:
            return "岗位层次低于现职"
        return "岗位层次高于现职，未选择提任" if rise and not self.wish.promote else ""

    def _gains(
        self, person: Person, post: PostFacts, checks: list[Check]
    ) -> tuple[dict[Criterion, int], list[str]]:
        found: dict[Criterion, int] = {}
        reasons: list[str] = []
        held = person.tenure
        if held and (pressing := PRESSING.get(held.status, 0)):
            found[Criterion.PRESSURE] = pressing
            reasons.append(
                f"任{held.stint.place}{held.stint.title}{months_in_words(held.months)}，{held.status.label}"
            )
        if gained := self._exposure(person, post):
            found[Criterion.EXPOSURE] = 1
            reasons.append(gained)
        wanted = [c for c in checks if c.code == "requirement.preferred" and c.verdict == Verdict.MEETS]
        if wanted:
            found[Criterion.SKILLS] = len(wanted)
            reasons.append("符合岗位优先条件：" + "、".join(check.message for check in wanted))
        if not self.now.holders(post.id):
            reasons.append(f"{post.name}现空缺")
        return found, reasons

    def _exposure(self, person: Person, post: PostFacts) -> str:
        """What a young cadre would meet for the first time."""
        if person.age is None or person.age > self.facts.rules.young_age:
            return ""
        held = {stint.post_class for stint in person.stints}
        if post.post_class in (PostClass.KEY, PostClass.IMPORTANT) and not held & _CLASSES:
            return f"{person.age}周岁，尚无重点以上岗位经历，安排到{PostClass(post.post_class).label}"
        if not person.grass_roots and any(word in post.name for word in FRONTLINE):
            return f"{person.age}周岁，尚无基层经历，安排到一线岗位"
        return ""

    # Relatives

    def _kin(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for tie in self.facts.ties:
            found[tie.cadre_id].add(tie.relative_id)
            found[tie.relative_id].add(tie.cadre_id)
        return found

    def _kinship(self, person: Person, move: Wanted) -> list[Check]:
        """What stands between the person and relatives where they are; one who could leave is no bar yet."""
        relatives = self.kin.get(person.id)
        if not relatives:
            return []
        checks = self._between(person, move)
        if not _fails(checks):
            return checks
        for relative in sorted(relatives & self.pool):
            without = self._between(person, move, Wanted(relative, None, MoveKind.REMOVAL))
            if not _fails(without) and move.post_id is not None:
                self.apart_staying.append(((person.id, move.post_id), relative))
                return without
        return checks

    def _between(self, person: Person, *moves: Wanted) -> list[Check]:
        found = kinship.checks(self.facts, self.now, Layout(self.facts, moves), moves)
        return [check for check in found if check.cadre_id == person.id]

    def _apart(self, options: tuple[Option, ...]) -> Iterator[tuple[Key, Key]]:
        """Moves of two relatives into units where one could stand above or beside the other."""
        of_person: dict[int, list[Option]] = defaultdict(list)
        for option in options:
            if self.kin.get(option.person):
                of_person[option.person].append(option)
        for one in sorted(of_person):
            for other in sorted(self.kin[one] & of_person.keys()):
                if one < other:
                    for first in of_person[one]:
                        for second in of_person[other]:
                            if self._near(first.place, second.place):
                                yield first.key, second.key

    def _near(self, one: int, other: int) -> bool:
        units = self.facts.units
        first, second = (units.get(self.facts.posts[pk].unit_id) for pk in (one, other))
        if first is None or second is None:
            return False
        above = first.path.startswith(second.path) or second.path.startswith(first.path)
        return above or bool(first.in_charge & second.in_charge)

    # Demands

    def _demands(self) -> Iterator[Demand]:
        for person in self.people:
            if person.id in self.wish.must_move:
                why = self._why(key for key in self.refused if key[0] == person.id)
                yield Demand(DemandKind.MOVE, person.id, f"调整{person.name}", why)
        for post in self.posts:
            if post.id in self.wish.must_fill:
                why = self._why(key for key in self.refused if key[1] == post.id)
                yield Demand(DemandKind.FILL, post.id, f"配备{post.name}", why)

    def _why(self, keys: Iterator[Key]) -> str:
        """The commonest grounds on which the moves were refused, with how often."""
        grounds = Counter(message for key in keys for message in dict.fromkeys(self.refused[key]))
        return "；".join(f"{message} {count} 项" for message, count in grounds.most_common(MOST_REASONS))


def _fails(checks: list[Check]) -> bool:
    return any(check.verdict == Verdict.FAILS for check in checks)
