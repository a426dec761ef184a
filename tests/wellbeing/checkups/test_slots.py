"""Places: taken, moved, given up, given out to those left, and reminded of."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from core.models import Notification
from people.contracts import engagements_of
from tests.factories.checkups import line_of, make_campaign, make_slot, organiser
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import viewer_of
from wellbeing.models import CheckupMember, CheckupSlot
from wellbeing.services.checkups.reminders import remind_by_clock, remind_unbooked
from wellbeing.services.checkups.slots import (
    assign_leftovers,
    book_slot,
    cancel_booking,
    change_slot,
    drop_slot,
    open_slots,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now


def test_a_cadre_books_moves_and_gives_up_the_own_place(cadre, own):
    campaign = make_campaign()
    first, second = make_slot(campaign, capacity=1), make_slot(campaign, capacity=1, place="二号楼")
    me = viewer_of(own)
    book_slot(member=line_of(campaign, cadre), slot=first, by=me, at=NOW())
    book_slot(member=line_of(campaign, cadre), slot=second, by=me, at=NOW())
    taken = list(CheckupSlot.objects.order_by("pk").values_list("seats_taken", flat=True))
    assert (taken, line_of(campaign, cadre).slot) == ([0, 1], second)
    cancel_booking(member=line_of(campaign, cadre), by=me, at=NOW())
    assert line_of(campaign, cadre).state == "open"
    assert CheckupSlot.objects.get(pk=second.pk).seats_taken == 0


def test_the_last_place_is_given_once(cadre, own, office):
    other = make_cadre("李二", unit=office)
    rival = make_account(cadre=other)
    campaign = make_campaign()
    slot = make_slot(campaign, capacity=1)
    book_slot(member=line_of(campaign, cadre), slot=slot, by=viewer_of(own), at=NOW())
    with pytest.raises(DomainError, match="已满"):
        book_slot(member=line_of(campaign, other), slot=slot, by=viewer_of(rival), at=NOW())
    assert line_of(campaign, other).state == "open"


def test_a_stale_page_takes_no_second_place(cadre, own):
    campaign = make_campaign()
    first, second = make_slot(campaign), make_slot(campaign, place="二号楼")
    stale = line_of(campaign, cadre)
    book_slot(member=line_of(campaign, cadre), slot=first, by=viewer_of(own), at=NOW())
    with pytest.raises(DomainError, match="刚被改过"):
        book_slot(member=stale, slot=second, by=viewer_of(own), at=NOW())
    assert CheckupSlot.objects.get(pk=second.pk).seats_taken == 0


def test_others_and_the_past_are_refused(cadre, own, office):
    campaign = make_campaign()
    slot = make_slot(campaign)
    stranger = viewer_of(make_account(cadre=make_cadre("旁人", unit=office)))
    with pytest.raises(DomainError):
        book_slot(member=line_of(campaign, cadre), slot=slot, by=stranger, at=NOW())
    with pytest.raises(DomainError, match="已经开始"):
        book_slot(member=line_of(campaign, cadre), slot=slot, by=viewer_of(own), at=NOW() + timedelta(days=5))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=12))
def test_seats_taken_are_the_people_in_them(zone, steps):
    """Whatever is booked, moved and given up: each slot holds as many as it says, and never too many."""
    CheckupMember.objects.all().delete()
    CheckupSlot.objects.all().delete()
    people = [make_cadre(unit=zone) for _ in range(3)]
    campaign = make_campaign(title=f"体检{len(steps)}")
    slots = [make_slot(campaign, capacity=size, place=f"{size}号") for size in (1, 1, 2)]
    by = viewer_of(organiser())
    for who, where in steps:
        line = line_of(campaign, people[who])
        slot = CheckupSlot.objects.get(pk=slots[where].pk)
        if line.slot_id == slot.pk:
            cancel_booking(member=line, by=by, at=NOW())
        elif slot.seats_left:
            book_slot(member=line, slot=slot, by=by, at=NOW())
        else:
            with pytest.raises(DomainError, match="已满"):
                book_slot(member=line, slot=slot, by=by, at=NOW())
    for slot in CheckupSlot.objects.filter(campaign=campaign):
        inside = CheckupMember.objects.filter(slot=slot, state="booked").count()
        assert inside == slot.seats_taken <= slot.capacity


def test_slots_are_set_up_for_working_days(cadre):
    campaign = make_campaign()
    span = {"begins": timezone.now().time().replace(hour=8), "ends": timezone.now().time().replace(hour=10)}
    by = viewer_of(organiser())
    first = campaign.starts_on + timedelta(days=(7 - campaign.starts_on.weekday()))  # a Monday
    made = open_slots(
        campaign=campaign, first=first, last=first + timedelta(days=6), place="体检中心", capacity=9,
        weekends=False, by=by, **span,
    )  # fmt: skip
    assert len(made) == 5
    with pytest.raises(DomainError, match="体检期间"):
        open_slots(
            campaign=campaign, first=first, last=campaign.ends_on + timedelta(days=1), place="体检中心",
            capacity=9, weekends=True, by=by, **span,
        )  # fmt: skip


def test_leftovers_get_the_earliest_place_free_of_clashes(cadre, own, office):
    other = make_cadre("李二", unit=office)
    campaign = make_campaign()
    early = make_slot(campaign, capacity=1)
    late = make_slot(campaign, capacity=5, starts_at=NOW() + timedelta(days=3))
    given, left = assign_leftovers(campaign=campaign, by=viewer_of(organiser()), at=NOW(), on=TODAY)
    assert (given, left) == (2, 0)
    slots = {line_of(campaign, who).slot for who in (cadre, other)}
    assert slots == {early, late}
    assert Notification.objects.filter(recipient=own, title__contains="已为您安排体检").exists()


def test_somebody_busy_is_not_sent_there(cadre, own):
    busy = make_campaign(title="另一次", year=2031)
    start = NOW() + timedelta(days=2)
    book_slot(member=line_of(busy, cadre), slot=make_slot(busy, starts_at=start), by=viewer_of(own), at=NOW())
    campaign = make_campaign()
    make_slot(campaign, starts_at=start)
    given, left = assign_leftovers(campaign=campaign, by=viewer_of(organiser()), at=NOW(), on=TODAY)
    assert (given, left) == (0, 1)


def test_a_booked_place_occupies_and_a_freed_one_does_not(cadre, own):
    campaign = make_campaign()
    slot = make_slot(campaign)
    span = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
    book_slot(member=line_of(campaign, cadre), slot=slot, by=viewer_of(own), at=NOW())
    assert [(e.kind, e.place) for e in engagements_of([cadre.pk], **span)] == [("体检", "一号楼")]
    cancel_booking(member=line_of(campaign, cadre), by=viewer_of(own), at=NOW())
    assert engagements_of([cadre.pk], **span) == []


def test_a_moved_slot_is_told_and_a_taken_one_stays(cadre, own):
    campaign = make_campaign()
    slot, by = make_slot(campaign), viewer_of(organiser())
    book_slot(member=line_of(campaign, cadre), slot=slot, by=viewer_of(own), at=NOW())
    slot.refresh_from_db()
    with pytest.raises(DomainError, match="已有人预约"):
        drop_slot(slot=slot, by=by)
    change_slot(slot=slot, values={"place": "新楼"}, by=by, on=TODAY)
    assert Notification.objects.filter(recipient=own, title__contains="新楼").count() == 1
    with pytest.raises(DomainError, match="名额不能少于"):
        change_slot(slot=slot, values={"capacity": 0}, by=by, on=TODAY)


def test_reminders_the_day_before_and_to_those_without_a_place(cadre, own, office):
    other = make_cadre("李二", unit=office)
    waiting = make_account(cadre=other)
    campaign = make_campaign()
    slot = make_slot(campaign, starts_at=NOW() + timedelta(days=2))
    book_slot(member=line_of(campaign, cadre), slot=slot, by=viewer_of(own), at=NOW())
    Notification.objects.all().delete()
    day_before = timezone.localdate(slot.starts_at) - timedelta(days=1)
    remind_by_clock(on=day_before)
    assert remind_by_clock(on=day_before) == 0
    assert Notification.objects.filter(recipient=own, title__startswith="明天体检").count() == 1
    remind_by_clock(on=TODAY + timedelta(days=7))
    assert Notification.objects.filter(recipient=waiting, title__contains="还没有预约").exists()
    assert remind_unbooked(campaign=campaign, by=viewer_of(organiser()), on=TODAY + timedelta(days=20)) == 1
