"""Several tables in one query."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.asking import result_of
from people.models import AnnualAppraisal, Unit
from rotation.models import UnitStaffing
from rotation.queries.lines import Part, lines_steps, number
from tests.factories.people import make_cadre, make_unit

pytestmark = pytest.mark.django_db


def test_tables_of_different_shapes_come_in_one_query():
    root = make_unit("管委会")
    unit = make_unit("招商局", parent=root)
    cadre = make_cadre("王甲", unit=unit)
    AnnualAppraisal.objects.create(cadre=cadre, year=2025, grade="excellent")
    UnitStaffing.objects.create(unit=unit, minimum=3, starts_on=date(2025, 1, 1))
    parts = (
        Part("unit", Unit.objects.filter(pk__in=(root.pk, unit.pk)), ("pk", "name", "parent_id")),
        Part("grade", AnnualAppraisal.objects.all(), ("cadre__name", "year")),
        Part("staffing", UnitStaffing.objects.all(), ("starts_on", "minimum", "source", "unit_id")),
        Part("nobody", AnnualAppraisal.objects.filter(cadre__in=[]), ("year",)),
    )
    with CaptureQueriesContext(connection) as queries:
        found = result_of(lines_steps(*parts))
    assert len(queries) == 1
    assert sorted(found["unit"]) == sorted(
        [(str(root.pk), "管委会", ""), (str(unit.pk), "招商局", str(root.pk))]
    )
    assert found["grade"] == [("王甲", "2025")]
    assert found["staffing"] == [("2025-01-01", "3", "", str(unit.pk))]
    assert found["nobody"] == []


def test_numbers_are_read_back():
    assert (number("12"), number("")) == (12, None)
