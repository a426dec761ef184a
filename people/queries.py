"""Reads that span models: what is missing on records, what happened to cadres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.access import Permission, Viewer
from core.periods import covers
from people.choices import AppointmentKind, CadreStatus, LeadershipLevel, OccasionCode
from people.models import AnnualAppraisal, Appointment, Cadre, Honour, ResumeEntry

# What a record needs before a growth file can be read without questions: field → what to call it.
NEEDED_FIELDS = {
    "staff_no": "工号",
    "sex": "性别",
    "birth_month": "出生年月",
    "political_status": "政治面貌",
    "work_started_on": "参加工作时间",
    "staff_type": "身份",
    "id_number_index": "身份证号",
    "photo_path": "照片",
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """`percent` of the needed entries that are there, and the names of those that are not."""

    percent: int
    missing: tuple[str, ...]


def is_missing(name: str) -> Q:
    """Condition: the field is empty, whichever way the column says so."""
    field = Cadre._meta.get_field(name)
    empty = Q(**{f"{name}__isnull": True}) if field.null else Q(**{name: ""})
    return empty | Q(**{name: ""}) if field.null and field.get_internal_type() == "CharField" else empty


def incomplete_cadres(viewer: Viewer) -> QuerySet[Cadre]:
    """Active cadres whose record lacks something that a growth file needs."""
    lacking = Q()
    for name in NEEDED_FIELDS:
        lacking |= is_missing(name)
    editable = Cadre.objects.visible_to(viewer, Permission.EDIT_CADRE)
    return editable.filter(lacking, status=CadreStatus.ACTIVE)


# Carried as `has_resume`, it saves `completeness_of` a query.
HAS_RESUME = Exists(ResumeEntry.objects.filter(cadre=OuterRef("pk")))


def completeness_of(cadre: Cadre) -> Completeness:
    """Counts the needed fields, one 简历 and one 学历; no query for what the cadre carries already."""
    missing = [label for name, label in NEEDED_FIELDS.items() if not getattr(cadre, name)]
    known = getattr(cadre, "has_resume", None)
    if not (cadre.resume.exists() if known is None else known):
        missing.append("简历")
    if not cadre.education.exists():
        missing.append("学历学位")
    total = len(NEEDED_FIELDS) + 2
    return Completeness(round(100 * (total - len(missing)) / total), tuple(missing))


@dataclass(frozen=True, slots=True)
class Headcount:
    """People of a viewer's scope as of a day."""

    active: QuerySet[Cadre]
    seconded: QuerySet[Cadre]
    unplaced: QuerySet[Cadre]


def headcount(viewer: Viewer) -> Headcount:
    """Active cadres, those away on secondment or loan, and those without a post."""
    active = Cadre.objects.visible_to(viewer).filter(status=CadreStatus.ACTIVE)
    held = Appointment.objects.filter(covers(viewer.on), cadre=OuterRef("pk"))
    away = held.filter(kind__in=[AppointmentKind.SECONDMENT, AppointmentKind.LOAN])
    placed = held.filter(kind=AppointmentKind.POST)
    return Headcount(active, active.filter(Exists(away)), active.exclude(Exists(placed)))


def appointments_between(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[Appointment]:
    """Appointments that began in the closed period, with their units."""
    begun = Appointment.objects.filter(cadre_id__in=cadre_ids, starts_on__gte=since, starts_on__lte=until)
    return begun.select_related("unit").order_by("-starts_on")


def meaning_of_posts(cadre_ids: Sequence[int]) -> dict[int, OccasionCode]:
    """What each main post meant to its holder on taking it, by appointment id; one query."""
    held = Appointment.objects.filter(cadre_id__in=cadre_ids, kind=AppointmentKind.POST, is_main=True)
    rows = held.order_by("cadre_id", "starts_on", "pk").values_list("pk", "cadre_id", "post__level")
    heights = {level: -place for place, level in enumerate(LeadershipLevel.values)}
    meanings, last = {}, (0, 0)
    for pk, cadre_id, level in rows:
        height = heights.get(level or "", -len(heights))
        if last[0] != cadre_id:
            meanings[pk] = OccasionCode.JOINED
        else:
            meanings[pk] = OccasionCode.PROMOTED if height > last[1] else OccasionCode.POST_CHANGED
        last = (cadre_id, height)
    return meanings


def secondments_ended(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[Appointment]:
    """Secondments whose last day lies in the closed period, with their units."""
    away = Appointment.objects.filter(cadre_id__in=cadre_ids, kind=AppointmentKind.SECONDMENT)
    return away.filter(ends_on__gte=since, ends_on__lte=until).select_related("unit")


def ranks_risen(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[Cadre]:
    """Cadres who got their present rank in the closed period, later than they began to work."""
    risen = Cadre.objects.filter(pk__in=cadre_ids, rank_since__gte=since, rank_since__lte=until)
    first = Q(work_started_on__isnull=False, rank_since__lte=F("work_started_on") + timedelta(days=366))
    return risen.exclude(rank="").exclude(first)


def appraisals_of_years(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[AnnualAppraisal]:
    """Appraisals of the years whose last day lies in the closed period."""
    last_year = until.year if (until.month, until.day) == (12, 31) else until.year - 1
    return AnnualAppraisal.objects.filter(
        cadre_id__in=cadre_ids, year__gte=since.year, year__lte=last_year
    ).order_by("cadre_id", "-year")


def retirements_between(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[Cadre]:
    due = Cadre.objects.filter(pk__in=cadre_ids, retirement_month__gte=since, retirement_month__lte=until)
    return due.order_by("retirement_month", "pk")


def honours_between(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[Honour]:
    found = Honour.objects.filter(cadre_id__in=cadre_ids, awarded_on__gte=since, awarded_on__lte=until)
    return found.order_by("-awarded_on")


def neighbour_of(cadre: Cadre, rows: QuerySet[Cadre], step: int) -> Cadre | None:
    """The one after (step 1) or before (step -1) `cadre` in roster order, of the same status; one query."""
    way = "gt" if step > 0 else "lt"
    first, second, last = cadre.display_order, cadre.name_pinyin, cadre.pk
    beyond = (
        Q(**{f"display_order__{way}": first})
        | Q(display_order=first, **{f"name_pinyin__{way}": second})
        | Q(display_order=first, name_pinyin=second, **{f"pk__{way}": last})
    )
    order = ["display_order", "name_pinyin", "pk"]
    ordered = rows.filter(beyond, status=cadre.status).order_by(
        *(order if step > 0 else [f"-{name}" for name in order])
    )
    return ordered.first()
