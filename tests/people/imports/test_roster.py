from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access import Role
from people.access import viewer_for
from people.imports import service
from people.models import Appointment, Cadre, Education, ImportBatch, Post, Unit
from tests.factories.people import make_account, make_cadre, make_unit
from tests.people.imports.books import id_number, workbook, xlsx

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
HEADING = [
    "姓名",
    "工号",
    "身份证号",
    "性别",
    "出生年月",
    "部门",
    "职务",
    "任现职时间",
    "参加工作时间",
    "联系电话",
    "学历",
]
ZHANG = [
    "张 三",
    "A1",
    id_number("19800512", 1),
    "男",
    "1980.5",
    "办公室",
    "主任",
    "2020.01",
    "2002年7月",
    "13900000001",
    "大学",
]
LI = [
    "李四",
    "A2",
    id_number("19820203", 2, male=False),
    "女",
    "198202",
    "办公室",
    "科员",
    "2021-03",
    "2004/7",
    None,
    "大专",
]


def check(*rows, heading=HEADING, by=None, create_units=False):
    return service.dry_run(
        "roster", xlsx([heading, *rows]), "名册.xlsx", by=by, on=TODAY, create_units=create_units
    )


def apply(*rows, heading=HEADING, by=None, create_units=False):
    data = xlsx([heading, *rows])
    return service.apply("roster", data, "名册.xlsx", by=by, on=TODAY, create_units=create_units)


def found(report):
    return [(fault.cell, fault.code) for fault in report.faults]


def changed(row, **columns):
    """The row with other values in the columns named by their headings."""
    values = list(row)
    for heading, value in columns.items():
        values[HEADING.index(heading)] = value
    return values


def changes_of(report):
    return [(change.label, change.old, change.new) for row in report.rows for change in row.changes]


def test_a_dry_run_writes_nothing():
    report = check(ZHANG, LI)
    assert (report.counts, report.exit_status) == ({"new": 2, "changed": 0, "unchanged": 0, "refused": 0}, 0)
    assert report.new_units == ["示例经济开发区", "办公室"]
    assert (Cadre.objects.count(), Unit.objects.count(), ImportBatch.objects.count()) == (0, 0, 0)


def test_apply_writes_the_record_the_post_the_education_and_the_unit():
    report = apply(ZHANG)
    cadre = Cadre.objects.get()
    assert (report.applied, report.batch) == (True, ImportBatch.objects.get().pk)
    assert (cadre.name, cadre.staff_no, cadre.sex, cadre.birth_month) == ("张三", "A1", "M", date(1980, 5, 1))
    assert (cadre.id_number, cadre.phone, cadre.work_started_on) == (
        ZHANG[2],
        "13900000001",
        date(2002, 7, 1),
    )
    assert (cadre.name_initials, bool(cadre.id_number_index)) == ("zs", True)
    post = Appointment.objects.get()
    assert (str(post), post.starts_on, post.unit.parent.name) == (
        "办公室主任",
        date(2020, 1, 1),
        "示例经济开发区",
    )
    assert Education.objects.get().level == "大学"


def test_a_second_apply_changes_nothing_and_makes_no_batch():
    apply(ZHANG, LI)
    report = apply(ZHANG, LI)
    assert (report.counts["unchanged"], report.applied, report.batch) == (2, True, None)
    assert ImportBatch.objects.count() == 1


def test_only_filled_cells_change_anything_and_the_report_says_old_and_new():
    apply(ZHANG)
    report = apply(changed(ZHANG, 联系电话="13900000009", 学历=None, 性别=None))
    assert changes_of(report) == [("联系电话", "139****0001", "139****0009")]
    cadre = Cadre.objects.get()
    assert (cadre.phone, cadre.sex, cadre.education.get().level) == ("13900000009", "M", "大学")


def test_a_month_agrees_with_any_day_of_it():
    apply(changed(ZHANG, 参加工作时间="2002.07.15", 任现职时间="2020.01.20"))
    assert check(ZHANG).counts["unchanged"] == 1


def test_a_later_date_is_a_move_that_ends_the_post_before():
    apply(ZHANG)
    apply(changed(ZHANG, 职务="书记", 任现职时间="2024.06"))
    posts = Appointment.objects.order_by("starts_on")
    assert [(p.title, p.starts_on, p.ends_on) for p in posts] == [
        ("主任", date(2020, 1, 1), date(2024, 5, 31)),
        ("书记", date(2024, 6, 1), None),
    ]


def test_the_same_date_is_a_correction():
    apply(ZHANG)
    report = apply(changed(ZHANG, 职务="副主任"))
    assert changes_of(report) == [("现任职务", "主任", "副主任")]
    assert [(p.title, p.starts_on) for p in Appointment.objects.all()] == [("副主任", date(2020, 1, 1))]


def test_a_move_without_a_date_counts_from_today_and_says_so():
    apply(ZHANG)
    report = apply(changed(ZHANG, 职务="书记", 任现职时间=None))
    assert [warning.code for warning in report.warnings] == ["missing_post_since"]
    assert Appointment.objects.get(title="书记").starts_on == TODAY
    assert check(changed(ZHANG, 职务="书记", 任现职时间=None)).counts["unchanged"] == 1


def test_a_post_may_not_be_laid_over_an_earlier_one():
    apply(ZHANG)
    apply(changed(ZHANG, 职务="书记", 任现职时间="2024.06"))
    assert found(check(changed(ZHANG, 职务="书记", 任现职时间="2022.01"))) == [("H2", "overlap")]


def test_sex_and_birth_follow_from_the_identity_number():
    apply(changed(ZHANG, 性别=None, 出生年月=None))
    assert Cadre.objects.values_list("sex", "birth_month").get() == ("M", date(1980, 5, 1))


def test_a_number_that_may_be_january_or_october_is_settled_by_the_identity_number():
    october = changed(ZHANG, 身份证号=id_number("19801012", 1), 出生年月=1980.1)
    assert found(check(october)) == []
    assert found(check(changed(october, 身份证号=None))) == [("E2", "ambiguous_month")]


@pytest.mark.parametrize(
    ("column", "value", "cell", "code"),
    [
        ("姓名", None, "A2", "missing_name"),
        ("姓名", "张三3", "A2", "bad_name"),
        ("身份证号", ZHANG[2][:17] + ("1" if ZHANG[2][17] != "1" else "2"), "C2", "id_checksum"),
        ("身份证号", 999999198005120019, "C2", "id_as_number"),
        ("身份证号", "99999919800512", "C2", "id_length"),
        ("性别", "女", "D2", "sex_mismatch"),
        ("性别", "不详", "D2", "bad_sex"),
        ("出生年月", "1980.06", "E2", "birth_mismatch"),
        ("出生年月", "1980.05.13", "E2", "birth_mismatch"),
        ("出生年月", "2030.05", "E2", "future_date"),
        ("出生年月", "1980.13", "E2", "bad_month"),
        ("任现职时间", "2027.01", "H2", "future_date"),
        ("任现职时间", "1979.01", "H2", "before_birth"),
        ("参加工作时间", "1993.07", "I2", "work_before_14"),
        ("参加工作时间", "2002.02.30", "I2", "bad_date"),
        ("联系电话", "1390000", "J2", "phone_format"),
        ("职务", "=1+1", "G2", "formula_cell"),
        ("学历", "#N/A", "K2", "error_cell"),
    ],
)
def test_every_fault_stands_at_its_cell_and_refuses_the_file(column, value, cell, code):
    report = apply(LI, changed(ZHANG, **{column: value}))
    assert found(report) == [(cell.replace("2", "3"), code)]
    assert (report.applied, report.exit_status, report.counts["refused"]) == (False, 1, 1)
    assert Cadre.objects.count() == 0
    assert report.faults[0].column == column
    assert "请" in report.faults[0].message


def test_all_faults_of_the_file_are_told_at_once():
    report = check(
        changed(ZHANG, 性别="女", 联系电话="1"),
        changed(LI, 姓名=None, 出生年月="1982.13"),
        changed(LI, 工号="A3", 身份证号=None, 参加工作时间="2030.01"),
    )
    assert found(report) == [
        ("D2", "sex_mismatch"), ("J2", "phone_format"),
        ("A3", "missing_name"), ("E3", "bad_month"), ("I4", "future_date"),
    ]  # fmt: skip


def test_numbers_used_twice_in_the_file_are_marked_on_both_rows():
    report = check(ZHANG, changed(LI, 工号="a1"), changed(ZHANG, 工号="A3"))
    assert found(report) == [
        ("B2", "duplicate_staff_no"), ("C2", "duplicate_id"),
        ("B3", "duplicate_staff_no"), ("C4", "duplicate_id"),
    ]  # fmt: skip
    assert "B3（李四）" in report.faults[0].message


def test_a_row_without_any_number_is_never_matched_by_name():
    apply(ZHANG)
    assert found(check(changed(ZHANG, 工号=None, 身份证号=None))) == [("B2", "missing_key")]


def test_numbers_taken_in_the_database():
    apply(ZHANG, LI)
    assert found(check(changed(ZHANG, 姓名="王五", 身份证号=None))) == [("B2", "staff_no_taken")]
    assert found(check(changed(ZHANG, 姓名="王五", 工号="A9"))) == [("C2", "id_taken")]
    assert ("C2", "id_taken") in found(check(changed(ZHANG, 身份证号=LI[2], 性别="女")))


def test_the_identity_number_allows_a_new_name_or_a_new_staff_number():
    apply(ZHANG)
    renamed = apply(changed(ZHANG, 姓名="张叁"))
    assert changes_of(renamed) == [("姓名", "张三", "张叁")]
    renumbered = check(changed(ZHANG, 姓名="张叁", 工号="B1"))
    assert (changes_of(renumbered), [w.code for w in renumbered.warnings]) == (
        [("工号", "A1", "B1")],
        ["staff_no_changed"],
    )


def test_another_person_of_the_same_name_is_new_and_said():
    apply(ZHANG)
    report = check(changed(LI, 姓名="张三"))
    assert (report.counts["new"], [w.code for w in report.warnings]) == (1, ["same_name"])


def test_an_unknown_unit_is_refused_with_a_guess_until_new_units_are_asked_for():
    apply(ZHANG)
    report = check(LI, changed(ZHANG, 部门="办公市"))
    assert found(report) == [("F3", "unknown_unit")]
    assert "是否应为“办公室”" in report.faults[0].message
    accepted = apply(changed(LI, 部门="财政局"), create_units=True)
    assert (accepted.new_units, Unit.objects.filter(name="财政局").count()) == (["财政局"], 1)


def test_units_are_known_by_short_name_code_path_and_with_the_name_of_the_zone():
    root = make_unit("示例开发区", kind="zone")
    office = make_unit("党政办公室", parent=root, code="Y01", short_name="党政办")
    other = make_unit("招商局", parent=root)
    make_unit("综合科", parent=office)
    make_unit("综合科", parent=other)
    for name in ("党政办公室", "党政办", "Y01", "示例开发区党政办公室", "党政办公室/综合科"):
        assert found(check(changed(ZHANG, 部门=name))) == []
    assert found(check(changed(ZHANG, 部门="综合科"))) == [("F2", "ambiguous_unit")]


def test_merged_departments_count_for_every_row_but_merged_names_do_not():
    rows = [HEADING, ZHANG, changed(LI, 部门=None), [None, "A3"]]
    data = xlsx(rows, merged=["F2:F3", "A3:A4"])
    report = service.apply("roster", data, "a.xlsx", by=None, on=TODAY)
    assert found(report) == [("A3", "merged_person")]
    report = service.apply("roster", xlsx(rows[:3], merged=["F2:F3"]), "a.xlsx", by=None, on=TODAY)
    assert [str(post.unit) for post in Appointment.objects.all()] == ["办公室", "办公室"]


def test_the_zone_itself_does_not_make_the_departments_known():
    make_unit("示例开发区", kind="zone")
    report = apply(changed(ZHANG, 部门="示例开发区"), changed(LI, 部门="财政局"))
    assert (found(report), report.new_units) == ([], ["财政局"])
    assert Unit.objects.get(name="财政局").parent.name == "示例开发区"


def test_a_title_of_the_post_register_is_linked():
    office = make_unit("办公室")
    post = Post.objects.create(unit=office, title="主任")
    apply(ZHANG, LI)
    assert list(Appointment.objects.order_by("pk").values_list("post_id", flat=True)) == [post.pk, None]


def test_without_a_column_the_lines_between_or_the_sheets_name_the_department():
    heading = ["姓名", "工号", "职务"]
    lines = [
        heading,
        ["一、党政办公室（1人）"],
        ["张三", "1", "主任"],
        ["（二）招商发展局"],
        ["李四", "2", "局长"],
    ]
    report = service.apply("roster", xlsx(lines, merged=["A2:C2"]), "a.xlsx", by=None, on=TODAY)
    assert sorted({w.code for w in report.warnings}) == ["missing_post_since", "section_row"]
    sheets = {"财政局": [heading, ["王五", "3", "局长"]], "在职干部": [heading, ["赵六", "4", "调研员"]]}
    service.apply("roster", workbook(sheets), "b.xlsx", by=None, on=TODAY, create_units=True)
    posts = Appointment.objects.order_by("cadre__staff_no")
    assert [f"{post.cadre}:{post.unit}" for post in posts] == [
        "张三:党政办公室", "李四:招商发展局", "王五:财政局", "赵六:示例经济开发区",
    ]  # fmt: skip


def test_a_row_without_a_department_stands_below_the_zone():
    report = apply(changed(ZHANG, 部门=None))
    assert [w.code for w in report.warnings] == ["missing_unit"]
    assert Appointment.objects.get().unit.name == "示例经济开发区"


def test_rows_of_others_and_the_own_row_are_refused():
    mine, other = make_unit("甲局"), make_unit("乙局")
    own = make_cadre("自己", unit=mine, staff_no="S1")
    make_cadre("别人", unit=other, staff_no="S2")
    make_cadre("同事", unit=mine, staff_no="S3")
    by = viewer_for(make_account(Role.HR, unit=mine, cadre=own), on=TODAY)
    report = check(
        ["自己", "S1", "甲局"], ["别人", "S2", "乙局"], ["同事", "S3", "甲局"], ["新人", "S4", "乙局"],
        heading=["姓名", "工号", "部门"], by=by,
    )  # fmt: skip
    assert found(report) == [
        ("A2", "self"),
        ("A3", "not_in_scope"),
        ("C3", "not_in_scope"),
        ("C5", "not_in_scope"),
    ]


def test_odd_but_possible_dates_are_warnings():
    report = check([*changed(ZHANG, 任现职时间="2001.01"), "1996.05"], heading=[*HEADING, "入党时间"])
    assert (report.counts["new"], sorted(w.code for w in report.warnings)) == (
        1,
        ["party_before_18", "post_before_work"],
    )


def test_education_without_a_group_is_told_apart_by_its_words():
    apply(changed(ZHANG, 学历="在职研究生"))
    assert Education.objects.get().mode == "in_service"


def test_the_number_of_queries_does_not_grow_with_the_rows():
    def queries(*rows):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            check(*rows)
        return len(captured)

    apply(ZHANG, LI)
    assert queries(ZHANG) == queries(ZHANG, LI) <= 8


def test_a_column_the_file_lacks_is_mentioned_once():
    heading = ["工号", "姓名", "部门", "现任职务及职级"]
    rows = [heading, ["T1", "王示例", "财政局", "科员"], ["T2", "李示例", "财政局", "科长"]]
    report = service.dry_run("roster", xlsx(rows), "花名册.xlsx", by=None, on=TODAY)
    warnings = [(warning.cell, warning.code) for warning in report.warnings]
    assert warnings == [("B1", "missing_post_since")]
    assert report.counts == {"new": 2, "changed": 0, "unchanged": 0, "refused": 0}


@pytest.mark.parametrize("foot", ["60人", "共2人", "合计：2人", "总计2人。"])
def test_a_line_that_only_counts_is_no_person(foot):
    rows = [["姓名", "工号", "部门"], ["王示例", "T1", "财政局"], [foot, None, None]]
    report = service.dry_run("roster", xlsx(rows), "花名册.xlsx", by=None, on=TODAY)
    assert report.counts == {"new": 1, "changed": 0, "unchanged": 0, "refused": 0}
