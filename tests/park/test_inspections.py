"""Tasks that do not get on are offered to the inspection of 工作推进; a task page knows of no inspection."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.access import Role
from park.services.tasks import supervise
from people.contracts import inspectable, worth_inspecting
from tests.factories.park import make_draft, make_task
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer
from tests.factories.wellbeing import make_finding, make_inspection
from wellbeing.models import Inspection

pytestmark = pytest.mark.django_db
PAST = TODAY - timedelta(days=12)


def supervised(task):
    supervise(task=task, text="抓紧", by=make_viewer(), on=TODAY)
    return task


def test_overdue_and_supervised_tasks_are_worth_inspecting():
    make_task("按期推进")
    make_draft("没有交办", due_on=PAST)
    late = make_task("盘活用地", due_on=PAST)
    pressed = supervised(make_task("厂房改造"))
    found = worth_inspecting(make_viewer(Role.DISCIPLINE))
    assert [(item.key, item.title, item.reason) for item in found] == [
        (f"park.task:{pressed.pk}", "厂房改造", "办理中，督办 1 次"),
        (f"park.task:{late.pk}", "盘活用地", "办理中，逾期 12 天"),
    ]


def test_only_of_the_inspected_part_and_never_the_own_work():
    mine, other = make_unit(), make_unit()
    inspector = make_cadre()
    make_task("外部门", unit=other, due_on=PAST)
    make_task("本人的", unit=mine, owner=inspector, due_on=PAST)
    make_task("本人牵头的", unit=mine, official=inspector, due_on=PAST)
    task = make_task("本部门", unit=mine, due_on=PAST)
    viewer = make_viewer(Role.DISCIPLINE, unit=mine, cadre=inspector)
    assert [item.key for item in worth_inspecting(viewer)] == [f"park.task:{task.pk}"]
    assert worth_inspecting(make_viewer(Role.HR)) == []


def test_a_key_finds_its_task_for_good_and_nothing_else():
    task = make_task("按期推进")
    viewer = make_viewer(Role.DISCIPLINE)
    found = inspectable(viewer, f"park.task:{task.pk}")
    assert found is not None
    assert found.title == "按期推进"
    for key in ("park.task:0", "park.task:x", f"other:{task.pk}", "park.task:" + "9" * 30, ""):
        assert inspectable(viewer, key) is None


def client_of(account):
    client = Client()
    client.force_login(account, backend="people.backends.AccountBackend")
    return client


def test_an_inspector_puts_a_task_on_the_plan():
    unit = make_unit("产业发展局")
    task = make_task("盘活用地", unit=unit, due_on=PAST)
    browser = client_of(make_account(Role.DISCIPLINE))
    pick = reverse("wellbeing:inspection_pick")
    assert "盘活用地" in browser.get(pick).content.decode()
    url = f"{reverse('wellbeing:inspection_new')}?item=park.task:{task.pk}"
    form = browser.get(url).context["form"]
    assert (form.initial["kind"], form.initial["title"], form.initial["unit"]) == (
        "progress",
        "盘活用地",
        unit,
    )
    sent = {"kind": "progress", "title": "盘活用地", "unit": unit.pk, "planned_on": f"{TODAY:%Y-%m-%d}"}
    assert browser.post(url, sent).status_code == 302
    row = Inspection.objects.get()
    assert row.item_key == f"park.task:{task.pk}"
    page = browser.get(reverse("wellbeing:inspection", args=[row.pk])).content.decode()
    assert "督查对象" in page
    assert "逾期" in page
    assert "盘活用地" not in browser.get(pick).content.decode()


def test_only_who_sees_the_task_gets_a_link_to_it():
    make_task(due_on=PAST)
    staff = make_viewer(Role.DISCIPLINE, cadre=make_cadre())
    assert [item.link for item in worth_inspecting(staff)] == [None]
    top = make_viewer(Role.TOP_LEADER)
    assert [item.link is None for item in worth_inspecting(top)] == [False]


def test_a_key_that_leads_nowhere_is_no_page():
    browser = client_of(make_account(Role.DISCIPLINE))
    assert browser.get(reverse("wellbeing:inspection_new") + "?item=park.task:9").status_code == 404


def test_the_list_costs_the_same_at_one_and_at_three():
    browser, pick = client_of(make_account(Role.DISCIPLINE)), reverse("wellbeing:inspection_pick")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_task(due_on=PAST)
        browser.get(pick)
        with CaptureQueriesContext(connection) as asked:
            browser.get(pick)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_a_task_page_shows_nothing_of_an_inspection():
    unit = make_unit()
    task = make_task("盘活用地", unit=unit, due_on=PAST)
    inspection = make_inspection(title="专项查看土地", item_key=f"park.task:{task.pk}")
    make_finding(unit, inspection=inspection, problem="台账不实")
    for account in (make_account(Role.TOP_LEADER), make_account(Role.HR)):
        page = client_of(account).get(reverse("park:task", args=[task.pk])).content.decode()
        for word in ("台账不实", "专项查看土地", "/wellbeing/inspections/"):
            assert word not in page.split("<main")[1]
