"""Letters of a secondment as PDF and as a Word file of the same grid; the blank form of the host."""

from datetime import date
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.charts import qr_svg
from core.pdf import PdfMetadata, PdfResult, render_pdf
from core.templatetags.ui import cn_date
from rotation.choices.secondments import Direction, OpinionStage
from rotation.letters import Letter
from rotation.models import Secondment

STYLE = "rotation/letter.css"
BODY, TITLE = "仿宋_GB2312", "方正小标宋简体"
SIZE, TITLE_SIZE, LEADING = 16, 22, 28.98
MARGINS = (37, 35, 28, 26)  # top, bottom, left, right in mm
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def letter_pdf(letter: Letter) -> PdfResult:
    html = render_to_string("rotation/papers/letter.html", {"letter": letter})
    metadata = PdfMetadata(letter.file_name, letter.signer, letter.title, letter.signed_on)
    return render_pdf(html, stylesheets=[STYLE], metadata=metadata)


def letter_docx(letter: Letter) -> bytes:
    document = Document()
    document.core_properties.title, document.core_properties.author = letter.file_name, ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, MARGINS)
    _line(document, letter.number, RIGHT)
    _line(document, "", LEFT)
    _line(document, letter.title, CENTRE, size=TITLE_SIZE, face=TITLE)
    _line(document, "", LEFT)
    _line(document, f"{letter.addressee}：", LEFT)
    for text in letter.paragraphs:
        _line(document, text, LEFT, indent=2)
    for text in ("", "", letter.signer, cn_date(letter.signed_on)):
        _line(document, text, RIGHT, right_indent=4)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def _line(
    document: Any,
    text: str,
    align: Any,
    *,
    size: float = SIZE,
    face: str = BODY,
    indent: int = 0,
    right_indent: int = 0,
) -> None:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.alignment = align
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(LEADING, size * 1.5))
    layout.first_line_indent, layout.right_indent = Pt(size * indent), Pt(size * right_indent)
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), face
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)


def host_form_pdf(
    row: Secondment,
    stage: OpinionStage,
    *,
    home: str,
    zone: str,
    on: date,
    address: str = "",
    expires: date | None = None,
) -> PdfResult:
    """The form with blanks; with an `address` it also carries the code of the one-time page."""
    title = f"挂职干部{stage.label}表（接收单位填写）"
    context = {
        "row": row,
        "title": title,
        "home": row.organisation if row.direction == Direction.IN else home,
        "zone": zone,
        "qr": qr_svg(address, title="在线填写二维码", border=0) if address else "",
        "expires": expires,
    }
    html = render_to_string("rotation/papers/host_form.html", context)
    metadata = PdfMetadata(f"{title}（{row.cadre.name}）", zone, title, on)
    return render_pdf(html, stylesheets=[STYLE], metadata=metadata)
