"""Slots, and who is expected at them. Moments are local: `at(2026, 11, 2, 9)` is nine in the morning."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from people.models import Cadre
from tests.factories.training import make_class
from training.choices import ClassState, StudyKind
from training.models import Attendance, Slot, SlotRule, StudyActivity, TrainingClass

_numbers = count(1)


def at(*parts: int) -> datetime:
    return timezone.make_aware(datetime(*parts))


def make_slot(
    starts_at: datetime, *, hours: float = 2, of: TrainingClass | None = None, **values: Any
) -> Slot:
    """A slot of the class, else of a published class of its own."""
    day = timezone.localdate(starts_at)
    found = of or make_class(starts_on=day, state=values.pop("state", ClassState.PUBLISHED))
    return Slot.objects.create(
        training_class=found,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        **({"place": "第一会议室"} | values),
    )


def make_meeting(starts_at: datetime, *cadres: Cadre, hours: float = 1, **values: Any) -> Slot:
    """A study activity with its one slot; the cadres are expected."""
    activity = StudyActivity.objects.create(
        kind=values.pop("kind", StudyKind.MONDAY),
        title=values.pop("title", f"周一学习例会{next(_numbers)}"),
        held_on=timezone.localdate(starts_at),
    )
    slot = Slot.objects.create(
        activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **values
    )
    expect(slot, *cadres)
    return slot


def expect(slot: Slot, *cadres: Cadre, **values: Any) -> list[Attendance]:
    return [Attendance.objects.create(slot=slot, cadre=cadre, **values) for cadre in cadres]


def make_slot_rule(**values: Any) -> SlotRule:
    """The only rule in force, whatever the migrations put there."""
    SlotRule.objects.all().delete()
    return SlotRule.objects.create(**({"starts_on": at(2023, 1, 1).date()} | values))
