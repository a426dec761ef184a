"""Who is expected at the slots of a class: rows come with the seat and go with it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone

from people.models import Cadre
from training.choices import AttendanceSource, AttendanceState, ClassState
from training.enrolment import ACTIVE
from training.models import Attendance, Participation, Slot, TrainingClass
from training.queries.study import units_at

BATCH = 500
NOT_COME_YET = (AttendanceState.EXPECTED, AttendanceState.LEAVE, AttendanceState.EXCUSED)


def expect_at_slots(
    held: TrainingClass, cadre_ids: Iterable[int], slots: Sequence[Slot] | None = None
) -> None:
    """Rows for the people at the slots that still stand, each with the unit of the slot's day.

    A draft occupies nobody: its people are expected once it is published.
    """
    if held.state == ClassState.DRAFT:
        return
    ids = sorted(set(cadre_ids))
    wanted = list(held.slots.filter(cancelled_at__isnull=True)) if slots is None else slots
    units: dict[date, dict[int, int | None]] = {}
    for day in {timezone.localdate(slot.starts_at) for slot in wanted}:
        units[day] = units_at(Cadre.objects.filter(pk__in=ids).with_position(day))
    rows = [
        Attendance(slot=slot, cadre_id=pk, unit_id=units[timezone.localdate(slot.starts_at)].get(pk))
        for slot in wanted
        for pk in ids
    ]
    Attendance.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def expect_everyone(held: TrainingClass, slots: Sequence[Slot]) -> None:
    """New slots expect whoever has a seat already."""
    seated = Participation.objects.filter(training_class=held, state__in=ACTIVE)
    if slots:
        expect_at_slots(held, seated.values_list("cadre_id", flat=True), slots)


def forget_coming_slots(held: TrainingClass, cadre_id: int, at: datetime) -> None:
    """Slots that have begun, and whatever was registered there, stay."""
    coming = Attendance.objects.filter(slot__training_class=held, slot__starts_at__gt=at, cadre_id=cadre_id)
    coming.filter(state__in=NOT_COME_YET, source=AttendanceSource.NONE).delete()
    coming.filter(state=AttendanceState.LEAVE).delete()
