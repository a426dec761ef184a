"""Units name people within their quotas; who withdraws may be replaced."""

import pytest

from core.access import Role
from core.errors import DomainError
from tests.factories.enrolment import NOW, live_class
from tests.factories.people import make_cadre, make_unit, make_viewer
from training.choices import ClassKind, ClassState, EnrolmentWay, ParticipationState
from training.class_states import ClassMove
from training.models import ClassQuota, Participation
from training.services.classes import move_class
from training.services.enrolment import approve, dispatch, nominate, set_quotas, withdraw

pytestmark = pytest.mark.django_db
P = ParticipationState


@pytest.fixture
def dispatched():
    return live_class(
        kind=ClassKind.DISPATCHED,
        enrolment_way=EnrolmentWay.NOMINATED,
        state=ClassState.PUBLISHED,
        capacity=4,
    )


def test_a_unit_nominates_within_its_quota(dispatched):
    bureau = make_unit()
    section = make_unit(parent=bureau)
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=bureau)
    ClassQuota.objects.create(training_class=dispatched, unit=bureau, seats=2)
    people = [make_cadre(unit=section), make_cadre(unit=bureau)]
    rows = nominate(training_class=dispatched, cadres=people, by=head, at=NOW)
    assert [(row.state, row.unit_id) for row in rows] == [(P.NOMINATED, section.pk), (P.NOMINATED, bureau.pk)]
    with pytest.raises(DomainError, match="2 个名额已经用完"):
        nominate(training_class=dispatched, cadres=[make_cadre(unit=section)], by=head, at=NOW)


def test_a_unit_without_a_quota_or_people_of_others_are_refused(dispatched):
    bureau, other = make_unit(), make_unit()
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=other)
    ClassQuota.objects.create(training_class=dispatched, unit=bureau, seats=1)
    with pytest.raises(DomainError, match="没有本班次的名额"):
        nominate(training_class=dispatched, cadres=[make_cadre(unit=other)], by=head, at=NOW)
    with pytest.raises(DomainError, match="不在您可以推荐的范围内"):
        nominate(training_class=dispatched, cadres=[make_cadre(unit=bureau)], by=head, at=NOW)


def test_a_substitute_takes_the_place_of_who_withdrew_once(dispatched):
    bureau, hr = make_unit(), make_viewer(Role.HR)
    ClassQuota.objects.create(training_class=dispatched, unit=bureau, seats=1)
    first, second, third = (make_cadre(unit=bureau) for _ in range(3))
    (gone,) = nominate(training_class=dispatched, cadres=[first], by=hr, at=NOW)
    approve(participations=[gone], by=hr, at=NOW)
    withdraw(participation=gone, by=hr, at=NOW, reason="家中有事")
    gone.refresh_from_db()
    (new,) = nominate(training_class=dispatched, cadres=[second], by=hr, at=NOW, substitute_for=gone)
    assert (new.substitute_for, new.steps.get().reason) == (gone, f"替补 {first.name}")
    with pytest.raises(DomainError, match="已经有人替补"):
        nominate(training_class=dispatched, cadres=[third], by=hr, at=NOW, substitute_for=gone)


def test_from_quota_to_dispatch(dispatched):
    unit, hr = make_unit(), make_viewer(Role.HR)
    set_quotas(training_class=dispatched, seats={unit: 2}, by=hr)
    rows = nominate(
        training_class=dispatched, cadres=[make_cadre(unit=unit), make_cadre(unit=unit)], by=hr, at=NOW
    )
    approve(participations=rows, by=hr, at=NOW)
    dispatch(participations=rows[:1], by=hr, at=NOW)
    move_class(training_class=dispatched, to=ClassMove.START, by=hr, at=NOW)
    assert set(Participation.objects.values_list("state", flat=True)) == {P.DISPATCHED}


def test_quotas_stay_within_the_class_and_above_those_named(dispatched):
    unit, hr = make_unit(), make_viewer(Role.HR)
    with pytest.raises(DomainError, match="超过班次名额 4"):
        set_quotas(training_class=dispatched, seats={unit: 5}, by=hr)
    set_quotas(training_class=dispatched, seats={unit: 2}, by=hr)
    nominate(training_class=dispatched, cadres=[make_cadre(unit=unit), make_cadre(unit=unit)], by=hr, at=NOW)
    with pytest.raises(DomainError, match="已推荐 2 人"):
        set_quotas(training_class=dispatched, seats={unit: 1}, by=hr)
