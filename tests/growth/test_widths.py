"""Columns of tables: nothing that must stay whole is broken while another column has room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts import text_width
from growth.contracts import Column, Row, Source, Table
from growth.widths import PAPER, fitted_widths

COLUMNS = (Column("时　间", 10, "date"), Column("名　称", 60, "left"), Column("类　别", 8), Column("数", 22))


def points(table: Table, size: float = 9.5) -> list[float]:
    return [PAPER * float(width) / 100 for width in fitted_widths(table, size)]


def test_a_period_and_its_number_get_the_room_they_need() -> None:
    cited = Row(("2026.03.24—03.27", "很长的培训班名称" * 3, "专题培训班", "8"), Source("记录", "a:1"))
    first, name, kind, _ = points(Table(COLUMNS, (cited,)))
    assert first > text_width("2026.03.24—03.27", 9.5) + 14
    assert kind > text_width("专题培训班", 9.5)
    assert name > PAPER * 0.6 * 0.5


def test_widths_stay_as_they_are_where_everything_fits() -> None:
    table = Table((Column("甲", 50), Column("乙", 50, "left")), (Row(("短", "短")),))
    assert points(table) == [pytest.approx(PAPER / 2, rel=0.2)] * 2


@given(st.lists(st.text("国a1—\n", max_size=40), min_size=4, max_size=4))
def test_the_widths_are_the_paper_whatever_stands_in_the_cells(cells: list[str]) -> None:
    assert sum(points(Table(COLUMNS, (Row(tuple(cells)),)))) == pytest.approx(PAPER, rel=1e-3)


def test_an_empty_table_has_widths_too() -> None:
    assert sum(points(Table(COLUMNS, ()))) == pytest.approx(PAPER, rel=1e-3)
