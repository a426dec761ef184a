"""Tasks changed in bulk: drafts are filled in, of issued tasks the duty passes on."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from core.access import Role
from core.bulk import services
from core.choices import BulkRowState
from park.choices import UnitRole
from park.models import Assignment, Enterprise, Project, Task, TaskUnit
from park.services.requests import assign_request, raise_request
from people.access import viewer_for
from tests.factories.field import make_enterprise, make_project
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


def test_the_reader_chooses_the_columns_of_the_task_table(hr, django_assert_max_num_queries) -> None:
    unit = make_unit(name="招商示例局")
    plan = make_plan()
    tasks = [make_task(plan=plan) for _ in range(3)]
    for task in tasks:
        TaskUnit.objects.create(task=task, unit=unit, role=UnitRole.SUPPORT, starts_on=task.starts_on)
    client = Client()
    client.force_login(hr)
    with django_assert_max_num_queries(12):
        text = client.get(f"/park/tasks/?plan={plan.pk}&col=owner&col=x_support&col=task").content.decode()
    heads = text[text.index("<thead>") : text.index("</thead>")]
    assert [word for word in ("责任人", "配合单位", "工作任务与举措") if word in heads] == [
        "责任人",
        "配合单位",
        "工作任务与举措",
    ]
    assert "责任领导</" not in heads
    assert text.count("招商示例局") >= 3


def changed(list_key, rows, field, value, hr):
    by = viewer_for(hr, on=timezone.localdate())
    batch = services.prepare(
        list_key=list_key, field_key=field, value=value, ids=[r.pk for r in rows], by=by, at=timezone.now()
    )
    services.apply_change(change=batch, by=by, at=timezone.now())
    return batch


def test_projects_and_enterprises_change_many_at_once(hr) -> None:
    projects, enterprises = [make_project(), make_project()], [make_enterprise(), make_enterprise()]
    unit = make_unit()
    changed("park:projects", projects, "lead_department", unit, hr)
    changed("park:enterprises", enterprises, "grid", "第9网格", hr)
    assert set(Project.objects.values_list("lead_department", flat=True)) == {unit.pk}
    assert set(Enterprise.objects.values_list("grid", flat=True)) == {"第9网格"}


def test_an_assigned_request_passes_to_another_department_and_a_new_one_is_refused(hr) -> None:
    today = timezone.localdate()
    by = viewer_for(hr, on=today)
    enterprise, unit, other = make_enterprise(), make_unit(), make_unit()
    rows = [
        raise_request(enterprise=enterprise, kind="land", text=text, by=by, on=today)
        for text in ("用地诉求一", "用地诉求二")
    ]
    assign_request(request=rows[0], department=unit, due_on=today, by=by, on=today)
    batch = changed("park:requests", rows, "department", other, hr)
    rows[0].refresh_from_db()
    notes = {row.object_id: row.note for row in batch.rows.all()}
    assert (rows[0].department, rows[0].due_on) == (other, today)
    assert notes[rows[1].pk] == "诉求还没有交办，请打开诉求逐件交办。"
