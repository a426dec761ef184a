"""Solving a clash: move, take off the list, or accept with a reason; and the slots behind it."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from core.access import Role
from core.asking import answered
from core.errors import DomainError
from core.models import AuditEvent, Notification
from people.choices import UnitKind
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.slots import at, expect, make_meeting, make_slot, make_slot_rule
from tests.factories.training import credit, make_class
from training.choices import AttendanceSource, AttendanceState, ClassState, ParticipationState
from training.contributions.calendar import own_slots_ahead
from training.models import AcceptedClash, Attendance, SlotRule
from training.queries.clashes import clashes_of_class
from training.services.clashes import accept_clash, require_clear
from training.services.reminders import remind_of_day
from training.services.slot_rules import open_slot_rule
from training.services.slots import add_slot, cancel_slot, change_slot

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)
NOW = at(2026, 11, 2, 9)


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


@pytest.fixture
def clash():
    """One cadre of a class whom a meeting wants at the same time."""
    make_slot_rule(away_share=Decimal(1))
    cadre = make_cadre("李示例")
    slot = make_slot(at(2026, 11, 10, 9), hours=2, state=ClassState.DRAFT)
    credit(cadre, slot.training_class, state=ParticipationState.CONFIRMED)
    expect(slot, cadre)
    make_meeting(at(2026, 11, 10, 10), cadre)
    return slot


def report(slot):
    return clashes_of_class(slot.training_class, on=TODAY)


def test_a_class_with_open_clashes_is_not_clear(clash) -> None:
    with pytest.raises(DomainError, match="还有 1 处冲突没有处理"):
        require_clear(report(clash))


def test_moving_the_slot_solves_it(clash, hr) -> None:
    moved = {"starts_at": at(2026, 11, 10, 14), "ends_at": at(2026, 11, 10, 16)}
    change_slot(slot=clash, values=moved, by=hr, on=TODAY)
    require_clear(report(clash))


def test_accepting_needs_a_reason_and_is_recorded(clash, hr) -> None:
    (row,) = report(clash).clashes
    with pytest.raises(DomainError, match="请写明接受的原因"):
        accept_clash(slot=clash, row=row, reason=" ", by=hr, at=NOW)
    accept_clash(slot=clash, row=row, reason="例会请假", by=hr, at=NOW)
    require_clear(report(clash))
    assert AuditEvent.objects.get(action="clash.accept").reason == "例会请假"


def test_the_page_shows_and_accepts(clash) -> None:
    client = Client()
    client.force_login(make_account(Role.HR), backend="people.backends.AccountBackend")
    check = f"/training/classes/{clash.training_class_id}/check/"
    page = client.get(check).content.decode()
    assert ("人员冲突" in page, "李示例" in page) == (True, True)
    (row,) = report(clash).clashes
    accept = f"/training/slots/{clash.pk}/clash/?cadre={row.cadre.pk}&key={row.clash.key}"
    assert client.get(accept).status_code == 200
    client.post(accept, {"reason": "例会请假"})
    assert AcceptedClash.objects.get().reason == "例会请假"
    assert "已接受" in client.get(check).content.decode()
    assert client.get(f"/training/slots/{clash.pk}/clash/?cadre=1&key=x").status_code == 404


def test_a_thin_department_is_accepted_as_such(hr) -> None:
    make_slot_rule(away_share=Decimal("0.3"), away_least=3)
    unit = make_unit(kind=UnitKind.DEPARTMENT)
    team = [make_cadre(unit=unit) for _ in range(3)]
    slot = make_slot(at(2026, 11, 10, 9), state=ClassState.DRAFT)
    for cadre in team:
        credit(cadre, slot.training_class, state=ParticipationState.NOMINATED)
    (thin,) = report(slot).thin
    accept_clash(slot=slot, row=thin, reason="全员轮训", by=hr, at=NOW)
    assert report(slot).open == 0


# Slots


def test_a_new_slot_expects_whoever_takes_part(hr) -> None:
    held = make_class(starts_on=date(2026, 11, 10), state=ClassState.PUBLISHED)
    cadre = make_cadre()
    credit(cadre, held, state=ParticipationState.CONFIRMED)
    values = {"starts_at": at(2026, 11, 10, 9), "ends_at": at(2026, 11, 10, 11), "topic": "一讲"}
    slot = add_slot(training_class=held, values=values, by=hr)
    assert list(slot.attendances.values_list("cadre_id", flat=True)) == [cadre.pk]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (at(2026, 11, 10, 10), at(2026, 11, 10, 12), "时段重叠"),
        (at(2026, 11, 11, 9), at(2026, 11, 11, 10), "起止日期"),
        (at(2026, 11, 10, 16), at(2026, 11, 10, 15), "晚于开始"),
    ],
)
def test_a_slot_that_cannot_be_is_refused(hr, start, end, words: str) -> None:
    held = make_class(starts_on=date(2026, 11, 10), state=ClassState.PUBLISHED)
    make_slot(at(2026, 11, 10, 9), of=held)
    with pytest.raises(DomainError, match=words):
        add_slot(training_class=held, values={"starts_at": start, "ends_at": end}, by=hr)


def test_a_moved_slot_forgets_its_windows_and_tells_whoever_is_expected(hr) -> None:
    slot = make_slot(at(2026, 11, 10, 9), checkin_opens_at=at(2026, 11, 10, 8))
    account = make_account(cadre=make_cadre())
    expect(slot, account.cadre)
    moved = {"starts_at": at(2026, 11, 10, 14), "ends_at": at(2026, 11, 10, 16)}
    assert change_slot(slot=slot, values=moved, by=hr, on=TODAY)
    slot.refresh_from_db()
    assert (slot.checkin_opens_at, slot.sequence) == (None, 1)
    assert list(Notification.objects.values_list("recipient_id", flat=True)) == [account.pk]


def test_a_slot_with_attendance_is_not_cancelled(hr) -> None:
    slot = make_slot(at(2026, 11, 10, 9))
    expect(slot, make_cadre(), state=AttendanceState.PRESENT, source=AttendanceSource.MANUAL)
    with pytest.raises(DomainError, match="已登记考勤"):
        cancel_slot(slot=slot, reason="改期", by=hr, at=NOW)


# Telling people


def test_whoever_is_expected_tomorrow_is_told_once() -> None:
    account = make_account(cadre=make_cadre())
    meeting = make_meeting(at(2026, 11, 3, 9), account.cadre, title="支部大会")
    expect(meeting, make_cadre(), state=AttendanceState.EXCUSED)
    make_meeting(at(2026, 11, 4, 9), account.cadre)
    told = [remind_of_day(day=date(2026, 11, 3), on=TODAY) for _ in range(2)]
    assert told == [1, 0]
    assert Notification.objects.get().title == "明天 09:00 支部大会"


def test_the_home_page_lists_the_own_slots_of_the_next_days() -> None:
    own = make_cadre()
    make_meeting(at(2026, 11, 2, 15), own, title="支部大会", place="三楼")
    make_meeting(at(2026, 11, 20, 9), own)
    done = make_meeting(at(2026, 11, 2, 9), own)
    Attendance.objects.filter(slot=done).update(state=AttendanceState.PRESENT)
    (duty,) = answered(own_slots_ahead(viewer=make_viewer(cadre=own, on=TODAY)))[0]
    assert (duty.title, duty.link.url_name, duty.reason) == (
        "15:00 支部大会",
        "training:checkin",
        "地点：三楼",
    )


# The rule


def test_a_new_version_ends_the_one_before(hr) -> None:
    old = make_slot_rule()
    values = {"starts_on": date(2027, 1, 1), "opens_before": 60, "source": "党工委会议"}
    new = open_slot_rule(values=values, by=hr)
    old.refresh_from_db()
    assert (old.ends_on, new.ends_on) == (date(2026, 12, 31), None)
    with pytest.raises(DomainError, match="已有一版规则"):
        open_slot_rule(values=values, by=hr)
    assert SlotRule.objects.count() == 2


def test_the_form_takes_percent(hr) -> None:
    make_slot_rule()
    client = Client()
    client.force_login(make_account(Role.HR), backend="people.backends.AccountBackend")
    initial = client.get("/training/slot-rules/new/").context["form"].initial
    data = {key: value for key, value in initial.items() if key != "away_share"}
    answer = client.post(
        "/training/slot-rules/new/",
        data | {"starts_on": "2027-01-01", "source": "会议决定", "away_percent": 40},
    )
    assert answer.status_code == 302
    assert SlotRule.objects.get(starts_on=date(2027, 1, 1)).away_share == Decimal("0.4")
