"""A class that meets today, so that check-in can be tried, and one that clashes with the weekly study."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from people.choices import CadreStatus
from people.demo.context import DemoContext, demo_uid
from people.demo.registry import register
from people.demo.shapes import Person
from training.choices import (
    AttendanceSource,
    AttendanceState,
    CheckInResult,
    ClassKind,
    ClassState,
    ParticipationState,
    Theme,
)
from training.models import Attendance, CheckInAttempt, Participation, Slot, TrainingClass

PEOPLE, THERE = 24, 9
TRIAL_DEPARTMENT = "YX03"  # where the demo account of a cadre comes from: expected today, not there yet
HALL = "管委会三楼会议室"
TOPICS = ("安全生产法规解读", "园区重大危险源辨识", "应急处置桌面推演")
SPANS = ((time(9), time(11, 30)), (time(14, 30), time(17)))


@register(order=130)
def seed_meetings(context: DemoContext) -> None:
    context.say("今天的班次和签到……")
    random = context.random("meetings")
    active = [person for person in context.people if person.cadre.status == CadreStatus.ACTIVE]
    mine = [person for person in active if person.place.unit.startswith(TRIAL_DEPARTMENT)][:PEOPLE]
    others = [person for person in active if person not in mine]
    people = [*random.sample(others, min(PEOPLE - len(mine), len(others))), *mine]
    today = _class(context, "园区安全生产专题班", context.on, 2, ClassState.RUNNING, people)
    slots = context.insert(Slot, _slots(today, context.on))
    context.insert(Attendance, [_row(context, slot, person) for slot in slots for person in people])
    _check_in(context, slots[0], people[:THERE])
    _next_week(context, people[: PEOPLE // 2])


def _class(
    context: DemoContext, name: str, first: date, days: int, state: ClassState, people: list[Person]
) -> TrainingClass:
    held = TrainingClass(
        uid=demo_uid(context.random(f"meetings:{name}")),
        name=f"{first.year}年{name}",
        kind=ClassKind.TOPICAL,
        theme=Theme.SAFETY,
        organiser="示例经济开发区管委会",
        place=HALL,
        starts_on=first,
        ends_on=first + timedelta(days=days - 1),
        days=Decimal(days),
        hours=Decimal(days) * 8,
        state=state,
        capacity=PEOPLE + 6,
        seats_taken=len(people),
    )
    (created,) = context.insert(TrainingClass, [held])
    confirmed = {"state": ParticipationState.CONFIRMED, "hours": Decimal(0), "days": Decimal(0)}
    rows = [Participation(training_class=created, cadre=person.cadre, **confirmed) for person in people]
    context.insert(Participation, rows)
    return created


def _slots(held: TrainingClass, first: date) -> list[Slot]:
    """The first one takes check-ins all day long, whenever somebody tries it."""
    whole = Slot(
        training_class=held,
        starts_at=_at(first, time(0, 10)),
        ends_at=_at(first, time(23, 50)),
        checkin_opens_at=_at(first, time(0, 1)),
        late_after=_at(first, time(22)),
        checkin_closes_at=_at(first, time(23, 50)),
        place=HALL,
        topic="签到试用（全天开放）",
        lecturer="示例主讲",
    )
    tomorrow = first + timedelta(days=1)
    later = [
        Slot(
            training_class=held,
            starts_at=_at(tomorrow, start),
            ends_at=_at(tomorrow, end),
            place=HALL,
            topic=topic,
            lecturer="示例主讲",
        )
        for (start, end), topic in zip(SPANS, TOPICS, strict=False)
    ]
    return [whole, *later]


def _next_week(context: DemoContext, people: list[Person]) -> None:
    """A published class on a Monday morning, when the weekly study is held."""
    monday = context.on + timedelta(days=14 - context.on.weekday())
    held = _class(context, "招商引资实务班", monday, 1, ClassState.PUBLISHED, people)
    slot = Slot(
        training_class=held,
        starts_at=_at(monday, time(8, 30)),
        ends_at=_at(monday, time(11, 30)),
        place=HALL,
        topic="产业链招商方法",
    )
    context.insert(Slot, [slot])
    context.insert(Attendance, [_row(context, slot, person) for person in people])


def _row(context: DemoContext, slot: Slot, person: Person) -> Attendance:
    return Attendance(slot=slot, cadre=person.cadre, unit=context.units.get(person.place.unit))


def _check_in(context: DemoContext, slot: Slot, people: list[Person]) -> None:
    """Some are there; two of them came with one telephone."""
    rows = {row.cadre_id: row for row in slot.attendances.all()}
    attempts = []
    for place, person in enumerate(people):
        row = rows[person.cadre.pk]
        row.checked_in_at = slot.starts_at + timedelta(minutes=place)
        row.state, row.source = AttendanceState.PRESENT, AttendanceSource.QR
        attempts.append(_attempt(slot, row))
    first, second = (rows[person.cadre.pk] for person in people[:2])
    first.suspicion = f"与{people[1].cadre.name}用同一部手机签到"
    second.suspicion = f"与{people[0].cadre.name}用同一部手机签到"
    Attendance.objects.bulk_update(rows.values(), ["state", "source", "checked_in_at", "suspicion"])
    context.insert(CheckInAttempt, attempts)


def _attempt(slot: Slot, row: Attendance) -> CheckInAttempt:
    moment = row.checked_in_at or slot.starts_at
    return CheckInAttempt(
        slot=slot,
        cadre_id=row.cadre_id,
        at=moment,
        received_at=moment,
        result=CheckInResult.PRESENT,
        source=AttendanceSource.QR,
    )


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
