import io
import time
import zipfile
from datetime import date

import openpyxl
import pytest

from people.imports.faults import FileRefused
from people.imports.package import SheetFacts
from people.imports.workbook import address, open_workbook, position
from tests.people.imports.books import workbook, xlsx
from tests.people.imports.old_xls import xls

ROWS = [["姓名", "工号"], ["张三", "A1"]]
GOOD = xlsx(ROWS)


def refused(data, name="a.xlsx"):
    """The code of the refusal, which must come within a second and be one Chinese sentence."""
    started = time.perf_counter()
    with pytest.raises(FileRefused) as refusal:
        open_workbook(data, name)
    assert time.perf_counter() - started < 1
    assert refusal.value.message.endswith("。")
    return refusal.value.code


def repacked(data=GOOD, *, add=(), replace=(), drop=()):
    """The workbook with parts added, replaced by a function, or dropped."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in drop:
                change = dict(replace).get(name, lambda content: content)
                new.writestr(name, change(old.read(name)))
        for name, content in add:
            new.writestr(name, content)
    return output.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def in_sheet(old, new):
    return repacked(replace=[(SHEET, lambda content: content.replace(old, new))])


def with_doctype(content):
    return b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + content.partition(b"?>")[2]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b"PK\x03\x04" + bytes(10 << 20), "a.xlsx", "too_big"),
        (b"%PDF-1.7", "a.xlsx", "not_a_workbook"),
        (b"<html><table></table></html>", "a.xls", "not_a_workbook"),
        (GOOD[:-200], "a.xlsx", "damaged_file"),
        (b"PK\x03\x04 and nothing else", "a.xlsx", "damaged_file"),
        (GOOD, "a.xlsm", "macro"),
        (repacked(add=[("xl/vbaProject.bin", b"x")]), "a.xlsx", "macro"),
        (repacked(add=[("xl/externalLinks/externalLink1.xml", b"<a/>")]), "a.xlsx", "active_content"),
        (repacked(add=[("xl/embeddings/oleObject1.bin", b"x")]), "a.xlsx", "active_content"),
        (repacked(add=[("../evil.xml", b"<a/>")]), "a.xlsx", "bad_path"),
        (repacked(add=[(f"xl/media/{n}.png", b"x") for n in range(400)]), "a.xlsx", "too_many_entries"),
        (repacked(add=[("xl/big.xml", b"<a>" + b" " * (40 << 20) + b"</a>")]), "a.xlsx", "zip_bomb"),
        (repacked(replace=[(SHEET, with_doctype)]), "a.xlsx", "dtd"),
        (repacked(replace=[("xl/styles.xml", with_doctype)]), "a.xlsx", "dtd"),
        (repacked(add=[("docProps/custom.xml", with_doctype(b"<?xml?><x/>"))]), "a.xlsx", "dtd"),
        (repacked(drop=["xl/workbook.xml"]), "a.xlsx", "not_a_workbook"),
        (in_sheet(b'ref="A1:B2"', b'ref="A1:B1048576"'), "a.xlsx", "too_many_rows"),
        (in_sheet(b'r="A2"', b'r="A1048576"'), "a.xlsx", "too_many_rows"),
        (in_sheet(b'r="B2"', b'r="XFD2"'), "a.xlsx", "too_many_columns"),
        (xlsx([[]]), "a.xlsx", "empty_workbook"),
        (xls(ROWS, streams=["EncryptedPackage"]), "a.xlsx", "encrypted_file"),
        (xls(ROWS, streams=["_VBA_PROJECT_CUR"]), "a.xls", "macro"),
        (xls(ROWS)[:1000], "a.xls", "damaged_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "a.xls", "damaged_file"),
        (b"a\x00b,c", "a.csv", "not_a_workbook"),
        (b"\xff\x81\x00\x30", "a.csv", "bad_encoding"),
    ],
)
def test_hostile_and_unreadable_files_are_refused_at_once(data, name, code):
    assert refused(data, name) == code


def test_a_forged_count_breaks_only_the_child_that_reads():
    """The native reader believes it and asks for terabytes; its process ends, ours says what is wrong."""
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sst = b'<sst xmlns="%s" uniqueCount="99999999999999"/>' % namespace
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="x" Type="%s" Target="sharedStrings.xml"/></Relationships>' % kind
    data = repacked(
        add=[("xl/sharedStrings.xml", sst)],
        replace=[("xl/_rels/workbook.xml.rels", lambda c: c.replace(b"</Relationships>", relation))],
    )
    assert refused(data) == "damaged_file"


def test_a_single_cell_in_the_last_corner_costs_nothing():
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    output = io.BytesIO()
    book.save(output)
    assert refused(output.getvalue()) == "too_many_rows"


def test_values_stand_at_their_own_address():
    sheet = open_workbook(xlsx([[None], [None, None, "C2"], ["A3"]]), "a.xlsx").sheets[0]
    assert (sheet.cell(2, 3), sheet.cell(3, 1), sheet.cell(1, 1), sheet.cell(99, 99)) == (
        "C2",
        "A3",
        None,
        None,
    )


def test_a_stated_extent_that_is_too_small_loses_no_row():
    sheet = open_workbook(in_sheet(b'ref="A1:B2"', b'ref="A1:A1"'), "a.xlsx").sheets[0]
    assert sheet.cell(2, 2) == "A1"


def test_merged_areas_show_their_first_cell():
    sheet = open_workbook(xlsx([["部门", None], ["甲", 1], [None, 2]], merged=["A2:A3"]), "a.xlsx").sheets[0]
    assert (sheet.cell(3, 1), sheet.spread(3, 1), sheet.spread(3, 2)) == (None, "甲", 2)


def test_what_values_do_not_tell_is_noted():
    data = xlsx(
        [["=1+1", 1980.1, date(1980, 5, 17), "#N/A"]],
        formats={"B1": "0.00", "C1": 'yyyy"年"m"月"'},
    )
    facts = open_workbook(data, "a.xlsx").sheets[0].facts
    assert facts == SheetFacts(formulas={(1, 1)}, two_decimals={(1, 2)}, month_only={(1, 3)}, errors={(1, 4)})


def test_hidden_sheets_and_rows_are_told():
    book = openpyxl.load_workbook(io.BytesIO(workbook({"甲": ROWS, "乙": ROWS}, hidden=["乙"])))
    book["甲"].row_dimensions[2].hidden = True
    output = io.BytesIO()
    book.save(output)
    first, second = open_workbook(output.getvalue(), "a.xlsx").sheets
    assert (first.hidden, first.facts.hidden_rows, second.hidden) == (False, {2}, True)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx"])
def test_an_old_workbook_is_read_whatever_it_is_called(name):
    book = open_workbook(xls([["姓名", "学时"], ["张三", 8.0]], formulas=[(1, 1)]), name)
    sheet = book.sheets[0]
    assert (book.kind, sheet.name, sheet.rows[0]) == ("xls", "花名册", ["姓名", "学时"])
    assert (sheet.cell(2, 1), sheet.facts.formulas) == ("张三", {(2, 2)})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_files_in_any_usual_encoding(encoding):
    sheet = open_workbook('姓名,工号\r\n张三,"A,1"\r\n\r\n'.encode(encoding), "名册.csv").sheets[0]
    assert sheet.rows == [["姓名", "工号"], ["张三", "A,1"]]


@pytest.mark.parametrize(
    ("cell", "place"), [("A1", (1, 1)), ("Z9", (9, 26)), ("AB12", (12, 28)), ("IV50000", (50000, 256))]
)
def test_addresses(cell, place):
    assert (position(cell), address(*place)) == (place, cell)
