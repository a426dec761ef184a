import io
from datetime import date

import openpyxl
import pytest

from people.imports import service
from people.imports.answer import answer_name, answer_workbook
from people.imports.headers import ANSWER_SHEET
from tests.people.imports.books import id_number, xlsx
from tests.people.imports.old_xls import xls

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
NUMBER = id_number("19800512", 1)
ROWS = [
    ["示例花名册", None, None, None, None],
    ["姓名", "工号", "身份证号", "性别", "备注"],
    ["张三", "A1", NUMBER, "女", "=1+1"],
    ["李四", "A2", id_number("19810101", 2), "男", "原样"],
]


def answered(data, name="名册.xlsx"):
    report = service.dry_run("roster", data, name, by=None, on=TODAY)
    content = answer_workbook(report)
    return report, openpyxl.load_workbook(io.BytesIO(content)), content


def lines(book):
    return [[cell.value for cell in row] for row in book[ANSWER_SHEET].iter_rows(min_row=3)]


def test_the_same_workbook_comes_back_with_the_faults_at_their_cells():
    _, book, _ = answered(xlsx(ROWS, merged=["A1:E1"], sheet="花名册"))
    page = book["花名册"]
    assert [str(area) for area in page.merged_cells.ranges] == ["A1:E1"]
    assert (page["C3"].value, page["E3"].value, page["E4"].value) == (NUMBER, "=1+1", "原样")
    assert "第 17 位表示男" in page["D3"].comment.text
    assert "公式" in page["E3"].comment.text
    assert {page["D3"].fill.fgColor.rgb, page["E3"].fill.fgColor.rgb} == {"FFFFC7CE"}
    assert page["C3"].comment is None


def test_the_added_sheet_lists_refused_rows_first_and_masks_numbers():
    report, book, _ = answered(xlsx(ROWS))
    assert book.sheetnames == ["Sheet1", ANSWER_SHEET]
    found = lines(book)
    assert [line[4] for line in found[:2]] == ["退回", "退回"]
    assert {line[4] for line in found[2:]} == {"新增"}
    assert NUMBER not in str(found)
    assert ["Sheet1", 4, "A2", "李四", "新增", "工号", None, "A2"] in found
    assert book[ANSWER_SHEET]["A1"].value.startswith("新增 1，修改 0，无变化 0，退回 1（尚未写入系统")
    assert report.counts["refused"] == 1


def test_nothing_in_the_added_sheet_is_a_formula():
    _, book, _ = answered(
        xlsx([["姓名", "工号", "备注"], ["张三", "A1", "+86 号外"], ["李四", "@SUM(1)", "-1"]])
    )
    types = {
        cell.data_type for row in book[ANSWER_SHEET].iter_rows() for cell in row if cell.value is not None
    }
    assert types == {"s", "n"}


def test_an_answer_given_back_corrected_is_clean_again():
    _, book, _ = answered(xlsx(ROWS))
    book["Sheet1"]["D3"], book["Sheet1"]["E3"] = "男", "备注"
    output = io.BytesIO()
    book.save(output)
    report, again, _ = answered(output.getvalue())
    assert report.faults == []
    assert again["Sheet1"]["D3"].comment is None
    assert again["Sheet1"]["D3"].fill.fill_type is None


def test_an_old_workbook_is_answered_in_a_new_one_with_the_same_cells():
    _, book, _ = answered(xls([["姓名", "工号", "性别"], ["张三", "A1", "不详"]]), "名册.xls")
    page = book["花名册"]
    assert [cell.value for cell in page[2]] == ["张三", "A1", "不详"]
    assert "请填“男”或“女”" in page["C2"].comment.text


def test_names_of_answers():
    assert answer_name("花名册.xls") == answer_name("花名册-核对结果.xlsx") == "花名册-核对结果.xlsx"


def test_a_file_that_could_not_be_read_has_no_answer():
    assert answer_workbook(service.dry_run("roster", b"", "a.xlsx", by=None, on=TODAY)) is None
