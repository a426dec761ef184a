"""The 任免审批表 on paper and in Word: the printed form's geometry, the file's words."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.shared import Mm
from pypdf import PdfReader

from growth.approval import approval_docx, approval_pdf, approval_sheets
from growth.approval.sheet import BACK, FRONT, Proposal, resume_size
from people.imports.lrmx_export import form_of
from people.lrmx import AppointmentForm, FamilyLine
from people.models import Cadre

ON = date(2026, 6, 30)
FRONT_HEIGHTS = [12.5, 12.2, 12.0, 12.5, 6.1, 6.1, 6.1, 6.1, 12.0, 12.0, 12.0, 125.8]


def words(sheet) -> list[str]:
    return [cell.text.replace("\n", "") for line in sheet.lines for cell in line.cells]


def test_the_geometry_is_that_of_the_printed_form(cadre: Cadre) -> None:
    front, back = approval_sheets(form_of(cadre, on=ON), on=ON)
    assert (round(sum(FRONT), 1), round(sum(BACK), 1)) == (165.8, 166.2)
    assert [line.height for line in front.lines] == FRONT_HEIGHTS
    assert [line.height for line in back.lines] == [25.0, 18.0, 24.0, 11.4, *[12.3] * 7, 36.5, 35.6]


@pytest.mark.parametrize("place", [0, 1])
def test_every_square_of_the_grid_is_covered_once(cadre: Cadre, place: int) -> None:
    sheet = approval_sheets(form_of(cadre, on=ON), on=ON)[place]
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(sheet.lines):
        column = 0
        for cell in line.cells:
            while (row, column) in taken:
                column += 1
            area = {(row + y, column + x) for y in range(cell.down) for x in range(cell.span)}
            assert not area & taken
            taken |= area
    assert taken == {(y, x) for y in range(len(sheet.lines)) for x in range(len(sheet.columns))}


def test_dates_ages_and_proposals_stand_as_the_form_writes_them() -> None:
    form = AppointmentForm(
        name="汪示例", birth_month="198503", retirement_month="204803", party_joined="200606",
        family=(FamilyLine("妻子", "李示例", "198607", "群众", "教师"),
                FamilyLine("母亲", "张示例", "196002", "群众", "已去世")),
    )  # fmt: skip
    front, back = approval_sheets(form, on=date(2025, 6, 1), proposal=Proposal("局长", "副局长", "轮岗交流"))
    assert {"1985.03（40岁）", "2048.03（63岁）", "2006.06", "局长", "副局长"} <= set(words(front))
    assert "轮岗交流" in words(back)
    members = [[cell.text for cell in line.cells] for line in back.lines[4:6]]
    assert members == [["妻子", "李示例", "38", "群众", "教师"], ["母亲", "张示例", "", "群众", "已去世"]]


@pytest.mark.parametrize(("lines", "size"), [(3, 14.0), (18, 13.5), (30, 12.0), (60, 9.5)])
def test_a_long_resume_is_set_smaller(lines: int, size: float) -> None:
    assert resume_size(tuple(("2001.01--2002.01", "示例局科员") for _ in range(lines))) == size


def test_paper_has_two_pages_and_the_words(cadre: Cadre) -> None:
    reader = PdfReader(BytesIO(approval_pdf(form_of(cadre, on=ON), on=ON).data))
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) == 2
    assert {word for word in ("汪晓峰", "示例局科员", "李家属") if word not in text} == set()


def test_word_has_the_widths_and_heights(cadre: Cadre) -> None:
    form = form_of(cadre, on=ON)
    document = Document(BytesIO(approval_docx(form, approval_sheets(form, on=ON))))
    front, back = document.tables
    assert [round(row.height / Mm(1), 1) for row in front.rows] == FRONT_HEIGHTS
    assert "汪晓峰" in {cell.text for row in front.rows for cell in row.cells}
    assert len(back.columns) == len(BACK)


@pytest.mark.parametrize(("characters", "size"), [(12, 10.5), (16, 9.5), (18, 8.5), (24, 7.0)])
def test_a_school_stands_in_one_line_as_large_as_it_fits(characters: int, size: float) -> None:
    form = AppointmentForm(name="甲", full_time_level_school="校" * characters)
    front, _ = approval_sheets(form, on=ON)
    [cell] = [cell for line in front.lines for cell in line.cells if "校校" in cell.text]
    assert cell.size == size
