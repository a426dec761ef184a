"""What training says in the growth file: each year against the rule, each class with its hours."""

from datetime import date

import pytest

from growth.contracts import Edition, Heading, SectionContext, Table
from people.models import Cadre
from tests.factories.people import make_cadre
from tests.factories.training import attend, credit, make_class, make_rule
from training.choices import ClassKind, HourRegime, ResultGrade
from training.models import HourRule
from training.sections import records_of, training_section

AS_OF = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _rules(db: None) -> None:
    HourRule.objects.all().delete()
    make_rule()
    make_rule(HourRegime.FIVE_YEAR)


def written(cadre: Cadre, as_of: date = AS_OF):
    record = records_of([cadre], as_of)[cadre.pk]
    return training_section(SectionContext(cadre, as_of, Edition.ARCHIVE), record)


def tables(section) -> dict[str, Table]:
    """Tables by the heading above them."""
    pairs = zip(section.blocks, section.blocks[1:], strict=False)
    return {h.text: t for h, t in pairs if isinstance(h, Heading) and isinstance(t, Table)}


def test_each_year_says_what_was_due_done_and_missing() -> None:
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2024, 3, 1), 96, 10)
    attend(cadre, date(2025, 3, 1), "78.5", 9)
    attend(cadre, date(2026, 3, 1), 8, 1)
    attend(cadre, date(2026, 4, 1), 20, 2, kind=ClassKind.ONLINE)
    section = written(cadre)
    assert [row.cells for row in tables(section)["年度学时"].rows] == [
        ("2026年", "90", "8", "1", "20", "○ 尚差82学时"),
        ("2025年", "90", "78.5", "9", "0", "▲ 差11.5学时"),
        ("2024年", "90", "96", "10", "0", "✓ 达标"),
    ]
    figures = [(f.label, f.value, f.note) for f in section.summary.figures]
    assert figures == [
        ("2026年集中培训", "8", "应学90，差82"),
        ("学时达标年数", "1/2", "2024—2025年"),
    ]
    assert "2025年78.5学时，差11.5学时" in section.summary.charts[0].svg


def test_days_may_stand_in_for_hours_in_table_and_chart() -> None:
    cadre = make_cadre(rank="一级科员")
    attend(cadre, date(2025, 3, 1), 60, 12)
    section = written(cadre)
    assert tables(section)["年度学时"].rows[-1].cells[-1] == "✓ 达标"
    assert "2025年60学时，达标" in section.summary.charts[0].svg


def test_classes_stand_apart_by_ledger_the_latest_first() -> None:
    cadre = make_cadre(rank="一级科员")
    first = make_class(
        "甲班", starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 6), organiser="市委党校", hours=40
    )
    credit(cadre, first, result=ResultGrade.EXCELLENT)
    credit(cadre, make_class("乙班", starts_on=date(2026, 5, 4)))
    credit(cadre, make_class("丙课", starts_on=date(2026, 5, 4), kind=ClassKind.ONLINE))
    credit(cadre, make_class("未来班", starts_on=date(2026, 9, 1)))
    found = tables(written(cadre))
    assert [row.cells[1] for row in found["集中培训班次"].rows] == ["乙班", "甲班"]
    assert found["集中培训班次"].rows[1].cells == (
        "2026年3月2日—6日", "甲班", "市委党校", "专题培训班", "40", "5", "优秀",
    )  # fmt: skip
    assert [row.cells[1] for row in found["网络培训班次"].rows] == ["丙课"]


def test_the_five_year_rule_is_judged_over_its_cycle() -> None:
    cadre = make_cadre(rank="四级调研员")
    attend(cadre, date(2024, 3, 1), 200, 25)
    section = written(cadre)
    assert {row.cells[1] for row in tables(section)["年度学时"].rows} == {"—"}
    assert {row.cells[-1] for row in tables(section)["年度学时"].rows} == {"计入五年周期"}
    assert [f.label for f in section.summary.figures] == ["2023–2027年集中培训"]
    assert "年度要求" not in section.summary.charts[0].svg


def test_nothing_attended_is_said_in_one_line() -> None:
    section = written(make_cadre(rank="一级科员"))
    assert [block.text for block in section.blocks] == ["尚未登记培训。"]
    assert section.summary.figures[0].note == "应学90，差90"


def test_queries_do_not_grow_with_cadres(django_assert_num_queries) -> None:
    cadres = [make_cadre() for _ in range(3)]
    for cadre in cadres:
        attend(cadre, date(2026, 3, 1), 8)
    for chosen in (cadres[:1], cadres):
        with django_assert_num_queries(2):
            records_of(chosen, AS_OF)
