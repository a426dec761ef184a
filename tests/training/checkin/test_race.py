"""The double check-in, with real processes on the test's real database."""

import multiprocessing
from collections import Counter
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections

from core.models import AuditEvent
from tests.training.checkin.conftest import START, Room
from training.choices import AttendanceState
from training.models import CheckInAttempt
from training.services.checkin import Proof, check_in

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 8
FORK = multiprocessing.get_context("fork")


def _rival(room: Room, code: str, barrier: Barrier, answers) -> None:
    barrier.wait(timeout=60)
    try:
        answer = check_in(proof=Proof(code=code), by=room.viewer, at=START).result.value
    except Exception as error:
        answer = repr(error)
    connections.close_all()
    answers.put(answer)


def test_many_at_once_is_one_check_in(room: Room) -> None:
    code = room.code(START)
    connections.close_all()  # a forked process must not share its parent's connection
    barrier, answers = FORK.Barrier(RIVALS), FORK.Queue()
    rivals = [FORK.Process(target=_rival, args=(room, code, barrier, answers)) for _ in range(RIVALS)]
    for rival in rivals:
        rival.start()
    got = Counter(answers.get(timeout=60) for _ in rivals)
    for rival in rivals:
        rival.join()
    assert got == {"present": 1, "already": RIVALS - 1}
    assert (room.row.state, room.row.checked_in_at) == (AttendanceState.PRESENT, START)
    assert AuditEvent.objects.filter(action="attendance.checkin").count() == 1
    assert CheckInAttempt.objects.count() == RIVALS
