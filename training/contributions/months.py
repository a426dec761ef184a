"""What training puts on the calendar of the office: the days off, and for whoever looks after others all
slots and classes. What one is expected at oneself comes as an engagement."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from core.asking import asked, asked_all
from people.choices import CalendarKind
from people.contracts import DayMark, Entry, Link, calendar_entries
from people.months import Span
from training.choices import ClassKind, ClassState, DayKind
from training.contributions.scope import SEES
from training.models import Slot, TrainingClass
from training.queries.occupied import CANCELLED, slot_link, slot_title
from training.queries.study.calendar import days_between

NAMES = ("starts_at", "ends_at", "place", "topic", "training_class__name", "activity__title")
HIDDEN = (ClassState.DRAFT, ClassState.CANCELLED)


@calendar_entries.register("training.days", order=1)
def days_off(*, viewer: Viewer, first: date, last: date) -> Iterator[DayMark]:
    for day, kind, name in (yield from asked(days_between(first, last))):
        yield DayMark(day, name or DayKind(kind).label, kind == DayKind.HOLIDAY)


@calendar_entries.register("training.slots", order=10, permission=SEES)
def everything_held(*, viewer: Viewer, first: date, last: date) -> Iterator[Entry]:
    if not viewer.paths(SEES):
        return
    slots, classes = yield from asked_all(_slots(viewer, Span(first, last)), _whole(viewer, first, last))
    yield from map(_of_slot, slots)
    for found in classes:
        last_day = found.ends_on if found.ends_on > found.starts_on else None
        link = Link("training:class", (found.pk,))
        yield Entry(CalendarKind.CLASS, found.name, found.starts_on, last_day, place=found.place, link=link)


def _slots(viewer: Viewer, span: Span) -> QuerySet[Slot]:
    rows = Slot.objects.visible_to(viewer).between(span.starts_at, span.ends_at).exclude(CANCELLED)
    if not viewer.paths(Permission.EDIT_TRAINING):
        rows = rows.exclude(training_class__state=ClassState.DRAFT)
    return rows.select_related("training_class", "activity").only(*NAMES)


def _of_slot(slot: Slot) -> Entry:
    return Entry(
        kind=CalendarKind.CLASS if slot.training_class_id else CalendarKind.STUDY,
        title=slot_title(slot),
        day=timezone.localdate(slot.starts_at),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=slot.place,
        link=slot_link(slot),
    )


def _whole(viewer: Viewer, first: date, last: date) -> QuerySet[TrainingClass]:
    """Classes without slots, which occupy their days."""
    rows = TrainingClass.objects.visible_to(viewer).filter(starts_on__lte=last, ends_on__gte=first)
    left = rows.filter(~Exists(Slot.objects.filter(training_class=OuterRef("pk")))).exclude(state__in=HIDDEN)
    return left.exclude(kind=ClassKind.ONLINE).only("name", "starts_on", "ends_on", "place")
