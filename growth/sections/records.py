"""What the sections about people read: one question per kind of record for all cadres of a batch."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from core.asking import Steps, asked_all
from people.models import (
    AnnualAppraisal,
    Appointment,
    Cadre,
    Education,
    FamilyMember,
    Honour,
    ResumeEntry,
)


@dataclass(slots=True)
class Records:
    """Everything of one cadre as of the day, oldest first where it is dated."""

    resume: list[ResumeEntry] = field(default_factory=list)
    education: list[Education] = field(default_factory=list)
    family: list[FamilyMember] = field(default_factory=list)
    appraisals: list[AnnualAppraisal] = field(default_factory=list)
    honours: list[Honour] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)


def basics_of(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, Records]]:
    """Education and family."""
    ids = [cadre.pk for cadre in cadres]
    return _gather(
        ids,
        education=Education.objects.filter(cadre__in=ids).order_by("mode"),
        family=FamilyMember.objects.filter(cadre__in=ids).order_by("position", "pk"),
    )


def resumes_of(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, Records]]:
    ids = [cadre.pk for cadre in cadres]
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=as_of)
    return _gather(ids, resume=ResumeEntry.objects.filter(begun, cadre__in=ids).order_by("position", "pk"))


def merits_of(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, Records]]:
    """Appraisals of the years that had ended or been concluded, honours awarded by the day."""
    ids = [cadre.pk for cadre in cadres]
    return _gather(
        ids,
        appraisals=AnnualAppraisal.objects.filter(cadre__in=ids, year__lte=as_of.year).order_by("year"),
        honours=Honour.objects.filter(cadre__in=ids, awarded_on__lte=as_of).order_by("awarded_on", "pk"),
    )


def posts_of(cadres: Sequence[Cadre], as_of: date) -> Steps[dict[int, Records]]:
    ids = [cadre.pk for cadre in cadres]
    begun = Appointment.objects.filter(cadre__in=ids, starts_on__lte=as_of)
    return _gather(ids, appointments=begun.select_related("unit").order_by("starts_on", "pk"))


def _gather(ids: Sequence[int], **kinds: QuerySet[Any]) -> Steps[dict[int, Records]]:
    answers = yield from asked_all(*kinds.values())
    found: dict[int, Records] = defaultdict(Records, {pk: Records() for pk in ids})
    for kind, rows in zip(kinds, answers, strict=True):
        for row in rows:
            getattr(found[row.cadre_id], kind).append(row)
    return found
