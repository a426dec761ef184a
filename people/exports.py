"""Tables of the statistics as rows of a workbook; the yearly report as Word and PDF."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.exports import Column
from core.pdf import PdfMetadata, PdfResult, render_pdf
from core.templatetags.ui import cn_date
from people.statistics.report import Report
from people.statistics.tables import Line, StatTable

STYLE = "people/report.css"
BODY, TITLE, HEAD, TABLE = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"
SIZE, TITLE_SIZE, TABLE_SIZE, LEADING = 16, 22, 9, 28.98
MARGINS = (37, 35, 28, 26)  # top, bottom, left, right in mm
WIDTH, NAMES = 156, 34  # of a table and of its column of departments, in mm
CENTRE, RIGHT, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY

Row = list[Any]


# -- workbook --------------------------------------------------------------------------------------


def table_columns(tables: Sequence[StatTable]) -> list[Column]:
    """The columns of the first table; the others stand below it under heads of their own."""
    width = max(len(table.columns) for table in tables)
    labels = [tables[0].corner, *tables[0].columns, *[""] * (width - len(tables[0].columns))]
    return [
        Column(str(place), label, width=24 if place == 0 else 11, value=_of(place))
        for place, label in enumerate(labels)
    ]


def _of(place: int) -> Any:
    return lambda row: row[place] if place < len(row) else ""


def table_rows(table: StatTable, *, with_head: bool = False) -> Iterator[Row]:
    if with_head:
        yield []
        yield [table.title, *table.columns]
    for line in (*table.lines, table.total):
        yield [line.label, line.remark] if line.remark else [line.label, *_numbers(line)]
    if table.shares:
        yield ["占比", *table.shares]
    if any(cell.change is not None for cell in table.total.cells):
        yield ["比对比日期增减", *(cell.change for cell in table.total.cells)]


def _numbers(line: Line) -> list[int | str]:
    return ["" if cell.number is None else cell.number for cell in line.cells]


# -- report ----------------------------------------------------------------------------------------


def report_pdf(report: Report) -> PdfResult:
    html = render_to_string("people/papers/report.html", {"report": report})
    metadata = PdfMetadata(report.title, report.unit, report.title, report.made_on)
    return render_pdf(html, stylesheets=[STYLE], metadata=metadata)


def report_docx(report: Report) -> bytes:
    document = Document()
    document.core_properties.title, document.core_properties.author = report.title, ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, MARGINS)
    for text in report.title_lines:
        _words(document.add_paragraph(), text, CENTRE, size=TITLE_SIZE, face=TITLE)
    _words(document.add_paragraph(), "", BOTH)
    _words(document.add_paragraph(), report.opening, BOTH, indent=2)
    for head, chapter in report.numbered:
        _words(document.add_paragraph(), head, BOTH, face=HEAD, indent=2)
        for text in chapter.paragraphs:
            _words(document.add_paragraph(), text, BOTH, indent=2)
        for table in chapter.tables:
            _table(document, table)
    for text in ("", report.unit, cn_date(report.made_on)):
        _words(document.add_paragraph(), text, RIGHT, right_indent=4)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def _table(document: Any, table: StatTable) -> None:
    caption = f"{table.title}（单位：{table.counter}）"
    _words(document.add_paragraph(), caption, CENTRE, size=12, face=HEAD)
    rows = [[table.corner, *table.columns], *table_rows(table)]
    grid = document.add_table(rows=len(rows), cols=len(table.columns) + 1)
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    rest = (WIDTH - NAMES) // max(1, len(table.columns))
    for row, values in zip(grid.rows, rows, strict=True):
        for place, cell in enumerate(row.cells):
            text = str(values[place]) if place < len(values) else ""
            cell.width = Mm(rest if place else NAMES)
            _words(cell.paragraphs[0], text, CENTRE, size=TABLE_SIZE, face=TABLE, leading=14)


def _words(
    paragraph: Any,
    text: str,
    align: Any,
    *,
    size: float = SIZE,
    face: str = BODY,
    indent: int = 0,
    right_indent: int = 0,
    leading: float = LEADING,
) -> None:
    layout = paragraph.paragraph_format
    layout.alignment = align
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(leading, size * 1.5))
    layout.first_line_indent, layout.right_indent = Pt(size * indent), Pt(size * right_indent)
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), face
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
