"""Pages of plans, tasks and indicators: what they show, what they cost, the way from text to work."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from core.access import Role
from growth.contracts import Edition, SectionContext, Table
from park.choices import PlanState, TaskState
from park.models import ActionPlan, Enterprise, Indicator, PlanItem, PlanProposal, Project, Task
from park.sections import task_records, task_section
from park.services.plans import write_plan
from park.services.tasks import reassign_task
from people.models import Cadre
from tests.factories.api import client_of as api_client
from tests.factories.documents import photo_upload, title_of
from tests.factories.park import make_draft, make_indicator, make_item, make_plan, make_task
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db
PLAN_TEXT = (Path(__file__).parent / "plans" / "action-plan-2024.txt").read_text()
BACKEND = "people.backends.AccountBackend"


def client_of(*roles: Role, **scope) -> Client:
    client = Client()
    client.force_login(make_account(*roles, **scope), backend=BACKEND)
    return client


@pytest.fixture
def hr() -> Client:
    return client_of(Role.HR)


def cost(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "url",
    ["/park/tasks/", "/park/tasks/?view=board", "/park/tasks/?view=timeline", "/park/tasks/?signal=green"],
)
def test_a_page_of_tasks_costs_the_same_at_one_and_three(hr: Client, url: str) -> None:
    plan = make_plan()
    make_task(plan=plan, measure=make_item(plan))
    one = cost(hr, url)
    for _ in range(2):
        make_task(plan=plan, measure=make_item(plan))
    assert (cost(hr, url), one <= 12) == (one, True)


def test_one_task_and_the_plan_cost_the_same_at_one_and_three(hr: Client) -> None:
    plan = make_plan()
    task = make_task(plan=plan, item=make_item(plan))
    urls = (
        f"/park/tasks/{task.pk}/",
        f"/park/plans/{plan.pk}/",
        f"/park/plans/{plan.pk}/fill/",
        "/park/indicators/",
    )
    make_indicator(plan)
    make_draft(plan=plan)
    before = [cost(hr, url) for url in urls]
    for _ in range(2):
        make_task(plan=plan, item=make_item(plan))
        make_draft(plan=plan)
        make_indicator(plan)
        report_again(task)
    assert [cost(hr, url) for url in urls] == before
    assert max(before) <= 12


def report_again(task: Task) -> None:
    task.reports.create(on=date(2026, 3, 1), percent=10, text="又一次反馈")


def tasks_in_the_file_of(cadre: Cadre) -> set[str]:
    """What the section of tasks in the growth file names today."""
    today = timezone.localdate()
    context = SectionContext(cadre, today, Edition.ARCHIVE)
    section = task_section(context, task_records([cadre], today)[cadre.pk])
    tables = [block for block in section.blocks if isinstance(block, Table)] if section else []
    return {str(row.cells[0]) for table in tables for row in table.rows}


def test_from_pasted_text_to_a_published_plan(hr: Client) -> None:
    """Nothing is written before applying; one blank stops publishing; filled, it is in the owner's file."""
    answer = hr.post("/park/plans/import/", {"text": PLAN_TEXT})
    proposal = PlanProposal.objects.get()
    here = f"/park/proposals/{proposal.uid}/"
    assert answer.url == here
    page = hr.get(here).content.decode()
    assert "盘活处置闲置低效用地" in page
    assert (Task.objects.count(), PlanItem.objects.count(), Indicator.objects.count()) == (0, 0, 0)
    answer = hr.post(f"{here}apply/")
    plan = ActionPlan.objects.get()
    assert answer.url == f"/park/plans/{plan.pk}/fill/"
    assert (Task.objects.count(), Indicator.objects.count(), Enterprise.objects.count()) == (13, 7, 4)
    assert Project.objects.filter(name="孵化器四期").exists()
    assert hr.post(f"{here}apply/").status_code == 422
    asked = hr.get(f"/park/plans/{plan.pk}/publish/").content.decode()
    assert f'href="/park/plans/{plan.pk}/fill/">填写责任</a>' in asked
    assert "发布并交办" not in asked
    refused = hr.post(f"/park/plans/{plan.pk}/publish/")
    assert refused.status_code == 422
    assert "填齐后才能交办" in refused.content.decode()
    unit = make_unit()
    owner = make_cadre("赵局长", unit=unit, title="局长")
    official = make_cadre("钱主任", leadership_level="county_deputy")
    values = {
        "tasks": list(Task.objects.values_list("pk", flat=True)),
        "lead_official": official.pk,
        "lead_department": unit.pk,
        "due_on": "2027-06-30",
        "use_head": "on",
    }
    assert hr.post(f"/park/plans/{plan.pk}/fill/", values).status_code == 302
    last = Task.objects.order_by("pk").last()
    Task.objects.filter(pk=last.pk).update(due_on=None)
    assert hr.post(f"/park/plans/{plan.pk}/publish/").status_code == 422
    assert tasks_in_the_file_of(owner) == set()
    hr.post(f"/park/plans/{plan.pk}/fill/", {"tasks": [last.pk], "due_on": "2027-06-30"})
    assert hr.post(f"/park/plans/{plan.pk}/publish/").status_code == 302
    assert tasks_in_the_file_of(owner) == set(Task.objects.values_list("name", flat=True))
    assert set(Task.objects.values_list("state", "owner__name")) == {(TaskState.ISSUED, "赵局长")}
    plan.refresh_from_db()
    assert plan.state == PlanState.IN_FORCE


def test_what_is_no_plan_is_refused_in_words(hr: Client) -> None:
    answer = hr.post(
        "/park/plans/import/", {"text": "今天天气很好，我们一起去公园玩。\n晚上回家吃饭，看了一场电影。"}
    )
    assert answer.status_code == 422
    assert "不像一份方案" in answer.content.decode()
    assert not PlanProposal.objects.exists()


def test_entries_are_split_merged_dropped_and_edited_before_applying(hr: Client) -> None:
    text = "一、主要任务\n（一）盘活土地。盘活闲置用地300亩。供应土地200亩。\n（二）培训干部。举办培训班4期。"
    hr.post("/park/plans/import/", {"text": text})
    proposal = PlanProposal.objects.get()
    here = f"/park/proposals/{proposal.uid}"

    def act(key: str, what: str) -> list[dict]:
        proposal.refresh_from_db()
        hr.post(f"{here}/{key}/{what}/", {"version": proposal.version})
        proposal.refresh_from_db()
        return proposal.content

    parts = act("e1", "split")
    assert [text[e["start"] : e["end"]] for e in parts][1:4] == [
        "盘活土地。",
        "盘活闲置用地300亩。",
        "供应土地200亩。",
    ]
    merged = act("e1", "merge")
    assert text[merged[1]["start"] : merged[1]["end"]] == "盘活土地。盘活闲置用地300亩。"
    assert [entry["dropped"] for entry in act("e2", "drop")] == [False, False, False, True]
    stale = hr.post(f"{here}/e2/take/", {"version": 0}, follow=True)
    assert "另一个窗口" in stale.content.decode()
    form = {
        "version": proposal.version,
        "makes_task": "on",
        "kind": "measure",
        "name": "盘活闲置土地",
        "f0-keep": "on",
        "f0-name": "盘活闲置用地",
        "f0-value": "350",
        "f0-unit": "亩",
        "f0-comparison": "at_least",
    }
    assert hr.post(f"{here}/e1/", form).status_code == 302
    hr.post(f"{here}/apply/")
    assert Task.objects.filter(name="盘活闲置土地").exists()
    assert not PlanItem.objects.filter(text__startswith="培训干部").exists()
    assert list(Indicator.objects.values_list("target", "comparison"))[0] == (350, "at_least")


def test_somebody_elses_proposal_does_not_exist(hr: Client) -> None:
    hr.post("/park/plans/import/", {"text": PLAN_TEXT})
    proposal = PlanProposal.objects.get()
    assert client_of(Role.HR).get(f"/park/proposals/{proposal.uid}/").status_code == 404


def test_the_owner_signs_reports_with_a_photo_and_applies(hr: Client) -> None:
    owner = make_cadre()
    task = make_task(owner=owner, state=TaskState.ISSUED)
    me = client_of(cadre=owner)
    assert me.post(f"/park/tasks/{task.pk}/accept/").status_code == 302
    today = me.get(f"/park/tasks/{task.pk}/report/").context["form"]["on"].value()
    values = {"percent": 100, "text": "已完成", "on": today, "photos": [photo_upload()]}
    assert me.post(f"/park/tasks/{task.pk}/report/", values).status_code == 302
    photo = task.reports.get().photos.get()
    assert me.get(f"/park/photos/reports/{photo.pk}/").headers["Content-Type"] == "image/jpeg"
    assert client_of(cadre=make_cadre()).get(f"/park/photos/reports/{photo.pk}/").status_code == 404
    assert me.post(f"/park/tasks/{task.pk}/apply/", {"reason": "资料齐全"}).status_code == 302
    assert me.post(f"/park/tasks/{task.pk}/review/").status_code == 404
    assert hr.post(f"/park/tasks/{task.pk}/review/").status_code == 302
    task.refresh_from_db()
    assert task.state == TaskState.REVIEWING


def test_a_wrong_report_is_corrected_on_its_page_and_stays_struck_out(hr: Client) -> None:
    owner = make_cadre()
    task = make_task(owner=owner, percent=10)
    me, wrong = client_of(cadre=owner), task.reports.get()
    url = f"/park/tasks/{task.pk}/report/{wrong.pk}/"
    assert url in me.get(f"/park/tasks/{task.pk}/").content.decode()
    assert me.get(url).context["form"].initial["text"] == "已启动"
    values = {"percent": 15, "text": "重新核对", "reason": "漏算一期"}
    assert me.post(url, values | {"reason": ""}).status_code == 422
    assert me.post(url, values).status_code == 302
    page = me.get(f"/park/tasks/{task.pk}/").content.decode()
    assert "<s>已启动</s>" in page
    assert "已更正：漏算一期" in page
    assert url not in page
    assert me.get(url).status_code == 404
    assert client_of(cadre=make_cadre()).get(url).status_code == 404


def test_a_report_is_corrected_over_http(hr: Client) -> None:
    wrong = make_task(percent=10).reports.get()
    sent = {"task": wrong.task_id, "percent": 15, "text": "重新核对", "corrects": wrong.pk}
    url = "/api/v1/task-reports/"
    api = api_client(make_account(Role.HR))
    assert api.post(url, sent | {"on": "2026-02-01"}, format="json").status_code == 400
    assert api.post(url, sent, format="json").status_code == 422
    answer = api.post(url, sent | {"correction_reason": "漏算一期"}, format="json")
    assert answer.status_code == 201, answer.json()
    assert (answer.json()["corrects"], answer.json()["on"]) == (wrong.pk, f"{wrong.on}")
    other = make_task(percent=10)
    crossed = sent | {"task": other.pk, "correction_reason": "张冠李戴"}
    assert api.post(url, crossed, format="json").status_code == 400


def test_the_list_leaves_in_the_offices_own_columns(hr: Client, tmp_path: Path) -> None:
    plan = make_plan()
    make_task("盘活用地", plan=plan, measure=make_item(plan, "集约利用土地"), percent=40)
    file = tmp_path / "list.xlsx"
    file.write_bytes(hr.get("/park/tasks/?export=xlsx").content)
    sheet = load_workbook(file).active
    heads = [cell.value for cell in sheet[3]]
    assert heads[:4] == ["序号", "重点工作", "工作任务", "工作举措"]
    line = dict(zip(heads, [cell.value for cell in sheet[4]], strict=True))
    assert (line["重点工作"], line["工作任务"], line["完成率（%）"]) == ("集约利用土地", "盘活用地", 40)
    pdf = hr.get("/park/tasks/paper/")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert title_of(pdf.content) == f"{plan}任务分解表"


def test_lights_are_counted_and_filtered(hr: Client) -> None:
    plan = make_plan()
    make_task("逾期的", plan=plan, due_on=date(2026, 3, 1))
    make_task("不急的", plan=plan, due_on=date(2099, 12, 31))
    page = hr.get("/park/tasks/?signal=red").content.decode()
    assert "逾期的" in page
    assert "不急的" not in page
    assert re.findall(r"逾期</span><b class=\"bad\">(\d+)</b>", page) == ["1"]


def test_a_cadre_sees_the_own_tasks_of_all_plans_in_one_list() -> None:
    owner = make_cadre()
    make_task("一号", owner=owner)
    make_task("二号", owner=owner)
    make_task("别人的")
    page = client_of(cadre=owner).get("/park/tasks/").content.decode()
    assert ("一号" in page, "二号" in page, "别人的" in page) == (True, True, False)


def test_an_applied_text_is_not_imported_twice() -> None:
    from core.errors import DomainError
    from park.plan_text import read_plan
    from park.proposals import entries_of
    from tests.factories.park import moment

    reading = read_plan(PLAN_TEXT, year=2024)
    values = {
        "title": reading.title,
        "year": 2024,
        "text": PLAN_TEXT,
        "file_name": "方案.txt",
        "entries": entries_of(reading, PLAN_TEXT),
        "by": None,
        "on": date(2026, 1, 5),
        "at": moment(date(2026, 1, 5)),
    }
    write_plan(**values)
    with pytest.raises(DomainError) as refusal:
        write_plan(**values)
    assert refusal.value.code == "already_imported"


def test_a_past_day_shows_who_answered_then(hr: Client) -> None:
    before, after = make_cadre("前任甲"), make_cadre("接任乙")
    task = make_task(owner=before, percent=35, issued_on=date(2026, 3, 2))
    reassign_task(task=task, owner=after, by=make_viewer(Role.HR), on=date(2026, 6, 1))
    page = hr.get(f"/park/tasks/{task.pk}/?tab=history&on=2026-04-01").content.decode()
    assert "2026年4月1日：办理中，完成 35%，责任人前任甲" in page
    assert hr.get(f"/park/tasks/{task.pk}/?tab=history&on=2026-99-99").status_code == 200


def test_another_page_proposes_a_task_and_is_told_its_number(hr: Client) -> None:
    plan = make_plan()
    address = (
        "/park/tasks/new/?name=学先进园区的做法&measures=专班推进&back=/training/classes/1/visit/lessons/2/"
    )
    page = hr.get(address).content.decode()
    assert "学先进园区的做法" in page
    assert "专班推进" in page
    made = hr.post(address, {"plan": plan.pk, "name": "学先进园区的做法", "starts_on": "2026-11-02"})
    task = Task.objects.get(name="学先进园区的做法")
    assert (made.status_code, made["Location"]) == (
        302,
        f"/training/classes/1/visit/lessons/2/?task={task.pk}",
    )


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_leads_only_into_this_site(hr: Client, back: str) -> None:
    plan = make_plan()
    made = hr.post(
        f"/park/tasks/new/?back={back}", {"plan": plan.pk, "name": "某任务", "starts_on": "2026-11-02"}
    )
    assert made["Location"] == f"/park/tasks/{Task.objects.get(name='某任务').pk}/"
