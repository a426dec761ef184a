"""任务分解表 as a workbook: dry run, faults at their cells, idempotent, undoable."""

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from core.access import Role
from core.errors import DomainError
from park.choices import AssignmentRole, TaskState
from park.imports.cells import read_due, read_percent
from park.models import ActionPlan, Assignment, PlanItem, ProgressReport, Task
from park.services.tasks import accept_task
from people.imports import service
from people.imports.dates import NO_HINTS, BadValue
from people.models import ImportBatch
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db
HEAD = (
    "序号",
    "重点工作",
    "工作举措",
    "责任领导",
    "责任部门",
    "责任人",
    "完成时限",
    "进展情况",
    "完成率",
    "备注",
)
FILE = "任务分解表.xlsx"


@pytest.fixture
def people():
    unit = make_unit("规划建设局")
    return {name: make_cadre(name, unit=unit) for name in ("程思源", "唐玥", "武珺")}


def book(*lines: tuple, title: str = "“内强素质、外塑形象”行动任务分解表", merge: str = "") -> bytes:
    found = Workbook()
    sheet = found.active
    sheet.append([title])
    sheet.merge_cells("A1:J1")
    sheet.append(list(HEAD))
    for line in lines:
        sheet.append(list(line))
    if merge:
        sheet.merge_cells(merge)
    output = BytesIO()
    found.save(output)
    return output.getvalue()


def line(
    no=1, group="集约利用土地", name="盘活闲置低效用地300亩", owner="唐玥、武珺", due="12月底前", **other
):
    return (
        no,
        group,
        name,
        other.get("official", "程思源"),
        other.get("unit", "规划建设局"),
        owner,
        due,
        other.get("text", "正在推进"),
        other.get("percent", "30 %"),
        None,
    )


def run(data: bytes, *, write: bool = True, by=None):
    act = service.apply if write else service.dry_run
    return act("tasks", data, FILE, by=by, on=TODAY)


def test_lines_become_issued_tasks_with_their_history(people) -> None:
    second = line(
        2, None, "完成批而未供土地供应200亩", owner="武珺", due=datetime(2026, 11, 30), percent=0.5, text=None
    )
    report = run(book(line(), second, merge="B3:B4"))
    assert (report.applied, report.counts["new"], report.faults) == (True, 2, [])
    rows = Task.objects.order_by("position")
    assert list(rows.values_list("name", "state", "percent", "due_on", "due_text", "measure__title")) == [
        ("盘活闲置低效用地300亩", TaskState.RUNNING, 30, date(2026, 12, 31), "12月底前", "集约利用土地"),
        ("完成批而未供土地供应200亩", TaskState.RUNNING, 50, date(2026, 11, 30), "", "集约利用土地"),
    ]
    assert [task.owner.name for task in rows] == ["唐玥", "武珺"]
    helpers = Assignment.objects.filter(role=AssignmentRole.CO_WORKER)
    assert [(row.task.no, row.cadre.name) for row in helpers] == [("1", "武珺")]
    assert ActionPlan.objects.get().title == "“内强素质、外塑形象”行动任务分解表"
    assert PlanItem.objects.count() == 1
    assert [report.owner.name for report in ProgressReport.objects.order_by("pk")] == ["唐玥", "武珺"]


def test_a_dry_run_writes_nothing_and_names_every_fault(people) -> None:
    bad = line(owner="唐月", due="尽快", percent="很多", unit="规划局")
    report = run(book(bad), write=False)
    assert {(fault.cell, fault.code) for fault in report.faults} == {
        ("E3", "unknown_unit"),
        ("F3", "unknown_person"),
        ("G3", "bad_due"),
        ("I3", "bad_percent"),
    }
    assert (Task.objects.count(), ActionPlan.objects.count()) == (0, 0)
    assert not run(book(bad)).applied


def test_a_second_apply_changes_nothing(people) -> None:
    data = book(line(), line(2, name="打通东环路", due="长期坚持"))
    run(data)
    again = run(data)
    assert (again.counts["unchanged"], again.batch) == (2, None)
    assert Task.objects.get(name="打通东环路").due_on == date(2026, 12, 31)


def test_a_line_with_a_blank_waits_as_a_draft(people) -> None:
    report = run(book(line(owner=None)))
    assert [warning.code for warning in report.warnings] == ["blank"]
    task = Task.objects.get()
    assert (task.state, task.blanks) == (TaskState.DRAFT, ["责任人"])


def test_new_progress_is_a_new_report(people) -> None:
    run(book(line()))
    report = run(book(line(percent="60%", text="过半")))
    assert report.counts["changed"] == 1
    assert list(ProgressReport.objects.order_by("pk").values_list("percent", flat=True)) == [30, 60]
    assert Task.objects.get().percent == 60


def test_responsibility_of_an_issued_task_is_not_changed_by_a_file(people) -> None:
    run(book(line()))
    report = run(book(line(owner="武珺", due="11月底前")))
    assert [(fault.cell, fault.code) for fault in report.faults] == [("C3", "issued")]
    assert Task.objects.get().owner.name == "唐玥"


def test_a_batch_is_taken_back_whole(people) -> None:
    run(book(line(), line(2, name="打通东环路")))
    service.undo(ImportBatch.objects.get(), by=None)
    left = (Task, ActionPlan, PlanItem, Assignment, ProgressReport)
    assert [model.objects.count() for model in left] == [0] * 5


def test_what_was_worked_on_since_is_not_taken_back(people) -> None:
    run(book(line(text=None, percent=None)))
    accept_task(task=Task.objects.get(), by=make_viewer(Role.HR), on=TODAY)
    with pytest.raises(DomainError) as refusal:
        service.undo(ImportBatch.objects.get(), by=None)
    assert refusal.value.code == "touched"


def test_a_department_head_imports_only_the_own_tasks(people) -> None:
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=make_unit("别的局"))
    assert [fault.code for fault in run(book(line()), write=False, by=head).faults] == ["not_in_scope"]


@pytest.mark.parametrize(
    ("value", "on"),
    [
        ("2026年12月底", date(2026, 12, 31)),
        ("12月底前", date(2026, 12, 31)),
        ("2026年第四季度", date(2026, 12, 31)),
        ("三季度", date(2026, 9, 30)),
        ("2026年11月30日", date(2026, 11, 30)),
        ("2026.11.30", date(2026, 11, 30)),
        ("2026.06", date(2026, 6, 30)),
        ("全年", date(2026, 12, 31)),
        ("长期坚持", date(2026, 12, 31)),
        (datetime(2026, 5, 1), date(2026, 5, 1)),
    ],
)
def test_deadlines_of_cells(value, on) -> None:
    assert read_due(value, year=2026, hints=NO_HINTS).on == on


@pytest.mark.parametrize(
    ("value", "percent"),
    [("30 %", 30), ("30%", 30), (0.5, 50), (75, 75), (1, 100), ("已完成", 100), ("０%", 0)],
)
def test_percentages_of_cells(value, percent) -> None:
    assert read_percent(value) == percent


@pytest.mark.parametrize("value", ["120%", "过半", -3])
def test_what_is_no_percentage(value) -> None:
    with pytest.raises(BadValue):
        read_percent(value)


def test_how_often_a_duty_comes_round_is_read_from_its_words(people):
    data = book(
        line(1, name="每两月开展一期学习型组织活动"),
        line(2, name="常态化开展企业走访，每名包保干部每月不少于1次"),
        line(3, name="推进东环路建设", due="长期坚持"),
        line(4, name="盘活土地300亩"),
    )
    run(data)
    found = Task.objects.order_by("position").values_list("recurrence", flat=True)
    assert list(found) == ["two_monthly", "monthly", "standing", ""]
