"""The calendar: what stands on which day, what clashes, and what it costs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.access import Role
from people.choices import AppointmentKind
from people.months import month_span, week_span
from tests.factories.people import make_account, make_appointment, make_cadre, make_unit, make_viewer
from tests.factories.slots import at, expect, make_meeting, make_slot
from tests.factories.training import credit, make_class
from training.choices import AttendanceState, ClassKind, ClassState, StudyKind
from training.models import Attendance, CalendarDay
from training.queries.calendar import (
    Ask,
    days_of,
    events_between,
    own_events,
    person_clashes,
)

pytestmark = pytest.mark.django_db
NOVEMBER = month_span(2026, 11)
BACKEND = "people.backends.AccountBackend"


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


def client_of(*roles: Role, **values) -> Client:
    client = Client()
    client.force_login(make_account(*roles, **values), backend=BACKEND)
    return client


def titles(viewer, ask=Ask(), span=NOVEMBER) -> list[tuple[str, str]]:  # noqa: B008
    return [(f"{event.day:%m-%d}", event.title) for event in events_between(viewer, span, ask)]


def test_spans_are_whole_weeks_from_monday() -> None:
    assert (NOVEMBER.first, NOVEMBER.last) == (date(2026, 10, 26), date(2026, 12, 6))
    assert week_span(date(2026, 11, 5)).first == date(2026, 11, 2)


def test_slots_stand_on_their_day_and_classes_without_slots_on_each_of_theirs(hr) -> None:
    slot = make_slot(at(2026, 11, 10, 9))
    make_class("外出考察", starts_on=date(2026, 11, 3), ends_on=date(2026, 11, 4), kind=ClassKind.STUDY_VISIT)
    make_class("网课", starts_on=date(2026, 11, 3), kind=ClassKind.ONLINE)
    make_class("草稿", starts_on=date(2026, 11, 3), state=ClassState.DRAFT)
    make_slot(at(2026, 11, 10, 9), cancelled_at=at(2026, 11, 1, 9))
    make_slot(at(2026, 11, 10, 9), state=ClassState.CANCELLED)
    assert titles(hr) == [
        ("11-03", "外出考察"),
        ("11-04", "外出考察"),
        ("11-10", slot.training_class.name),
    ]
    first, second = events_between(hr, NOVEMBER, Ask())[:2]
    assert (first.category, first.continued, second.continued) == ("wc", False, True)


def test_drafts_are_for_those_who_plan(hr) -> None:
    make_slot(at(2026, 11, 10, 9), state=ClassState.DRAFT)
    reader = make_viewer(Role.TOP_LEADER)
    assert (len(titles(hr)), titles(reader)) == (1, [])


def test_filters(hr) -> None:
    own = make_cadre("本人")
    study = make_meeting(at(2026, 11, 9, 9), own, kind=StudyKind.LEARNING, place="报告厅")
    make_meeting(at(2026, 11, 9, 9), kind=StudyKind.INTEGRITY)
    mine = make_viewer(cadre=own)
    assert [t for _, t in titles(hr, Ask(category="xx"))] == [study.activity.title]
    assert [t for _, t in titles(hr, Ask(place="报告厅"))] == [study.activity.title]
    assert [t for _, t in titles(mine, Ask(mine=True))] == [study.activity.title]


def test_people_at_two_slots_are_told_once_per_pair(hr) -> None:
    both, one = make_cadre("两头"), make_cadre("一头")
    first = make_meeting(at(2026, 11, 9, 9), both, one)
    second = make_meeting(at(2026, 11, 9, 9, 30), both)
    expect(make_slot(at(2026, 11, 9, 9)), one, state=AttendanceState.EXCUSED)
    make_meeting(at(2026, 11, 9, 10), one)  # begins as the first ends
    (clash,) = person_clashes(hr, NOVEMBER, since=at(2026, 11, 1, 0))
    assert (clash.first, clash.second, clash.names) == (first, second, ("两头",))
    counts = {event.title: event.clashes for event in events_between(hr, NOVEMBER, Ask())}
    assert counts[first.activity.title] == counts[second.activity.title] == 1
    assert person_clashes(hr, NOVEMBER, since=at(2026, 11, 10, 0)) == []


def test_a_cadre_without_staff_role_learns_nothing_of_others_clashes() -> None:
    both = make_cadre()
    make_meeting(at(2026, 11, 9, 9), both)
    make_meeting(at(2026, 11, 9, 9), both)
    reader = make_viewer(cadre=make_cadre())
    assert {event.clashes for event in events_between(reader, NOVEMBER, Ask())} == {0}


def test_holidays_are_marked() -> None:
    CalendarDay.objects.all().delete()
    CalendarDay.objects.create(day=date(2026, 11, 4), kind="holiday", name="区庆")
    CalendarDay.objects.create(day=date(2026, 11, 7), kind="workday", name="调休")
    days = {day.day: day for week in days_of(NOVEMBER, [], month=11) for day in week}
    off = [days[date(2026, 11, number)].is_off for number in (4, 5, 7, 8)]
    assert (off, days[date(2026, 11, 4)].note) == ([True, False, False, True], "区庆")
    assert days[date(2026, 10, 26)].is_outside


def test_the_own_calendar_knows_what_all_apps_know() -> None:
    own = make_cadre("本人")
    make_meeting(at(2026, 11, 9, 9), own, title="支部大会")
    credit(own, make_class("进修班", starts_on=date(2026, 11, 12), ends_on=date(2026, 11, 13)))
    make_appointment(
        own,
        kind=AppointmentKind.SECONDMENT,
        organisation="示例省厅",
        title="干部",
        starts_on=date(2026, 12, 5),
    )
    found = own_events(own.pk, NOVEMBER)
    assert [(f"{e.day:%m-%d}", e.span, e.continued) for e in found if e.kind != "学习活动"] == [
        ("11-12", "全天", False),
        ("11-13", "全天", True),
        ("12-05", "全天", False),
        ("12-06", "全天", True),
    ]
    assert [e.span for e in found if e.kind == "学习活动"] == ["09:00–10:00"]


def test_a_month_of_300_people_and_60_events_takes_fewer_than_ten_queries_of_its_own(hr) -> None:
    unit = make_unit()
    people = [make_cadre(unit=unit) for _ in range(300)]
    slots = [make_slot(at(2026, 11, 2, 8 + n % 9) + timedelta(days=n % 20)) for n in range(60)]
    rows = [Attendance(slot=slot, cadre=cadre) for slot in slots for cadre in people]
    Attendance.objects.bulk_create(rows, batch_size=500)
    client = client_of(Role.HR)
    client.get("/training/calendar/?m=2026-11")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/training/calendar/?m=2026-11", headers={"HX-Request": "true"})
    own = [query["sql"] for query in asked if "training_" in query["sql"]]
    assert answer.status_code == 200
    assert len(own) < 10


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_the_page_costs_the_same_for_one_and_for_three(view: str) -> None:
    client = client_of(Role.HR)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/training/calendar/?m=2026-11-09&view={view}").status_code == 200
        return len(asked)

    make_meeting(at(2026, 11, 9, 9), make_cadre())
    before = queries()
    for _ in range(2):
        make_meeting(at(2026, 11, 9, 14), make_cadre())
    assert queries() <= before + 1  # two at the same time are looked at once for who is at both


@pytest.mark.parametrize(
    "query", ["m=2026-13", "m=x", "m=0001-01", "view=year", "d=2026-02-30", "category=?"]
)
def test_odd_addresses_are_today(query: str) -> None:
    assert client_of(Role.HR).get(f"/training/calendar/?{query}").status_code == 200


def test_the_month_can_be_exported() -> None:
    make_meeting(at(2026, 11, 9, 9), make_cadre())
    answer = client_of(Role.HR).get("/training/calendar/?m=2026-11&export=xlsx")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize(("role", "kept"), [(Role.HR, [True, True]), (Role.PARTY, [False, True])])
def test_attendance_is_offered_to_who_keeps_it(role: Role, kept: list[bool]) -> None:
    slots = [make_slot(at(2026, 11, 9, 9)), make_meeting(at(2026, 11, 9, 14), make_cadre())]
    page = client_of(role).get("/training/calendar/?m=2026-11&d=2026-11-09").content.decode()
    assert [f'href="/training/slots/{slot.pk}/">签到与考勤' in page for slot in slots] == kept
