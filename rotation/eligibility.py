"""Whether somebody meets what is usual for a secondment: shown as 符合 or 需关注 with the source. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from people.choices import LeadershipLevel
from people.spans import full_months
from rotation.checking import Check
from rotation.choices.plans import Verdict
from rotation.requirements import education_rank

COUNTY = (LeadershipLevel.COUNTY_CHIEF, LeadershipLevel.COUNTY_DEPUTY)
BUREAU = (LeadershipLevel.BUREAU_CHIEF, LeadershipLevel.BUREAU_DEPUTY)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """The rule in force when the secondment begins."""

    max_months: int
    ages: tuple[int, int, int]  # township and below, county, bureau
    education: str
    is_hard: bool
    source: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of somebody; None or "" where it is not."""

    cadre_id: int
    level: str
    age: int | None
    education: str


def checks(candidate: Candidate, limits: Limits, starts_on: date, ends_on: date) -> Iterator[Check]:
    """Age, education and length, in that order."""
    yield _age(candidate, limits)
    if limits.education:
        yield _education(candidate, limits)
    yield _length(candidate, limits, starts_on, ends_on)


def _age(candidate: Candidate, limits: Limits) -> Check:
    place = 2 if candidate.level in BUREAU else 1 if candidate.level in COUNTY else 0
    words, most = ("乡科级及以下", "县处级", "厅局级")[place], limits.ages[place]
    known = "未登记出生年月" if candidate.age is None else f"开始时{candidate.age}周岁"
    fits = candidate.age is not None and candidate.age <= most
    return _check("secondment.age", f"{words}不超过{most}周岁", known, fits, candidate, limits)


def _education(candidate: Candidate, limits: Limits) -> Check:
    known = candidate.education or "未登记学历"
    fits = education_rank(candidate.education) >= education_rank(limits.education)
    return _check("secondment.education", f"{limits.education}及以上学历", known, fits, candidate, limits)


def _length(candidate: Candidate, limits: Limits, starts_on: date, ends_on: date) -> Check:
    months = full_months(starts_on, ends_on + ONE_DAY)
    fits = within(starts_on, ends_on, limits.max_months)
    words = f"挂职不超过{limits.max_months}个月"
    return _check("secondment.length", words, f"计划{months}个月", fits, candidate, limits)


def within(starts_on: date, ends_on: date, months: int) -> bool:
    """Whether the closed span is no longer than so many full months."""
    whole = full_months(starts_on, ends_on + ONE_DAY)
    return whole < months or (whole == months and full_months(starts_on, ends_on) < months)


def _check(code: str, message: str, evidence: str, fits: bool, candidate: Candidate, limits: Limits) -> Check:
    wrong = Verdict.FAILS if limits.is_hard else Verdict.ATTENTION
    return Check(
        code=code,
        verdict=Verdict.MEETS if fits else wrong,
        message=message,
        evidence=evidence,
        source=limits.source,
        cadre_id=candidate.cadre_id,
    )
