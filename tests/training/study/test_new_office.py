"""A new office is told of what lies ahead of it, not of what was before it began."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from people.models import Cadre
from tests.factories.people import make_cadre, make_unit
from tests.factories.study import hold, make_activity, make_group, staff
from training.choices import StudyKind
from training.obligations import LATE
from training.queries.study import zone_clock

pytestmark = pytest.mark.django_db
BEGAN, LATER = date(2026, 11, 24), date(2026, 12, 31)


def first_roster(on: date) -> None:
    make_cadre(unit=make_unit("经济发展局"))
    Cadre.objects.update(created_at=timezone.make_aware(datetime.combine(on, time(10))))


def test_nothing_before_the_first_roster_is_overdue() -> None:
    first_roster(BEGAN)
    make_group(Cadre.objects.get(), since=date(2020, 1, 1))
    clock = zone_clock(staff(), year=2026, on=BEGAN)
    assert not [one for one in clock.found if one.standing in LATE]
    assert [one.span.last for one in clock.of(StudyKind.LEARNING)] == [date(2026, 12, 31)]
    assert all(one.span.last >= BEGAN for one in clock.found)


def test_what_is_missed_afterwards_is_overdue() -> None:
    first_roster(BEGAN)
    clock = zone_clock(staff(), year=2026, on=date(2027, 1, 1))
    [late] = clock.of(StudyKind.LEARNING)
    assert late.standing in LATE


def test_an_office_without_anybody_owes_nothing_of_the_past() -> None:
    clock = zone_clock(staff(), year=2026, on=BEGAN)
    assert clock.found
    assert all(one.span.last >= BEGAN for one in clock.found)


def test_a_kind_that_was_written_down_from_earlier_days_is_owed_since_then() -> None:
    first_roster(BEGAN)
    activity = make_activity(date(2026, 5, 6), kind=StudyKind.LEARNING)
    hold(activity, came=[row.cadre for row in activity.slot.attendances.all()])
    clock = zone_clock(staff(), year=2026, on=LATER)
    assert [one.span.first.month for one in clock.of(StudyKind.LEARNING)] == [5, 7, 9, 11]
    assert [one.standing in LATE for one in clock.of(StudyKind.LEARNING)] == [False, True, True, False]
    # of other kinds nothing is known from those days
    assert all(one.span.last >= BEGAN for one in clock.of(StudyKind.CENTRE_GROUP))
