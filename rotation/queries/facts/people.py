"""Those asked about, as the rules see them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from people.choices import CadreStatus, EducationMode, PoliticalStatus, StaffType
from people.models import Cadre
from people.spans import add_months
from rotation.choices.tenure import TenureBasis
from rotation.facts import Person, height_of
from rotation.grass_roots import Spell, rooted, split_words
from rotation.queries.facts.tables import Lines
from rotation.queries.facts.zone import rules_of
from rotation.queries.lines import number
from rotation.requirements import education_rank
from rotation.tenure import Stint, Tenure, Terms, extended_until, tenure_of

ONE_DAY = timedelta(days=1)
PARTY = (PoliticalStatus.PARTY_MEMBER, PoliticalStatus.PROBATIONARY)
# New civil servants are on probation for their first year; others are not.
ON_PROBATION_AT_FIRST = (
    StaffType.CIVIL_SERVANT,
    StaffType.EQUIVALENT,
    StaffType.SELECTED_GRADUATE,
    StaffType.INSTITUTION,
)


class Schooling(NamedTuple):
    mode: str
    level: str
    degree: str
    level_school: str
    degree_school: str


class Record(NamedTuple):
    """What the small tables hold of one person."""

    tenure: Tenure | None
    education: Sequence[Schooling]
    appraisals: Sequence[tuple[int, str]]
    rooted: tuple[Spell, ...]
    away: bool


def people_of(
    cadres: Iterable[Cadre],
    stints: Mapping[int, Sequence[Stint]],
    held: Mapping[int, Sequence[Spell]],
    lines: Lines,
    on: date,
) -> dict[int, Person]:
    """`stints` are the main posts, `held` everything that was held, secondments too."""
    stood, rules = _tenures(stints, lines, on), rules_of(lines)
    education, grades, resumes = _education(lines), _appraisals(lines), _resumes(lines)
    words, but = split_words(rules.grass_roots_words), split_words(rules.grass_roots_except)
    found = {}
    for cadre in cadres:
        pk = cadre.pk
        spells = [*resumes.get(pk, ()), *held.get(pk, ())]
        away = any(spell.away for spell in spells)
        schools, years = education.get(pk, ()), grades.get(pk, ())
        record = Record(stood.get(pk), schools, years, rooted(spells, words, on, but), away)
        posts = tuple(stints.get(pk, ()))
        found[pk] = _person(cadre, posts, record, probation_of(posts, cadre, on, rules.probation_months), on)
    return found


def _person(
    cadre: Cadre, stints: tuple[Stint, ...], record: Record, probation: tuple[date | None, str], on: date
) -> Person:
    schools = [t for row in record.education for t in (row.level_school, row.degree_school, row.degree)]
    return Person(
        id=cadre.pk,
        name=cadre.name,
        is_active=cadre.status == CadreStatus.ACTIVE,
        sex=cadre.sex,
        age=cadre.age(on),
        retirement_month=cadre.retirement_month,
        work_started_on=cadre.work_started_on,
        staff_type=cadre.staff_type,
        rank=cadre.rank,
        level=(record.tenure.level if record.tenure else "") or cadre.leadership_level,
        is_party=cadre.political_status in PARTY,
        education=max((row.level or row.degree for row in record.education), key=education_rank, default=""),
        specialty="、".join(text for text in (cadre.specialty, *schools) if text),
        title=cadre.professional_title,
        grass_roots=bool(record.rooted) or record.away,
        rooted=record.rooted,
        stints=stints,
        tenure=record.tenure,
        probation_until=probation[0],
        probation_words=probation[1],
        appraisals=tuple(record.appraisals),
    )


def probation_of(stints: Sequence[Stint], cadre: Cadre, on: date, months: int) -> tuple[date | None, str]:
    """The last day of a probation of so many months that still runs on the day, and why there is one."""
    found: tuple[date | None, str] = (None, "")
    level = 0
    for place, stint in enumerate(stints):
        height = height_of(stint.level)
        if place and height > level:
            words = f"{stint.starts_on:%Y-%m}任{stint.place}{stint.title}"
            found = (_last_day(stint.starts_on, months), words)
        level = height
    if found[0] is None and cadre.staff_type in ON_PROBATION_AT_FIRST and cadre.work_started_on:
        found = (_last_day(cadre.work_started_on, months), f"{cadre.work_started_on:%Y-%m}参加工作")
    return found if found[0] and found[0] >= on else (None, "")


def _last_day(since: date, months: int) -> date:
    return add_months(since, months) - ONE_DAY


def _tenures(stints: Mapping[int, Sequence[Stint]], lines: Lines, on: date) -> dict[int, Tenure | None]:
    rules = [_terms(*row) for row in lines["terms"]]
    extended: dict[int, list[tuple[int | None, date]]] = defaultdict(list)
    for cadre_id, post_id, until in lines["extension"]:
        extended[int(cadre_id)].append((number(post_id), date.fromisoformat(until)))
    return {
        pk: tenure_of(pk, held, rules, on, extended_until(extended.get(pk, []), held, on))
        for pk, held in stints.items()
    }


def _terms(*row: str) -> Terms:
    basis, post_class, level, warn, limit, hard, least, source, rule_id = row
    return Terms(
        basis=TenureBasis(basis),
        post_class=post_class,
        level=level,
        warn_years=number(warn),
        limit_years=number(limit),
        hard_years=number(hard),
        min_years=number(least) or 0,
        source=source,
        rule_id=number(rule_id),
    )


def _education(lines: Lines) -> dict[int, list[Schooling]]:
    """全日制 first."""
    found: dict[int, list[Schooling]] = defaultdict(list)
    for cadre_id, *texts in lines["education"]:
        found[int(cadre_id)].append(Schooling(*texts))
    for rows in found.values():
        rows.sort(key=lambda row: (row.mode != EducationMode.FULL_TIME, row.mode))
    return found


def _resumes(lines: Lines) -> dict[int, list[Spell]]:
    """A line ends with its month: two that meet in one month join without a gap."""
    found: dict[int, list[Spell]] = defaultdict(list)
    for cadre_id, starts_on, ends_on, text in lines["resume"]:
        found[int(cadre_id)].append(Spell(_day(starts_on), _day(ends_on), text))
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _appraisals(lines: Lines) -> dict[int, list[tuple[int, str]]]:
    """Cadre id → (year, grade), the latest first."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for cadre_id, year, grade in lines["appraisal"]:
        found[int(cadre_id)].append((int(year), grade))
    return {pk: sorted(rows, reverse=True) for pk, rows in found.items()}
