import pytest

from people.imports.faults import FileRefused
from people.imports.headers import find_tables
from people.imports.roster_layout import ROSTER
from people.imports.rows import read_rows
from people.imports.workbook import open_workbook
from tests.people.imports.books import workbook, xlsx

TITLE = ["示例经济开发区干部花名册"]


def table_of(rows, **options):
    return find_tables(open_workbook(xlsx(rows, **options), "a.xlsx"), ROSTER)[0]


def columns_of(table):
    return {key: heading.cell for key, heading in table.headings.items()}


def refusal_of(data):
    with pytest.raises(FileRefused) as refusal:
        find_tables(open_workbook(data, "a.xlsx"), ROSTER)
    return refusal.value


def test_one_level_under_a_title_and_a_note_in_any_order():
    rows = [
        TITLE,
        ["填报单位：人事部   2026年11月"],
        [],
        ["部门", "身份证号码", "姓  名", "职工号"],
        ["甲", "", "张三", "1"],
    ]
    table = table_of(rows, merged=["A1:D1", "A2:D2"])
    assert columns_of(table) == {"unit": "A4", "id_number": "B4", "name": "C4", "staff_no": "D4"}
    assert (table.first_row, table.last_heading_row) == (4, 4)


def test_headings_with_breaks_hints_marks_and_full_width_letters():
    rows = [
        ["*姓 名\n（必填）", "工号：", "出生年月\n(岁)", "身份证号码（１８位）", "【民族】", "Ａ０１１１"],
        ["张三", "1"],
    ]
    assert list(columns_of(table_of(rows))) == [
        "name",
        "staff_no",
        "birth",
        "id_number",
        "ethnicity",
        "native_place",
    ]


TWO_LEVELS = [
    ["序号", "姓名", "工号", "全日制教育", None, None, "在职教育", None, None, "部门"],
    [None, None, None, "学历", "学位", "毕业院校系及专业", "学历", "学位", "院校", None],
    [1, "张三", "A1", "大学", "学士", "甲大学", "研究生", "硕士", "乙大学", "办公室"],
]
ALL_OF_TWO_LEVELS = {
    "name": "B1", "staff_no": "C1", "unit": "J1",
    "full_time_level": "D2", "full_time_degree": "E2", "full_time_school": "F2",
    "in_service_level": "G2", "in_service_degree": "H2", "in_service_school": "I2",
}  # fmt: skip
MERGES = ["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:I1", "J1:J2"]


@pytest.mark.parametrize("merged", [MERGES, MERGES[3:5], []])
def test_two_levels_merged_half_merged_and_not_merged(merged):
    table = table_of(TWO_LEVELS, merged=merged)
    assert columns_of(table) == ALL_OF_TWO_LEVELS
    assert (table.first_row, table.last_heading_row) == (1, 2)
    assert [row.number for row in read_rows(table)[0]] == [3]


def test_the_names_may_stand_in_the_lower_level():
    rows = [
        [None, None, "全日制教育", None, None],
        ["姓名", "工号", "学历", "学位", "身份"],
        ["张三", "1", "大学", "学士", "公务员"],
    ]
    assert columns_of(table_of(rows)) == {
        "name": "A2", "staff_no": "B2", "full_time_level": "C2", "full_time_degree": "D2", "staff_type": "E2",
    }  # fmt: skip


def test_group_headings_that_say_nothing_are_looked_through():
    rows = [
        ["基本信息", None, "任职信息", None],
        ["姓名", "工号", "部门", "职务"],
        ["张三", "1", "甲", "主任"],
    ]
    assert list(columns_of(table_of(rows, merged=["A1:B1", "C1:D1"]))) == [
        "name",
        "staff_no",
        "unit",
        "title",
    ]


def test_of_two_words_for_one_thing_the_better_one_counts_and_the_other_is_reported():
    table = table_of([["姓名", "工号", "单位", "部门", "爱好", "序号"], ["张三", "1"]])
    assert columns_of(table)["unit"] == "D1"
    assert ([h.text for h in table.unknown], [h.text for h in table.ignored]) == (["单位", "爱好"], ["序号"])


def test_education_without_a_group():
    rows = [["姓名", "工号", "最高学历", "学位", "毕业院校", "专业"], ["张三", "1"]]
    assert list(columns_of(table_of(rows))) == ["name", "staff_no", "level", "degree", "school", "major"]


def test_every_sheet_with_the_table_is_read_and_the_others_are_not():
    sheets = {
        "填表说明": [["请填写姓名和工号"]],
        "机关": [["姓名", "工号"], ["甲", "1"]],
        "事业": [TITLE, ["工号", "姓名"], ["2", "乙"]],
    }
    tables = find_tables(open_workbook(workbook(sheets), "a.xlsx"), ROSTER)
    assert [table.sheet.name for table in tables] == ["机关", "事业"]


def test_a_missing_column_is_named_with_a_guess():
    refusal = refusal_of(xlsx([TITLE, ["姓名", "性别", "身份证号码码"], ["张三", "男"]]))
    assert (refusal.code, refusal.cell) == ("missing_column", "A2")
    assert "“工号”或“身份证号”" in refusal.message
    assert "C2 的“身份证号码码”是否应为“身份证号码”" in refusal.message


def test_the_same_heading_twice_is_refused():
    refusal = refusal_of(xlsx([["姓名", "工号", "姓 名"], ["张三", "1", "李四"]]))
    assert (refusal.code, refusal.cell) == ("duplicate_column", "C1")


def test_no_table_at_all():
    assert refusal_of(xlsx([["你好"], ["世界"]])).code == "no_header"


def test_only_data_rows_are_data():
    heading = ["序号", "姓名", "工号", "部门"]
    rows = [
        heading,
        [1, "张三", "1", "甲"],
        [],
        ["小计", "1人"],
        TITLE,
        heading,
        [2, None, "2", "甲"],
        [3, None, None, None],
        ["合计", None, None, "2"],
        ["审核人：王五", None, "制表人：赵六"],
        ["注：1.以身份证为准"],
        ["2.职级按最新结果填写"],
        ["填报单位（盖章）："],
    ]
    data, passed = read_rows(table_of(rows, merged=["A5:D5"]))
    assert [row.number for row in data] == [2, 7]
    assert [row.cell for row in passed] == ["A4", "A5", "A6", "A9", "A10", "A11", "A12", "A13"]
