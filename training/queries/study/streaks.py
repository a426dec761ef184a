"""Unexplained absences in a row, over classes and study activities alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from training.choices import ActivityState, AttendanceState
from training.models import Attendance
from training.queries.study.clock import figures_on
from training.streaks import CAME, streak_ends

COUNTED = (*CAME, AttendanceState.ABSENT)
NOT_HELD = Q(slot__activity__isnull=False) & ~Q(slot__activity__state=ActivityState.HELD)


@dataclass(frozen=True, slots=True)
class Streak:
    """The absence that completed a run, of how many, and at what."""

    cadre_id: int
    attendance_id: int
    happened_on: date
    limit: int
    title: str


def absence_streaks(cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Streak]:
    """Runs of the cadres that were completed in the closed period; three queries, one if nobody was absent.

    The whole history of whoever was absent in the period is read: where a run began decides where it ends.
    """
    marks = _marks(cadre_ids, until)
    lately = marks.filter(state=AttendanceState.ABSENT, slot__starts_at__date__gte=since)
    absent = set(lately.values_list("cadre_id", flat=True))
    if not absent:
        return
    limit = figures_on(until).absence_limit
    rows = marks.filter(cadre_id__in=absent).order_by("cadre_id", "slot__starts_at", "pk")
    names = (
        "cadre_id",
        "state",
        "pk",
        "slot__starts_at",
        "slot__activity__title",
        "slot__training_class__name",
    )
    for cadre_id, of_cadre in groupby(rows.values_list(*names), key=lambda row: row[0]):
        for _, _, pk, starts_at, activity, of_class in streak_ends(_states(of_cadre), limit):
            day = timezone.localdate(starts_at)
            if since <= day <= until:
                yield Streak(cadre_id, pk, day, limit, activity or of_class or "")


def _states(rows: Iterator[Any]) -> Iterator[tuple[AttendanceState, Any]]:
    return ((AttendanceState(row[1]), row) for row in rows)


def _marks(cadre_ids: Sequence[int], until: date) -> QuerySet[Attendance]:
    rows = Attendance.objects.filter(cadre_id__in=cadre_ids, slot__cancelled_at__isnull=True)
    return rows.filter(state__in=COUNTED, slot__starts_at__date__lte=until).exclude(NOT_HELD)
