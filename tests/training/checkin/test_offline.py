"""A telephone without network: what it kept is taken once, later, with the time the code proves."""

import pytest

from tests.factories.people import make_cadre, make_viewer
from tests.factories.slots import expect, make_slot_rule
from tests.training.checkin.conftest import START, Room, minutes
from training.choices import AttendanceSource, AttendanceState, CheckInResult
from training.services.checkin import Outcome, Proof, check_in

pytestmark = pytest.mark.django_db


def send_kept(room: Room, *, shown_at, sent_at, skew: int = 0, **more) -> Outcome:
    """`skew`: by how many minutes the telephone's own clock is wrong."""
    proof = Proof(code=room.code(shown_at), kept_at=shown_at + minutes(skew))
    return check_in(proof=proof, by=more.get("by", room.viewer), at=sent_at, device=more.get("device", ""))


def test_half_an_hour_later_counts_as_then(room: Room) -> None:
    outcome = send_kept(room, shown_at=START, sent_at=START + minutes(30))
    row = room.row
    assert (outcome.result, row.source, row.checked_in_at) == (
        CheckInResult.PRESENT,
        AttendanceSource.OFFLINE,
        START,
    )


def test_late_is_by_the_code_not_by_the_arrival(room: Room) -> None:
    send_kept(room, shown_at=START + minutes(7), sent_at=START + minutes(300))
    assert room.row.state == AttendanceState.LATE


@pytest.mark.parametrize("skew", [-5, -3, 3, 5])
def test_a_clock_five_minutes_wrong_does_no_harm(room: Room, skew: int) -> None:
    send_kept(room, shown_at=START, sent_at=START + minutes(30), skew=skew)
    assert room.row.checked_in_at == START


def test_a_clock_further_off_is_not_believed(room: Room) -> None:
    outcome = send_kept(room, shown_at=START, sent_at=START + minutes(60), skew=20)
    assert (outcome.result, room.row.state) == (CheckInResult.UNKNOWN, AttendanceState.EXPECTED)


def test_sent_twice_is_once(room: Room) -> None:
    results = [send_kept(room, shown_at=START, sent_at=START + minutes(m)).result for m in (20, 21)]
    assert results == [CheckInResult.PRESENT, CheckInResult.ALREADY]


def test_after_the_hours_of_the_rule_it_is_too_late(room: Room) -> None:
    make_slot_rule(offline_hours=2)
    assert send_kept(room, shown_at=START, sent_at=START + minutes(130)).result == CheckInResult.EXPIRED


def test_a_ticket_that_waited_for_the_network_is_offline_too(room: Room) -> None:
    ticket = room.scan(START)
    outcome = check_in(proof=Proof(ticket=ticket), by=room.viewer, at=START + minutes(45), device="phone")
    assert (outcome.result, room.row.source, room.row.checked_in_at) == (
        CheckInResult.PRESENT,
        AttendanceSource.OFFLINE,
        START,
    )


def test_a_code_of_the_future_proves_nothing(room: Room) -> None:
    outcome = send_kept(room, shown_at=START + minutes(4), sent_at=START)
    assert outcome.result == CheckInResult.UNKNOWN


def test_everyone_offline_becomes_the_exact_set(room: Room) -> None:
    others = [make_cadre() for _ in range(9)]
    expect(room.slot, *others)
    came = others[:6]
    viewers = {cadre.pk: make_viewer(cadre=cadre) for cadre in came}
    for round_ in range(2):
        for place, cadre in enumerate(came):
            send_kept(
                room,
                shown_at=START + minutes(place / 4),
                sent_at=START + minutes(30 + round_),
                by=viewers[cadre.pk],
            )
    there = room.slot.attendances.filter(state=AttendanceState.PRESENT).values_list("cadre_id", flat=True)
    assert sorted(there) == sorted(cadre.pk for cadre in came)
