"""Rosters as other offices would make them: any order of columns, any known heading, any style of date."""

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.imports.headers import find_tables
from people.imports.reading import Findings
from people.imports.roster_layout import ROSTER
from people.imports.roster_rows import read_row
from people.imports.rows import read_rows
from people.imports.workbook import Merged, Sheet, Workbook, open_workbook
from tests.people.imports.books import id_number, xlsx

TODAY = date(2026, 11, 24)
KEYS = (
    "staff_no",
    "name",
    "sex",
    "birth",
    "work_started",
    "id_number",
    "unit",
    "title",
    "post_since",
    "phone",
)
PEOPLE = [
    (
        "A1",
        "张三",
        "男",
        (1980, 5),
        (2002, 7),
        id_number("19800512", 1),
        "甲局",
        "局长",
        (2020, 1),
        "13900000001",
    ),
    (
        "A2",
        "李四",
        "女",
        (1985, 10),
        (2007, 12),
        id_number("19851001", 2, male=False),
        "乙局",
        "科员",
        (2021, 11),
        None,
    ),
]
STYLES = ["{0}.{1:02d}", "{0}.{1}", "{0}年{1}月", "{0}{1:02d}", "{0}-{1:02d}", "{0}/{1}", "{0}．{1:02d}"]
NOISE = ["{}", "*{}", "{}（必填）", "{}：", " {} ", "{}\n(1)"]


@st.composite
def rosters(draw):
    """Rows of a sheet and the same people in the order of KEYS."""
    keys = draw(st.permutations(KEYS))
    aliases = {column.key: [a for a in column.aliases if "|" not in a] for column in ROSTER.columns}
    heading = [draw(st.sampled_from(NOISE)).format(draw(st.sampled_from(aliases[key]))) for key in keys]
    above = draw(st.sampled_from([[], [["干部花名册"]], [["干部花名册"], [], ["填报单位：人事部"]]]))
    below = draw(st.sampled_from([[], [["审核人：    制表人："]], [["合计", "2人"], ["注：以身份证为准"]]]))
    rows = []
    for person in PEOPLE:
        values = dict(zip(KEYS, person, strict=True))
        rows.append([_cell(draw, values[key]) for key in keys])
    return [*above, heading, *rows, *below]


def _cell(draw, value):
    if not isinstance(value, tuple):
        return value
    written = [style.format(*value) for style in STYLES]
    return draw(st.sampled_from([*written, datetime(*value, 1)]))


def sheet_of(rows):
    """As a workbook is read, without the detour through a file."""
    width = max(len(row) for row in rows)
    grid = [[("" if cell is None else cell) for cell in [*row, *[None] * (width - len(row))]] for row in rows]
    return Workbook("a.xlsx", "xlsx", b"", (Sheet("甲", grid, ()),))


def read(book):
    table = find_tables(book, ROSTER)[0]
    findings = Findings()
    found = [read_row(row, findings, on=TODAY, epoch_1904=False) for row in read_rows(table)[0]]
    return found, findings.faults, table.unknown


@given(rosters())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_roster_says_the_same(rows):
    found, faults, unknown = read(sheet_of(rows))
    assert (faults, unknown) == ([], ())
    months = [(row.values["birth_month"], row.values["work_started_on"], row.since.day) for row in found]
    assert months == [
        tuple(date(*month, 1) for month in (person[3], person[4], person[8])) for person in PEOPLE
    ]
    assert [(row.staff_no, row.name, row.unit, row.title) for row in found] == [
        (person[0], person[1], person[6], person[7]) for person in PEOPLE
    ]


@pytest.mark.parametrize("merged", [["G2:G3"], []])
def test_a_grid_and_a_file_are_read_alike(merged):
    heading = [column.aliases[0] for key in KEYS for column in ROSTER.columns if column.key == key]
    rows = [heading, *([f"{v[0]}.{v[1]:02d}" if isinstance(v, tuple) else v for v in p] for p in PEOPLE)]
    if merged:
        rows[2][6] = None
    from_file = read(open_workbook(xlsx(rows, merged=merged), "a.xlsx"))
    grid = sheet_of(rows).sheets[0].rows
    areas = tuple(Merged(2, 7, 3, 7) for _ in merged)
    from_grid = read(Workbook("a.xlsx", "xlsx", b"", (Sheet("Sheet1", grid, areas),)))
    assert [row.values for row in from_file[0]] == [row.values for row in from_grid[0]]
    assert [row.unit for row in from_file[0]] == (["甲局", "甲局"] if merged else ["甲局", "乙局"])
