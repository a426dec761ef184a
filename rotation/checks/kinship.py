"""任职回避: relatives under one leader, above one another, or near the purse and the files of a leader.

公务员法第七十四条 and 《公务员回避规定》; the relations are those of domain.md 2.4.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from people.choices import KinRelation
from rotation.checking import Check
from rotation.choices.plans import Verdict
from rotation.facts import Facts, Layout, PostFacts, Seat, Standing, Tie, Wanted

LAW = "《公务员法》第七十四条、《公务员回避规定》"
SPOUSES = frozenset({KinRelation.SPOUSE})
LINEAL = frozenset({KinRelation.PARENT, KinRelation.CHILD, KinRelation.GRANDPARENT, KinRelation.GRANDCHILD})
COLLATERAL = frozenset(
    {KinRelation.SIBLING, KinRelation.UNCLE_AUNT, KinRelation.NEPHEW_NIECE, KinRelation.COUSIN}
)
IN_LAWS = frozenset(KinRelation) - SPOUSES - LINEAL - COLLATERAL
GROUPS = (
    (SPOUSES, "夫妻关系"),
    (LINEAL, "直系血亲"),
    (COLLATERAL, "三代以内旁系血亲"),
    (IN_LAWS, "近姻亲"),
)
# 组织、人事、纪检、监察、审计、财务 work: by the name of the post, some by that of the unit.
POST_WORDS = ("组织", "人事", "干部", "纪检", "监察", "审计", "财务", "会计", "出纳")
UNIT_WORDS = ("组织", "人事", "纪检", "纪工委", "监察", "审计", "财务")


def group_of(relation: KinRelation) -> str:
    return next(words for relations, words in GROUPS if relation in relations)


def checks(facts: Facts, before: Layout, after: Layout, moves: Sequence[Wanted]) -> Iterator[Check]:
    moved = {move.cadre_id for move in moves if move.post_id is not None}
    troubled: set[int] = set()
    for tie in facts.ties:
        for check in _of_tie(facts, after, tie, moved):
            troubled.add(check.cadre_id or 0)
            yield check
    for cadre_id in sorted(moved - troubled):
        yield _clear(facts, cadre_id)


def _clear(facts: Facts, cadre_id: int) -> Check:
    count = sum(1 for tie in facts.ties if cadre_id in (tie.cadre_id, tie.relative_id))
    known = f"已登记区内亲属{count}人，与拟任岗位无回避关系" if count else "没有登记区内亲属"
    return Check("kinship.none", Verdict.MEETS, "任职回避", known, LAW, cadre_id=cadre_id)


@dataclass(frozen=True, slots=True)
class _Pair:
    """One of the two seats of relatives, and that of the other."""

    mine: Seat
    theirs: Seat


def _of_tie(facts: Facts, after: Layout, tie: Tie, moved: set[int]) -> Iterator[Check]:
    for mover in (tie.cadre_id, tie.relative_id):
        if mover not in moved:
            continue
        other = tie.relative_id if mover == tie.cadre_id else tie.cadre_id
        said: set[str] = set()
        for mine in after.of_cadre.get(mover, ()):
            for theirs in after.of_cadre.get(other, ()):
                check = _judge(facts, after, tie, _Pair(mine, theirs))
                if check and check.code not in said:
                    said.add(check.code)
                    yield check


def _judge(facts: Facts, after: Layout, tie: Tie, pair: _Pair) -> Check | None:
    """The gravest that stands between the two."""
    mine, theirs = pair.mine, pair.theirs
    over, under = after.direct_leaders(mine), after.direct_leaders(theirs)
    if theirs.cadre_id in over or mine.cadre_id in under:
        words = "与亲属有直接上下级领导关系"
        return _check(facts, tie, pair, "kinship.direct_line", words, Verdict.FAILS)
    if near := _sensitive(facts, after, mine, theirs) or _sensitive(facts, after, theirs, mine):
        return _check(facts, tie, pair, "kinship.sensitive_work", near, Verdict.FAILS)
    if over & under:
        return _same_leader(facts, tie, pair, over & under)
    return None


def _same_leader(facts: Facts, tie: Tie, pair: _Pair, leaders: set[int]) -> Check:
    """In one unit, or in the field of one leader: not allowed. Under one leading body: to be looked at."""
    mine, theirs = pair.mine, pair.theirs
    shared = _in_charge(facts, mine) & _in_charge(facts, theirs)
    if mine.unit_id == theirs.unit_id or shared:
        names = _names(facts, shared or leaders)
        words = f"与亲属直接隶属于同一领导人员（{names}）"
        return _check(facts, tie, pair, "kinship.same_leader", words, Verdict.FAILS)
    words = f"与亲属分属同一领导班子（{_names(facts, leaders)}）领导的部门，分管领导不同，请核对分工"
    return _check(facts, tie, pair, "kinship.same_body", words, Verdict.ATTENTION)


def _in_charge(facts: Facts, seat: Seat) -> frozenset[int]:
    unit = facts.units.get(seat.unit_id or 0)
    return unit.in_charge - {seat.cadre_id} if unit else frozenset()


def _names(facts: Facts, cadre_ids: set[int] | frozenset[int]) -> str:
    return "、".join(sorted(facts.name_of(pk) for pk in cadre_ids if facts.name_of(pk)))


def _sensitive(facts: Facts, after: Layout, worker: Seat, leader: Seat) -> str:
    """What is wrong where one does such work in an organ that the other leads."""
    if leader.standing == Standing.STAFF or leader.unit_id is None or worker.unit_id is None:
        return ""
    if leader.unit_id not in {worker.unit_id, *after.above(worker.unit_id)}:
        return ""
    work = sensitive_work(worker.title, _unit_name(facts, worker))
    return f"在亲属担任领导职务的机关从事{work}工作" if work else ""


def _unit_name(facts: Facts, seat: Seat) -> str:
    unit = facts.units.get(seat.unit_id or 0)
    return unit.name if unit else ""


def sensitive_work(title: str, unit_name: str) -> str:
    """The word by which a post is 组织、人事、纪检、监察、审计、财务 work; "" for other work."""
    by_title = next((word for word in POST_WORDS if word in title), "")
    return by_title or next((word for word in UNIT_WORDS if word in unit_name), "")


def is_sensitive(post: PostFacts) -> bool:
    return bool(sensitive_work(post.title, post.unit_name))


def _check(facts: Facts, tie: Tie, pair: _Pair, code: str, words: str, verdict: Verdict) -> Check:
    name = facts.name_of(pair.theirs.cadre_id) or tie.names[pair.theirs.cadre_id == tie.relative_id]
    known = (
        f"{tie.names[1] or facts.name_of(tie.relative_id)}是"
        f"{tie.names[0] or facts.name_of(tie.cadre_id)}的{tie.relation.label}（{group_of(tie.relation)}）；"
        f"{name}任{_unit_name(facts, pair.theirs)}{pair.theirs.title}"
    )
    return Check(
        code=code,
        verdict=verdict if tie.confirmed else Verdict.ATTENTION,
        message=words if tie.confirmed else f"{words}（亲属关系待核实）",
        evidence=known,
        source=LAW,
        cadre_id=pair.mine.cadre_id,
        post_id=pair.mine.post_id,
    )
