"""Tasks changed in bulk: drafts are filled in, of issued tasks the duty passes on."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from core.access import Role
from core.bulk import services
from core.choices import BulkRowState
from park.models import Assignment, Task
from people.access import viewer_for
from tests.factories.park import make_draft, make_plan, make_task
from tests.factories.people import make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr():
    return make_account(Role.HR, username="hr")


def change(user, tasks, field, value):
    by = viewer_for(user, on=timezone.localdate())
    batch = services.prepare(
        list_key="park:tasks",
        field_key=field,
        value=value,
        ids=[task.pk for task in tasks],
        by=by,
        at=timezone.now(),
    )
    if batch.rows.filter(state=BulkRowState.READY).exists():
        services.apply_change(change=batch, by=by, at=timezone.now())
    return batch


def test_an_issued_task_passes_to_its_new_owner_with_its_history(hr) -> None:
    plan, owner = make_plan(), make_cadre("孙示例", unit=make_unit())
    task, draft = make_task(plan=plan), make_draft(plan=plan)
    batch = change(hr, [task, draft], "owner", owner)
    assert set(Task.objects.values_list("owner", flat=True)) == {owner.pk}
    assert Assignment.objects.filter(task=task, cadre=owner, ends_on=None).exists()
    assert batch.shown == "孙示例"


def test_the_deadline_of_an_issued_task_is_refused_in_words(hr) -> None:
    plan = make_plan()
    task, draft = make_task(plan=plan), make_draft(plan=plan)
    batch = change(hr, [task, draft], "due_on", date(2027, 6, 30))
    rows = {row.object_id: row for row in batch.rows.all()}
    assert rows[task.pk].note == "任务已经交办，完成时限只能通过延期申请调整。"
    assert rows[draft.pk].state == BulkRowState.DONE
    assert Task.objects.get(pk=draft.pk).due_on == date(2027, 6, 30)


def test_the_list_offers_it_to_those_who_may(hr) -> None:
    task = make_task()
    client = Client()
    client.force_login(hr)
    text = client.get("/park/tasks/").content.decode()
    assert f'name="chosen" value="{task.pk}"' in text
    assert "/bulk/new/?list=park%3Atasks" in text
    leader = Client()
    leader.force_login(make_account(Role.TOP_LEADER))
    assert "/bulk/new/" not in leader.get("/park/tasks/").content.decode()
