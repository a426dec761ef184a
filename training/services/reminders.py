"""Who is told of what lies ahead; once per slot, person and day, however often it runs."""

from datetime import date, timedelta

from django.utils import timezone

from core.notifications import notify
from people.models import User
from training.models import Slot
from training.queries.occupied import CANCELLED, NOT_EXPECTED, midnight, slot_link, slot_title

KIND = "training.upcoming"


def remind_of_day(*, day: date, on: date) -> int:
    """Tells everyone expected at a slot of the day; returns how many had not been told."""
    slots = Slot.objects.filter(starts_at__gte=midnight(day), starts_at__lt=midnight(day + timedelta(days=1)))
    slots = slots.filter(cancelled_at__isnull=True).exclude(CANCELLED)
    return sum(_remind(slot, on) for slot in slots.select_related("training_class", "activity"))


def _remind(slot: Slot, on: date) -> int:
    expected = slot.attendances.exclude(state__in=NOT_EXPECTED).values("cadre_id")
    users = User.objects.filter(cadre__in=expected).values_list("pk", flat=True)
    start, link = timezone.localtime(slot.starts_at), slot_link(slot)
    return notify(
        recipients=users,
        kind=KIND,
        title=f"明天 {start:%H:%M} {slot_title(slot)}",
        detail=f"地点：{slot.place}" if slot.place else "",
        key=f"upcoming:{slot.pk}:{slot.sequence}",
        on=on,
        url_name=link.url_name,
        args=link.args,
    )
