"""What the park side answers: duties, occasions, obstacles, needs, figures of the home page."""

from datetime import date, timedelta

import pytest

from core.access import Role
from core.asking import answered
from park.choices import TaskState
from park.contributions import needs, tasks
from park.services import tasks as services
from people.choices import NeedKind, OccasionCode
from people.contracts import Transfer
from tests.factories.park import make_draft, make_task
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db
PAST = TODAY - timedelta(days=5)


def shown(source, viewer):
    """What a source has to say once its questions are answered."""
    return answered(source(viewer=viewer))[0]


def test_what_is_due_for_the_owner() -> None:
    owner = make_cadre()
    make_task(owner=owner, due_on=PAST)
    make_task(owner=owner, due_on=TODAY + timedelta(days=3))
    make_task(owner=owner, state=TaskState.ISSUED)
    make_task(due_on=PAST)
    found = {
        duty.key: (duty.count, duty.due_on) for duty in shown(tasks.own_task_duties, make_viewer(cadre=owner))
    }
    assert found == {
        "park.own.overdue": (1, PAST),
        "park.own.soon": (1, TODAY + timedelta(days=3)),
        "park.own.sign": (1, date(2026, 12, 31)),
    }


def test_what_is_due_for_those_who_look_after_tasks() -> None:
    make_draft()
    task = make_task(percent=100)
    hr = make_viewer(Role.HR)
    services.apply_for_closing(task=task, reason="完成", by=hr, on=TODAY)
    assert {duty.key: duty.count for duty in shown(tasks.edited_task_duties, hr)} == {
        "park.staff.blank": 1,
        "park.staff.check": 1,
    }
    services.start_review(task=task, by=hr, on=TODAY)
    leader = make_viewer(Role.TOP_LEADER)
    assert {duty.key: duty.count for duty in shown(tasks.approved_task_duties, leader)} == {
        "park.staff.close": 1
    }


def test_an_overdue_key_task_happens_once_on_its_first_late_day() -> None:
    owner = make_cadre()
    task = make_task("盘活用地", owner=owner, due_on=PAST, is_key=True)
    make_task("普通任务", owner=owner, due_on=PAST)
    seen = list(tasks.key_tasks_overdue(cadre_ids=[owner.pk], since=PAST, until=TODAY))
    assert [(o.code, o.happened_on, o.key) for o in seen] == [
        (OccasionCode.KEY_TASK_OVERDUE, PAST + timedelta(days=1), f"task:{task.pk}:overdue")
    ]
    later = tasks.key_tasks_overdue(cadre_ids=[owner.pk], since=TODAY, until=TODAY)
    assert list(later) == []


def test_the_only_owner_of_a_key_task_is_an_obstacle() -> None:
    owner, helper, hr = make_cadre(), make_cadre(), make_viewer(Role.HR)
    task = make_task(owner=owner, is_key=True)

    def codes() -> list[str]:
        found, _ = answered(tasks.sole_owner(moves=[Transfer(owner, None)], on=TODAY))
        return [obstacle.code for obstacle in found]

    assert codes() == ["park.sole_owner"]
    services.set_units(task=task, supporting=[], co_workers=[helper], by=hr, on=TODAY)
    assert codes() == []


def test_a_late_task_speaks_for_training_of_the_department_of_its_day() -> None:
    unit, other, hr = make_unit(), make_unit(), make_viewer(Role.HR)
    task = make_task("新签约亿元以上项目12个", unit=unit, due_on=PAST)
    services.reassign_task(task=task, lead_department=other, by=hr, on=TODAY)
    found = list(needs.task_delays(since=PAST, until=TODAY))
    assert [(s.theme_code, s.unit_id, s.kind, s.happened_on) for s in found] == [
        ("investment", unit.pk, NeedKind.TASK_DELAY, PAST + timedelta(days=1))
    ]
