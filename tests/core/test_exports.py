import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.exports import (
    CUT_NOTICE,
    LONGEST_CELL,
    Column,
    csv_rows,
    download,
    download_stream,
    is_risky,
    safe_cell,
    source_note,
    unsafe_cell,
    xlsx_bytes,
)

HOSTILE = [
    "=1+1", "==1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1",
    "\u200b=1", "\ufeff=1", "'=1", "''=1",
    "＝1+1", "＋1", "－1", "＠A1", "|calc", ";=1", "%0A=1", "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0",
    "http://example.test", "{=1+1}",
]  # fmt: skip
TEXT = [Column("text", "=内容", 20)]
cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
risky_cells = st.builds(str.__add__, st.text("' =+-@\t\r\n1.", max_size=6), cells)


def sheet_of(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def rows_of(*values):
    return [{"text": value} for value in values]


@hypothesis_settings(max_examples=400, deadline=None)
@given(text=cells | risky_cells)
def test_safe_cell_is_reversible_and_never_a_formula(text):
    safe = safe_cell(text)
    assert unsafe_cell(safe) == text
    assert not safe.startswith(("=", "@", "\t", "\r", "＝", "＠", "|", "%"))
    assert not is_risky(safe) or safe.startswith("'")


def test_plain_numbers_and_dashes_stay():
    for text in ("-5", "-12.5", "3", "-", "+", "2026-11-02", "王示例", ""):
        assert safe_cell(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_from_both_formats_and_runs_in_neither(text):
    cell = sheet_of(xlsx_bytes("名册", TEXT, rows_of(text)))["A4"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\r", "\n"))
    assert cell.quotePrefix is is_risky(text)
    lines = list(csv.reader(io.StringIO("".join(csv_rows(TEXT, rows_of(text))), newline="")))
    assert unsafe_cell(lines[1][0]) == text
    assert not lines[1][0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_workbook_has_no_formula_and_no_link():
    data = xlsx_bytes("=标题", TEXT, rows_of(*HOSTILE), note="=注")
    parts = ZipFile(io.BytesIO(data))
    sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet
    assert parts.testzip() is None


def test_layout_of_the_workbook():
    columns = [Column("no", "工号", 10), Column("hours", "学时", value=lambda row: row.hours)]
    rows = [SimpleNamespace(no="007", hours=Decimal("8.5")), SimpleNamespace(no="008", hours=None)]
    sheet = sheet_of(xlsx_bytes("2026年 学时/台账", columns, iter(rows), note="数据来源：培训台账"))
    assert sheet.title == "2026年 学时 台账"
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [
        ["2026年 学时/台账", None],
        ["数据来源：培训台账", None],
        ["工号", "学时"],
        ["007", 8.5],
        ["008", None],
    ]
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:B5"
    assert sheet.column_dimensions["A"].width == pytest.approx(10, abs=1)
    assert [c.data_type for c in sheet[4]] == ["s", "n"]


def test_an_empty_list_and_a_single_column_make_a_valid_workbook():
    sheet = sheet_of(xlsx_bytes("", TEXT, []))
    assert (sheet.title, sheet.max_row, sheet["A3"].value) == ("导出", 3, "=内容")


EMPTY = '""'  # csv's way to write a line with one empty field

VALUES = [
    (None, None, ""),
    (True, "是", "是"),
    (0, 0, "0"),
    (-5, -5, "-5"),
    (10**17, str(10**17), str(10**17)),
    (Decimal("90.50"), 90.5, "90.50"),
    (float("nan"), "nan", "nan"),
    (date(1980, 5, 1), datetime(1980, 5, 1), "1980-05-01"),
    (datetime(2026, 11, 2, 4, 5, tzinfo=UTC), datetime(2026, 11, 2, 12, 5), "2026-11-02 12:05"),
    ("999999198001010011", "999999198001010011", "999999198001010011"),
    ("013900001111", "013900001111", "013900001111"),
    ("a\x00\x01\ud800b", "ab", "ab"),
]


@pytest.mark.parametrize(("value", "in_xlsx", "in_csv"), VALUES)
def test_values_keep_their_kind(value, in_xlsx, in_csv):
    assert sheet_of(xlsx_bytes("表", TEXT, rows_of(value)))["A4"].value == in_xlsx
    assert list(csv_rows(TEXT, rows_of(value)))[1] == f"{in_csv or EMPTY}\r\n"


def test_text_beyond_excel_s_limit_is_cut_visibly():
    value = sheet_of(xlsx_bytes("表", TEXT, rows_of("长" * 40_000)))["A4"].value
    assert len(value) == LONGEST_CELL
    assert value.endswith(CUT_NOTICE)


def test_csv_is_made_line_by_line():
    taken = []

    def source():
        for number in range(3):
            taken.append(number)
            yield {"text": f"第{number}行"}

    lines = csv_rows(TEXT, source())
    assert next(lines) == "\ufeff'=内容\r\n"
    assert next(lines) == "第0行\r\n"
    assert taken == [0]
    assert list(lines) == ["第1行\r\n", "第2行\r\n"]


def test_download_names_the_file_in_chinese():
    response = download(b"x", "干部名册 2026-11-02.xlsx")
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%B9%B2%E9%83%A8%E5%90%8D%E5%86%8C%202026-11-02.xlsx"
    )
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert "filename*=utf-8''..%2F" not in download(b"", "../../x\r\n名.pdf")["Content-Disposition"]
    assert download(b"", "a.pdf")["Content-Disposition"] == 'attachment; filename="a.pdf"'


def test_download_stream():
    response = download_stream(csv_rows(TEXT, rows_of("甲")), "名册.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(response).decode() == "\ufeff'=内容\r\n甲\r\n"


def test_source_note():
    note = source_note(source="干部名册", by="张用户", at=datetime(2026, 11, 2, 4, 5, tzinfo=UTC))
    assert note == "数据来源：干部名册　导出时间：2026年11月2日 12:05　导出人：张用户"
