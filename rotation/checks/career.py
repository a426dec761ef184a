"""The level of the post against that of the person: what 提任 asks for (domain.md 2.2)."""

from collections.abc import Iterator, Sequence

from people.choices import LeadershipLevel
from people.spans import full_months, months_in_words
from rotation.checking import Check
from rotation.choices.plans import MoveKind, Verdict
from rotation.facts import CHIEFS, Facts, Layout, Person, PostFacts, Wanted, height_of
from rotation.grass_roots import months_of, spells_in_words
from rotation.tenure import months_at_level

COUNTY = height_of(LeadershipLevel.COUNTY_DEPUTY)


def checks(facts: Facts, before: Layout, after: Layout, moves: Sequence[Wanted]) -> Iterator[Check]:
    for move in moves:
        post = facts.posts.get(move.post_id or 0)
        if post is not None:
            yield from _level(facts, facts.people[move.cadre_id], post, move)


def _level(facts: Facts, person: Person, post: PostFacts, move: Wanted) -> Iterator[Check]:
    now, then = height_of(person.level), height_of(post.level)
    if then > now:
        if move.kind != MoveKind.PROMOTION:
            words = "岗位层次高于现职层次，应按提任办理"
            yield _check(facts, "level.kind", Verdict.ATTENTION, words, _levels(person, post), person)
        yield _step_up(facts, person, post, then - now)
        if then >= COUNTY:
            yield from _county(facts, person)
    elif then < now:
        words = "岗位层次低于现职层次"
        yield _check(facts, "level.lower", Verdict.ATTENTION, words, _levels(person, post), person)
    elif move.kind == MoveKind.PROMOTION:
        words = "岗位层次与现职相同，不属于提任"
        yield _check(facts, "level.kind", Verdict.ATTENTION, words, _levels(person, post), person)
    else:
        yield _check(facts, "level.same", Verdict.MEETS, "职务层次相当", _levels(person, post), person)


def _levels(person: Person, post: PostFacts) -> str:
    return f"现职{_label(person.level)}，拟任{_label(post.level)}"


def _label(level: str) -> str:
    return LeadershipLevel(level).label if level else "非领导职务"


def _step_up(facts: Facts, person: Person, post: PostFacts, steps: int) -> Check:
    if steps > 1:
        return _check(facts, "level.skipped", Verdict.FAILS, "越级提任", _levels(person, post), person)
    if not person.level:
        return _check(facts, "level.years", Verdict.MEETS, "提任资格", _levels(person, post), person)
    years = facts.rules.chief_years if post.level in CHIEFS else facts.rules.deputy_years
    months = months_at_level(person.stints, person.level, facts.on)
    known = f"任{_label(person.level)}{months_in_words(months)}"
    words = f"提任须任下一层次职务满{years}年"
    verdict = Verdict.MEETS if months >= years * 12 else Verdict.FAILS
    return _check(facts, "level.years", verdict, words, known, person)


def _county(facts: Facts, person: Person) -> Iterator[Check]:
    """县处级: five years of work, two posts at the level below, and time at the grass roots."""
    rules = facts.rules
    work = full_months(person.work_started_on, facts.on) if person.work_started_on else None
    known = f"工龄{months_in_words(work)}" if work is not None else "未登记参加工作时间"
    fits = work is not None and work >= rules.county_work_years * 12
    words = f"提任县处级须有{rules.county_work_years}年以上工龄"
    yield _check(facts, "level.work_years", Verdict.MEETS if fits else Verdict.FAILS, words, known, person)
    held = len({stint.key for stint in person.stints if stint.level and stint.level == person.level})
    verdict = Verdict.MEETS if held >= rules.county_posts else Verdict.ATTENTION
    words = f"一般应有在下一级{rules.county_posts}个以上职位任职的经历"
    yield _check(facts, "level.posts", verdict, words, f"任{_label(person.level)}职位{held}个", person)
    yield _grass_roots(facts, person)


def _grass_roots(facts: Facts, person: Person) -> Check:
    """Less than the rule asks is for somebody to look at: a résumé need not name every place."""
    years = facts.rules.grass_roots_years
    fits = months_of(person.rooted, facts.on) >= years * 12
    return Check(
        "level.grass_roots",
        Verdict.MEETS if fits else Verdict.ATTENTION,
        f"提任县处级须有{years}年以上基层工作经历",
        spells_in_words(person.rooted, facts.on),
        facts.rules.grass_roots_source,
        cadre_id=person.id,
    )


def _check(facts: Facts, code: str, verdict: Verdict, message: str, evidence: str, person: Person) -> Check:
    return Check(code, verdict, message, evidence, facts.rules.career_source, cadre_id=person.id)
