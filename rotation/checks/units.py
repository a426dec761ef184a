"""Units after the moves: enough people, not all of one age, no skill lost, not all leaders gone at once."""

import re
from collections.abc import Iterator, Sequence

from rotation.checking import Check
from rotation.choices.plans import Verdict
from rotation.facts import Facts, Layout, Standing, UnitFacts, Wanted
from rotation.thresholds import Thresholds

TOGETHER = "班子成员一般不同时调整"
SPLIT = re.compile(r"[、，,；;/\s]+")


def checks(facts: Facts, before: Layout, after: Layout, moves: Sequence[Wanted]) -> Iterator[Check]:
    for unit_id in sorted(_touched(facts, before, moves)):
        unit = facts.units[unit_id]
        now, then = before.members(unit_id), after.members(unit_id)
        if check := _enough(unit, len(now), len(then)):
            yield check
        yield from _ages(facts, unit, now, then)
        yield from _skills(facts, unit, now, then)
        yield from _leaders(unit, before, after)


def _touched(facts: Facts, before: Layout, moves: Sequence[Wanted]) -> set[int]:
    left = {s.unit_id for move in moves if (s := before.main(move.cadre_id)) and s.unit_id}
    taken = {post.unit_id for move in moves if (post := facts.posts.get(move.post_id or 0))}
    return {unit_id for unit_id in left | taken if unit_id in facts.units}


def _enough(unit: UnitFacts, now: int, then: int) -> Check | None:
    if unit.minimum is None:
        return None
    known = f"最低{unit.minimum}人，现有{now}人，调整后{then}人"
    source = unit.minimum_source or "机构最低在岗人数"
    if then >= unit.minimum:
        return _check("unit.minimum", Verdict.MEETS, "在岗人数", known, source, unit)
    verdict = Verdict.FAILS if then < now else Verdict.ATTENTION
    return _check("unit.minimum", verdict, "低于最低在岗人数", known, source, unit)


def _ages(facts: Facts, unit: UnitFacts, now: list[int], then: list[int]) -> Iterator[Check]:
    rules, source = facts.rules, facts.rules.mix_source
    ages = [age for pk in then if (age := facts.known_of(pk).age) is not None]
    if len(ages) < rules.mix_least:
        return
    was = [age for pk in now if (age := facts.known_of(pk).age) is not None]
    young = _young(ages, rules)
    known = f"调整后{len(ages)}人，平均{sum(ages) / len(ages):.0f}岁，{rules.young_age}岁及以下{young}人"
    if min(ages) >= rules.old_age:
        words = f"调整后全部在{rules.old_age}岁以上"
        yield _check("unit.mix.age", Verdict.ATTENTION, words, known, source, unit)
    elif _young(was, rules) and not young:
        words = f"调整后没有{rules.young_age}岁及以下干部"
        yield _check("unit.mix.age", Verdict.ATTENTION, words, known, source, unit)
    else:
        yield _check("unit.mix.age", Verdict.MEETS, "年龄结构", known, source, unit)


def _young(ages: list[int], rules: Thresholds) -> int:
    return sum(1 for age in ages if age <= rules.young_age)


def _skills(facts: Facts, unit: UnitFacts, now: list[int], then: list[int]) -> Iterator[Check]:
    lost = sorted(_skills_of(facts, now) - _skills_of(facts, then))
    if lost:
        known = f"调出后不再有：{'、'.join(lost)}"
        words = "失去仅有的专业专长"
        yield _check("unit.mix.specialty", Verdict.ATTENTION, words, known, facts.rules.mix_source, unit)


def _skills_of(facts: Facts, cadre_ids: list[int]) -> set[str]:
    texts = (facts.known_of(pk).specialty for pk in cadre_ids)
    return {word for text in texts for word in SPLIT.split(text) if word}


def _leaders(unit: UnitFacts, before: Layout, after: Layout) -> Iterator[Check]:
    """Chief and deputies of several who all leave, so that nobody is left who knows the work."""
    was = {seat.cadre_id for seat in before.leaders(unit.id)}
    stay = was & {seat.cadre_id for seat in after.in_unit.get(unit.id, ()) if seat.standing > Standing.STAFF}
    if len(was) > 1 and not stay:
        known = f"现有正副职{len(was)}人全部调整"
        yield _check("unit.leaders", Verdict.ATTENTION, "班子成员同时调整", known, TOGETHER, unit)


def _check(code: str, verdict: Verdict, message: str, evidence: str, source: str, unit: UnitFacts) -> Check:
    return Check(code, verdict, message, evidence, source, unit_id=unit.id)
