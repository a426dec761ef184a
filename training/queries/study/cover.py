"""What each cadre attended in a year: activities by state, and the four forms of integrity education."""

from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery

from core.access import Permission, Viewer
from people.choices import CadreStatus
from people.models import Cadre
from training.choices import INTEGRITY_THEMES, ActivityState, AttendanceState, MakeUpState, StudyKind
from training.hours import Span
from training.models import Attendance
from training.streaks import CAME

HELD = Q(slot__activity__state=ActivityState.HELD)
MADE_UP = Q(make_up__state=MakeUpState.ACCEPTED)


def _active(viewer: Viewer) -> Any:
    rows: Any = Cadre.objects.visible_to(viewer, Permission.VIEW_TRAINING)
    return rows.filter(status=CadreStatus.ACTIVE).as_of(viewer.on)


def integrity_cover(viewer: Viewer, span: Span) -> QuerySet[Any]:
    """Active cadres; for each form the first day in the span on which they took part or made it up, under
    the form's own name."""
    return _active(viewer).annotate(**{theme.value: _first(theme, span) for theme in INTEGRITY_THEMES})  # type: ignore[no-any-return]


def _first(theme: str, span: Span) -> Subquery:
    rows = Attendance.objects.filter(
        HELD,
        Q(state__in=CAME) | MADE_UP,
        cadre=OuterRef("pk"),
        slot__activity__kind=StudyKind.INTEGRITY,
        slot__activity__theme=theme,
        slot__activity__held_on__gte=span.first,
        slot__activity__held_on__lte=span.last,
    )
    first = rows.order_by().values("cadre").annotate(first=Min("slot__activity__held_on"))
    return Subquery(first.values("first"))


def attendance_by_cadre(viewer: Viewer, span: Span, kind: str = "") -> QuerySet[Any]:
    """Active cadres with due, present, late, leave, absent, made_up and rate over held activities."""
    held = Q(
        attendances__slot__activity__state=ActivityState.HELD,
        attendances__slot__activity__held_on__gte=span.first,
        attendances__slot__activity__held_on__lte=span.last,
    )
    if kind:
        held &= Q(attendances__slot__activity__kind=kind)
    rows = _active(viewer).annotate(
        due=Count("attendances", filter=held & ~Q(attendances__state=AttendanceState.EXCUSED)),
        made_up=Count("attendances", filter=held & Q(attendances__make_up__state=MakeUpState.ACCEPTED)),
        **{state.value: _counted(held, state) for state in COUNTED},
    )
    return rows.annotate(came=F("present") + F("late"))  # type: ignore[no-any-return]


COUNTED = (AttendanceState.PRESENT, AttendanceState.LATE, AttendanceState.LEAVE, AttendanceState.ABSENT)


def _counted(held: Q, state: AttendanceState) -> Count:
    return Count("attendances", filter=held & Q(attendances__state=state))
