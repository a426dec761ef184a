"""Scores of paper tests: dry run with every fault at its cell, apply once, undo with the hours."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from core.access import Role
from people.access import viewer_for
from people.imports import service
from people.models import ImportBatch
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer
from tests.factories.reading import make_quiz
from training.models import HourEntry, QuizAttempt

pytestmark = pytest.mark.django_db
HEAD = ("测验名称", "工号", "姓名", "分数", "考试日期")


def book(*rows, head=HEAD):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    data = BytesIO()
    made.save(data)
    return data.getvalue()


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


@pytest.fixture
def quiz():
    return make_quiz(title="安全测验", pass_mark=60)


@pytest.fixture
def people():
    unit = make_unit()
    return [make_cadre(name, unit=unit, staff_no=number) for name, number in (("张三", "A1"), ("李四", "A2"))]


def run(act, data, by):
    return act("quiz_scores", data, "成绩.xlsx", by=by, on=TODAY)


def test_a_dry_run_writes_nothing_and_applying_counts(hr, quiz, people):
    data = book(("安全测验", "A1", "张三", 85, "2026-10-30"), ("安全测验", None, "李四", "59.5分", None))
    report = run(service.dry_run, data, hr)
    assert (report.counts["new"], report.faults, QuizAttempt.objects.count()) == (2, [], 0)
    assert run(service.apply, data, hr).applied
    rows = QuizAttempt.objects.order_by("-score").values_list(
        "cadre__name", "score", "passed", "number", "source"
    )
    assert list(rows) == [
        ("张三", Decimal(85), True, 0, "paper"),
        ("李四", Decimal("59.5"), False, 0, "paper"),
    ]
    entry = HourEntry.objects.in_force().get()
    assert (entry.cadre, str(entry.starts_on), entry.hours) == (people[0], "2026-10-30", Decimal("0.5"))


def test_the_same_file_again_changes_nothing_and_a_corrected_one_does(hr, quiz, people):
    run(service.apply, book(("安全测验", "A1", "张三", 50, None)), hr)
    again = run(service.apply, book(("安全测验", "A1", "张三", 50, None)), hr)
    assert (again.counts["unchanged"], again.batch) == (1, None)
    assert HourEntry.objects.count() == 0
    run(service.apply, book(("安全测验", "A1", "张三", 80, None)), hr)
    assert QuizAttempt.objects.get().passed is True
    assert HourEntry.objects.in_force().count() == 1
    run(service.apply, book(("安全测验", "A1", "张三", 40, None)), hr)
    assert HourEntry.objects.in_force().count() == 0


def test_undoing_takes_the_scores_and_their_hours_back(hr, quiz, people):
    run(service.apply, book(("安全测验", "A1", "张三", 50, None)), hr)
    run(service.apply, book(("安全测验", "A1", "张三", 90, None), ("安全测验", "A2", "李四", 70, None)), hr)
    assert HourEntry.objects.in_force().count() == 2
    service.undo(ImportBatch.objects.latest("pk"), by=hr)
    assert list(QuizAttempt.objects.values_list("score", "passed")) == [(Decimal(50), False)]
    assert HourEntry.objects.in_force().count() == 0


def test_every_fault_is_told_at_its_cell(hr, quiz, people):
    data = book(
        ("安全测试", "A1", "张三", 80, None),
        ("安全测验", "A1", "李四", 80, None),
        ("安全测验", "A9", None, 80, None),
        ("安全测验", None, "王五", 80, None),
        ("安全测验", "A1", "张三", "缺考", None),
        ("安全测验", "A1", "张三", 120, None),
        ("安全测验", "A1", "张三", None, None),
        (None, "A2", "李四", 80, None),
        ("安全测验", "A2", "李四", 80, None),
        ("安全测验", "A2", "李四", 81, None),
    )
    report = run(service.dry_run, data, hr)
    found = [(fault.cell, fault.code) for fault in report.faults]
    assert found == [
        ("A2", "unknown_quiz"),
        ("B3", "name_mismatch"),
        ("B4", "unknown_person"),
        ("C5", "unknown_person"),
        ("D6", "bad_score"),
        ("C7", "twice"),
        ("D7", "bad_score"),
        ("C8", "twice"),
        ("D8", "missing_score"),
        ("A9", "missing_quiz"),
        ("C11", "twice"),
    ]
    assert "是否应为“安全测验”" in report.faults[0].message
    assert run(service.apply, data, hr).applied is False
    assert QuizAttempt.objects.count() == 0


def test_nobody_imports_the_own_score_or_one_out_of_reach(quiz, people):
    own = viewer_for(make_account(Role.HR, cadre=people[0]), on=TODAY)
    report = run(service.dry_run, book(("安全测验", "A1", "张三", 80, None)), own)
    assert [fault.code for fault in report.faults] == ["own_record"]
    far = viewer_for(make_account(Role.HR, unit=make_unit()), on=TODAY)
    report = run(service.dry_run, book(("安全测验", "A1", "张三", 80, None)), far)
    assert [fault.code for fault in report.faults] == ["out_of_scope"]
