from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access import Role
from people.imports import service
from people.models import ImportBatch
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.people.imports.books import xlsx
from training.models import Participation, TrainingClass
from training.services import change_participation

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
TITLE = ["2026年干部教育培训台账"]
HEADING = [
    "序号",
    "培训班名称",
    "主办单位",
    "培训类别",
    "培训专题",
    "起止时间",
    "天数",
    "地点",
    "参训人员",
    "学时",
    "考核结果",
    "备注",
]
PARTY = [
    1,
    "党建班",
    "组织部",
    "专题培训班",
    "党建创新",
    "2026.6.1-6.5",
    5,
    "党校",
    "陆  昇 向静",
    "40学时",
    "优秀",
    None,
]
SAFE = [2, "安全班", "管委会", "网络培训", "安全生产", "2026年3月5日", 1, "线上", "陆昇、解旌", 4, None, None]


@pytest.fixture(autouse=True)
def people(db):
    office, bureau = make_unit("党政办公室"), make_unit("招商发展局")
    return {
        "陆昇": make_cadre("陆昇", unit=office, staff_no="JK1"),
        "向静": make_cadre("向静", unit=office, staff_no="JK2"),
        "解旌": make_cadre("解旌", unit=bureau, staff_no="JK3"),
        "王伟": make_cadre("王伟", unit=office, staff_no="JK4"),
        "王伟二": make_cadre("王伟", unit=bureau, staff_no="JK5"),
    }


def check(*rows, heading=HEADING, by=None, merged=()):
    return service.dry_run(
        "ledger", xlsx([TITLE, heading, *rows], merged=merged), "台账.xlsx", by=by, on=TODAY
    )


def apply(*rows, heading=HEADING, merged=()):
    data = xlsx([TITLE, heading, *rows], merged=merged)
    return service.apply("ledger", data, "台账.xlsx", by=None, on=TODAY)


def changed(row, **columns):
    values = list(row)
    for heading, value in columns.items():
        values[HEADING.index(heading)] = value
    return values


def found(report):
    return [(fault.cell, fault.code) for fault in report.faults]


def credits():
    rows = Participation.objects.order_by("training_class__starts_on", "cadre__staff_no")
    return [(str(row.cadre), str(row.training_class), row.hours, row.result) for row in rows]


def test_classes_and_everyone_who_took_part():
    report = apply(PARTY, SAFE)
    assert report.counts == {"new": 2, "changed": 0, "unchanged": 0, "refused": 0}
    assert report.summary == {"classes": 2, "participants": 4, "people": 3}
    safe, party = TrainingClass.objects.order_by("starts_on")
    assert (party.kind, party.theme, party.days, party.hours) == ("topical", "party_building", 5, 40)
    assert (party.starts_on, party.ends_on, party.off_job) == (date(2026, 6, 1), date(2026, 6, 5), True)
    assert (safe.kind, safe.off_job, safe.place) == ("online", False, "线上")
    assert credits() == [
        ("陆昇", "安全班", 4, ""), ("解旌", "安全班", 4, ""),
        ("陆昇", "党建班", 40, "excellent"), ("向静", "党建班", 40, "excellent"),
    ]  # fmt: skip


def test_a_second_apply_changes_nothing():
    apply(PARTY, SAFE)
    report = apply(PARTY, SAFE)
    assert (report.counts["unchanged"], report.batch) == (2, None)


def test_changes_are_told_per_class_and_per_person():
    apply(PARTY)
    report = apply(changed(PARTY, 参训人员="陆昇 向静 解旌", 考核结果="合格", 地点="新党校"))
    assert [(c.label, c.old, c.new) for c in report.rows[0].changes] == [
        ("地点", "党校", "新党校"),
        ("陆昇（JK1，党政办公室）·考核结果", "优秀", "合格"),
        ("向静（JK2，党政办公室）·考核结果", "优秀", "合格"),
        ("参训人员 解旌（JK3，招商发展局）", "", "40 学时"),
    ]


def test_who_is_not_in_the_file_stays():
    apply(PARTY)
    report = apply(changed(PARTY, 参训人员="陆昇"))
    assert ([w.code for w in report.warnings], Participation.objects.count()) == (["not_in_file"], 2)


@pytest.mark.parametrize(
    ("column", "value", "cell", "code"),
    [
        ("培训班名称", None, "B3", "missing_title"),
        ("起止时间", None, "F3", "missing_date"),
        ("起止时间", "2026.6.5-6.1", "F3", "end_before_start"),
        ("起止时间", "2026.13.1", "F3", "bad_month"),
        ("起止时间", "2036.6.1-6.5", "F3", "future_date"),
        ("参训人员", None, "I3", "missing_people"),
        ("参训人员", "陆昇、李四", "I3", "unknown_person"),
        ("参训人员", "王伟", "I3", "ambiguous_name"),
        ("参训人员", "陆昇等10人", "I3", "incomplete_list"),
        ("参训人员", "陆昇、陆昇", "I3", "duplicate_person"),
        ("学时", "-8", "J3", "bad_hours"),
        ("学时", "许多", "J3", "bad_hours"),
        ("学时", "7.33", "J3", "bad_hours"),
        ("学时", "=8*5", "J3", "formula_cell"),
        ("天数", 9, "G3", "too_many_days"),
    ],
)
def test_every_fault_stands_at_its_cell_and_refuses_the_file(column, value, cell, code):
    report = apply(changed(PARTY, **{column: value}), SAFE)
    assert found(report) == [(cell, code)]
    assert (report.applied, report.counts["refused"], report.counts["new"]) == (False, 1, 1)
    assert TrainingClass.objects.count() == 0
    assert "请" in report.faults[0].message or "可填" in report.faults[0].message


def test_two_people_of_one_name_are_told_apart_by_number_or_unit():
    report = check(changed(PARTY, 参训人员="王伟"))
    assert "JK4 党政办公室、JK5 招商发展局" in report.faults[0].message
    apply(changed(PARTY, 参训人员="王伟(JK5)"), changed(SAFE, 参训人员="王伟（党政办公室）"))
    assert [row.cadre.staff_no for row in Participation.objects.order_by("training_class__starts_on")] == [
        "JK4",
        "JK5",
    ]


ONE_EACH = ["姓名", "工号", "部门", "培训项目", "培训时间", None, "课时", "成绩", "证书编号"]
LEVELS = [None, None, None, None, "起", "止", None, None, None]


def test_one_person_a_line_with_the_class_in_merged_cells():
    rows = [
        LEVELS,
        ["陆昇", "JK1", None, "党建班", datetime(2026, 6, 1), datetime(2026, 6, 5), 40, "优秀", "Z1"],
        ["向静", None, None, None, None, None, None, "85分", "Z2"],
        ["王伟", None, "招商发展局", None, None, None, 8, "不合格", None],
    ]
    report = apply(*rows, heading=ONE_EACH, merged=["E2:F2", "D4:D6", "E4:E6", "F4:F6", "G4:G5"])
    assert (report.counts["new"], found(report)) == (1, [])
    assert credits() == [
        ("陆昇", "党建班", 40, "excellent"), ("向静", "党建班", 40, "passed"),
        ("王伟", "党建班", 8, "failed"),
    ]  # fmt: skip
    rows = Participation.objects.order_by("cadre__staff_no").values_list("certificate_no", "note")
    assert list(rows) == [("Z1", ""), ("Z2", "成绩 85 分"), ("", "")]


def test_one_person_a_line_with_the_class_repeated_or_left_blank():
    heading = ["培训项目", "开始时间", "结束时间", "学员", "学时"]
    rows = [
        ["党建班", "2026.6.1", "2026.6.5", "陆昇", 40],
        [None, None, None, "向静", None],
        ["党建班", "2026.6.1", "2026.6.5", "解旌", 20],
    ]
    assert apply(*rows, heading=heading).counts["new"] == 1
    assert [(name, hours) for name, _, hours, _ in credits()] == [("陆昇", 40), ("向静", 40), ("解旌", 20)]


def test_lines_of_one_class_may_not_contradict_each_other():
    heading = ["培训项目", "开始时间", "结束时间", "学员"]
    rows = [["党建班", "2026.6.1", "2026.6.5", "陆昇"], ["党建班", "2026.6.1", "2026.6.6", "向静"]]
    assert found(check(*rows, heading=heading)) == [("C4", "class_conflict")]


def test_days_hours_and_year_are_filled_from_what_is_known():
    heading = ["班次", "时间", "学员"]
    report = apply(["网络班", "6月1日-6月2日", "陆昇"], heading=heading)
    training = TrainingClass.objects.get()
    assert (training.starts_on, training.days, training.hours) == (date(2026, 6, 1), 2, 16)
    assert (training.kind, [w.code for w in report.warnings]) == ("online", ["hours_assumed"])


def test_words_outside_the_lists_refuse_nothing_and_are_kept_in_the_notes():
    report = apply(changed(PARTY, 培训类别="夏令营", 考核结果="马马虎虎", 备注="第一期"))
    assert (report.counts["new"], sorted(w.code for w in report.warnings)) == (
        1,
        ["unknown_kind", "unknown_result"],
    )
    training = TrainingClass.objects.get()
    assert (training.kind, training.note) == ("topical", "第一期；培训类别：夏令营；考核结果：马马虎虎")


def test_hours_stay_exact():
    apply(changed(PARTY, 学时="7.25学时", 天数="半天"))
    assert Participation.objects.values_list("hours", "days")[0] == (Decimal("7.25"), Decimal("0.5"))


def test_a_class_ahead_without_results_is_planned_and_said():
    report = check(changed(PARTY, 起止时间="2026.12.1-12.5", 考核结果=None))
    assert (report.counts["new"], [w.code for w in report.warnings]) == (1, ["future_class"])


def test_nobody_credits_the_own_record_or_people_out_of_scope(people):
    office = people["陆昇"].appointments.get().unit
    by = make_viewer(Role.HR, unit=office, cadre=people["陆昇"], on=TODAY)
    report = check(changed(PARTY, 参训人员="陆昇、向静、解旌"), by=by)
    assert [fault.code for fault in report.faults] == ["self", "not_in_scope"]


def test_undo_takes_classes_and_credits_back_while_nobody_touched_them():
    apply(PARTY, SAFE)
    service.undo(ImportBatch.objects.get(), by=None)
    assert (TrainingClass.objects.count(), Participation.objects.count()) == (0, 0)


def test_a_credit_changed_by_hand_keeps_the_batch():
    from core.errors import DomainError

    apply(PARTY)
    row = Participation.objects.first()
    change_participation(participation=row, values={"hours": Decimal(20)}, by=make_viewer(Role.HR))
    with pytest.raises(DomainError, match="认定学时已被修改"):
        service.undo(ImportBatch.objects.get(), by=None)


def test_the_number_of_queries_does_not_grow_with_the_lines():
    def queries(*rows):
        with CaptureQueriesContext(connection) as captured:
            check(*rows)
        return len(captured)

    apply(PARTY, SAFE)
    assert queries(PARTY) == queries(PARTY, SAFE) <= 6


def test_the_command(tmp_path, capsys):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(xlsx([TITLE, HEADING, PARTY]))
    call_command("import_ledger", str(path), "--apply")
    assert "新增 1，修改 0，无变化 0，退回 0；班次 1；参训人次 2（已写入" in capsys.readouterr().out
