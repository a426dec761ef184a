"""In which third the hours of the year stand: who is compared, ties, small groups, the same cost for many."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from growth.contracts import Edition, Facts, Paragraph, SectionContext, sections_for
from people.models import Cadre
from tests.factories.people import TODAY, make_cadre, make_unit
from tests.factories.training import attend, credit, make_class
from training.bands import Band, band_of
from training.choices import ClassKind
from training.queries.bands import places_for

amounts = st.lists(st.integers(0, 6), min_size=2, max_size=30)


def counted(line: list[int], mine: int) -> Band | None:
    above, below = sum(n > mine for n in line), sum(n < mine for n in line)
    return band_of(above=above, equal=line.count(mine), below=below)


@given(amounts)
def test_more_hours_never_stand_lower_and_the_outer_thirds_hold_no_more_than_a_third_each(line) -> None:
    bands = [counted(line, mine) for mine in sorted(set(line), reverse=True)]
    if len(bands) == 1:
        assert bands == [None]
        return
    order = list(Band)
    places = [order.index(band) for band in bands if band]
    assert places == sorted(places)
    for outer in (Band.UPPER, Band.LOWER):
        held = sum(counted(line, mine) == outer for mine in line)
        ties = max(line.count(mine) for mine in line)  # those who are equal are not torn apart
        assert held <= len(line) / 3 + ties / 2


@given(amounts)
def test_turned_around_the_thirds_change_sides(line) -> None:
    sides = {Band.UPPER: Band.LOWER, Band.LOWER: Band.UPPER}
    turned = [-mine for mine in line]
    for mine in line:
        band = counted(line, mine)
        assert counted(turned, -mine) == sides.get(band, band)


@pytest.fixture
def people(rules: None) -> list[Cadre]:
    """Six of one level with 0, 10, 20 … 50 hours."""
    unit = make_unit()
    found = [make_cadre(f"甲{n}", unit=unit, title="科员", rank="一级科员") for n in range(6)]
    for number, cadre in enumerate(found[1:], start=1):
        attend(cadre, date(2026, 3, 2), 10 * number)
    return found


@pytest.mark.django_db
def test_each_stands_in_a_third_of_the_same_level(people) -> None:
    unit = make_unit()
    for level in ("township_chief", "county_chief"):
        other = make_cadre(unit=unit, title="局长", leadership_level=level)
        attend(other, date(2026, 3, 2), 200)
    attend(make_cadre("退休", unit=unit, status="retired"), date(2026, 3, 2), 200)
    attend(make_cadre("无岗"), date(2026, 3, 2), 200)
    places = places_for(people, TODAY)
    assert [places[cadre.pk].band for cadre in people] == [
        Band.LOWER, Band.LOWER, Band.MIDDLE, Band.MIDDLE, Band.UPPER, Band.UPPER,
    ]  # fmt: skip
    assert {(place.people, place.level) for place in places.values()} == {(6, "未任领导职务的干部")}
    assert [places[cadre.pk].hours for cadre in people] == [Decimal(10 * n) for n in range(6)]


@pytest.mark.django_db
def test_only_what_counts_in_the_year_up_to_the_day(people) -> None:
    last = people[0]
    attend(last, date(2025, 12, 1), 200)
    attend(last, date(2026, 2, 2), 200, kind=ClassKind.ONLINE)
    credit(last, make_class(starts_on=date(2025, 12, 30), ends_on=date(2026, 1, 2), hours=16), 16, 4)
    attend(last, date(2026, 12, 30), 200)
    assert places_for([last], TODAY)[last.pk].hours == 8


@pytest.mark.django_db
def test_a_small_group_is_not_compared_and_equals_have_no_third(rules) -> None:
    unit = make_unit()
    few = [make_cadre(unit=unit, title="局长", leadership_level="township_chief") for _ in range(4)]
    for number, cadre in enumerate(few):
        attend(cadre, date(2026, 3, 2), 10 * number + 10)
    place = places_for(few, TODAY)[few[0].pk]
    assert (place.people, place.band, place.is_suppressed) == (4, None, True)
    assert words(few[0]) == "全区在岗的乡科级正职不足5人，不列所在区间。"
    alike = [make_cadre(unit=unit, title="科员") for _ in range(5)]
    for cadre in alike:
        attend(cadre, date(2026, 3, 2), 8)
    assert places_for(alike, TODAY)[alike[0].pk].band is None
    assert words(alike[0]) == ""


def words(cadre: Cadre) -> str:
    placed = Cadre.objects.with_position(TODAY).get(pk=cadre.pk)
    sections = sections_for(SectionContext(placed, TODAY, Edition.LEADER))
    blocks = [block for found in sections if found.key == "training_band" for block in found.blocks]
    texts = [b.text for b in blocks if isinstance(b, Paragraph)]
    return "".join(texts + [f.value for b in blocks if isinstance(b, Facts) for f in b.rows])


@pytest.mark.django_db
def test_it_costs_the_same_for_one_and_for_many(people) -> None:
    counts = []
    for asked in (people[:1], people):
        with CaptureQueriesContext(connection) as queries:
            places_for(asked, TODAY)
        counts.append(len(queries))
    assert counts == [4, 4]
