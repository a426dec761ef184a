"""When a talker goes: what is handed over by whose act, and what nobody gets."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from core.errors import DomainError
from core.models import Notification
from people.models import RoleGrant
from tests.factories.people import TODAY, make_account
from tests.factories.wellbeing import make_duty, make_talk, plan, viewer_of
from tests.wellbeing.conftest import browser
from wellbeing.access import right_to
from wellbeing.choices.talks import TalkState
from wellbeing.models import Talk, TalkDuty
from wellbeing.services.door import open_talk
from wellbeing.services.duties import raise_talk_duties
from wellbeing.services.handing_over import hand_over_talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(office):
    return make_account(Role.DEPARTMENT_HEAD, unit=office, name="赵示例")


def leaves(user, *, to=None):
    """The grant ends; with `to`, another one begins there."""
    RoleGrant.objects.filter(user=user, role=Role.DEPARTMENT_HEAD).update(ends_on=TODAY - timedelta(days=1))
    if to is not None:
        RoleGrant.objects.create(user=user, role=Role.DEPARTMENT_HEAD, unit=to, starts_on=TODAY)


def run():
    raise_talk_duties(on=TODAY)


def test_the_talker_hands_a_draft_over_and_loses_it(cadre, talker, successor):
    talk = make_talk(cadre, talker=talker, state=TalkState.DRAFT, texts={"thinking": "草稿"})
    duty = make_duty(cadre, talker=talker, talk=talk, state="planned")
    hand_over_talk(talk=talk, talker=successor, by=viewer_of(talker), on=TODAY)
    talk = Talk.objects.get(pk=talk.pk)
    now = timezone.now()
    assert right_to(viewer_of(talker), talk, at=now) is None
    assert open_talk(viewer=viewer_of(successor), talk=talk, at=now).texts["thinking"] == "草稿"
    duty.refresh_from_db()
    assert duty.talker == successor
    assert Notification.objects.filter(recipient=successor, title="有一次谈话移交给您").exists()


def test_nobody_else_hands_it_over_and_a_final_record_stays(cadre, talker, successor):
    draft = make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    for user in (successor, make_account(Role.HR), make_account(Role.TOP_LEADER)):
        with pytest.raises(DomainError, match="只有谈话人"):
            hand_over_talk(talk=draft, talker=successor, by=viewer_of(user), on=TODAY)
    final = make_talk(cadre, talker=talker)
    with pytest.raises(DomainError, match="指定上级"):
        hand_over_talk(talk=final, talker=successor, by=viewer_of(talker), on=TODAY)


def test_not_to_the_cadre_and_not_to_somebody_without_the_right(cadre, talker, own):
    draft = make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    for user in (own, make_account(), talker):
        with pytest.raises(DomainError):
            hand_over_talk(talk=draft, talker=user, by=viewer_of(talker), on=TODAY)


def test_the_duty_of_one_who_left_goes_on_and_the_draft_stays_sealed(cadre, talker, successor):
    draft = make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    duty = make_duty(cadre, talker=talker, talk=draft, state="planned", raised_on=TODAY - timedelta(days=5))
    leaves(talker)
    run()
    duty.refresh_from_db()
    assert (duty.talker, duty.state, duty.talk) == (successor, "open", None)
    draft.refresh_from_db()
    assert (draft.talker, draft.state) == (talker, TalkState.DRAFT)
    assert right_to(viewer_of(successor), draft, at=timezone.now()) is None


def test_a_talk_only_planned_by_one_who_left_is_called_off(cadre, talker, successor):
    talk = plan(cadre, talker=talker)
    make_duty(cadre, talker=talker, talk=talk, state="planned", raised_on=TODAY - timedelta(days=5))
    leaves(talker)
    run()
    talk.refresh_from_db()
    assert talk.state == TalkState.CANCELLED


def test_moving_to_another_department_hands_on_what_was_owed(cadre, talker, successor, zone):
    from tests.factories.people import make_unit

    asked = {"code": "request", "occasion_key": "2026"}
    duty = make_duty(cadre, talker=talker, raised_on=TODAY - timedelta(days=5), **asked)
    leaves(talker, to=make_unit("投资促进局", parent=zone))
    run()
    duty.refresh_from_db()
    assert duty.talker == successor


def test_one_named_from_elsewhere_keeps_it(cadre, talker, zone):
    from tests.factories.people import make_unit

    elsewhere = make_account(Role.DEPARTMENT_HEAD, unit=make_unit("投资促进局", parent=zone))
    duty = make_duty(cadre, talker=elsewhere, raised_on=TODAY - timedelta(days=5))
    run()
    assert TalkDuty.objects.get(pk=duty.pk).talker == elsewhere


def test_the_page_of_handing_over(cadre, talker, successor):
    draft = make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    here = reverse("wellbeing:talk_hand_over", args=[draft.pk])
    assert browser(successor).get(here).status_code == 404
    answer = browser(talker).post(here, {"talker": successor.pk})
    assert answer.status_code == 302
    assert Talk.objects.get(pk=draft.pk).talker == successor
