"""Posts, units and kin of the whole zone, from the lines that were read."""

from collections import defaultdict
from collections.abc import Iterator

from people.choices import KinRelation, PostClass
from rotation.choices.tenure import Criterion, Readiness, Strength
from rotation.facts import PostFacts, Prepared, Tie, UnitFacts
from rotation.queries.facts.tables import Lines
from rotation.queries.lines import number
from rotation.queries.rules import NAMES
from rotation.requirements import Requirement
from rotation.thresholds import USUAL, Thresholds

READIEST_FIRST = {value: place for place, value in enumerate(Readiness.values)}


def posts_of(lines: Lines) -> dict[int, PostFacts]:
    asked, prepared = _requirements(lines), _successors(lines)
    names = {unit_id: name for _, unit_id, name, _ in lines["unit"]}
    found = {}
    for key, title, unit_id, post_class, level, headcount in lines["post"]:
        found[int(key)] = PostFacts(
            id=int(key),
            title=title,
            unit_id=int(unit_id),
            unit_name=names[unit_id],
            post_class=PostClass(post_class),
            level=level,
            headcount=number(headcount),
            requirements=tuple(asked.get(int(key), ())),
            successors=tuple(prepared.get(int(key), ())),
        )
    return found


def _requirements(lines: Lines) -> dict[int, list[Requirement]]:
    """Post id → its conditions, the hard ones first."""
    found: dict[int, list[Requirement]] = defaultdict(list)
    rows = sorted(lines["requirement"], key=lambda row: (row[1], int(row[2]), int(row[3])))
    for post_id, strength, _, pk, criterion, value, note in rows:
        asked = Requirement(int(pk), int(post_id), Strength(strength), Criterion(criterion), value, note)
        found[asked.post_id].append(asked)
    return found


def _successors(lines: Lines) -> dict[int, list[Prepared]]:
    """Post id → who is prepared for it, the readiest first."""
    found: dict[int, list[Prepared]] = defaultdict(list)
    rows = sorted(lines["successor"], key=lambda row: (READIEST_FIRST[row[4]], int(row[1])))
    for post_id, _, cadre_id, name, readiness in rows:
        found[int(post_id)].append(Prepared(int(cadre_id), name, Readiness(readiness)))
    return found


def rules_of(lines: Lines) -> Thresholds:
    """The latest version in force; the usual amounts where there is none."""
    if not lines["thresholds"]:
        return USUAL
    latest = dict(zip(NAMES, max(lines["thresholds"])[1:], strict=True))
    return Thresholds(**{name: type(getattr(USUAL, name))(text) for name, text in latest.items()})


def ties_of(lines: Lines) -> Iterator[Tie]:
    rows = sorted(lines["tie"], key=lambda row: (int(row[0]), row[1], int(row[2])))
    for cadre_id, relation, _, relative_id, confirmed_at, name, relative in rows:
        names = (name, relative)
        yield Tie(int(cadre_id), int(relative_id), KinRelation(relation), bool(confirmed_at), names)


def units_of(lines: Lines) -> dict[int, UnitFacts]:
    minimum = {unit_id: (number(least), source) for _, unit_id, least, source in sorted(lines["staffing"])}
    fields = [(path, int(leader)) for path, leader in lines["field"]]
    found = {}
    for path, key, name, parent_id in sorted(lines["unit"]):
        found[int(key)] = UnitFacts(
            int(key),
            name,
            path,
            number(parent_id),
            *minimum.get(key, (None, "")),
            in_charge=frozenset(leader for field, leader in fields if path.startswith(field)),
        )
    return found
