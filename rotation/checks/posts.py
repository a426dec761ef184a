"""Posts: left empty, held by too many, without anybody prepared, taken by somebody who is not ready."""

from collections.abc import Iterator, Sequence

from people.choices import PostClass
from rotation.checking import Check
from rotation.choices.plans import Verdict
from rotation.choices.tenure import Readiness
from rotation.facts import Facts, Layout, PostFacts, Prepared, Standing, Wanted

HEADCOUNT = "岗位职数（机构与岗位）"
SUCCESSORS = "岗位后备人选"


def checks(facts: Facts, before: Layout, after: Layout, moves: Sequence[Wanted]) -> Iterator[Check]:
    moved = {move.cadre_id for move in moves}
    left = {s.post_id for pk in moved if (s := before.main(pk)) and s.post_id}
    taken = {move.post_id for move in moves if move.post_id is not None}
    for post_id in sorted(left | taken):
        if post := facts.posts.get(post_id):
            yield _filled(facts, post, before, after)
            if post_id in left and post.matters:
                yield _prepared(post, moved, after)
    for move in moves:
        post = facts.posts.get(move.post_id or 0)
        if post is not None and post.post_class == PostClass.KEY:
            yield _ready(post, move)


def _filled(facts: Facts, post: PostFacts, before: Layout, after: Layout) -> Check:
    now, then = before.holders(post.id), after.holders(post.id)
    known = f"现有{_people(facts, now)}，调整后{_people(facts, then)}"
    if post.headcount is not None:
        known = f"职数{post.headcount}，{known}"
        if len(then) > post.headcount and len(then) > len(now):
            return _check("post.overfilled", Verdict.FAILS, "超过职数", known, HEADCOUNT, post)
        if len(then) > post.headcount:
            return _check("post.overfilled", Verdict.ATTENTION, "仍超过职数", known, HEADCOUNT, post)
    if now and not then:
        grave = post.post_class == PostClass.KEY or post.standing == Standing.CHIEF
        verdict = Verdict.FAILS if grave else Verdict.ATTENTION
        return _check("post.emptied", verdict, "调整后空缺，无人接任", known, HEADCOUNT, post)
    return _check("post.filled", Verdict.MEETS, "岗位衔接", known, HEADCOUNT, post)


def _people(facts: Facts, cadre_ids: Sequence[int]) -> str:
    names = "、".join(facts.name_of(pk) for pk in cadre_ids[:3])
    more = "等" if len(cadre_ids) > 3 else ""
    return f"{names}{more}（{len(cadre_ids)}人）" if cadre_ids else "无人"


def _prepared(post: PostFacts, moved: set[int], after: Layout) -> Check:
    """Whether anybody stays prepared once the moves have used some of them up."""
    holders = set(after.holders(post.id))
    still = [s for s in post.successors if s.cadre_id not in moved and s.cadre_id not in holders]
    known = f"后备：{'、'.join(_said(s) for s in still)}" if still else "调整后没有后备人选"
    code, verdict = "successor.missing", Verdict.MEETS if still else Verdict.ATTENTION
    return _check(code, verdict, "后备人选", known, SUCCESSORS, post)


def _said(successor: Prepared) -> str:
    return f"{successor.name}（{Readiness(successor.readiness).label}）"


def _ready(post: PostFacts, move: Wanted) -> Check:
    """Whether whoever takes a key post was prepared for it."""
    found = next((s for s in post.successors if s.cadre_id == move.cadre_id), None)
    known = _said(found) if found else "不在该岗位后备人选中"
    ready = found is not None and found.readiness == Readiness.NOW
    verdict = Verdict.MEETS if ready else Verdict.ATTENTION
    return Check(
        "successor.readiness",
        verdict,
        "关键岗位人选准备情况",
        known,
        SUCCESSORS,
        cadre_id=move.cadre_id,
        post_id=post.id,
    )


def _check(code: str, verdict: Verdict, message: str, evidence: str, source: str, post: PostFacts) -> Check:
    return Check(code, verdict, message, evidence, source, post_id=post.id, unit_id=post.unit_id)
