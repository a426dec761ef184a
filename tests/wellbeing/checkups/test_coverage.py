"""Figures by department: an oracle agrees, and no hidden department can be reckoned from the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import Role
from tests.factories.checkups import line_of, make_campaign, organiser
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.wellbeing import viewer_of
from wellbeing.queries.checkups.coverage import SMALLEST, Line, _total, checkup_coverage, hide_small
from wellbeing.services.checkups.members import defer_members, record_results, remove_members


@given(sizes=st.lists(st.integers(0, 30), max_size=12))
def test_what_is_hidden_is_never_the_difference(sizes):
    rows = [Line(None, expected=size, done=size // 2) for size in sizes]
    hide_small(rows)
    hidden = [row for row in rows if row.hidden]
    assert all(row.hidden for row in rows if row.expected < SMALLEST)
    total = _total(rows)
    if hidden and not total.hidden:
        assert len(hidden) > 1
        assert sum(row.expected for row in hidden) >= SMALLEST


@pytest.fixture
def departments(db, zone):
    """Six, five and two people."""
    found = {}
    for name, size in (("大", 6), ("中", 5), ("小", 2)):
        unit = make_unit(name, parent=zone)
        found[name] = [make_cadre(unit=unit) for _ in range(size)]
    return found


def table_for(role, unit=None, year=TODAY.year):
    return checkup_coverage(viewer_of(make_account(role, unit=unit)), year=year)


def shown(table):
    return {row.unit.name: None if row.hidden else (row.expected, row.done) for row in table.rows}


def test_a_small_department_takes_another_one_along(departments):
    campaign = make_campaign()
    by = viewer_of(organiser())
    record_results(members=[line_of(campaign, who) for who in departments["大"][:4]], result="done", by=by)
    table = table_for(Role.TOP_LEADER)
    assert shown(table) == {"大": (6, 4), "中": None, "小": None}
    assert (table.total.hidden, table.total.expected, table.total.done) == (False, 13, 4)


def test_a_head_of_a_small_department_sees_no_figure(departments):
    make_campaign()
    unit = departments["小"][0].appointments.get().unit
    table = table_for(Role.DEPARTMENT_HEAD, unit)
    assert shown(table) == {"小": None}
    assert table.total.hidden


def test_the_year_before_stands_beside(departments):
    by = viewer_of(organiser())
    last = make_campaign(year=TODAY.year - 1, title="上年")
    record_results(members=[line_of(last, who) for who in departments["大"][:3]], result="done", by=by)
    make_campaign()
    rows = {row.unit.name: row.before for row in table_for(Role.TOP_LEADER).rows}
    assert rows == {"大": 50, "中": None, "小": None}


def test_put_off_and_taken_off_do_not_count(departments):
    campaign, by = make_campaign(), viewer_of(organiser())
    defer_members(members=[line_of(campaign, departments["大"][0])], reason="leave", by=by)
    remove_members(members=[line_of(campaign, departments["中"][0])], reason="left", by=by)
    table = table_for(Role.TOP_LEADER)
    assert table.total.expected == 11
