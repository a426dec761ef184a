"""Who spoke at the bimonthly activity, who never did, and who could be next."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.access import Permission, Viewer
from people.choices import CadreStatus
from people.models import Cadre
from training.choices import ActivityState, AttendanceState, StudyKind
from training.models import AgendaItem, Attendance, StudyActivity
from training.rota import Candidate

YEAR = timedelta(days=365)
AT_LEARNING = Q(activity__kind=StudyKind.LEARNING)


def speeches_until(day: date) -> QuerySet[AgendaItem]:
    """Speeches at learning activities that were held by the day."""
    held = Q(activity__state=ActivityState.HELD, activity__held_on__lte=day)
    return AgendaItem.objects.filter(AT_LEARNING, held, speaker__isnull=False)


def speaker_list(viewer: Viewer) -> QuerySet[Any]:
    """Active cadres with `speech_count` and `last_spoke_on` at learning activities."""
    spoken = speeches_until(viewer.on).filter(speaker=OuterRef("pk")).order_by().values("speaker")
    rows: Any = Cadre.objects.visible_to(viewer, Permission.VIEW_TRAINING).filter(status=CadreStatus.ACTIVE)
    return rows.as_of(viewer.on).annotate(  # type: ignore[no-any-return]
        speech_count=Coalesce(Subquery(spoken.annotate(count=Count("pk")).values("count")), 0),
        last_spoke_on=Subquery(spoken.annotate(last=Max("activity__held_on")).values("last")),
    )


def candidates_for(activity: StudyActivity, viewer: Viewer) -> list[Candidate]:
    """Whoever is expected, within the viewer's reach and not on an agenda ahead; four queries."""
    rows = Attendance.objects.visible_to(viewer, Permission.EDIT_STUDY).filter(slot__activity=activity)
    expected = list(rows.exclude(state=AttendanceState.EXCUSED).select_related("cadre", "unit"))
    booked = _booked(activity)
    ids = [row.cadre_id for row in expected]
    spoken = speeches_until(activity.held_on).filter(speaker__in=ids)
    last = dict(spoken.order_by().values_list("speaker").annotate(Max("activity__held_on")))
    unit_of = {row.cadre_id: row.unit_id for row in expected}
    recent = spoken.filter(activity__held_on__gt=activity.held_on - YEAR).values_list("speaker", flat=True)
    loads = Counter(unit_of[pk] for pk in recent if pk is not None)
    sizes = Counter(unit_of.values())
    return [
        Candidate(
            cadre_id=row.cadre_id,
            name=row.cadre.name,
            department=str(row.unit or ""),
            age=row.cadre.age(activity.held_on),
            last_spoke_on=last.get(row.cadre_id),
            department_load=loads[row.unit_id],
            department_size=sizes[row.unit_id],
        )
        for row in expected
        if row.cadre_id not in booked
    ]


def _booked(activity: StudyActivity) -> set[int | None]:
    """Speakers of this activity and of those still ahead."""
    here = Q(activity=activity) | (AT_LEARNING & Q(activity__state=ActivityState.PLANNED))
    return set(AgendaItem.objects.filter(here, speaker__isnull=False).values_list("speaker_id", flat=True))
