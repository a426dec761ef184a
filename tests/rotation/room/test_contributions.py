"""What the room tells the home page, the growth file and whoever is reminded: never who or which post."""

from datetime import timedelta

import pytest

from core.access import Role
from core.models import Notification
from growth.contracts import Edition, SectionContext, sections_for
from people.contracts import duties_of
from people.models import Cadre
from people.services.appointments import change_appointment
from rotation.choices.plans import PlanState
from rotation.models import EffectLine, RotationPlan
from rotation.services.room.effects import confirm, take_effect
from rotation.services.room.notices import announce
from rotation.services.room.reading import grant_reading
from tests.factories.people import TODAY, make_account, make_unit
from tests.factories.room import (
    NOW,
    holder_of,
    make_case,
    make_decided,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    make_post,
    seen_by,
    show_files,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter():
    return make_drafter()


@pytest.fixture
def leader():
    return make_leader("陈甲", unit=make_unit())


def due(user, on=TODAY):
    return {d.key.partition(":")[0]: d for d in duties_of(seen_by(user, on)) if d.key.startswith("rotation.")}


def test_whose_turn_it_is_and_whose_permit_ends(drafter, leader):
    plan = make_plan(drafter, title="财政局局长人选")
    make_move(plan, holder_of(make_post(), "王一"), make_post())
    case = make_case(plan, drafter, [leader])
    show_files(case, drafter)
    grant_reading(case=case, reader=leader, purpose="研究", days=5, by=seen_by(drafter), at=NOW)
    found = due(leader)
    assert found["rotation.opinion"].title == f"议题 {case.number} 等您发表意见"
    assert "rotation.reading" not in found
    assert due(leader, TODAY + timedelta(days=2))["rotation.reading"].due_on == TODAY + timedelta(days=4)
    told = [(n.title, n.detail) for n in Notification.objects.all()]
    assert len(told) == 2
    said = str(told) + str([d.title + d.reason for d in found.values()])
    assert not any(secret in said for secret in ("王一", "财政局", "局长"))


def effective(drafter, leader, **values):
    plan = make_plan(drafter, **values)
    make_decided([make_move(plan, holder_of(make_post("科长")), make_post("局长"))], drafter, [leader])
    return RotationPlan.objects.get(pk=plan.pk)


def test_what_keeps_a_decision_from_taking_effect_is_said(drafter, leader):
    plan = effective(drafter, leader, effective_on=TODAY + timedelta(days=3))
    assert "即将任职生效" in due(drafter)["rotation.effect"].title
    held = plan.decision.moves.get().move.from_appointment
    change_appointment(appointment=held, values={"ends_on": TODAY}, by=seen_by(drafter))
    found = due(drafter)["rotation.effect"]
    assert "还不能任职生效" in found.title
    assert "与研究时的" in found.reason
    assert due(leader) == {}


def test_visits_are_owed_two_weeks_ahead(drafter, leader):
    plan = effective(drafter, leader)
    take_effect(plan=plan, by=None, at=NOW)
    confirm(plan=plan, by=seen_by(drafter), at=NOW)
    last = EffectLine.objects.get().due_on
    assert "rotation.revisit" not in due(drafter, last - timedelta(days=15))
    assert due(drafter, last - timedelta(days=14))["rotation.revisit"].due_on == last


def test_the_security_administrator_hears_which_right_to_change(drafter, leader):
    plan = effective(drafter, leader)
    make_account(cadre=plan.decision.moves.get().cadre, name="王一")
    take_effect(plan=plan, by=None, at=NOW)
    admin = make_account(Role.SECADMIN)
    assert "授予王一“部门负责人”" in due(admin)["rotation.right"].title


def test_the_chapter_of_the_growth_file_has_only_what_is_in_effect(drafter, leader):
    plan = effective(drafter, leader, effective_on=TODAY)
    cadre = Cadre.objects.with_position(TODAY).get(pk=plan.decision.moves.get().cadre_id)

    def chapter():
        found = sections_for(SectionContext(cadre, TODAY, Edition.LEADER))
        return next((section for section in found if section.key == "rotations"), None)

    assert chapter() is None
    take_effect(plan=plan, by=None, at=NOW)
    row = chapter().blocks[0].rows[0]
    assert row.cells[0] == "2026年11月2日"
    assert row.cells[-1] == "云党任〔2026〕9号"


def test_the_movers_are_told_when_it_is_public(drafter, leader):
    plan = effective(drafter, leader)
    user = make_account(cadre=plan.decision.moves.get().cadre)
    day = TODAY + timedelta(days=10)
    announce(plan=plan, starts_on=TODAY, by=seen_by(drafter), at=NOW, effective_on=day)
    assert [n.title for n in Notification.objects.filter(recipient=user)] == ["您的任前公示已发布"]
    assert RotationPlan.objects.get().state == PlanState.NOTICE
