"""What the sections read is asked together: a few statements for any number of people, in every edition."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from growth.contracts import Edition, SectionContext, sections_for_many
from people.models import Cadre
from tests.factories.people import TODAY, make_appointment, make_cadre, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("edition", list(Edition))
def test_as_many_rounds_for_three_as_for_one(edition):
    unit = make_unit("招商局")
    for name in ("王甲", "李乙", "赵丙"):
        make_appointment(make_cadre(name), unit=unit, title="专员", starts_on=date(2020, 1, 1))
    cadres = list(Cadre.objects.with_position(TODAY))
    contexts = [SectionContext(cadre, TODAY, edition) for cadre in cadres]
    costs = []
    for some in (contexts[:1], contexts):
        sections_for_many(some)
        with CaptureQueriesContext(connection) as asked:
            sections_for_many(some)
        costs.append(len(asked))
    assert (costs[1], costs[0] <= 5) == (costs[0], True)
