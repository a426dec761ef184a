"""The closed room and relatives (R2): nothing of theirs is seen, and nobody talks with them as staff."""

import pytest

from core.access import Role
from core.errors import DomainError
from people.choices import KinRelation
from people.models import KinTie
from tests.factories.care import clerk, make_event, make_support
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.wellbeing import make_duty, make_talk, plan, viewer_of
from wellbeing.choices.triggers import TalkerRelation
from wellbeing.models import CareEvent, CareSupport, Talk, TalkDuty
from wellbeing.queries.organisation import Organisation
from wellbeing.services.duties import assign_duty

pytestmark = pytest.mark.django_db


def tie(one, other):
    KinTie.objects.create(cadre=one, relative=other, relation=KinRelation.SPOUSE)


def test_what_hangs_on_a_relative_is_not_there(cadre, talker, office):
    rows = {
        Talk: make_talk(cadre, talker=talker),
        TalkDuty: make_duty(cadre, talker=talker),
        CareSupport: make_support(cadre, helper=talker),
    }
    handler = clerk(cadre=make_cadre("工会示例", unit=office))
    event = make_event(cadre)
    assert all(model.objects.visible_to(viewer_of(talker)).get() == row for model, row in rows.items())
    assert CareEvent.objects.visible_to(viewer_of(handler)).get() == event
    tie(talker.cadre, cadre)
    tie(cadre, handler.cadre)
    assert not any(model.objects.visible_to(viewer_of(talker)).exists() for model in rows)
    assert not CareEvent.objects.visible_to(viewer_of(handler)).exists()


def test_nobody_is_asked_to_talk_with_a_relative(cadre, talker, office):
    above = make_account(Role.DEPARTMENT_HEAD, unit=make_unit("管委会"))
    duty = make_duty(cadre)
    tie(cadre, talker.cadre)
    with pytest.raises(DomainError, match="亲属关系，应当回避"):
        plan(cadre, talker=talker)
    planner = viewer_of(make_account(Role.PARTY))
    with pytest.raises(DomainError, match="亲属关系，应当回避"):
        assign_duty(duty=duty, talker=talker, by=planner)
    assign_duty(duty=duty, talker=above, by=planner)


def test_the_duty_goes_to_the_next_in_line(cadre, talker, office):
    leader = make_account(Role.VICE_LEADER, cadre=make_cadre("分管示例", unit=office))
    asked = {"cadre_id": cadre.pk, "unit_path": office.path}
    assert Organisation.on(TODAY).talker_for(TalkerRelation.HEAD, **asked) == talker.pk
    tie(talker.cadre, cadre)
    assert Organisation.on(TODAY).talker_for(TalkerRelation.HEAD, **asked) == leader.pk
