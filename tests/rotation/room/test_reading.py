"""阅档授权: who may open a candidate's file, for how long, and when the candidate hears of it."""

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import DomainError
from growth.models import GrowthFile, GrowthReading
from growth.services import read_growth_file
from rotation.choices.decisions import Outcome
from rotation.models import ReadingGrant
from rotation.queries.room.reading import readings_for
from rotation.services.room.deciding import Ruling, decide
from rotation.services.room.effects import take_effect
from rotation.services.room.reading import grant_reading, revoke_reading
from tests.factories.people import TODAY, make_account, make_unit
from tests.factories.room import (
    NOW,
    holder_of,
    make_case,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    make_post,
    meeting_of,
    seen_by,
    show_files,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter():
    return make_drafter()


@pytest.fixture
def leader():
    return make_leader("甲", unit=make_unit())


@pytest.fixture
def case(drafter, leader):
    plan = make_plan(drafter)
    make_move(plan, holder_of(make_post()), make_post())
    case = make_case(plan, drafter, [leader])
    show_files(case, drafter)
    return case


def granted(case, leader, drafter, **values):
    values = {"purpose": "研究人选", "days": 3, **values}
    return grant_reading(case=case, reader=leader, by=seen_by(drafter), at=NOW, **values)


def readable(user, on=TODAY):
    return GrowthFile.objects.visible_to(seen_by(user, on)).count()


def test_only_with_a_live_permit_and_only_these_files(case, leader, drafter):
    other = make_plan(drafter)
    make_move(other, holder_of(make_post()), make_post())
    show_files(make_case(other, drafter, [leader]), drafter)
    assert (GrowthFile.objects.count(), readable(leader)) == (2, 0)
    granted(case, leader, drafter)
    days = [readable(leader, TODAY + timedelta(days=n)) for n in (-1, 0, 2, 3)]
    assert days == [0, 1, 1, 0]
    assert readable(make_leader("乙", Role.TOP_LEADER)) == 0


def test_taken_back_at_once(case, leader, drafter):
    row = granted(case, leader, drafter)
    revoke_reading(grant=row, by=seen_by(drafter), at=NOW)
    assert readable(leader) == 0
    with pytest.raises(DomainError, match="已经收回"):
        revoke_reading(grant=row, by=seen_by(drafter), at=NOW)


def test_only_for_those_in_the_case(case, leader, drafter):
    for reader, code in ((make_leader("丙", unit=make_unit()), "not_in_case"), (drafter, "self_action")):
        with pytest.raises(DomainError) as refusal:
            granted(case, reader, drafter)
        assert refusal.value.code == code
    for values, code in (({"days": 31}, "days"), ({"purpose": " "}, "no_purpose")):
        with pytest.raises(DomainError) as refusal:
            granted(case, leader, drafter, **values)
        assert refusal.value.code == code
    assert not ReadingGrant.objects.exists()


def test_what_was_read_is_told_when_the_result_is_public(drafter, leader):
    cadre, other = holder_of(make_post()), holder_of(make_post())
    plan = make_plan(drafter, document_no="云党任〔2026〕9号")
    moves = [make_move(plan, c, make_post()) for c in (cadre, other)]
    subject, passed_over = make_account(cadre=cadre), make_account(cadre=other)
    case = make_case(plan, drafter, [leader])
    show_files(case, drafter)
    granted(case, leader, drafter)
    for file in GrowthFile.objects.all():
        read_growth_file(file=file, by=seen_by(leader), at=NOW)
    assert readings_for(case).count() == 2

    def told(user):
        return [r.purpose for r in GrowthReading.objects.visible_to(seen_by(user))]

    assert told(subject) == told(passed_over) == told(make_drafter()) == []
    rulings = {moves[0].pk: Ruling(Outcome.PASSED, agree=1), moves[1].pk: Ruling(Outcome.REJECTED, against=1)}
    decide(plan=plan, meeting=meeting_of(case), rulings=rulings, by=seen_by(drafter), at=NOW)
    assert readable(leader) == 0  # the matter is closed
    assert told(subject) == []
    take_effect(plan=plan, by=None, at=NOW)
    assert told(subject) == ["研究任免事项（云党任〔2026〕9号）"]
    assert told(passed_over) == []
