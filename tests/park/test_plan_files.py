"""Plans as files: encodings, and Word's automatic numbers written out."""

from io import BytesIO

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from core.errors import DomainError
from park.plan_files import read_plan_file
from park.plan_text import read_plan

LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def numbered_document() -> bytes:
    """A document whose numbers are Word's own: no paragraph holds one."""
    document = Document()
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for place, (style, text) in enumerate(LEVELS):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(place))
        for tag, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", text)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            level.append(child)
        abstract.append(level)
    numbering.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "77")
    pointer = OxmlElement("w:abstractNumId")
    pointer.set(qn("w:val"), "77")
    number.append(pointer)
    numbering.append(number)
    document.add_paragraph("关于优化园区的实施方案")
    for place, text in (
        (0, "主要任务"),
        (1, "盘活土地"),
        (2, "盘活闲置用地300亩。"),
        (2, "供应土地200亩。"),
        (1, "培训干部"),
        (2, "举办培训班4期。"),
    ):
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = 77
        properties.get_or_add_ilvl().val = place
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def test_words_automatic_numbers_are_written_out() -> None:
    text = read_plan_file(numbered_document(), "方案.docx")
    assert text.splitlines() == [
        "关于优化园区的实施方案",
        "一、主要任务",
        "（一）盘活土地",
        "1.盘活闲置用地300亩。",
        "2.供应土地200亩。",
        "（二）培训干部",
        "1.举办培训班4期。",
    ]
    items = read_plan(text, year=2026).as_dict("方案.docx")["items"]
    assert [(item["no"], item["kind"]) for item in items] == [
        ("（一）", "measure"),
        ("1.", "action"),
        ("2.", "action"),
        ("（二）", "measure"),
        ("1.", "action"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_usual_encodings(encoding: str) -> None:
    assert read_plan_file("一、任务\r\n二、要求".encode(encoding), "方案.txt") == "一、任务\n二、要求"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.txt", "empty"),
        (b"x", "a.pdf", "wrong_type"),
        (b"PK\x03\x04broken", "a.docx", "wrong_content"),
        (b"\xff\xff\xff", "a.txt", "bad_encoding"),
        ("字".encode() * 200_001, "a.txt", "too_long"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, name: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_plan_file(data, name)
    assert refusal.value.code == code


def test_the_cells_of_a_table_are_lines_in_their_order() -> None:
    document = Document()
    document.add_paragraph("园区重点工作安排")
    table = document.add_table(rows=2, cols=2)
    for place, words in enumerate(("一、盘活土地", "盘活300亩。", "二、培训干部", "举办4期。")):
        table.cell(place // 2, place % 2).text = words
    output = BytesIO()
    document.save(output)
    text = read_plan_file(output.getvalue(), "安排.docx")
    assert text.splitlines() == [
        "园区重点工作安排",
        "一、盘活土地",
        "盘活300亩。",
        "二、培训干部",
        "举办4期。",
    ]
    assert [item.no for item in read_plan(text, year=2026).items] == ["一、", "二、"]


def test_a_table_of_figures_keeps_its_rows() -> None:
    document = Document()
    document.add_paragraph("招商工作方案")
    document.add_paragraph("一、目标任务")
    table = document.add_table(rows=3, cols=3)
    for place, words in enumerate(
        ("部门", "到位资金（亿元）", "签约项目（个）", "招商一局", "30", "14", "招商二局", "25", "12")
    ):
        table.cell(place // 3, place % 3).text = words
    document.add_paragraph("二、工作要求")
    document.add_paragraph("三、考核奖惩")
    output = BytesIO()
    document.save(output)
    text = read_plan_file(output.getvalue(), "方案.docx")
    assert text.splitlines()[2:4] == ["部门\t到位资金（亿元）\t签约项目（个）", "招商一局\t30\t14"]
    figures = [
        (q.name, q.value, q.unit) for item in read_plan(text, year=2026).items for q in item.quantities
    ]
    assert figures == [
        ("招商一局到位资金", 30, "亿元"),
        ("招商一局签约项目", 14, "个"),
        ("招商二局到位资金", 25, "亿元"),
        ("招商二局签约项目", 12, "个"),
    ]


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("gap", ["", "\t", "　　"])
def test_line_ends_tabs_and_a_mark_at_the_beginning_change_nothing(ends: str, gap: str) -> None:
    lines = ("园区实施方案", "一、盘活土地", "盘活300亩。", "二、培训干部", "举办4期。")
    data = ends.join(f"{gap}{line}" for line in lines).encode("utf-8-sig")
    reading = read_plan(read_plan_file(data, "方案.txt"), year=2026)
    assert reading.title == "园区实施方案"
    assert [(item.no, item.leaf) for item in reading.items] == [("一、", True), ("二、", True)]


def test_a_table_of_tasks_is_read_row_by_row() -> None:
    document = Document()
    document.add_paragraph("2026年重点工作责任清单")
    table = document.add_table(rows=4, cols=4)
    rows = (
        ("附件1", "", "", ""),
        ("序号", "工作 任务", "责任单位", "完成时限"),
        ("1", "推行“直通车”。\n建立台账", "服务部", "全年"),
        ("2", "盘活土地400亩。", "资产部", "9月底前"),
    )
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    output = BytesIO()
    document.save(output)
    items = read_plan(read_plan_file(output.getvalue(), "清单.docx"), year=2026).items
    assert [(item.no, item.text) for item in items] == [
        ("1", "推行“直通车”。建立台账"),
        ("2", "盘活土地400亩。"),
    ]
