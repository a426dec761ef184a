"""From the form to slots: the demand knows who is busy, the job answers, adopting moves and adds."""

from datetime import date, time, timedelta

import pytest
from django.test import Client

from core.access import Role
from core.errors import DomainError
from tests.factories.people import make_account, make_cadre, make_viewer
from tests.factories.slots import at, make_meeting, make_slot
from tests.factories.training import credit, make_class
from training.choices import ClassState, ParticipationState, TimetableState
from training.models import CalendarDay, Timetable
from training.queries.timetables import Wish, demand_of
from training.services.timetables import adopt_timetable, ask_for_timetable
from training.timetable import Room, Session

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 9)
NOW = at(2026, 11, 2, 9)
MORNING, AFTERNOON = (time(9), time(11)), (time(14), time(16))


@pytest.fixture(autouse=True)
def _plain_calendar() -> None:
    CalendarDay.objects.all().delete()


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


@pytest.fixture
def held():
    return make_class("安全班", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=4), state=ClassState.DRAFT)


def wish(*classes, sessions, **values) -> Wish:
    rest = {
        "first": MONDAY,
        "last": MONDAY + timedelta(days=1),
        "spans": [MORNING, AFTERNOON],
        "rooms": [Room("报告厅")],
    } | values
    return Wish(classes=classes, sessions=[Session(*one) for one in sessions], **rest)


def test_the_demand_counts_who_is_busy_elsewhere_but_not_in_the_class_itself(held) -> None:
    cadres = [make_cadre() for _ in range(3)]
    for cadre in cadres:
        credit(cadre, held, state=ParticipationState.CONFIRMED)
    make_meeting(at(2026, 11, 9, 10, 30), *cadres[:2])
    make_slot(at(2026, 11, 10, 9), of=held)
    demand = demand_of(wish(held, sessions=[("一讲", "安全班")]))
    assert (demand.size, demand.busy) == ({"安全班": 3}, {"安全班": [2, 0, 0, 0]})


def test_people_of_two_classes_are_counted_as_shared(held) -> None:
    other, both = make_class("写作班", starts_on=MONDAY, ends_on=MONDAY + timedelta(days=1)), make_cadre()
    for found in (held, other):
        credit(both, found, state=ParticipationState.CONFIRMED)
    demand = demand_of(wish(held, other, sessions=[("一讲", "安全班"), ("二讲", "写作班")]))
    assert demand.common("安全班", "写作班") == 1


def test_weekends_and_days_outside_the_class_are_left_out(held) -> None:
    demand = demand_of(wish(held, sessions=[("一讲", "安全班")], last=MONDAY + timedelta(days=20)))
    days = {block.day for block in demand.blocks}
    assert "2026-11-14" not in days
    assert set(demand.sessions[0].days) == {f"2026-11-{day:02d}" for day in range(9, 14)}


def test_asked_worked_out_and_adopted(held, hr) -> None:
    """The queue of the tests runs a job where it is started."""
    present = make_slot(at(2026, 11, 13, 9), of=held, topic="一讲")
    found, job = ask_for_timetable(
        title="排课", wish=wish(held, sessions=[("一讲", "安全班"), ("二讲", "安全班", "王")]), by=hr, at=NOW
    )
    found.refresh_from_db()
    assert (found.state, job.result) == (TimetableState.SOLVED, {"sessions": 2, "clashes": 0})
    assert adopt_timetable(timetable=found, by=hr, at=NOW, on=MONDAY) == 2
    slots = list(held.slots.order_by("starts_at"))
    assert {slot.topic for slot in slots} == {"一讲", "二讲"}
    assert present.pk in {slot.pk for slot in slots}
    assert {slot.place for slot in slots} == {"报告厅"}
    with pytest.raises(DomainError, match="已经采用"):
        adopt_timetable(timetable=found, by=hr, at=NOW, on=MONDAY)


def test_two_sessions_may_change_places(held, hr) -> None:
    """Each would move into the other's time: the order of moving matters, nothing may overlap in between."""
    for hour, topic in ((9, "一讲"), (14, "二讲")):
        make_slot(at(2026, 11, 9, hour), of=held, topic=topic)
    wanted = wish(
        held, sessions=[("一讲", "安全班"), ("二讲", "安全班")], last=MONDAY, spans=[MORNING, AFTERNOON]
    )
    found, _ = ask_for_timetable(title="排课", wish=wanted, by=hr, at=NOW)
    found.refresh_from_db()
    adopt_timetable(timetable=found, by=hr, at=NOW, on=MONDAY)
    assert held.slots.count() == 2


def test_a_wish_without_working_days_is_refused(held, hr) -> None:
    saturday = MONDAY + timedelta(days=5)
    with pytest.raises(DomainError, match="没有工作日"):
        ask_for_timetable(
            title="排课",
            wish=wish(held, sessions=[("一讲", "安全班")], first=saturday, last=saturday),
            by=hr,
            at=NOW,
        )


def client_of_hr() -> Client:
    client = Client()
    client.force_login(make_account(Role.HR), backend="people.backends.AccountBackend")
    return client


def form(held, **values) -> dict[str, object]:
    return {
        "title": "排课",
        "classes": [held.pk],
        "sessions": "一讲，王教授，90\n二讲",
        "first": "2100-03-01",
        "last": "2100-03-05",
        "workdays_only": "on",
        "spans": "09:00-11:30、14:30-17:00",
        "most_a_day": 2,
        "rooms": "报告厅，200\n小会议室",
        "absent": "王教授，2100-03-01",
    } | values


@pytest.fixture
def future():
    return make_class("远期班", starts_on=date(2100, 3, 1), ends_on=date(2100, 3, 5), state=ClassState.DRAFT)


def test_the_page_from_the_form_to_the_slots(future) -> None:
    client = client_of_hr()
    assert client.get(f"/training/timetables/new/?class={future.pk}").status_code == 200
    page = client.post("/training/timetables/new/", form(future), follow=True)
    assert "没有人时间冲突" in page.content.decode()
    found = Timetable.objects.get()
    client.post(f"/training/timetables/{found.pk}/adopt/")
    slots = {slot.topic: slot for slot in future.slots.all()}
    assert (slots["一讲"].ends_at - slots["一讲"].starts_at) == timedelta(minutes=90)
    assert slots["一讲"].lecturer == "王教授"
    assert f"{slots['一讲'].starts_at:%d}" != "01"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("spans", "上午", "请按“09:00-11:30、14:30-17:00”的样子填写"),
        ("spans", "09:00-11:00、10:00-12:00", "时段互相重叠"),
        ("sessions", "一讲，王，两小时", "时长请填分钟数"),
        ("sessions", "一讲，王，90，别的班", "不在所选班次中"),
        ("rooms", "报告厅，很多", "可坐人数请填数字"),
        ("absent", "王教授", "请写明日期"),
        ("last", "2100-02-01", "结束日期不能早于开始日期"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(future, field: str, value: str, words: str) -> None:
    answer = client_of_hr().post("/training/timetables/new/", form(future, **{field: value}))
    assert answer.status_code == 422
    assert words in answer.content.decode()
