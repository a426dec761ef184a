"""The training calendar: what happens on which day, for everybody or for one cadre, and where it clashes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.access import Permission, Viewer
from people.contracts import Engagement, Link, engagements_of
from people.models import Cadre
from people.months import Span
from training.choices import ClassKind, ClassState, StudyKind
from training.models import Attendance, CalendarDay, Slot, TrainingClass
from training.queries.occupied import CANCELLED, NOT_EXPECTED, slot_link

# The categories of ui.md 3: code of the colour, its name.
CATEGORIES = {
    "zz": "政治理论",
    "yw": "业务培训",
    "xx": "学习型组织",
    "wc": "走出去",
    "lj": "廉政教育",
    "qt": "其他安排",
}
CATEGORY_OF: dict[str, str] = {
    StudyKind.LEARNING: "xx",
    StudyKind.INTEGRITY: "lj",
    ClassKind.STUDY_VISIT: "wc",
}
HIDDEN = (ClassState.DRAFT, ClassState.CANCELLED)
MOST_CLASHES = 20


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day; what lasts several days stands on each of them, `continued` after the first.

    `starts_at` None means all day. `clashes` is how many people are expected elsewhere at the same time.
    """

    day: date
    title: str
    category: str
    link: Link | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    topic: str = ""
    people: int | None = None
    capacity: int | None = None
    continued: bool = False
    slot_id: int | None = None
    of_class: bool = False
    kind: str = ""
    clashes: int = 0

    @property
    def url(self) -> str:
        """The address, or "" where there is no such place in this installation."""
        try:
            return reverse(self.link.url_name, args=self.link.args) if self.link else ""
        except NoReverseMatch:
            return ""

    @property
    def category_name(self) -> str:
        return CATEGORIES[self.category]

    @property
    def clock(self) -> str:
        return f"{timezone.localtime(self.starts_at):%H:%M}" if self.starts_at else ""

    @property
    def span(self) -> str:
        if not self.starts_at or not self.ends_at:
            return "全天"
        return f"{timezone.localtime(self.starts_at):%H:%M}–{timezone.localtime(self.ends_at):%H:%M}"


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    events: tuple[Event, ...] = ()
    note: str = ""
    is_off: bool = False
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class PersonClash:
    """Two slots at the same time, and who is expected at both."""

    first: Slot
    second: Slot
    names: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Ask:
    """What the calendar is asked for; empty means everything."""

    category: str = ""
    place: str = ""
    mine: bool = False


# Events


def events_between(viewer: Viewer, span: Span, ask: Ask) -> list[Event]:
    """Slots, and the days of classes without slots; four queries, whatever there is."""
    slots = list(_slots(viewer, span, ask))
    clashes = clashing_people(viewer, slots)
    events = [_of_slot(slot, clashes) for slot in slots]
    for found in _classes_without_slots(viewer, span, ask):
        events += _of_days(found, span)
    wanted = [event for event in events if _fits(event, ask)]
    return sorted(wanted, key=lambda e: (e.day, e.starts_at is not None, e.starts_at or e.day, e.title))


def _slots(viewer: Viewer, span: Span, ask: Ask) -> QuerySet[Slot]:
    rows = Slot.objects.visible_to(viewer).between(span.starts_at, span.ends_at).exclude(CANCELLED)
    rows = rows.exclude(training_class__state=ClassState.DRAFT) if not viewer.paths(EDIT) else rows
    if ask.mine:
        rows = rows.filter(expects(viewer.cadre_id))
    expected = Count("attendances", filter=~Q(attendances__state__in=NOT_EXPECTED))
    shown = rows.select_related("training_class", "activity").annotate(expected=expected)
    return shown.order_by("starts_at", "pk")


EDIT = Permission.EDIT_TRAINING


def expects(cadre_id: int | None) -> Exists:
    rows = Attendance.objects.filter(slot=OuterRef("pk"), cadre_id=cadre_id or 0)
    return Exists(rows.exclude(state__in=NOT_EXPECTED))


def _classes_without_slots(viewer: Viewer, span: Span, ask: Ask) -> QuerySet[TrainingClass]:
    rows = TrainingClass.objects.visible_to(viewer).filter(starts_on__lte=span.last, ends_on__gte=span.first)
    with_slots = Slot.objects.filter(training_class=OuterRef("pk"))
    rows = rows.filter(~Exists(with_slots)).exclude(state__in=HIDDEN).exclude(kind=ClassKind.ONLINE)
    if ask.mine:
        rows = rows.filter(participations__cadre_id=viewer.cadre_id or 0)
    return rows.annotate(expected=Count("participations")).order_by("starts_on", "pk")


def _fits(event: Event, ask: Ask) -> bool:
    return ask.category in ("", event.category) and ask.place in ("", event.place)


def _of_slot(slot: Slot, clashes: dict[int, set[int]]) -> Event:
    owner = slot.training_class or slot.activity
    kind = owner.kind if owner else ""
    return Event(
        day=timezone.localdate(slot.starts_at),
        title=str(owner),
        category=_category(kind),
        link=slot_link(slot),
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=slot.place,
        topic=slot.topic,
        people=slot.expected,  # type: ignore[attr-defined]
        capacity=slot.training_class.capacity if slot.training_class else None,
        slot_id=slot.pk,
        of_class=slot.training_class_id is not None,
        kind=owner.get_kind_display() if owner else "",
        clashes=len(clashes.get(slot.pk, ())),
    )


def _category(kind: str) -> str:
    if kind in CATEGORY_OF:
        return CATEGORY_OF[kind]
    return "zz" if kind in StudyKind.values else "yw"


def _of_days(found: TrainingClass, span: Span) -> list[Event]:
    event = Event(
        day=found.starts_on,
        title=found.name,
        category=_category(found.kind),
        link=Link("training:class", (found.pk,)),
        place=found.place,
        people=found.expected,  # type: ignore[attr-defined]
        capacity=found.capacity,
        kind=found.get_kind_display(),
    )
    inside = [day for day in span.days if found.starts_on <= day <= found.ends_on]
    return [replace(event, day=day, continued=day > found.starts_on) for day in inside]


# Clashes among what is planned


def clashing_people(viewer: Viewer, slots: Sequence[Slot]) -> dict[int, set[int]]:
    """Slot → cadres whom another of the slots expects at the same time; one query."""
    pairs = overlapping(slots)
    found: dict[int, set[int]] = defaultdict(set)
    if not pairs or not viewer.paths(Permission.VIEW_TRAINING):
        return found
    people = _expected_at({slot.pk for pair in pairs for slot in pair}, viewer)
    for first, second in pairs:
        both = people[first.pk] & people[second.pk]
        found[first.pk] |= both
        found[second.pk] |= both
    return found


def overlapping(slots: Sequence[Slot]) -> list[tuple[Slot, Slot]]:
    """Pairs that share a moment; the slots come in order of time."""
    by_day: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_day[timezone.localdate(slot.starts_at)].append(slot)
    pairs = (pair for day in by_day.values() for pair in combinations(day, 2))
    return [(a, b) for a, b in pairs if a.starts_at < b.ends_at and b.starts_at < a.ends_at]


def _expected_at(slot_ids: Iterable[int], viewer: Viewer) -> dict[int, set[int]]:
    rows = Attendance.objects.visible_to(viewer).filter(slot__in=list(slot_ids))
    rows = rows.exclude(state__in=NOT_EXPECTED)
    people: dict[int, set[int]] = defaultdict(set)
    for slot_id, cadre_id in rows.order_by().values_list("slot_id", "cadre_id"):
        people[slot_id].add(cadre_id)
    return people


def person_clashes(viewer: Viewer, span: Span, *, since: datetime) -> list[PersonClash]:
    """For the side panel: pairs of slots not over yet with the people expected at both; three queries."""
    slots = [slot for slot in _slots(viewer, span, Ask()) if slot.ends_at > since]
    pairs = overlapping(slots)
    people = _expected_at({slot.pk for pair in pairs for slot in pair}, viewer) if pairs else {}
    both = {(a.pk, b.pk): people.get(a.pk, set()) & people.get(b.pk, set()) for a, b in pairs}
    names = _names({cadre for ids in both.values() for cadre in ids})
    found = []
    for first, second in pairs:
        ids = both[first.pk, second.pk]
        if ids:
            known = tuple(sorted(names[pk] for pk in ids))
            found.append(PersonClash(first, second, known[:6], len(ids)))
    return found[:MOST_CLASHES]


def _names(cadre_ids: Iterable[int]) -> dict[int, str]:
    return dict(Cadre.objects.filter(pk__in=list(cadre_ids)).values_list("pk", "name"))


# Days


def days_of(span: Span, events: Iterable[Event], *, month: int | None = None) -> list[list[Day]]:
    """Weeks of days with their events; holidays by the working calendar. One query."""
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in events:
        by_day[event.day].append(event)
    special = {row.day: row for row in CalendarDay.objects.filter(day__range=(span.first, span.last))}
    days = [
        Day(
            day=day,
            events=tuple(by_day[day]),
            note=special[day].name or special[day].get_kind_display() if day in special else "",
            is_off=(special[day].kind == "holiday") if day in special else day.weekday() > 4,
            is_outside=month is not None and day.month != month,
        )
        for day in span.days
    ]
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def places_between(viewer: Viewer, span: Span) -> list[str]:
    """Places to choose from; one query."""
    rows = Slot.objects.visible_to(viewer).between(span.starts_at, span.ends_at).exclude(place="")
    return sorted(set(rows.order_by().values_list("place", flat=True)))


# One cadre


@dataclass(frozen=True, slots=True)
class Agenda:
    """Days with what occupies one cadre, only days with something."""

    days: tuple[Day, ...] = field(default=())


def own_events(cadre_id: int, span: Span) -> list[Event]:
    """Everything that any app says occupies the cadre."""
    busy = engagements_of([cadre_id], starts_at=span.starts_at, ends_at=span.ends_at)
    return [event for engagement in busy for event in _of_engagement(engagement, span)]


def _of_engagement(found: Engagement, span: Span) -> list[Event]:
    """A line per day; what lasts from midnight to midnight has no time of day."""
    first = max(timezone.localdate(found.starts_at), span.first)
    last = min(timezone.localdate(found.ends_at - timedelta(microseconds=1)), span.last)
    whole = _is_midnight(found.starts_at) and _is_midnight(found.ends_at)
    event = Event(
        day=first,
        title=found.title,
        category={"培训": "yw", "学习活动": "zz"}.get(found.kind, "qt"),
        link=found.link,
        starts_at=None if whole else found.starts_at,
        ends_at=None if whole else found.ends_at,
        place=found.place,
        kind=found.kind,
    )
    days = [day for day in span.days if first <= day <= last]
    return [replace(event, day=day, continued=day > first) for day in days]


def _is_midnight(moment: datetime) -> bool:
    return timezone.localtime(moment).time() == time.min
