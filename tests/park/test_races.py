"""Numbers of 催办 and 督办 handed out to many at once, with real processes on the test's real database."""

import multiprocessing
from collections import Counter
from multiprocessing.synchronize import Barrier

import pytest
from django.db import connections

from core.access import Role, Viewer
from park.models import Supervision, Task
from park.services.tasks import remind, supervise
from tests.factories.park import make_task
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS = 8
FORK = multiprocessing.get_context("fork")


def _rival(task: Task, by: Viewer, number: int, barrier: Barrier, answers) -> None:
    barrier.wait(timeout=60)
    try:
        if number % 2:
            answer = supervise(task=task, text="抓紧", by=by, on=TODAY).number
        else:
            answer = remind(task=task, by=by, on=TODAY).number
    except Exception as error:
        answer = repr(error)
    connections.close_all()
    answers.put(answer)


def test_every_supervision_gets_a_number_of_its_own() -> None:
    unit, owner, official = make_unit(), make_cadre(), make_cadre()
    tasks = [make_task(unit=unit, owner=owner, official=official) for _ in range(2)]
    viewers = [make_viewer(Role.HR) for _ in range(RIVALS)]
    connections.close_all()  # a forked process must not share its parent's connection
    barrier, answers = FORK.Barrier(RIVALS), FORK.Queue()
    rivals = [
        FORK.Process(target=_rival, args=(tasks[number % 4 // 2], viewer, number, barrier, answers))
        for number, viewer in enumerate(viewers)
    ]
    for rival in rivals:
        rival.start()
    got = Counter(answers.get(timeout=120) for _ in rivals)
    for rival in rivals:
        rival.join()
    expected = [
        f"{head}〔{TODAY.year}〕{n}号" for head in ("园催", "园督") for n in range(1, RIVALS // 2 + 1)
    ]
    assert got == Counter(expected)
    assert Supervision.objects.count() == RIVALS
    assert [(t.reminded_times, t.supervised_times) for t in Task.objects.order_by("pk")] == [(2, 2), (2, 2)]
