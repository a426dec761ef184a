"""From classes, days and rooms to the demand of a timetable: who is in which class, and who is busy when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations

from django.utils import timezone

from people.contracts import engagements_of
from training.clashes import Agenda, Wanted
from training.models import CalendarDay, Slot, TrainingClass
from training.queries.clashes import people_of
from training.queries.occupied import slot_link
from training.timetable.problem import Answer, Block, Demand, Placed, Room, Session, pair_key

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a planner fills in. Sessions name their class by `group`, the class's name."""

    classes: Sequence[TrainingClass]
    sessions: Sequence[Session]
    first: date
    last: date
    spans: Sequence[Span]
    rooms: Sequence[Room]
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    most_a_day: int = 2
    workdays_only: bool = True


def demand_of(wish: Wish) -> Demand:
    """Queries: two per class, three for all, and what the apps ask for their engagements."""
    people = {found.name: set(people_of(found)) for found in wish.classes}
    blocks = tuple(_blocks(wish))
    pairs = combinations(sorted(people), 2)
    return Demand(
        sessions=tuple(_within_class(session, wish) for session in wish.sessions),
        blocks=blocks,
        rooms=tuple(wish.rooms),
        size={name: len(ids) for name, ids in people.items()},
        shared={pair_key(a, b): len(people[a] & people[b]) for a, b in pairs if people[a] & people[b]},
        busy=_busy(people, blocks, wish.classes) if blocks else {},
        absent=dict(wish.absent),
        most_a_day=wish.most_a_day,
        group_ids={found.name: found.pk for found in wish.classes},
    )


def _blocks(wish: Wish) -> Iterable[Block]:
    for day in days_to_plan(wish.first, wish.last, workdays_only=wish.workdays_only):
        for start, end in sorted(wish.spans):
            yield Block(_moment(day, start), _moment(day, end))


def days_to_plan(first: date, last: date, *, workdays_only: bool) -> list[date]:
    """Working days by the calendar of the zone; one query."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if not workdays_only:
        return days
    special = dict(CalendarDay.objects.filter(day__range=(first, last)).values_list("day", "kind"))
    return [day for day in days if special.get(day, "workday" if day.weekday() < 5 else "") == "workday"]


def _within_class(session: Session, wish: Wish) -> Session:
    """A session stays within the dates of its class."""
    found = next(one for one in wish.classes if one.name == session.group)
    days = days_to_plan(max(found.starts_on, wish.first), min(found.ends_on, wish.last), workdays_only=False)
    inside = tuple(day.isoformat() for day in days)
    return Session(
        session.title, session.group, session.lecturer, session.minutes, session.room, inside or ("none",)
    )


def _busy(
    people: Mapping[str, set[int]], blocks: Sequence[Block], classes: Sequence[TrainingClass]
) -> dict[str, list[int]]:
    """Group → how many of it are engaged elsewhere in each block; the classes' own slots are to be moved."""
    everyone = sorted(set().union(*people.values()))
    own = {slot_link(Slot(training_class=found)) for found in classes}
    first, last = blocks[0].starts_at, max(block.ends_at for block in blocks)
    agenda = Agenda(Wanted(place, block.starts_at, block.ends_at) for place, block in enumerate(blocks))
    away: list[set[int]] = [set() for _ in blocks]
    for engagement in engagements_of(everyone, starts_at=first, ends_at=last):
        if engagement.link not in own:
            for block in agenda.meeting(engagement.starts_at, engagement.ends_at):
                away[block.key].add(engagement.cadre_id)
    return {name: [len(ids & gone) for gone in away] for name, ids in people.items()}


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line of the result: where a session stands now, and where it would stand."""

    session: Session
    starts_at: datetime
    ends_at: datetime
    room: str
    clashes: int
    reason: str
    now: Slot | None = None

    @property
    def is_moved(self) -> bool:
        return self.now is not None and (self.now.starts_at, self.now.place) != (self.starts_at, self.room)


def proposals(demand: Demand, answer: Answer) -> list[Proposal]:
    """In order of time, each beside the slot of the class that has the same topic; one query."""
    present = _slots_by_topic(demand.group_ids.values())
    return [_proposal(demand, row, present) for row in answer.placed]


def _slots_by_topic(class_ids: Iterable[int]) -> dict[tuple[int, str], Slot]:
    slots = Slot.objects.filter(training_class__in=list(class_ids), cancelled_at__isnull=True)
    found: dict[tuple[int, str], Slot] = {}
    for slot in slots.select_related("training_class").order_by("starts_at"):
        found.setdefault((slot.training_class_id or 0, slot.topic), slot)
    return found


def _proposal(demand: Demand, row: Placed, present: dict[tuple[int, str], Slot]) -> Proposal:
    session, block = demand.sessions[row.session], demand.blocks[row.block]
    return Proposal(
        session=session,
        starts_at=block.starts_at,
        ends_at=end_of(session, block),
        room=demand.rooms[row.room].name,
        clashes=row.clashes,
        reason=row.reason,
        now=present.pop((demand.group_ids[session.group], session.title), None),
    )


def end_of(session: Session, block: Block) -> datetime:
    """A session of known length ends when it is over, else with its block."""
    return block.starts_at + timedelta(minutes=session.minutes) if session.minutes else block.ends_at
