"""The one door to what was said: for whom it opens, and that it never opens unseen."""

from datetime import timedelta
from unittest import mock

import pytest
from django.urls import reverse

from core.access import Role
from core.crypto import DecryptionError
from core.errors import DomainError
from core.models import AuditEvent
from people.access import viewer_for
from people.models import RoleGrant, User
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import NOW, make_talk, viewer_of
from tests.wellbeing.conftest import browser, text_of
from wellbeing.access import right_to, seers_of
from wellbeing.choices.talks import Right, TalkState
from wellbeing.models import Talk, TalkContent
from wellbeing.services.door import open_talk
from wellbeing.services.emergencies import ask_emergency_access, decide_emergency_access
from wellbeing.services.talks import assign_superior

pytestmark = pytest.mark.django_db
TEXTS = {"thinking": "思想稳定", "assessment": "可以加担子", "summary": "双方谈了近期工作"}
LONG = "谈话人外出无法联系，须立即了解情况以保障人身安全。"


def opened(user, talk, at=NOW):
    return open_talk(viewer=viewer_of(user), talk=talk, at=at)


def shut(user, talk, at=NOW):
    with pytest.raises(Talk.DoesNotExist):
        opened(user, talk, at)
    return True


def test_talker_reads_all_and_the_superior_from_the_final_version_on(cadre, talker):
    superior = make_account(Role.VICE_LEADER)
    talk = make_talk(cadre, talker=talker, state=TalkState.DRAFT, texts=TEXTS)
    assign_superior(talk=talk, superior=superior, by=viewer_of(talker))
    assert opened(talker, talk).texts["assessment"] == "可以加担子"
    assert shut(superior, talk)
    done = make_talk(cadre, talker=talker, texts=TEXTS, superior=superior)
    assert opened(superior, done).texts["thinking"] == "思想稳定"
    assert opened(superior, done).right == Right.SUPERIOR


def test_roles_open_nothing(cadre, talker):
    talk = make_talk(cadre, talker=talker, texts=TEXTS)
    for role in set(Role) - {Role.CADRE}:
        assert shut(make_account(role), talk), role
    assert shut(make_account(cadre=make_cadre()), talk)


def test_the_subject_sees_the_released_summary_and_nothing_else(cadre, talker, own):
    talk = make_talk(cadre, talker=talker, texts=TEXTS)
    assert shut(own, talk)
    talk = make_talk(cadre, talker=talker, state=TalkState.SIGNING, texts=TEXTS)
    found = opened(own, talk)
    assert found.texts == {"summary": "双方谈了近期工作", "remark": ""}
    assert (found.corrections, found.files) == ((), ())


def test_no_role_opens_the_own_talk(cadre, talker):
    """R2: the talker of yesterday who is the cadre himself has only the summary."""
    both = make_account(Role.TOP_LEADER, Role.HR, cadre=cadre)
    assert shut(both, make_talk(cadre, talker=talker, texts=TEXTS))


def test_a_new_superior_shuts_out_the_old_one_at_once(cadre, talker):
    old, new = make_account(Role.VICE_LEADER), make_account(Role.TOP_LEADER)
    talk = make_talk(cadre, talker=talker, texts=TEXTS, superior=old)
    assert opened(old, talk)
    assign_superior(talk=talk, superior=new, by=viewer_of(talker))
    assert shut(old, talk)
    assert opened(new, talk)


def test_who_lost_the_role_lost_the_talk(cadre, talker):
    talk = make_talk(cadre, talker=talker, texts=TEXTS)
    RoleGrant.objects.filter(user=talker, role=Role.DEPARTMENT_HEAD).update(ends_on=TODAY - timedelta(days=1))
    assert shut(talker, talk)


def test_each_opening_is_written_down_before_anything_is_given(cadre, talker):
    talk = make_talk(cadre, talker=talker, texts=TEXTS)
    before = AuditEvent.objects.count()
    opened(talker, talk)
    event = AuditEvent.objects.order_by("-seq").first()
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.actor_id, event.object_id) == ("talk.open", talker.pk, str(talk.pk))
    assert not any(text in str(vars(event)) for text in TEXTS.values())


def test_without_an_audit_event_the_door_stays_shut(cadre, talker):
    talk = make_talk(cadre, talker=talker, texts=TEXTS)
    url = reverse("wellbeing:talk", args=[talk.pk])
    with (
        mock.patch("wellbeing.services.door.audit.record", side_effect=OSError("disk full")),
        mock.patch("wellbeing.services.door.open_row") as opening,
    ):
        with pytest.raises(DomainError, match="审计日志"):
            opened(talker, talk)
        page = browser(talker).get(url)
    assert opening.call_count == 0
    assert page.status_code == 422
    assert "审计日志暂时写不进去" in text_of(page)
    assert "思想稳定" not in text_of(page)


@pytest.mark.parametrize("damage", ["swap", "flip"])
def test_damage_is_told_and_written_down(cadre, talker, damage):
    talk = make_talk(cadre, talker=talker, texts=TEXTS)
    content = TalkContent.objects.get(talk=talk)
    token = content.work if damage == "swap" else content.thinking[:-10] + "A" * 9 + "="
    TalkContent.objects.filter(pk=content.pk).update(thinking=token)
    with pytest.raises(DecryptionError):
        opened(talker, talk)
    event = AuditEvent.objects.order_by("-seq").first()
    assert (event.action, event.result, event.object_id) == ("talk.damaged", "failed", str(talk.pk))
    page = browser(talker).get(reverse("wellbeing:talk", args=[talk.pk]))
    assert page.status_code == 422
    assert "数据校验失败" in text_of(page)


def test_the_list_of_who_can_see_is_the_door_itself(cadre, talker, own):
    superior, top, vice = (make_account(r) for r in (Role.VICE_LEADER, Role.TOP_LEADER, Role.VICE_LEADER))
    for role in set(Role) - {Role.CADRE}:
        make_account(role)
    talks = [
        make_talk(cadre, talker=talker, texts=TEXTS, state=state)
        for state in (TalkState.PLANNED, TalkState.DRAFT, TalkState.FINAL, TalkState.SIGNING)
    ]
    assign_superior(talk=talks[2], superior=superior, by=viewer_of(talker))
    asked = ask_emergency_access(
        talk=talks[3], category="safety", reason=LONG, by=viewer_of(top), at=NOW, on=TODAY
    )
    decide_emergency_access(asked=asked, approve=True, by=viewer_of(vice), at=NOW, on=TODAY)
    for talk in talks:
        let_in = {
            user.pk
            for user in User.objects.all()
            if right_to(viewer_for(user, on=TODAY), talk, at=NOW) is not None
        }
        assert {seer.user_id for seer in seers_of(talk, on=TODAY, at=NOW)} == let_in
    assert {seer.right for seer in seers_of(talks[3], on=TODAY, at=NOW)} == {
        Right.TALKER,
        Right.EMERGENCY,
        Right.SUBJECT,
    }
