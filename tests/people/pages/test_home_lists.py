"""What the home page shows of what is due, and what the three administrators find there."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from core.access import Role
from core.audit import record
from core.choices import AuditAction
from core.jobs.queries import SILENCE
from core.models import AuditEvent, Job
from core.models.jobs import JobState, WorkerBeat
from park.choices import TaskState
from people.contracts import Duty, Link, Press
from people.models import RoleGrant, Unit
from people.views import todo
from people.views.todo import ToDo
from tests.factories.checks import make_campaign
from tests.factories.park import make_task
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer
from tests.factories.reading import make_article

SOON, LATE = TODAY + timedelta(days=3), TODAY - timedelta(days=1)


def due(key: str, *days) -> list[Duty]:
    return [Duty(f"{key}:{n}", f"第{n}件", day, Link("home"), press=PRESS) for n, day in enumerate(days, 1)]


PRESS = Press("办", Link("home"))


def test_several_of_a_kind_are_one_line_that_leads_to_their_list() -> None:
    found = {
        "duty:training.leaves": due("training.leaves", SOON, LATE, None),
        "duty:training.approvals": due("training.approvals", None, TODAY),
        "duty:people.incomplete": due("people.incomplete", None),
    }
    shown = ToDo.of(make_hr(), found, "")
    assert [(line.title, line.url) for line in shown.lines] == [
        ("请假待批 3 项", "/training/leaves/"),
        ("第2件", "/"),
        ("第1件", "/"),
        ("第1件", "/"),
    ]
    assert shown.lines[0].reason == "第2件；第1件 等"
    assert [line.press for line in shown.lines] == [None, PRESS, PRESS, PRESS]
    assert (shown.number, shown.late, shown.today) == (6, 1, 1)
    assert [(chip.label, chip.count) for chip in shown.chips] == [("培训", 5), ("名册", 1)]
    assert [line.field for line in ToDo.of(make_hr(), found, "people").lines] == ["people"]
    assert len(ToDo.of(make_hr(), found, "nothing").lines) == 4


def make_hr():
    return make_viewer(Role.HR)


pytestmark = pytest.mark.django_db


def test_the_five_most_urgent_lines_stand_first() -> None:
    found = {"duty:training.approvals": due("training.approvals", *[SOON] * (todo.FIRST + 2))}
    shown = ToDo.of(make_hr(), found, "")
    assert (len(shown.urgent), len(shown.others), len(shown.rest)) == (todo.FIRST, 2, 0)
    found = {"duty:training.approvals": due("training.approvals", *[SOON] * 12)}
    assert len(ToDo.of(make_hr(), found, "").rest) == 12 - todo.FIRST - todo.BRIEF


def test_what_takes_one_press_is_done_on_the_home_page(hr: Client) -> None:
    today = timezone.localdate()
    make_cadre(unit=None)
    article = make_article(due_on=today - timedelta(days=1), published_on=today - timedelta(days=5))
    page = hr.get("/").content.decode()
    assert f'action="/training/articles/{article.pk}/remind/"' in page or "篇必读已到期" not in page
    answer = hr.post(f"/training/articles/{article.pk}/remind/", {"back": "home"})
    assert answer["Location"] == "/"


def figures(client: Client) -> dict[str, object]:
    page = client.get("/")
    return {figure.label: figure.value for figure in page.context["figures"]}


def opened(client: Client) -> dict[str, tuple[object, object]]:
    """Every number that is a list: what it says, and how long the list is that it opens."""
    found = {}
    for figure in client.get("/").context["figures"]:
        address = figure.link.url + (f"?{figure.query}" if figure.query else "")
        page = client.get(address)
        if figure.query and page.context and "page" in page.context:
            found[figure.label] = (figure.value, page.context["page"].paginator.count)
    return found


def titles(client: Client) -> list[str]:
    return [line.title for line in client.get("/").context["due"].lines]


def test_the_system_administrator_sees_what_runs(log_in, settings, tmp_path: Path) -> None:
    client = log_in(Role.SYSADMIN)
    gone = make_cadre(status="retired")
    make_account(cadre=gone)
    Job.objects.create(key="x", title="导入", state=JobState.FAILED)
    Job.objects.create(key="x", title="导入", state=JobState.DONE)
    assert titles(client)[:1] == ["后台执行进程没有运行"]
    assert {"没有设置备份目录", "有任务没有完成", "1 个账号：本人已不在职，账号还在用"} <= set(titles(client))
    assert opened(client)["失败的任务"] == (1, 1)
    WorkerBeat.objects.create(worker_id="w", host="h", pid=1, at=timezone.now())
    settings.BACKUP_DIR = str(tmp_path)
    assert "备份没有按时做" in titles(client)
    copy = tmp_path / "a.dump"
    copy.touch()
    assert {"后台执行进程没有运行", "备份没有按时做", "没有设置备份目录"}.isdisjoint(titles(client))
    assert (figures(client)["后台执行进程"], figures(client)["最近备份"]) == (1, 0)
    old = (timezone.now() - timedelta(days=5)).timestamp()
    os.utime(copy, (old, old))
    WorkerBeat.objects.update(at=timezone.now() - 2 * SILENCE)
    assert figures(client)["最近备份"] == 5
    assert {"后台执行进程没有运行", "备份没有按时做"} <= set(titles(client))


def test_the_security_administrator_sees_which_grants_to_look_at(log_in, office: Unit) -> None:
    client, today = log_in(Role.SECADMIN), timezone.localdate()
    make_account()
    ending = make_account()
    RoleGrant.objects.create(
        user=ending,
        role=Role.DEPARTMENT_HEAD,
        unit=office,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=9),
    )
    found = opened(client)
    assert found["还没有授权"] == (1, 1)
    assert found["授权将到期"] == (1, 1)
    assert all(said == listed for said, listed in found.values()), found
    assert "1 个账号：还没有授权" in titles(client)


def test_the_auditor_sees_what_was_done_and_checks_the_log_in_one_press(log_in) -> None:
    client = log_in(Role.AUDITOR)
    record(action=AuditAction.EXPORTED, by=None, label="干部名册")
    record(action=AuditAction.EXPORTED, by=None, label="去年的", at=timezone.now() - timedelta(days=300))
    assert "还没有校验过审计日志" in titles(client)
    found = opened(client)
    assert found["本周导出"] == (1, 1)
    assert all(said == listed for label, (said, listed) in found.items() if label != "日志校验"), found
    assert client.post("/audit/verify/", {"back": "home"})["Location"] == "/"
    assert AuditEvent.objects.get(action=AuditAction.AUDIT_CHECKED).label == "完整无误"
    assert "还没有校验过审计日志" not in titles(client)
    assert figures(client)["日志校验"] == 0
    assert "干部名册" in client.get("/").content.decode()


def test_a_single_new_task_is_signed_for_on_the_home_page(log_in, office: Unit) -> None:
    mine = make_cadre("李示例", unit=office)
    task = make_task(unit=office, owner=mine, state=TaskState.ISSUED)
    client = log_in(cadre=mine)
    assert f'action="/park/tasks/{task.pk}/accept/"' in client.get("/").content.decode()
    assert client.post(f"/park/tasks/{task.pk}/accept/", {"back": "home"})["Location"] == "/"
    task.refresh_from_db()
    assert task.state == TaskState.ACCEPTED
    for _ in range(2):
        make_task(unit=office, owner=mine, state=TaskState.ISSUED)
    assert "/accept/" not in client.get("/").content.decode()


def test_those_who_have_not_checked_their_record_are_reminded_on_the_home_page(hr: Client) -> None:
    today = timezone.localdate()
    make_account(cadre=make_cadre(unit=make_unit()))
    days = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=1)}
    campaign = make_campaign(by=make_viewer(Role.HR, on=today - timedelta(days=9)), **days)
    assert f'action="/growth/campaigns/{campaign.pk}/remind/"' in hr.get("/").content.decode()
    assert hr.post(f"/growth/campaigns/{campaign.pk}/remind/", {"back": "home"})["Location"] == "/"
