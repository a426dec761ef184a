"""Times for talks: offered once, taken once."""

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import Notification
from people.contracts import engagements_of
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.wellbeing import NOW, make_duty, make_slot, talker_account, viewer_of
from wellbeing.choices.triggers import DutyState
from wellbeing.models import Talk, TalkDuty, TalkSlot
from wellbeing.queries.slots import open_slots, talkers_for
from wellbeing.services.slots import book_slot, offer_slot, request_talk, withdraw_slot

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=1)


def refused(code, act, **values):
    with pytest.raises(DomainError) as refusal:
        act(**values)
    assert refusal.value.code == code


def book(slot, own):
    return book_slot(slot=slot, by=viewer_of(own), at=NOW, on=TODAY)


def test_a_slot_is_offered_for_the_future_and_beside_others(talker):
    by, span = viewer_of(talker), {"starts_at": SOON, "ends_at": SOON + timedelta(hours=1)}
    slot = offer_slot(**span, place="三楼", by=by, at=NOW)
    refused("overlap", offer_slot, **span, place="", by=by, at=NOW)
    refused("past", offer_slot, **span, place="", by=by, at=SOON)
    backwards = {"starts_at": SOON, "ends_at": SOON}
    refused("end_before_start", offer_slot, **backwards, place="", by=by, at=NOW)
    refused("not_allowed", offer_slot, **span, place="", by=viewer_of(make_account()), at=NOW)
    withdraw_slot(slot=slot, by=by, at=NOW)
    offer_slot(**span, place="", by=by, at=NOW)


def test_a_cadre_takes_a_slot_of_the_own_head(cadre, talker, own):
    slot, duty = make_slot(talker, starts_at=SOON), make_duty(cadre, talker=talker)
    talk = book(slot, own)
    slot.refresh_from_db(), duty.refresh_from_db()
    assert (slot.cadre, slot.talk, duty.state, duty.talk) == (cadre, talk, DutyState.PLANNED, talk)
    assert (talk.reason, talk.planned_from, talk.talker) == ("commended", SOON, talker)
    assert Notification.objects.filter(recipient=talker, kind="wellbeing.slot").exists()
    refused("taken", withdraw_slot, slot=slot, by=viewer_of(talker), at=NOW)


def test_the_second_one_is_told_that_it_is_gone(cadre, talker, own, office):
    slot = make_slot(talker, starts_at=SOON)
    other = make_account(cadre=make_cadre("周示例", unit=office))
    book(slot, own)
    refused("taken", book_slot, slot=slot, by=viewer_of(other), at=NOW, on=TODAY)
    assert Talk.objects.count() == 1


def test_slots_of_strangers_or_of_the_past_cannot_be_taken(cadre, talker, own):
    elsewhere = make_slot(talker_account(unit=make_unit()), starts_at=SOON)
    refused("not_offered", book_slot, slot=elsewhere, by=viewer_of(own), at=NOW, on=TODAY)
    slot = make_slot(talker, starts_at=SOON)
    refused("past", book_slot, slot=slot, by=viewer_of(own), at=SOON, on=TODAY)
    staff = make_account(Role.HR)
    refused("not_allowed", book_slot, slot=slot, by=viewer_of(staff), at=NOW, on=TODAY)


def test_nobody_sits_in_two_talks_at_once(cadre, talker, own, office):
    vice = make_account(Role.VICE_LEADER, unit=office)
    book(make_slot(talker, starts_at=SOON), own)
    refused("overlap", book_slot, slot=make_slot(vice, starts_at=SOON), by=viewer_of(own), at=NOW, on=TODAY)


def test_a_cadre_sees_the_free_slots_of_the_own_talkers_ahead(cadre, talker):
    mine = make_slot(talker, starts_at=SOON)
    make_slot(talker, starts_at=NOW - timedelta(days=1))
    make_slot(talker_account(unit=make_unit()), starts_at=SOON)
    assert list(open_slots(cadre.pk, on=TODAY, after=NOW)) == [mine]
    owing = make_account(Role.TOP_LEADER, unit=None)
    make_duty(cadre, talker=owing)
    assert set(talkers_for(cadre.pk, on=TODAY)) == {talker.pk, owing.pk}


def test_asking_for_a_talk_makes_a_duty_once(cadre, talker, own):
    duty = request_talk(talker=talker, by=viewer_of(own), on=TODAY)
    assert (duty.code, duty.talker, duty.due_on) == ("request", talker, TODAY + timedelta(days=15))
    refused("asked", request_talk, talker=talker, by=viewer_of(own), on=TODAY)
    stranger = make_account(Role.VICE_LEADER, unit=make_unit())
    refused("not_offered", request_talk, talker=stranger, by=viewer_of(own), on=TODAY)
    assert TalkDuty.objects.visible_to(viewer_of(own)).get() == duty


def test_a_planned_talk_occupies_both_without_saying_why(cadre, talker, own):
    book(make_slot(talker, starts_at=SOON), own)
    found = engagements_of([cadre.pk, talker.cadre_id], starts_at=NOW, ends_at=NOW + timedelta(days=3))
    talks = [e for e in found if e.kind == "谈话"]
    assert {(e.cadre_id, e.title) for e in talks} == {(cadre.pk, "谈心谈话"), (talker.cadre_id, "谈心谈话")}


def test_the_database_gives_a_time_once(talker):
    from django.db import IntegrityError

    make_slot(talker, starts_at=SOON)
    with pytest.raises(IntegrityError):
        TalkSlot.objects.create(talker=talker, starts_at=SOON, ends_at=SOON + timedelta(minutes=5))
