"""The radar over real rows: planted clashes are found, all of them and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.choices import AppointmentKind, UnitKind
from people.models import Cadre
from tests.factories.people import make_appointment, make_cadre, make_unit
from tests.factories.slots import at, expect, make_meeting, make_slot, make_slot_rule
from tests.factories.training import credit, make_class
from training.choices import ActivityState, AttendanceState, ClassState, LeaveReason, ParticipationState
from training.models import AcceptedClash
from training.queries.clashes import clashes_of, clashes_of_class

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _rule() -> None:
    make_slot_rule(away_share=Decimal(1))  # nobody is thin unless a test says so


def found(slots, cadres, on=TODAY) -> list[tuple[str, str]]:
    report = clashes_of(slots, [cadre.pk for cadre in cadres], on=on)
    return sorted((row.cadre.name, row.clash.engagement.title) for row in report.clashes)


def test_planted_clashes_are_found_and_none_other() -> None:
    wanted = make_slot(at(2026, 11, 10, 9), hours=3)
    cadres = [make_cadre(f"示例{number:02d}") for number in range(30)]
    expect(wanted, *cadres)
    in_class = make_slot(at(2026, 11, 10, 11), hours=4, topic="招商实务")
    expect(in_class, *cadres[:3])
    meeting = make_meeting(at(2026, 11, 10, 8), *cadres[5:7], hours=1.5, title="支部党员大会")
    whole_days = make_class("外出考察", starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 12))
    credit(cadres[10], whole_days)
    make_appointment(
        cadres[11],
        kind=AppointmentKind.SECONDMENT,
        organisation="示例省厅",
        title="干部",
        starts_on=date(2026, 11, 10),
    )
    # what must not be found
    make_meeting(at(2026, 11, 10, 8), *cadres[:9], hours=1)  # ends as the slot begins
    make_meeting(at(2026, 11, 10, 12), *cadres[20:])  # begins as it ends
    make_meeting(at(2026, 11, 11, 9), *cadres)  # another day
    make_meeting(at(2026, 11, 10, 9), make_cadre("外人"))  # somebody else
    excused = make_meeting(at(2026, 11, 10, 9))
    expect(excused, cadres[12], state=AttendanceState.EXCUSED)
    expect(excused, cadres[13], state=AttendanceState.LEAVE, leave_reason=LeaveReason.DUTY)
    cancelled = make_meeting(at(2026, 11, 10, 9), *cadres)
    cancelled.activity.state = ActivityState.CANCELLED
    cancelled.activity.cancel_reason = "让位于防汛"
    cancelled.activity.save()
    expect(make_slot(at(2026, 11, 10, 9), state=ClassState.CANCELLED), *cadres)
    expect(make_slot(at(2026, 11, 10, 9), cancelled_at=at(2026, 11, 1, 9)), *cadres)
    waiting = make_class(starts_on=date(2026, 11, 10))
    credit(cadres[14], waiting, state=ParticipationState.WAITING, waiting_since=at(2026, 11, 1, 9))
    assert found([wanted], cadres) == [
        *[(f"示例{number:02d}", f"{in_class.training_class}：招商实务") for number in range(3)],
        *[(f"示例{number:02d}", meeting.activity.title) for number in (5, 6)],
        ("示例10", "外出考察"),
        ("示例11", "示例省厅干部"),
    ]


def test_a_class_without_slots_is_compared_by_its_days() -> None:
    cadre = make_cadre()
    planned = make_class(starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 11))
    credit(cadre, planned, state=ParticipationState.APPLIED)
    meeting = make_meeting(at(2026, 11, 11, 16), cadre)
    make_meeting(at(2026, 11, 12, 9), cadre)
    report = clashes_of_class(planned, on=TODAY)
    assert [row.clash.engagement.title for row in report.clashes] == [meeting.activity.title]


def test_a_class_with_slots_no_longer_occupies_whole_days() -> None:
    cadre = make_cadre()
    morning = make_slot(at(2026, 11, 10, 9), hours=3)
    credit(cadre, morning.training_class, state=ParticipationState.CONFIRMED)
    expect(morning, cadre)
    assert found([make_slot(at(2026, 11, 10, 14))], [cadre]) == []
    assert len(found([make_slot(at(2026, 11, 10, 10))], [cadre])) == 1


def test_departments_that_grow_too_thin() -> None:
    make_slot_rule(away_share=Decimal("0.3"), away_least=3)
    office = make_unit("经济发展局", kind=UnitKind.DEPARTMENT)
    section = make_unit("项目科", kind=UnitKind.SECTION, parent=office)
    team = [make_cadre(unit=office if number % 2 else section) for number in range(10)]
    slot = make_slot(at(2026, 11, 10, 9))
    make_meeting(at(2026, 11, 10, 9), team[8])  # away as well, though not invited

    def thin(invited: list[Cadre]) -> list[tuple[str, int, int]]:
        report = clashes_of([slot], [cadre.pk for cadre in invited], on=TODAY)
        return [(row.unit.name, row.thin.away, row.thin.people) for row in report.thin]

    assert thin(team[:2]) == []
    assert thin(team[:3]) == [("经济发展局", 4, 10)]


def test_an_accepted_clash_is_told_with_its_reason_and_not_open() -> None:
    cadre = make_cadre()
    slot = make_slot(at(2026, 11, 10, 9))
    make_meeting(at(2026, 11, 10, 9), cadre)
    (row,) = clashes_of([slot], [cadre.pk], on=TODAY).clashes
    AcceptedClash.objects.create(
        slot=slot,
        cadre=cadre,
        key=row.clash.key,
        reason="例会请假",
        at=at(2026, 11, 1, 9),
        by_id=1,
        by_name="经办",
    )
    report = clashes_of([slot], [cadre.pk], on=TODAY)
    assert (report.open, [row.accepted for row in report.clashes]) == (0, ["例会请假"])


def test_queries_do_not_grow() -> None:
    office = make_unit()
    slots = [make_slot(at(2026, 11, 10, 9) + timedelta(days=day)) for day in range(3)]

    def queries(people: int, number: int) -> int:
        cadres = [make_cadre(unit=office) for _ in range(people)]
        make_meeting(at(2026, 11, 10, 9), *cadres)
        with CaptureQueriesContext(connection) as asked:
            clashes_of(slots[:number], [cadre.pk for cadre in cadres], on=TODAY)
        return len(asked)

    assert queries(1, 1) == queries(5, 3)
