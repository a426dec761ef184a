"""The month of one viewer: on the home page, as a page, as a list; and what it must not tell."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import Role
from core.asking import result_of
from people.access import viewer_for
from people.calendar import Month, entries_of_duties, entry_steps
from people.choices import CalendarKind
from people.contracts import DayMark, Duty, Entry, Link
from people.models import Cadre, Unit, User
from people.months import Span, midnight, month_after, month_from, month_span, week_span
from rotation.choices.secondments import SecondmentState
from tests.factories.home import Work
from tests.factories.park import make_task
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.secondments import make_secondment
from tests.factories.slots import make_meeting
from tests.factories.wellbeing import make_duty, make_inspection, make_talk, talker_account
from tests.people.pages.conftest import BACKEND
from wellbeing.choices.talks import TalkState
from wellbeing.models import Talk

MARCH, TODAY = date(2026, 3, 1), date(2026, 3, 5)
K = CalendarKind


# Days


def test_months_are_whole_weeks_from_monday() -> None:
    assert month_span(2026, 3) == Span(date(2026, 2, 23), date(2026, 4, 5))
    assert week_span(TODAY) == Span(date(2026, 3, 2), date(2026, 3, 8))
    assert (month_after(date(2026, 12, 31)), month_after(date(2026, 1, 9), -1)) == (
        date(2027, 1, 1),
        date(2025, 12, 1),
    )


@pytest.mark.parametrize("text", ["", "x", "2026-13", "1999-12", "2101-01", "2026-03-05", "0000-00"])
def test_an_address_that_names_no_month_is_this_month(text: str) -> None:
    assert month_from(text, TODAY) == MARCH
    assert month_from("2027-02", TODAY) == date(2027, 2, 1)


def shown(month: Month) -> dict[date, list[str]]:
    return {
        day.day: [one.entry.title for one in day.shown] for week in month.weeks for day in week if day.shown
    }


def test_what_two_sources_tell_of_is_one_entry_and_the_own_comes_first() -> None:
    nine = midnight(TODAY) + timedelta(hours=9)
    found = [
        Entry(K.CLASS, "别的班", TODAY, starts_at=midnight(TODAY) + timedelta(hours=8)),
        Entry(K.CLASS, "甲班", TODAY, starts_at=nine, link=Link("home")),
        Entry(K.CLASS, "甲班", TODAY, starts_at=nine, own=True),
    ]
    month = Month.of(MARCH, found, TODAY)
    [day] = month.days
    assert [(one.entry.title, one.entry.own) for one in day.shown] == [("甲班", True), ("别的班", False)]
    assert day.shown[0].entry.link == Link("home")
    assert (month.number, month.legend) == (2, (K.CLASS,))


def test_a_few_days_stand_on_each_and_a_long_time_on_its_ends() -> None:
    trip = Entry(K.CLASS, "考察", date(2026, 3, 30), date(2026, 4, 1))
    away = Entry(K.AWAY, "挂职", date(2026, 3, 2), date(2026, 12, 31))
    month = Month.of(MARCH, [trip, away], TODAY)
    assert shown(month) == {
        date(2026, 3, 2): ["挂职"],
        date(2026, 3, 30): ["考察"],
        date(2026, 3, 31): ["考察"],
        date(2026, 4, 1): ["考察"],
    }
    assert month.number == 2  # what goes on is counted once
    assert shown(Month.of(MARCH, [trip, away], TODAY, "away")) == {date(2026, 3, 2): ["挂职"]}
    assert Month.of(MARCH, [trip, away], TODAY, "away").legend == (K.CLASS, K.AWAY)


def test_holidays_and_make_up_days_are_those_of_the_office() -> None:
    marks = [DayMark(date(2026, 3, 6), "清明节", True), DayMark(date(2026, 3, 7), "调休上班", False)]
    days = {day.day: day for week in Month.of(MARCH, marks, TODAY).weeks for day in week}
    assert [(days[date(2026, 3, n)].is_off, days[date(2026, 3, n)].note) for n in (5, 6, 7, 8)] == [
        (False, ""),
        (True, "清明节"),
        (False, "调休上班"),
        (True, ""),
    ]
    assert [days[date(2026, 3, n)].is_near for n in (4, 5, 11, 12)] == [False, True, True, False]


def test_what_is_due_stands_on_its_day_unless_it_has_an_entry() -> None:
    link = Link("home")
    due = [
        Duty("a", "交小结", TODAY, link),
        Duty("b", "没有日期", None, link),
        Duty("c", "已有一条", TODAY, link, on_calendar=False),
    ]
    assert [entry.title for entry in entries_of_duties(due)] == ["交小结"]


# What each may know

pytestmark = pytest.mark.django_db
CANARY = "暗记示例"


def titles(user: User, on: date = TODAY) -> set[str]:
    found = result_of(entry_steps(viewer_for(user, on=on), on.replace(day=1)))
    return {f"{entry.title}{entry.note}" for entry in found if isinstance(entry, Entry)}


def test_a_talk_is_on_the_calendars_of_the_two_alone(office: Unit) -> None:
    told = make_cadre(f"{CANARY}甲", unit=office)
    holder = talker_account()
    talk = make_talk(told, talker=holder, held_on=TODAY, state=TalkState.PLANNED)
    start = timezone.make_aware(datetime.combine(TODAY, time(15)))
    Talk.objects.filter(pk=talk.pk).update(planned_from=start, planned_to=start + timedelta(hours=1))
    assert f"谈心谈话与{told.name}" in titles(holder)
    assert f"谈心谈话与{holder.name}" in titles(make_account(cadre=told))
    for role in Role:
        other = make_account(role, cadre=make_cadre(unit=office))
        assert not [title for title in titles(other) if "谈" in title or CANARY in title], role
    colleague = make_account(cadre=make_cadre(unit=office))
    assert not titles(colleague)


def test_the_own_checkup_tasks_and_days_are_nobody_elses(office: Unit) -> None:
    mine = make_cadre("李示例", unit=office)
    make_task(unit=office, owner=mine, due_on=TODAY, name=CANARY)
    make_duty(mine, talker=talker_account(), due_on=TODAY)
    assert titles(make_account(cadre=mine)) == {CANARY}
    assert not titles(make_account(cadre=make_cadre(unit=office)))
    assert not titles(make_account(Role.DEPARTMENT_HEAD, unit=make_unit("别局"), cadre=make_cadre()))
    assert CANARY in titles(make_account(Role.DEPARTMENT_HEAD, unit=office, cadre=make_cadre(unit=office)))


def test_a_proposal_is_never_on_the_calendar_of_its_subject(office: Unit) -> None:
    """Neither whoever is recommended for a secondment nor anybody reads of it here before it is one."""
    cadre = make_cadre(f"{CANARY}乙", unit=office)
    row = make_secondment(SecondmentState.RECOMMENDED, cadre=cadre)
    for user in (make_account(cadre=cadre), make_account(Role.HR), make_account(Role.TOP_LEADER)):
        assert not [title for title in titles(user, row.planned_end_on) if "挂职" in title]


def test_the_end_of_a_secondment_is_for_the_person_and_who_sees_it(office: Unit) -> None:
    cadre = make_cadre(f"{CANARY}丙", unit=office)
    row = make_secondment(SecondmentState.ACTIVE, cadre=cadre)
    on = row.planned_end_on
    assert "挂职期满" in titles(make_account(cadre=cadre), on)
    assert f"{cadre.name}挂职期满" in titles(make_account(Role.HR), on)
    assert not [t for t in titles(make_account(cadre=make_cadre(unit=office)), on) if "挂职" in t]


def test_an_inspection_is_for_those_who_see_the_discipline(office: Unit) -> None:
    make_inspection(checked_on=None, title=CANARY, planned_on=TODAY)
    assert CANARY in titles(make_account(Role.DISCIPLINE))
    for role in (Role.HR, Role.PARTY, Role.DEPARTMENT_HEAD, Role.CADRE):
        assert CANARY not in titles(make_account(role, cadre=make_cadre(unit=office)))


def test_several_tasks_of_a_day_are_a_number_that_leads_to_them(office: Unit, log_in) -> None:
    today = timezone.localdate()
    for _ in range(3):
        make_task(unit=office, owner=make_cadre(unit=office), due_on=today)
    make_task(unit=office, owner=make_cadre(unit=office), due_on=today + timedelta(days=40))
    client = log_in(Role.HR)
    [entry] = [
        one.entry
        for week in client.get("/calendar/").context["month"].weeks
        for day in week
        for one in day.shown
        if one.entry.kind == K.TASK
    ]
    assert entry.title == "3 项任务到期"
    assert client.get(entry.link.url).context["page"].paginator.count == 3


# Pages


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("role", [Role.HR, Role.DEPARTMENT_HEAD, Role.CADRE])
def test_the_page_costs_the_same_at_one_row_of_every_kind_and_at_three(office: Unit, role: Role) -> None:
    mine = make_cadre("李示例", unit=office, rank="一级科员")
    user = make_account(role, cadre=mine)
    work = Work(mine, user, office, timezone.localdate())
    work.one_more()
    one = cost(browser_of(user), "/calendar/")
    work.one_more()
    work.one_more()
    assert cost(browser_of(user), "/calendar/") == one <= 12


def meeting_of_today(*cadres: Cadre) -> None:
    make_meeting(midnight(timezone.localdate()) + timedelta(hours=15), *cadres)


def test_the_home_page_shows_the_month_and_leads_on(office: Unit, log_in) -> None:
    mine = make_cadre("李示例", unit=office)
    meeting_of_today(mine)
    today = timezone.localdate()
    client = log_in(cadre=mine)
    page = client.get("/")
    html = page.content.decode()
    assert f'id="month-h">{today.year}年{today.month}月日程</h2>' in html
    [entry] = [one.entry for one in page.context["month"].days[0].shown]
    assert f'href="{entry.link.url}"' in html
    assert f"?m={page.context['month'].earlier}#month" in html
    before = client.get(f"/?m={page.context['month'].earlier}").context["month"]
    assert (before.first, before.is_present) == (month_after(today, -1), False)


def test_administrators_have_no_calendar(log_in) -> None:
    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
        client = log_in(role)
        assert 'id="month"' not in client.get("/").content.decode()
        assert client.get("/calendar/").status_code == 404


def test_the_list_is_a_table_with_a_caption_and_a_head_for_each_day(office: Unit, log_in) -> None:
    mine = make_cadre("李示例", unit=office)
    meeting_of_today(mine)
    html = log_in(cadre=mine).get("/calendar/?view=list").content.decode()
    today = timezone.localdate()
    assert f'<caption class="vh">{today.year}年{today.month}月日程，按日期排列</caption>' in html
    assert f'<th scope="rowgroup" rowspan="1" class="nowrap num">{today.month}月{today.day}日' in html
    assert "15:00–" in html


def test_a_kind_a_month_and_a_day_are_asked_for_by_the_address(office: Unit, log_in) -> None:
    mine = make_cadre("李示例", unit=office)
    meeting_of_today(mine)
    client = log_in(cadre=mine)
    today = timezone.localdate()
    assert len(client.get("/calendar/?kind=study").context["chosen"].shown) == 1
    assert client.get("/calendar/?kind=talk").context["month"].number == 0
    assert len(client.get("/calendar/?kind=nothing&m=nothing").context["chosen"].shown) == 1
    chosen = client.get(f"/calendar/?d={today:%Y-%m}-02").context["chosen"]
    assert chosen.day == today.replace(day=2)
    part = client.get("/calendar/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'class="cal cal-m"' in part
