"""What goes into calendar files: a slot, a class, or everything of one cadre."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from core.crypto.blind import blind_index
from people.contracts import Engagement, engagements_of
from training.ics import Entry
from training.models import CalendarFeed, Slot, TrainingClass
from training.queries.calendar import expects
from training.queries.occupied import CANCELLED, midnight, slot_title

BACK, AHEAD = timedelta(days=90), timedelta(days=370)
DOMAIN = "cadre-dev"  # part of the ids only; no address of any installation


def digest_of(token: str) -> str:
    return blind_index(f"calendar-feed:{token}")


def feed_by_token(token: str) -> CalendarFeed | None:
    """The open subscription of this token; whoever has the token is whoever may read."""
    return CalendarFeed.objects.open().filter(token_digest=digest_of(token)).select_related("cadre").first()


def entries_of_slots(slots: Iterable[Slot], *, at: datetime) -> list[Entry]:
    return [_of_slot(slot, at) for slot in slots]


def entries_of_class(found: TrainingClass, *, at: datetime) -> list[Entry]:
    """Its slots, cancelled ones too; the days of a class without slots as one entry."""
    slots = list(found.slots.select_related("training_class"))
    return entries_of_slots(slots, at=at) if slots else [_of_days(found)]


def entries_of_cadre(cadre_id: int, *, at: datetime) -> list[Entry]:
    """Own slots with their revisions and cancellations, and what other apps say occupies the cadre."""
    today = timezone.localdate(at)
    since, until = midnight(today - BACK), midnight(today + AHEAD)
    slots = Slot.objects.filter(expects(cadre_id), starts_at__lt=until, ends_at__gt=since)
    shown = list(slots.select_related("training_class", "activity").order_by("starts_at", "pk"))
    gone = Slot.objects.filter(CANCELLED, pk__in=[slot.pk for slot in shown])
    cancelled = set(gone.values_list("pk", flat=True))
    own = [_of_slot(slot, at, cancelled=slot.pk in cancelled) for slot in shown]
    return own + [_of_engagement(one, at) for one in _elsewhere(cadre_id, since, until)]


def _elsewhere(cadre_id: int, since: datetime, until: datetime) -> list[Engagement]:
    """What is no slot: those come with revisions from the slots themselves."""
    busy = engagements_of([cadre_id], starts_at=since, ends_at=until)
    return [one for one in busy if one.kind not in SLOT_KINDS or _lasts_days(one)]


SLOT_KINDS = ("培训", "学习活动")


def _lasts_days(found: Engagement) -> bool:
    start, end = timezone.localtime(found.starts_at), timezone.localtime(found.ends_at)
    return (start.hour, start.minute, end.hour, end.minute) == (0, 0, 0, 0)


def _of_slot(slot: Slot, at: datetime, *, cancelled: bool = False) -> Entry:
    detail = f"主讲：{slot.lecturer}" if slot.lecturer else ""
    return Entry(
        uid=f"{slot.uid}@{DOMAIN}",
        title=slot_title(slot),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        changed_at=slot.cancelled_at or at,
        sequence=slot.sequence,
        place=slot.place,
        detail=detail,
        cancelled=cancelled or slot.cancelled_at is not None,
    )


def _of_days(found: TrainingClass) -> Entry:
    return Entry(
        uid=f"{found.uid}@{DOMAIN}",
        title=found.name,
        starts_at=found.starts_on,
        ends_at=found.ends_on + timedelta(days=1),
        changed_at=found.updated_at,
        place=found.place,
        cancelled=found.state == "cancelled",
    )


def _of_engagement(found: Engagement, at: datetime) -> Entry:
    where = found.link
    parts = (where.url_name, *map(str, where.args)) if where else (found.kind, found.title)
    name = hashlib.sha256("\x1f".join((*parts, str(found.cadre_id))).encode()).hexdigest()[:32]
    days = _lasts_days(found)
    return Entry(
        uid=f"{name}@{DOMAIN}",
        title=f"{found.kind}：{found.title}" if found.kind else found.title,
        starts_at=_day(found.starts_at) if days else found.starts_at,
        ends_at=_day(found.ends_at) if days else found.ends_at,
        changed_at=at,
        place=found.place,
    )


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)
