"""Break-glass: two people, thirty minutes, everyone concerned is told, and the auditor looks at it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import NOW, make_emergency, make_talk, viewer_of
from tests.wellbeing.conftest import browser, text_of
from wellbeing.choices.talks import GlassState, Right, TalkState
from wellbeing.models import EmergencyAccess, Talk
from wellbeing.services.door import open_attachment, open_talk
from wellbeing.services.emergencies import (
    ask_emergency_access,
    decide_emergency_access,
    expire_emergency_accesses,
    review_emergency_access,
    stop_emergency_access,
)

pytestmark = pytest.mark.django_db
REASON = "谈话人外出无法联系，须立即了解情况以保障人身安全。"


@pytest.fixture
def talk(cadre, talker):
    return make_talk(cadre, talker=talker, texts={"thinking": "近来压力较大"})


@pytest.fixture
def top():
    return make_account(Role.TOP_LEADER, name="刘书记")


@pytest.fixture
def vice():
    return make_account(Role.VICE_LEADER, name="陈主任")


def ask(talk, top, at=NOW, reason=REASON):
    return ask_emergency_access(
        talk=talk, category="safety", reason=reason, by=viewer_of(top), at=at, on=TODAY
    )


def decide(asked, user, approve=True, at=NOW):
    decide_emergency_access(asked=asked, approve=approve, by=viewer_of(user), at=at, on=TODAY)


def refused(code, act, *args, **values):
    with pytest.raises(DomainError) as refusal:
        act(*args, **values)
    assert refusal.value.code == code


def reads(user, talk, at=NOW):
    try:
        return open_talk(viewer=viewer_of(user), talk=talk, at=at)
    except Talk.DoesNotExist:
        return None


def test_it_opens_for_thirty_minutes_and_for_nobody_else(talk, top, vice):
    asked = ask(talk, top)
    assert reads(top, talk) is None
    decide(asked, vice)
    found = reads(top, talk, NOW + timedelta(minutes=29))
    assert (found.right, found.texts["thinking"]) == (Right.EMERGENCY, "近来压力较大")
    assert reads(top, talk, NOW + timedelta(minutes=30)) is None
    assert reads(vice, talk) is None
    asked.refresh_from_db()
    assert (asked.openings, asked.opened_at) == (1, NOW + timedelta(minutes=29))


def test_attachments_stay_shut(talk, top, vice):
    decide(ask(talk, top), vice)
    with pytest.raises(Talk.DoesNotExist):
        open_attachment(viewer=viewer_of(top), talk=talk, pk=1, at=NOW)


def test_only_the_top_leader_asks_and_says_why(talk, top, cadre, talker):
    refused("too_short", ask, talk, top, reason="想看一下")
    for role in set(Role) - {Role.TOP_LEADER, Role.CADRE}:
        refused("not_allowed", ask, talk, make_account(role))
    refused("own_record", ask, talk, make_account(Role.TOP_LEADER, cadre=cadre))
    refused("not_needed", ask, make_talk(cadre, talker=top), top)
    planned = make_talk(cadre, talker=talker, state=TalkState.PLANNED)
    refused("nothing_there", ask, planned, top)


def test_one_request_at_a_time_and_three_in_thirty_days(talk, top, vice, cadre, talker):
    decide(ask(talk, top), vice, approve=False)
    ask(talk, top)
    refused("invalid", ask, talk, top)
    for number in range(2):
        ask(make_talk(cadre, talker=talker), top, at=NOW + timedelta(days=number))
    refused("too_many", ask, make_talk(cadre, talker=talker), top, at=NOW + timedelta(days=2))
    assert ask(make_talk(cadre, talker=talker), top, at=NOW + timedelta(days=31))


def test_the_second_person_is_another_one_and_no_administrator(talk, top, cadre):
    asked = ask(talk, top)
    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.HR, Role.PARTY, Role.DEPARTMENT_HEAD):
        refused("not_allowed", decide, asked, make_account(role))
    refused("own_record", decide, asked, make_account(Role.VICE_LEADER, cadre=cadre))
    both = make_account(Role.TOP_LEADER, Role.VICE_LEADER)
    refused("self_action", decide, ask(talk, both), both)
    decide(asked, make_account(Role.DISCIPLINE))
    refused("conflict", decide, asked, make_account(Role.VICE_LEADER))


def test_the_database_knows_that_it_takes_two(talk, top):
    asked = make_emergency(talk, by=top)
    for wrong in (
        {"decided_by": top},
        {"state": GlassState.OPEN},
        {"verdict": "proper"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            EmergencyAccess.objects.filter(pk=asked.pk).update(**wrong)


def test_everyone_concerned_is_told_without_content(talk, top, vice, talker):
    security, auditor = make_account(Role.SECADMIN), make_account(Role.AUDITOR)
    decide(ask(talk, top), vice)
    told = Notification.objects.filter(kind="wellbeing.emergency")
    assert {note.recipient for note in told} == {vice, top, talker, security, auditor}
    assert not [note for note in told if "王示例" in note.title + note.detail]


def test_each_step_is_in_the_audit_log(talk, top, vice):
    asked = ask(talk, top)
    decide(asked, vice)
    reads(top, talk)
    late = NOW + timedelta(minutes=31)
    assert expire_emergency_accesses(at=late) == 1
    assert expire_emergency_accesses(at=late) == 0
    asked.refresh_from_db()
    review_emergency_access(asked=asked, verdict="proper", by=viewer_of(make_account(Role.AUDITOR)), at=late)
    events = AuditEvent.objects.filter(action__startswith="glass.").order_by("seq")
    assert [event.action for event in events] == [
        "glass.ask",
        "glass.decide",
        "glass.open",
        "glass.expire",
        "glass.review",
    ]
    assert not [event for event in events if "压力" in str(vars(event)) or REASON in str(vars(event))]


def test_the_auditor_reviews_once_it_is_over(talk, top, vice):
    asked, auditor = ask(talk, top), viewer_of(make_account(Role.AUDITOR))
    review = {"asked": asked, "verdict": "proper", "by": auditor}
    refused("running", review_emergency_access, **review, at=NOW)
    decide(asked, vice)
    refused("running", review_emergency_access, **review, at=NOW)
    late = NOW + timedelta(hours=1)
    review_emergency_access(**review, at=late)
    refused("ended", review_emergency_access, **review, at=late)
    refused("not_allowed", review_emergency_access, **{**review, "by": viewer_of(top)}, at=late)


def test_the_security_officer_stops_it_at_once(talk, top, vice):
    asked = ask(talk, top)
    decide(asked, vice)
    security = viewer_of(make_account(Role.SECADMIN))
    stop_emergency_access(asked=asked, by=security, at=NOW, on=TODAY)
    assert reads(top, talk) is None
    refused("ended", stop_emergency_access, asked=asked, by=security, at=NOW, on=TODAY)


# In the browser


def test_the_way_through_the_pages(talk, top, vice, cadre):
    leader, second = browser(top), browser(vice)
    new = reverse("wellbeing:emergency_new")
    found = leader.post(new, {"cadre": "王示例"})
    assert f"?talk={talk.pk}" in found.content.decode()
    assert "压力" not in text_of(found)
    sent = leader.post(f"{new}?talk={talk.pk}", {"category": "safety", "reason": REASON})
    asked = EmergencyAccess.objects.get()
    assert sent.url == reverse("wellbeing:emergency", args=[asked.pk])
    read = reverse("wellbeing:emergency_read", args=[asked.pk])
    assert leader.get(read).status_code == 404
    assert REASON in text_of(second.get(reverse("wellbeing:emergency_approve", args=[asked.pk])))
    second.post(reverse("wellbeing:emergency_approve", args=[asked.pk]))
    page = leader.get(read)
    assert "近来压力较大" in text_of(page)
    assert f"刘书记 {timezone.localtime():%Y-%m-%d}" in text_of(page)
    assert page["Cache-Control"] == "no-store"
    assert second.get(read).status_code == 404
    EmergencyAccess.objects.update(expires_at=timezone.now())
    assert leader.get(read).status_code == 404


def test_administrators_do_not_learn_whose_talk_it_is(talk, top):
    asked = make_emergency(talk, by=top)
    for role in (Role.AUDITOR, Role.SECADMIN):
        page = text_of(browser(make_account(role)).get(reverse("wellbeing:emergency", args=[asked.pk])))
        assert "王示例" not in page
        assert REASON in page


def test_a_talk_outside_the_scope_cannot_be_asked_for(talk, top):
    other = make_cadre("外人")
    client = browser(top)
    assert client.get(f"{reverse('wellbeing:emergency_new')}?talk=999999").status_code == 404
    page = client.post(reverse("wellbeing:emergency_new"), {"cadre": other.name})
    assert "没有可以调阅的谈话记录" in text_of(page)
