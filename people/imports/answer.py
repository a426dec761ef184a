"""The answer in the person's own workbook: faulty cells with a comment, and a sheet of what would change.

Everything else in the workbook stays. Marks of an earlier answer are taken away first, so a corrected
workbook can simply be given back again.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePath

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import coordinate_to_tuple
from openpyxl.workbook import Workbook as OpenpyxlWorkbook
from openpyxl.worksheet.worksheet import Worksheet

from people.imports.faults import Fault
from people.imports.headers import ANSWER_SHEET
from people.imports.report import Outcome, Report, RowReport
from people.imports.workbook import Workbook

AUTHOR = "导入核对"
_FAULT_FILL = PatternFill("solid", fgColor="FFFFC7CE")
_WARN_FILL = PatternFill("solid", fgColor="FFFFF2CC")
_OURS = {"FFFFC7CE", "FFFFF2CC"}
_HEAD_FILL = PatternFill("solid", fgColor="FFE8EEF4")
_MAX_COMMENTS = 5_000  # beyond this Excel itself becomes slow; the sheet lists them all
_COLUMNS = (
    ("工作表", 14),
    ("行", 6),
    ("标识", 16),
    ("名称", 24),
    ("结果", 8),
    ("项目", 18),
    ("原值", 28),
    ("新值", 60),
)


def answer_name(filename: str) -> str:
    """花名册.xls → 花名册-核对结果.xlsx"""
    return f"{PurePath(filename).stem.removesuffix('-核对结果')}-核对结果.xlsx"


def answer_workbook(report: Report) -> bytes | None:
    """The workbook to give back; None when the file could not be read or is no workbook."""
    if report.book is None:
        return None
    book = _original(report.book)
    _clear_marks(book)
    _mark(book, report)
    _add_sheet(book, report)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _original(source: Workbook) -> OpenpyxlWorkbook:
    if source.kind == "xlsx":
        return openpyxl.load_workbook(io.BytesIO(source.data))
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in source.sheets:
        copy = book.create_sheet(sheet.name[:31])
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row, start=1):
                if value not in ("", None):
                    _write(copy, number, column, value)
        for area in sheet.merged:
            copy.merge_cells(None, area.top, area.left, area.bottom, area.right)
    return book


def _write(sheet: Worksheet, row: int, column: int, value: object) -> Cell:
    """Text stays text, whatever it begins with: an answer never makes a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = value  # type: ignore[assignment]
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in "=+-@＝＋－＠"
    return cell


def _clear_marks(book: OpenpyxlWorkbook) -> None:
    if ANSWER_SHEET in book.sheetnames:
        del book[ANSWER_SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.comment and cell.comment.author == AUTHOR:
                    _clear(cell)


def _clear(cell: Cell) -> None:
    cell.comment = None
    if cell.fill and cell.fill.fgColor.rgb in _OURS:
        cell.fill = PatternFill()


def _mark(book: OpenpyxlWorkbook, report: Report) -> None:
    """Faults first: of a cell with both, the fault decides the colour."""
    at_cell: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in report.faults:
        at_cell[fault.sheet, fault.cell].append(fault)
    warned: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for warning in report.warnings:
        if (warning.sheet, warning.cell) not in at_cell and warning.cell:
            warned[warning.sheet, warning.cell].append(warning)
    for places, fill in ((at_cell, _FAULT_FILL), (warned, _WARN_FILL)):
        for (sheet, cell), found in list(places.items())[:_MAX_COMMENTS]:
            _comment(book, sheet, cell, found, fill)


def _comment(book: OpenpyxlWorkbook, sheet: str, address: str, found: list[Fault], fill: PatternFill) -> None:
    if sheet not in book.sheetnames or not address:
        return
    cell = book[sheet].cell(*coordinate_to_tuple(address))
    if isinstance(cell, MergedCell):
        return
    text = "\n".join(fault.message for fault in found)
    earlier = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(earlier + text, AUTHOR, height=110, width=320)
    cell.fill = fill


def _add_sheet(book: OpenpyxlWorkbook, report: Report) -> None:
    sheet = book.create_sheet(ANSWER_SHEET)
    for column, (title, width) in enumerate(_COLUMNS, start=1):
        head = _write(sheet, 2, column, title)
        head.font, head.fill = Font(bold=True), _HEAD_FILL
        sheet.column_dimensions[head.column_letter].width = width
    _write(sheet, 1, 1, _summary(report)).font = Font(bold=True)
    for number, line in enumerate(_lines(report), start=3):
        for column, value in enumerate(line, start=1):
            cell = _write(sheet, number, column, value)
            cell.alignment = Alignment(vertical="top", wrap_text=column >= 7)
    sheet.freeze_panes = "A3"


def _summary(report: Report) -> str:
    counts = "，".join(f"{outcome.label} {report.counts[outcome.value]}" for outcome in Outcome)
    state = "已写入系统" if report.applied else "尚未写入系统"
    units = f"；将新增机构：{'、'.join(report.new_units)}" if report.new_units else ""
    return f"{counts}（{state}{units}）"


def _lines(report: Report) -> Iterator[tuple[object, ...]]:
    """Refused rows first, then what would be changed and added; unchanged rows need no line."""
    for outcome in (Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW):
        for row in report.rows_with(outcome):
            yield from _row_lines(row)


def _row_lines(row: RowReport) -> Iterable[tuple[object, ...]]:
    start = (row.sheet, row.row, row.key, row.label, row.outcome.label)
    if row.outcome is Outcome.REFUSED:
        return [(*start, fault.column, fault.cell, fault.message) for fault in row.faults]
    return [(*start, change.label, change.old, change.new) for change in row.changes] or [
        (*start, "", "", "")
    ]
