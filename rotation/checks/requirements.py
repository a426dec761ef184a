"""The conditions that the office has set for a post, hard and preferred."""

from collections.abc import Callable, Iterator, Sequence

from people.choices import AppraisalGrade
from people.spans import full_months, months_in_words
from rotation.checking import Check
from rotation.choices.plans import Verdict
from rotation.choices.tenure import Criterion, Strength
from rotation.facts import Facts, Layout, Person, PostFacts, Wanted, level_below
from rotation.grass_roots import spells_in_words
from rotation.requirements import Requirement, education_rank
from rotation.tenure import months_at_level

GOOD = frozenset({AppraisalGrade.EXCELLENT, AppraisalGrade.COMPETENT, AppraisalGrade.QUALIFIED})
# None where the record does not tell: then it is for somebody to look, not a failure.
Answer = tuple[bool | None, str]


def checks(facts: Facts, before: Layout, after: Layout, moves: Sequence[Wanted]) -> Iterator[Check]:
    for move in moves:
        post = facts.posts.get(move.post_id or 0)
        if post is not None:
            for asked in post.requirements:
                yield _check(facts, facts.people[move.cadre_id], post, asked)


def _check(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Check:
    met, known = ANSWERS[asked.criterion](facts, person, post, asked)
    hard = asked.strength == Strength.HARD
    wrong = Verdict.FAILS if hard and met is not None else Verdict.ATTENTION
    return Check(
        code="requirement.hard" if hard else "requirement.preferred",
        verdict=Verdict.MEETS if met else wrong,
        message=asked.words,
        evidence=known,
        source=f"{post.name}{asked.strength.label}" + (f"：{asked.note}" if asked.note else ""),
        cadre_id=person.id,
        post_id=post.id,
    )


def _party(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    return person.is_party, "是" if person.is_party else "不是中共党员"


def _education(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    if not person.education:
        return None, "未登记学历"
    return education_rank(person.education) >= education_rank(asked.value), person.education


def _age(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    if person.age is None:
        return None, "未登记出生年月"
    return person.age <= asked.number, f"{person.age}周岁"


def _specialty(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    return asked.value in person.specialty, person.specialty or "未登记专业和专长"


def _grass_roots(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    """Any time at the grass roots, or a secondment."""
    if person.rooted:
        return True, spells_in_words(person.rooted, facts.on)
    return person.grass_roots, "有挂职经历" if person.grass_roots else "简历和任职中没有找到"


def _level_years(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    level = level_below(post.level) or person.level
    months = months_at_level(person.stints, level, facts.on)
    return months >= asked.number * 12, f"任下一层次职务{months_in_words(months)}"


def _post_class(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    held = [stint for stint in person.stints if stint.post_class == asked.post_class]
    known = f"{held[-1].starts_on:%Y-%m}起任{held[-1].place}{held[-1].title}" if held else "没有"
    return bool(held), known


def _work_years(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    if person.work_started_on is None:
        return None, "未登记参加工作时间"
    months = full_months(person.work_started_on, facts.on)
    return months >= asked.number * 12, f"工龄{months_in_words(months)}"


def _title(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    return asked.value in person.title, person.title or "没有专业技术职务"


def _appraisal(facts: Facts, person: Person, post: PostFacts, asked: Requirement) -> Answer:
    """The last so many years; the year before this one may be missing from the record."""
    grades = dict(person.appraisals)
    years = range(facts.on.year - asked.number, facts.on.year)
    known = "、".join(f"{y}年{AppraisalGrade(grades[y]).label}" for y in years if y in grades)
    missing = [str(year) for year in years if year not in grades]
    if any(grades[year] not in GOOD for year in years if year in grades):
        return False, known
    if missing:
        lack = f"缺{'、'.join(missing)}年考核结果"
        return None, f"{known}；{lack}" if known else lack
    return True, known


ANSWERS: dict[Criterion, Callable[[Facts, Person, PostFacts, Requirement], Answer]] = {
    Criterion.PARTY_MEMBER: _party,
    Criterion.EDUCATION_AT_LEAST: _education,
    Criterion.AGE_BELOW: _age,
    Criterion.SPECIALTY: _specialty,
    Criterion.GRASS_ROOTS_EXPERIENCE: _grass_roots,
    Criterion.LEVEL_YEARS: _level_years,
    Criterion.POST_CLASS_EXPERIENCE: _post_class,
    Criterion.WORK_YEARS: _work_years,
    Criterion.TITLE_CONTAINS: _title,
    Criterion.APPRAISAL_COMPETENT: _appraisal,
}
