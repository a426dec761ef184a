"""挂职干部鉴定表: the four opinions with their signatures, as PDF and as a Word file of the same table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.pdf import PdfMetadata, PdfResult, render_pdf
from core.templatetags.ui import cn_date
from rotation.choices.secondments import OpinionParty, OpinionStage
from rotation.exports.letters import BODY, CENTRE, LEFT, RIGHT, STYLE, TITLE
from rotation.models import Opinion, Secondment

NAME = "挂职干部鉴定表"
STAGE = OpinionStage.FINAL
SIZE, TITLE_SIZE = 12, 22
WIDTHS, LEAST = (32, 50, 28, 60), 42  # millimetres: columns, and the height of an opinion


@dataclass(frozen=True, slots=True)
class Part:
    """One of the four; without an opinion the box is left to be filled in by hand."""

    label: str
    text: str = ""
    signed: str = ""
    grade: str = ""

    @property
    def lines(self) -> list[str]:
        return [*self.text.splitlines(), *([f"等次：{self.grade}"] if self.grade else [])]


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    signer: str
    on: date

    @property
    def file_name(self) -> str:
        return f"{NAME}（{self.name}）"


def sheet_of(row: Secondment, opinions: Sequence[Opinion], *, home: str, zone: str, on: date) -> Sheet:
    """`opinions` are those that the reader may read; `home` the unit that sends."""
    known = {opinion.party: opinion for opinion in opinions if opinion.stage == STAGE}
    facts = (
        ("姓名", row.cadre.name),
        ("挂任职务", row.title),
        ("派出单位", home),
        ("接收单位", str(row.place)),
        ("挂职时间", f"{cn_date(row.starts_on)}至{cn_date(row.last_day)}"),
        ("派遣文号", row.document_no),
    )
    parts = tuple(_part(party, known.get(party)) for party in OpinionParty)
    return Sheet(row.cadre.name, facts, parts, zone, on)


def _part(party: OpinionParty, opinion: Opinion | None) -> Part:
    if opinion is None:
        return Part(party.label)
    who = f"{opinion.signer}（{opinion.signer_title}）" if opinion.signer_title else opinion.signer
    signed = "　".join(words for words in (who, cn_date(opinion.signed_on)) if words)
    grade = opinion.get_grade_display() if opinion.grade else ""
    return Part(party.label, str(opinion.text), signed, grade)


def appraisal_pdf(sheet: Sheet) -> PdfResult:
    html = render_to_string("rotation/papers/appraisal.html", {"sheet": sheet, "title": NAME})
    return render_pdf(
        html, stylesheets=[STYLE], metadata=PdfMetadata(sheet.file_name, sheet.signer, NAME, sheet.on)
    )


def appraisal_docx(sheet: Sheet) -> bytes:
    document = Document()
    document.core_properties.title, document.core_properties.author = sheet.file_name, ""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm((210 - sum(WIDTHS)) / 2)
    _write(document.add_paragraph(), NAME, CENTRE, TITLE_SIZE, TITLE)
    table = document.add_table(rows=0, cols=4)
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)
    for place in range(0, len(sheet.facts), 2):
        _facts(table.add_row(), sheet.facts[place : place + 2])
    for part in sheet.parts:
        row = table.add_row()
        row.height = Mm(LEAST)
        _opinion(row, part)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def _facts(row: Any, facts: Sequence[tuple[str, str]]) -> None:
    words = [word for fact in facts for word in fact]
    for cell, width, text in zip(row.cells, WIDTHS, words, strict=True):
        cell.width = Mm(width)
        _write(cell.paragraphs[0], text, CENTRE)


def _opinion(row: Any, part: Part) -> None:
    row.cells[0].width = Mm(WIDTHS[0])
    _write(row.cells[0].paragraphs[0], part.label, CENTRE)
    box = row.cells[1].merge(row.cells[3])
    first, *rest = part.lines or [""]
    _write(box.paragraphs[0], first, LEFT)
    for text in rest:
        _write(box.add_paragraph(), text, LEFT)
    _write(box.add_paragraph(), part.signed or "（签章）　　　　年　　月　　日", RIGHT)


def _write(paragraph: Any, text: str, align: Any, size: float = SIZE, face: str = BODY) -> None:
    paragraph.paragraph_format.alignment = align
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), face
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
