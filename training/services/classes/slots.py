"""The slots of a class: when, where and with whom. Those who have a seat are expected at each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from django.utils import timezone

from core.errors import DomainError
from core.saving import Changes, apply_changes, changes_to, save_validated
from training.choices import AttendanceSource, AttendanceState
from training.class_states import Clock
from training.models import Attendance, Slot, TrainingClass
from training.services.enrolment.roster import expect_everyone

NOTHING_YET = (AttendanceState.EXPECTED, AttendanceState.EXCUSED, AttendanceState.LEAVE)


@dataclass(frozen=True, slots=True)
class SlotValues:
    """One slot as it should be; `pk` names a slot that the class has already."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    topic: str = ""
    lecturer: str = ""
    pk: int | None = None

    def fields(self, held: TrainingClass) -> dict[str, object]:
        return {
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "place": self.place or held.place,
            "topic": self.topic,
            "lecturer": self.lecturer or held.lecturer,
            "needs_sign_out": held.needs_sign_out,
        }


def clock_of(held: TrainingClass) -> Clock:
    """First and last moment: of the slots, else of the days."""
    slots = list(held.slots.filter(cancelled_at__isnull=True).order_by("starts_at"))
    first = slots[0].starts_at if slots else midnight(held, 0)
    last = max(slot.ends_at for slot in slots) if slots else midnight(held, 1)
    return Clock(held.enrol_opens_at, held.enrol_closes_at, first, last)


def midnight(held: TrainingClass, days: int) -> datetime:
    """Where the class begins (0) or ends (1) when it has no slots."""
    day = held.ends_on + timedelta(days=1) if days else held.starts_on
    return timezone.make_aware(datetime.combine(day, time.min))


def set_slots(held: TrainingClass, wanted: Sequence[SlotValues]) -> Changes:
    """Makes the slots of the class these; inside the transaction of whoever changes the class."""
    _check_apart(wanted)
    present = {slot.pk: slot for slot in held.slots.filter(cancelled_at__isnull=True)}
    kept = {values.pk for values in wanted if values.pk in present}
    changes: Changes = {}
    for pk in set(present) - kept:
        changes[f"时段 {_words(present[pk])}"] = ("有", "删除")
        _remove(present[pk])
    for values in wanted:
        if values.pk in kept:
            changes |= _change(present[values.pk], values.fields(held))
    new = [_add(held, values) for values in wanted if values.pk not in kept]
    changes |= {f"时段 {_words(slot)}": ("", "新增") for slot in new}
    expect_everyone(held, new)
    return changes


def _check_apart(wanted: Sequence[SlotValues]) -> None:
    in_order = sorted(wanted, key=lambda one: one.starts_at)
    for one in in_order:
        if one.ends_at <= one.starts_at:
            raise DomainError(f"{_moment(one.starts_at)} 的时段，结束时间须晚于开始时间。", code="slot_order")
    for one, after in pairwise(in_order):
        if after.starts_at < one.ends_at:
            message = f"{_moment(one.starts_at)} 与 {_moment(after.starts_at)} 的时段重叠，请调整时间。"
            raise DomainError(message, code="slots_overlap")


def _add(held: TrainingClass, values: SlotValues) -> Slot:
    slot = Slot(training_class=held, **values.fields(held))
    save_validated(slot)
    return slot


def _change(slot: Slot, fields: dict[str, object]) -> Changes:
    changes = changes_to(slot, fields)
    if not changes:
        return {}
    apply_changes(slot, changes)
    slot.sequence += 1  # calendars take the change only with a higher number
    save_validated(slot)
    label = f"时段 {_words(slot)}"
    return {f"{label} {slot._meta.get_field(name).verbose_name}": pair for name, pair in changes.items()}  # type: ignore[union-attr]


def _remove(slot: Slot) -> None:
    registered = Attendance.objects.filter(slot=slot).exclude(
        state__in=NOTHING_YET, source=AttendanceSource.NONE
    )
    if registered.exists():
        message = f"{_words(slot)} 的时段已有考勤登记，不能删除；没有上课的请把学员登记为“免训”。"
        raise DomainError(message, code="slot_has_attendance")
    slot.delete()


def _words(slot: Slot) -> str:
    return _moment(slot.starts_at)


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
