"""The form as an editable Word file of the same geometry."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from growth.approval.sheet import Cell, Sheet
from people.lrmx import AppointmentForm

SONG, TITLE = "宋体", "方正小标宋简体"
MARGINS = ((11.1, 12.0, 22.0, 20.0), (28.6, 10.0, 21.0, 20.0))  # top, bottom, left, right in mm
TITLE_SIZE = 24
AIR = (18.0, 13.0)  # points above and below the title
INSET = 30  # twentieths of a point at the sides of a cell; the usual 108 breaks "2002.07"
OFF_LINE = 3.0  # points between running text and the line of its cell
PHOTO = (34.0, 47.0)
ALIGN = {
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def approval_docx(form: AppointmentForm, sheets: tuple[Sheet, ...]) -> bytes:
    """One section for each page, because their margins differ."""
    document = Document()
    document.core_properties.title = f"{form.name}干部任免审批表"
    document.core_properties.author = ""
    for place, sheet in enumerate(sheets):
        section = document.sections[0] if place == 0 else document.add_section()
        _page(section, MARGINS[place])
        if sheet.title:
            head = document.add_paragraph()
            _words(head, "　".join(sheet.title), TITLE_SIZE, TITLE, "center")
            head.paragraph_format.space_before, head.paragraph_format.space_after = map(Pt, AIR)
        _table(document, sheet, form.photo)
        if sheet.foot:
            _words(document.add_paragraph(), sheet.foot, 12, SONG, "left")
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def _page(section: Any, margins: tuple[float, float, float, float]) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, margins)
    section.header_distance = section.footer_distance = Mm(5)


def _table(document: Any, sheet: Sheet, photo: bytes) -> None:
    table = document.add_table(rows=len(sheet.lines), cols=len(sheet.columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _narrow(table)
    for column, width in zip(table.columns, sheet.columns, strict=True):
        column.width = Mm(width)
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(sheet.lines):
        table.rows[row].height = Mm(line.height)
        table.rows[row].height_rule = WD_ROW_HEIGHT_RULE.EXACTLY
        column = 0
        for cell in line.cells:
            while (row, column) in taken:
                column += 1
            area = {(row + y, column + x) for y in range(cell.down) for x in range(cell.span)}
            taken |= area
            _fill(_merged(table, area), cell, photo)
            column += cell.span


def _narrow(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        inset = OxmlElement(f"w:{side}")
        inset.set(qn("w:w"), str(INSET))
        inset.set(qn("w:type"), "dxa")
        margins.append(inset)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # the schema has it last
    look.addprevious(margins) if look is not None else table._tbl.tblPr.append(margins)


def _merged(table: Any, area: set[tuple[int, int]]) -> Any:
    first, last = min(area), max(area)
    cell = table.cell(*first)
    return cell.merge(table.cell(*last)) if first != last else cell


def _fill(target: Any, cell: Cell, photo: bytes) -> None:
    target.vertical_alignment = 1  # centred
    paragraph = target.paragraphs[0]
    if cell.photo and photo:
        paragraph.alignment = ALIGN["center"]
        paragraph.add_run().add_picture(BytesIO(photo), width=Mm(PHOTO[0]), height=Mm(PHOTO[1]))
        return
    if cell.lines:
        target.vertical_alignment = 0
        _resume(target, cell)
        return
    _words(paragraph, cell.text, cell.size, SONG, cell.align)
    if cell.align == "left":
        paragraph.paragraph_format.left_indent = Pt(OFF_LINE)
    for text in cell.foot.split("\n") if cell.foot else ():
        foot = target.add_paragraph()
        _words(foot, text, cell.size, SONG, "right")
        foot.paragraph_format.right_indent = Pt(4 * OFF_LINE)


def _resume(target: Any, cell: Cell) -> None:
    """Periods hang before their text, as on the printed form."""
    hanging = Pt(cell.size * 9)
    for place, (period, text) in enumerate(cell.lines):
        paragraph = target.paragraphs[0] if place == 0 else target.add_paragraph()
        paragraph.paragraph_format.left_indent = hanging
        paragraph.paragraph_format.first_line_indent = -hanging if period else Pt(0)
        _words(paragraph, f"{period}\t{text}" if period else text, cell.size, SONG, "left")
        paragraph.paragraph_format.tab_stops.add_tab_stop(hanging)


def _words(paragraph: Any, text: str, size: float, face: str, align: str) -> None:
    paragraph.alignment = ALIGN[align]
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(size * 1.2)
    for place, part in enumerate(text.split("\n")):
        run = paragraph.add_run(part)
        if place < text.count("\n"):
            run.add_break()
        run.font.size = Pt(size)
        run.font.name = face
        run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
