"""Everything the checks need to know of any number of people and posts, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from core.access import Role
from core.periods import covers
from people.choices import (
    AppointmentKind,
    CadreStatus,
    EducationMode,
    KinRelation,
    PoliticalStatus,
    PostClass,
    StaffType,
)
from people.contracts import Obstacle, Transfer, obstacles_to_all
from people.models import (
    AnnualAppraisal,
    Appointment,
    Cadre,
    Education,
    KinTie,
    ResumeEntry,
    RoleGrant,
    Unit,
)
from people.spans import add_months
from rotation.facts import Facts, Known, Person, PostFacts, Prepared, Seat, Tie, UnitFacts, height_of
from rotation.models import UnitStaffing
from rotation.queries.posts import Successor, open_posts, requirements_of, successors_of
from rotation.queries.rules import thresholds_on
from rotation.queries.tenure import stints_of, tenures
from rotation.requirements import Requirement, education_rank
from rotation.tenure import Stint, Tenure

ONE_DAY = timedelta(days=1)
PARTY = (PoliticalStatus.PARTY_MEMBER, PoliticalStatus.PROBATIONARY)
# New civil servants are on probation for their first year; others are not.
ON_PROBATION_AT_FIRST = (
    StaffType.CIVIL_SERVANT,
    StaffType.EQUIVALENT,
    StaffType.SELECTED_GRADUATE,
    StaffType.INSTITUTION,
)
GRASS_ROOTS = ("乡", "镇", "街道", "村", "社区")


def load_facts(
    *, cadre_ids: Iterable[int], post_ids: Iterable[int], on: date, obstacles_on: date | None = None
) -> Facts:
    """The picture on the day. What other apps hold against people is asked as of `obstacles_on`: a plan is
    judged by the day it takes effect, but what is missing today cannot be read from a day to come."""
    ids = sorted(set(cadre_ids))
    cadres = list(Cadre.objects.filter(pk__in=ids))
    seats, known = _everybody(on)
    rules = thresholds_on(on)
    wanted = set(post_ids) | {s.post_id for s in seats if s.post_id and s.cadre_id in set(ids)}
    return Facts(
        on=on,
        people=_people(cadres, on, rules.probation_months),
        known=known,
        seats=tuple(seats),
        posts=_posts(on, wanted),
        units=_units(on),
        ties=tuple(_ties(ids)),
        obstacles=_obstacles(cadres, obstacles_on or on),
        rules=rules,
    )


# People


def _people(cadres: Sequence[Cadre], on: date, probation: int) -> dict[int, Person]:
    ids = [cadre.pk for cadre in cadres]
    stints, stood = stints_of(ids, on), tenures(ids, on)
    education, grades, rooted = _education(ids), _appraisals(ids), _grass_roots(ids, on)
    return {
        cadre.pk: _person(
            cadre,
            on,
            probation,
            tuple(stints.get(cadre.pk, ())),
            stood.get(cadre.pk),
            education.get(cadre.pk, []),
            tuple(grades.get(cadre.pk, ())),
            cadre.pk in rooted,
        )
        for cadre in cadres
    }


def _person(
    cadre: Cadre,
    on: date,
    probation: int,
    stints: tuple[Stint, ...],
    tenure: Tenure | None,
    education: list[Education],
    appraisals: tuple[tuple[int, str], ...],
    grass_roots: bool,
) -> Person:
    until, words = probation_of(stints, cadre, on, probation)
    schools = [text for row in education for text in (row.level_school, row.degree_school, row.degree)]
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
        level=(tenure.level if tenure else "") or cadre.leadership_level,
        is_party=cadre.political_status in PARTY,
        education=max((row.level or row.degree for row in education), key=education_rank, default=""),
        specialty="、".join(text for text in (cadre.specialty, *schools) if text),
        title=cadre.professional_title,
        grass_roots=grass_roots,
        stints=stints,
        tenure=tenure,
        probation_until=until,
        probation_words=words,
        appraisals=appraisals,
    )


def probation_of(stints: Sequence[Stint], cadre: Cadre, on: date, months: int) -> tuple[date | None, str]:
    """The last day of a probation of so many months that still runs on the day, and why there is one."""
    found: tuple[date | None, str] = (None, "")
    level = 0
    for place, stint in enumerate(stints):
        height = height_of(stint.level)
        if place and height > level:
            found = (
                _last_day(stint.starts_on, months),
                f"{stint.starts_on:%Y-%m}任{stint.place}{stint.title}",
            )
        level = height
    if found[0] is None and cadre.staff_type in ON_PROBATION_AT_FIRST and cadre.work_started_on:
        found = (_last_day(cadre.work_started_on, months), f"{cadre.work_started_on:%Y-%m}参加工作")
    return found if found[0] and found[0] >= on else (None, "")


def _last_day(since: date, months: int) -> date:
    return add_months(since, months) - ONE_DAY


def _education(ids: Sequence[int]) -> dict[int, list[Education]]:
    found: dict[int, list[Education]] = defaultdict(list)
    for row in Education.objects.filter(cadre_id__in=ids).order_by("mode"):
        found[row.cadre_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.mode != EducationMode.FULL_TIME)
    return found


def _appraisals(ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Cadre id → (year, grade), the latest first."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = AnnualAppraisal.objects.filter(cadre_id__in=ids).order_by("-year")
    for cadre_id, year, grade in rows.values_list("cadre_id", "year", "grade"):
        found[cadre_id].append((year, grade))
    return found


def _grass_roots(ids: Sequence[int], on: date) -> set[int]:
    """Who has been on secondment, or worked in a township, street or village by the résumé."""
    away = Appointment.objects.filter(
        cadre_id__in=ids, kind=AppointmentKind.SECONDMENT, starts_on__lte=on
    ).values_list("cadre_id", flat=True)
    words = Q()
    for word in GRASS_ROOTS:
        words |= Q(text__contains=word)
    lines = ResumeEntry.objects.filter(words, cadre_id__in=ids).values_list("cadre_id", flat=True)
    return {*away, *lines}


# Everybody


def _everybody(on: date) -> tuple[list[Seat], dict[int, Known]]:
    """Every seat of active people on the day; one main seat for each: the latest where there are several."""
    rows = Appointment.objects.filter(
        covers(on), kind=AppointmentKind.POST, cadre__status=CadreStatus.ACTIVE
    ).select_related("post", "cadre")
    seats: list[Seat] = []
    known: dict[int, Known] = {}
    for row in rows.order_by("-is_main", "-starts_on", "-pk"):
        first = row.cadre_id not in known
        known.setdefault(row.cadre_id, Known(row.cadre.name, row.cadre.age(on), row.cadre.specialty))
        level = row.post.level if row.post else ""
        seats.append(Seat(row.cadre_id, row.unit_id, row.post_id, row.title, level, first, row.pk))
    return seats, known


def _ties(ids: Sequence[int]) -> Iterable[Tie]:
    for tie in KinTie.objects.of(list(ids)).select_related("cadre", "relative"):
        names = (tie.cadre.name, tie.relative.name)
        confirmed = tie.confirmed_at is not None
        yield Tie(tie.cadre_id, tie.relative_id, KinRelation(tie.relation), confirmed, names)


def _obstacles(cadres: Sequence[Cadre], on: date) -> dict[int, Sequence[Obstacle]]:
    return dict(obstacles_to_all([Transfer(cadre, None) for cadre in cadres], on=on))


# Posts and units


def _posts(on: date, wanted: set[int]) -> dict[int, PostFacts]:
    asked, prepared = requirements_of(wanted), successors_of(on, wanted)
    posts: Any = open_posts(on).select_related("unit")
    return {post.pk: _post(post, asked.get(post.pk, ()), prepared.get(post.pk, ())) for post in posts}


def _post(post: Any, asked: Sequence[Requirement], prepared: Sequence[Successor]) -> PostFacts:
    return PostFacts(
        id=post.pk,
        title=post.title,
        unit_id=post.unit_id,
        unit_name=post.unit.name,
        post_class=PostClass(post.post_class),
        level=post.level,
        headcount=post.headcount,
        requirements=tuple(asked),
        successors=tuple(Prepared(s.cadre_id, s.name, s.readiness) for s in prepared),
    )


def _units(on: date) -> dict[int, UnitFacts]:
    staffing = UnitStaffing.objects.covering(on).order_by("starts_on")
    minimum = {row.unit_id: (row.minimum, row.source) for row in staffing}
    units = list(Unit.objects.order_by("path"))
    charged = _in_charge(on)
    return {
        unit.pk: UnitFacts(
            unit.pk,
            unit.name,
            unit.path or "",
            unit.parent_id,
            *minimum.get(unit.pk, (None, "")),
            in_charge=frozenset(pk for path, pk in charged if (unit.path or "").startswith(path)),
        )
        for unit in units
    }


def _in_charge(on: date) -> list[tuple[str, int]]:
    """(path, leader) of the fields of the deputy leaders; who looks after the whole zone is left out."""
    rows = RoleGrant.objects.filter(covers(on), role=Role.VICE_LEADER, unit__isnull=False)
    return list(rows.filter(user__cadre__isnull=False).values_list("unit__path", "user__cadre_id"))
