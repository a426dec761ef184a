"""Calendar files read back, and subscriptions that only their token opens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from core.access import Role
from core.errors import DomainError
from tests.factories.people import make_account, make_cadre, make_viewer
from tests.factories.slots import at, expect, make_meeting, make_slot
from tests.factories.training import make_class
from training.choices import AttendanceState
from training.ics import Entry, calendar_file
from training.models import CalendarFeed
from training.queries.feeds import entries_of_cadre, entries_of_class
from training.services.feeds import MOST, open_feed, revoke_feed
from training.services.slots import cancel_slot, change_slot

pytestmark = pytest.mark.django_db
NOW = at(2026, 11, 2, 9)
BACKEND = "people.backends.AccountBackend"


def events(data: bytes) -> list:
    return list(Calendar.from_ical(data).walk("VEVENT"))


def entry(**values) -> Entry:
    defaults = {
        "uid": "1@cadre-dev",
        "title": "专题班",
        "starts_at": datetime(2026, 11, 10, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 10, 3, tzinfo=UTC),
        "changed_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Entry(**(defaults | values))


def test_times_are_local_and_the_zone_is_given() -> None:
    data = calendar_file("日程", [entry()])
    (zone,) = Calendar.from_ical(data).walk("VTIMEZONE")
    (event,) = events(data)
    assert str(zone["TZID"]) == "Asia/Shanghai"
    assert b"DTSTART;TZID=Asia/Shanghai:20261110T090000" in data
    assert event["DTSTART"].dt == datetime(2026, 11, 10, 1, tzinfo=UTC)


def test_long_and_odd_text_survives_folding_and_escaping() -> None:
    title = "高质量发展，产业；转型\\升级\n第二行" * 12
    data = calendar_file("日程", [entry(title=title, place="三楼, 会议室; 东")])
    (event,) = events(data)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (title, "三楼, 会议室; 东")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


def test_cancelled_says_so_and_reminds_nobody() -> None:
    (event,) = events(calendar_file("日程", [entry(cancelled=True, sequence=3)]))
    assert (str(event["STATUS"]), event["SEQUENCE"], event.walk("VALARM")) == ("CANCELLED", 3, [])


def test_whole_days_are_dates() -> None:
    days = entry(starts_at=date(2026, 11, 10), ends_at=date(2026, 11, 12))
    data = calendar_file("日程", [days])
    assert b"DTSTART;VALUE=DATE:20261110" in data
    assert events(data)[0]["DTEND"].dt == date(2026, 11, 12)


def test_a_moved_and_a_cancelled_slot_raise_the_sequence() -> None:
    hr = make_viewer(Role.HR)
    slot = make_slot(at(2026, 11, 10, 9), hours=2)
    found = slot.training_class
    before = entries_of_class(found, at=NOW)[0]
    moved = {"starts_at": at(2026, 11, 10, 14), "ends_at": at(2026, 11, 10, 16)}
    change_slot(slot=slot, values=moved, by=hr, on=date(2026, 11, 2))
    after = entries_of_class(found, at=NOW)[0]
    cancel_slot(slot=slot, reason="让位于防汛", by=hr, at=NOW)
    gone = entries_of_class(found, at=NOW)[0]
    assert (after.uid, after.sequence, gone.sequence) == (before.uid, 1, 2)
    assert (after.starts_at, gone.cancelled) == (moved["starts_at"], True)


def test_a_class_without_slots_is_one_entry_of_days() -> None:
    found = make_class("进修班", starts_on=date(2026, 11, 3), ends_on=date(2026, 11, 5))
    (only,) = entries_of_class(found, at=NOW)
    assert (only.starts_at, only.ends_at) == (date(2026, 11, 3), date(2026, 11, 6))


def test_a_cadres_calendar_holds_the_own_slots_and_nobody_elses() -> None:
    own = make_cadre()
    meeting = make_meeting(at(2026, 11, 9, 9), own)
    make_meeting(at(2026, 11, 9, 9), make_cadre())
    expect(make_slot(at(2026, 11, 11, 9)), own, state=AttendanceState.EXCUSED)
    found = [one.uid for one in entries_of_cadre(own.pk, at=NOW)]
    assert found == [f"{meeting.uid}@cadre-dev"]


# Subscriptions


def subscribe(cadre=None):
    viewer = make_viewer(cadre=cadre or make_cadre())
    return viewer, *open_feed(name="手机日历", by=viewer, at=NOW)


def test_the_token_opens_the_calendar_without_login_until_it_is_revoked() -> None:
    own = make_cadre()
    make_meeting(at(2026, 11, 9, 9) + timedelta(days=30), own)
    viewer, feed, token = subscribe(own)
    address = f"/training/calendar/feed/{token}.ics"
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert len(events(answer.content)) == 1
    feed.refresh_from_db()
    assert feed.last_used_on is not None
    revoke_feed(feed=feed, by=viewer, at=NOW)
    assert Client().get(address).status_code == 404


def test_the_token_is_kept_nowhere_and_cannot_be_guessed() -> None:
    _, feed, token = subscribe()
    assert (token in str(feed.__dict__), len(token), len(feed.token_digest)) == (False, 32, 64)


def test_nobody_closes_or_sees_anothers_subscription() -> None:
    _, feed, _ = subscribe()
    stranger = make_viewer(cadre=make_cadre())
    assert list(CalendarFeed.objects.visible_to(stranger)) == []
    with pytest.raises(DomainError, match="已经停用"):
        revoke_feed(feed=feed, by=stranger, at=NOW)


def test_there_are_only_so_many() -> None:
    viewer, *_ = subscribe()
    for _ in range(MOST - 1):
        open_feed(name="又一个", by=viewer, at=NOW)
    with pytest.raises(DomainError, match="最多同时保留"):
        open_feed(name="多了", by=viewer, at=NOW)


def test_the_page_tells_the_address_once() -> None:
    client = Client()
    client.force_login(make_account(cadre=make_cadre()), backend=BACKEND)
    made = client.post("/training/calendar/feeds/", {"name": "手机"})
    assert "/training/calendar/feed/" in made.content.decode()
    assert "/training/calendar/feed/" not in client.get("/training/calendar/feeds/").content.decode()
