"""The summary stays one page whatever the sections bring."""

import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from core.charts import Lane, Span, YearAmount, YearBar, year_bars
from growth.contracts import (
    PAPER_WIDTH,
    SUMMARY_CHART,
    Chart,
    Edition,
    Fact,
    Figure,
    Paragraph,
    Section,
    Summary,
    SummaryLane,
)
from growth.render import render_file
from growth.snapshot import Identity, Snapshot
from growth.summary import summary_of

LONG = "示例经济开发区第一招商服务局副局长兼任示范园区办公室主任"


def snapshot(*summaries: Summary) -> Snapshot:
    return snapshot_of_sections(
        *(Section(f"s{n}", f"第{n}章", n, (Paragraph("正文"),), part) for n, part in enumerate(summaries))
    )


def snapshot_of_sections(*sections: Section) -> Snapshot:
    return Snapshot(
        "示例经济开发区",
        "CZ-1",
        Edition.LEADER,
        date(2026, 6, 30),
        Identity("王示例", "1", "局", "长"),
        sections,
    )


def busy() -> Snapshot:
    spans = tuple(Span(date(2015 + n, 1, 1), date(2020 + n, 1, 1), LONG) for n in range(7))
    bars = year_bars(
        [YearBar(2026, Decimal(5), Decimal(90))], title="学时", width=PAPER_WIDTH, height=SUMMARY_CHART
    )
    return snapshot(
        Summary(
            facts=tuple(Fact(f"项{n}", LONG[:8]) for n in range(9)),
            figures=tuple(Figure("近五年集中培训", "446.5", "学时", "应学450") for _ in range(5)),
            lanes=tuple(SummaryLane(n, Lane("岗位", spans)) for n in range(3)),
            charts=(Chart(bars, "年度学时"),),
            lines=tuple(Fact("奖励荣誉", "\n".join([LONG * 2] * 3)) for _ in range(4)),
        )
    )


def test_the_chapters_begin_on_page_three_however_full_the_summary_is() -> None:
    pages = PdfReader(BytesIO(render_file(busy()).data)).pages
    assert "一、第0章" in pages[2].extract_text()


def test_short_lines_stand_whole_and_long_ones_point_to_the_chapters() -> None:
    few = summary_of(snapshot(Summary(lines=(Fact("甲", "一行"), Fact("乙", f"{LONG}\n{LONG}")))))
    assert [line.value for line in few.lines] == ["一行", f"{LONG}\n{LONG}"]
    many = summary_of(busy())
    assert all(line.value.endswith("……详见正文") for line in many.lines)


def test_facts_stand_in_rows_of_three_and_lanes_in_their_order() -> None:
    post, hours = Span(date(2024, 1, 1), None, "科员"), YearAmount(2025, Decimal(90))
    page = summary_of(
        snapshot(
            Summary(facts=(Fact("一", "1"),), lanes=(SummaryLane(30, Lane("学时", amounts=(hours,))),)),
            Summary(lanes=(SummaryLane(10, Lane("岗位", spans=(post,))),)),
        )
    )
    assert [[fact.label for fact in row] for row in page.facts] == [["一", "", ""]]
    assert page.lanes is not None
    assert page.lanes.svg.index("岗位") < page.lanes.svg.index("学时")
    assert "2022" in page.lanes.svg


def test_what_is_still_open_stands_on_the_page_whatever_is_cut() -> None:
    points = (Fact("学时", "2026年集中培训尚差38学时"), Fact("任务", "园区任务逾期在办1项"))
    crowded = busy()
    last = Section("s9", "第9章", 9, (Paragraph("正文"),), Summary(points=points))
    full = replace(crowded, sections=(*crowded.sections, last))
    page = PdfReader(BytesIO(render_file(full).data)).pages[1].extract_text()
    assert "尚差38学时；园区任务逾期在办1项" in page.replace("\n", "")
    assert "截至当日没有待办事项" in PdfReader(BytesIO(render_file(crowded).data)).pages[1].extract_text()


def test_a_lane_of_years_long_past_is_left_out() -> None:
    past = Lane("挂职", spans=(Span(date(2001, 1, 1), date(2002, 1, 1), "镇长助理"),))
    now = Lane("岗位", spans=(Span(date(2000, 1, 1), None, "科员"),))
    page = summary_of(snapshot(Summary(lanes=(SummaryLane(10, now), SummaryLane(20, past)))))
    assert page.lanes is not None
    assert "岗位" in page.lanes.svg
    assert "挂职" not in page.lanes.svg


def test_running_text_stands_on_the_grid_of_28_by_22(tmp_path: Path) -> None:
    """GB/T 9704-2012, 5.2: 22 lines of 28 characters on a page."""
    chapter = Section("long", "长文", 10, (Paragraph("国" * 28 * 60),))
    file = tmp_path / "long.pdf"
    file.write_bytes(render_file(snapshot_of_sections(chapter)).data)
    text = subprocess.run(
        ["pdftotext", "-f", "4", "-l", "4", "-layout", str(file), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line.strip() for line in text.splitlines() if "国" in line]
    assert (len(lines), {len(line) for line in lines}) == (22, {28})
