"""What training occupies people with: slots they are expected at, and the days of classes without slots."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.asking import asked, asked_all
from people.contracts import Engagement, Link
from training.choices import ActivityState, AttendanceState, ClassState, ParticipationState
from training.models import Attendance, Slot, TrainingClass
from training.queries.classes import occupying_classes

# Whoever is excused or on leave is elsewhere, not here.
NOT_EXPECTED = (AttendanceState.LEAVE, AttendanceState.EXCUSED)
TAKES_PART = (
    ParticipationState.CONFIRMED,
    ParticipationState.DISPATCHED,
    ParticipationState.COMPLETED,
    ParticipationState.NOT_COMPLETED,
)
CANCELLED = Q(training_class__state=ClassState.CANCELLED) | Q(activity__state=ActivityState.CANCELLED)
CANCELLED_SLOT = Q(slot__training_class__state=ClassState.CANCELLED) | Q(
    slot__activity__state=ActivityState.CANCELLED
)


def occupied_by_slots(
    cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> Iterator[Engagement]:
    """One engagement per person and slot; one round, whatever the number of people."""
    slots = Slot.objects.between(starts_at, ends_at).exclude(CANCELLED)
    expected = Attendance.objects.filter(slot__in=slots.values("pk"), cadre__in=cadre_ids)
    rows = expected.exclude(state__in=NOT_EXPECTED).order_by().values_list("cadre_id", "slot_id")
    known, places = yield from asked_all(slots.select_related("training_class", "activity"), rows)
    shown = {slot.pk: _words(slot) for slot in known}
    for cadre_id, slot_id in places:
        yield Engagement(cadre_id, *shown[slot_id])


def occupied_by_class_days(
    cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> Iterator[Engagement]:
    """A class without slots occupies its days from morning to night: the register keeps no times of day."""
    since, until = timezone.localdate(starts_at), timezone.localdate(ends_at)
    rows = occupying_classes(cadre_ids, since, until).filter(state__in=TAKES_PART)
    with_slots = Slot.objects.filter(training_class=OuterRef("training_class"), cancelled_at__isnull=True)
    stands = rows.exclude(training_class__state__in=(ClassState.DRAFT, ClassState.CANCELLED))
    left = stands.filter(~Exists(with_slots))
    for row in (yield from asked(left)):
        yield _of_days(row.cadre_id, row.training_class)


def slot_title(slot: Slot) -> str:
    """The class or the activity, with the topic of the slot where it says more."""
    name = str(slot.training_class or slot.activity)
    return f"{name}：{slot.topic}" if slot.topic and slot.topic != name else name


def slot_link(slot: Slot) -> Link:
    if slot.training_class_id:
        return Link("training:class", (slot.training_class_id,))
    return Link("training:activity", (slot.activity_id,))


def _words(slot: Slot) -> tuple[datetime, datetime, str, str, str, Link]:
    """What an engagement says of the slot, made once for all who are expected there."""
    kind = "培训" if slot.training_class_id else "学习活动"
    return slot.starts_at, slot.ends_at, kind, slot_title(slot), slot.place, slot_link(slot)


def _of_days(cadre_id: int, found: TrainingClass) -> Engagement:
    return Engagement(
        cadre_id=cadre_id,
        starts_at=midnight(found.starts_on),
        ends_at=midnight(found.ends_on + timedelta(days=1)),
        kind="培训",
        title=found.name,
        place=found.place,
        link=Link("training:class", (found.pk,)),
    )


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
