"""Time: in the post, at the level, on probation, up to retirement."""

from collections.abc import Iterator, Sequence

from people.spans import full_months, months_in_words
from rotation.checking import Check
from rotation.choices.plans import MoveKind, Verdict
from rotation.choices.tenure import TenureState
from rotation.facts import Facts, Layout, Person, PostFacts, Standing, Wanted
from rotation.thresholds import Thresholds


def checks(facts: Facts, before: Layout, after: Layout, moves: Sequence[Wanted]) -> Iterator[Check]:
    for move in moves:
        person = facts.people[move.cadre_id]
        if not person.is_active:
            yield _check("person.status", Verdict.FAILS, "不是在职干部", "已退休或调出", "干部名册", person)
        if move.post_id is None:
            continue
        post = facts.posts.get(move.post_id)
        yield from _in_post(facts, person)
        if post and (check := _at_level(person, post)):
            yield check
        yield _probation(facts.rules, person, move)
        if post:
            yield _retirement(facts, person, post, move)


def _in_post(facts: Facts, person: Person) -> Iterator[Check]:
    """The usual minimum in the post held; a limit passed there is a reason for the move, not against it."""
    tenure = person.tenure
    if tenure is None:
        return
    source = tenure.rule.source if tenure.rule else ""
    held = f"任{tenure.stint.place}{tenure.stint.title}{months_in_words(tenure.months)}"
    if tenure.movable_on and facts.on < tenure.movable_on:
        years = tenure.rule.min_years if tenure.rule else 0
        words = f"任现岗不满{years}年"
        yield _check("tenure.minimum", Verdict.ATTENTION, words, held, source, person)
        return
    late = tenure.status in (TenureState.OVER, TenureState.HARD)
    words = "任现岗已超过规定年限，本次调整后解除" if late else "任现岗时间"
    yield _check("tenure.minimum", Verdict.MEETS, words, held, source, person)


def _at_level(person: Person, post: PostFacts) -> Check | None:
    """The most that one level may be held in all: moving sideways does not begin it anew."""
    tenure = person.tenure
    if tenure is None or tenure.level_rule is None or not post.level or post.level != tenure.level:
        return None
    rule, held = tenure.level_rule, f"任同一层次领导职务累计{months_in_words(tenure.level_months)}"
    most = rule.hard_years or rule.limit_years
    if most and tenure.level_months >= most * 12:
        words = f"同一层次领导职务已满{most}年"
        return _check("tenure.maximum", Verdict.FAILS, words, held, rule.source, person)
    if rule.warn_years and tenure.level_months >= rule.warn_years * 12:
        words = f"同一层次领导职务将满{most}年"
        return _check("tenure.maximum", Verdict.ATTENTION, words, held, rule.source, person)
    return _check("tenure.maximum", Verdict.MEETS, "同一层次任职年限", held, rule.source, person)


def _probation(rules: Thresholds, person: Person, move: Wanted) -> Check:
    if person.probation_until is None:
        return _check("probation", Verdict.MEETS, "试用期", "不在试用期内", rules.probation_source, person)
    known = f"{person.probation_words}，试用期至{person.probation_until:%Y-%m-%d}"
    verdict = Verdict.FAILS if move.kind == MoveKind.PROMOTION else Verdict.ATTENTION
    return _check("probation", verdict, "在试用期内", known, rules.probation_source, person)


def _retirement(facts: Facts, person: Person, post: PostFacts, move: Wanted) -> Check:
    on, rules, source = facts.on, facts.rules, facts.rules.retirement_source
    due = person.retirement_month
    if due is None:
        return _check("retirement", Verdict.ATTENTION, "到龄年月", "未登记，请补录", source, person)
    known = f"到龄年月{due:%Y-%m}"
    if (due.year, due.month) <= (on.year, on.month):
        return _check("retirement", Verdict.FAILS, "任职时已到龄", known, source, person)
    left = full_months(on, due)
    known = f"{known}，距到龄{months_in_words(left)}"
    if move.kind == MoveKind.PROMOTION and post.standing > Standing.STAFF and left < rules.term_years * 12:
        return _check("retirement", Verdict.ATTENTION, "任期内到龄，不能任满一届", known, source, person)
    if left < rules.soon_months:
        words = f"{months_in_words(rules.soon_months)}内到龄"
        return _check("retirement", Verdict.ATTENTION, words, known, source, person)
    return _check("retirement", Verdict.MEETS, "到龄时间", known, source, person)


def _check(code: str, verdict: Verdict, message: str, evidence: str, source: str, person: Person) -> Check:
    return Check(code, verdict, message, evidence, source, cadre_id=person.id)
