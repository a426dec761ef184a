"""Charts are numbers drawn with attributes alone, and every one can be read without seeing it."""

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from core.charts import Lane, Mark, Span, Tone, YearAmount, YearBar, lanes, meter, qr_svg, ring, year_bars

TODAY = date(2026, 6, 30)
SVG = "{http://www.w3.org/2000/svg}"
BARS = (
    YearBar(2024, Decimal("96.50"), Decimal(90), Decimal(20)),
    YearBar(2025, Decimal(78), Decimal(90)),
    YearBar(2026, Decimal(0), Decimal(90)),
)
LANES = (
    Lane("岗位", spans=(Span(date(2020, 1, 1), date(2023, 8, 31), "甲局科员"),
                       Span(date(2023, 9, 1), None, "乙局<副局长>", Tone.CURRENT))),
    Lane("学时", amounts=(YearAmount(2024, Decimal("96.50")),)),
    Lane("荣誉", marks=(Mark(date(2025, 12, 1), "先进个人"),)),
)  # fmt: skip

ALL = {
    "bars": lambda width: year_bars(BARS, title="学时", width=width),
    "lanes": lambda width: lanes(LANES, title="轨迹", first_year=2020, today=TODAY, width=width),
    "meter": lambda width: meter(Decimal(30), Decimal(90), title="进度", width=width, due=0.5),
    "ring": lambda width: ring(Decimal(30), Decimal(90), title="进度"),
}


@pytest.mark.parametrize("width", [None, 604.0])
@pytest.mark.parametrize("name", ALL)
def test_well_formed_without_styles_and_described(name: str, width: float | None) -> None:
    image = ElementTree.fromstring(ALL[name](width))
    assert image.tag == f"{SVG}svg"
    assert image.get("role") == "img"
    assert image.find(f"{SVG}title").text == image.get("aria-label")
    assert not [e for e in image.iter() if {"style", "onload"} & set(e.keys())]


@pytest.mark.parametrize("name", ALL)
def test_equal_numbers_give_equal_images(name: str) -> None:
    assert ALL[name](604.0) == ALL[name](604.0)


def words(svg: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_bars_say_what_was_reached_and_what_is_missing() -> None:
    svg = year_bars(BARS, title="年度学时")
    label = ElementTree.fromstring(svg).get("aria-label")
    assert label == "年度学时：2024年96.5学时，达标；2025年78学时，差12学时；2026年0学时，差90学时"
    assert {"96.5", "20", "78", "0", "2024年", "年度要求", "未达到要求"} <= set(words(svg))


def test_bars_without_a_rule_show_no_requirement() -> None:
    svg = year_bars([YearBar(2026, Decimal(8))], title="学时")
    assert "年度要求" not in words(svg)
    assert "未达到要求" not in words(svg)


def test_the_web_gets_percents_and_paper_gets_a_view_box() -> None:
    web, paper = ALL["lanes"](None), ALL["lanes"](604.0)
    assert 'width="100%"' in web
    assert "viewBox" not in web
    assert 'viewBox="0 0 604 ' in paper
    assert not re.search(r' x="[\d.]+%"', paper)


def test_lanes_name_what_they_show_escaped() -> None:
    svg = ALL["lanes"](None)
    assert {"岗位", "甲局科员", "乙局<副局长>", "96.5", "先进个人", "2020", "2026"} <= set(words(svg))
    assert "<副局长>" not in svg
    label = ElementTree.fromstring(svg).get("aria-label")
    assert label.startswith("轨迹：岗位：2020.01至2023.08甲局科员，2023.09至今乙局<副局长>；学时：2024年96.5")


def test_spans_that_overlap_stand_below_one_another() -> None:
    one = Lane("岗位", spans=(Span(date(2024, 1, 1), None, "甲"), Span(date(2024, 6, 1), None, "乙")))
    rects = ElementTree.fromstring(lanes([one], title="t", first_year=2022, today=TODAY)).iter(f"{SVG}rect")
    assert len({rect.get("y") for rect in rects}) == 2


def test_what_ended_before_the_chart_begins_is_left_out() -> None:
    old = Lane("岗位", spans=(Span(date(2010, 1, 1), date(2012, 1, 1), "从前"),))
    assert "从前" not in words(lanes([old], title="t", first_year=2020, today=TODAY))


def test_a_label_without_room_is_cut_and_never_crosses_its_neighbour() -> None:
    spans = tuple(
        Span(date(year, 1, 1), date(year, 12, 31), "某市发展和改革委员会产业协调科科长助理")
        for year in range(2016, 2027)
    )
    svg = lanes([Lane("挂职", spans=spans)], title="t", first_year=2016, today=TODAY, width=604)
    labels = [word for word in words(svg) if word.startswith("某")]
    assert all(label.endswith("…") for label in labels)


@pytest.mark.parametrize(
    ("value", "due", "colour"), [(90, 0.5, "#2e8b57"), (30, 0.5, "#b87400"), (50, 0.5, "#2e8b57")]
)
def test_a_meter_is_green_when_reached_or_on_the_way(value: int, due: float, colour: str) -> None:
    assert colour in meter(Decimal(value), Decimal(90), title="t", due=due)


def test_nothing_required_counts_as_reached() -> None:
    assert "0/0学时，100%" in ring(Decimal(0), Decimal(0), title="t")


def test_a_qr_code_says_what_it_is_and_carries_no_style() -> None:
    svg = qr_svg("http://10.1.2.3:8000/?a=1&b=2", title="核验<二维码>")
    assert svg.startswith("<svg ")
    assert "<title>核验&lt;二维码&gt;</title>" in svg
    assert "style" not in svg
