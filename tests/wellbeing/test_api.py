"""Talks over HTTP: metadata by scope, content for talker and superior alone."""

import pytest

from core.access import Role
from core.models import AuditEvent
from tests.factories.api import client_of
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import NOW, make_duty, make_emergency, make_follow_up, make_talk, plan
from wellbeing.choices.talks import GlassState, TalkState
from wellbeing.models import EmergencyAccess, Talk

pytestmark = pytest.mark.django_db
API = "/api/v1/"
TEXTS = {"thinking": "想法在此", "summary": "摘要在此", "assessment": "研判在此"}


def everything(client, path):
    return str(client.get(API + path).data)


def test_lists_hold_no_content(cadre, talker, own):
    talk = make_talk(cadre, talker=talker, state=TalkState.SIGNING, texts=TEXTS)
    make_duty(cadre, talker=talker)
    make_follow_up(talk, matter="事项在此")
    for user in (talker, own, make_account(Role.PARTY)):
        client = client_of(user)
        for path in ("talks/", f"talks/{talk.pk}/", "talk-duties/", "follow-ups/"):
            assert "在此" not in everything(client, path), path
    assert client_of(talker).get(API + "talks/").data["results"][0]["state"] == "signing"


def test_the_content_is_for_talker_and_superior(cadre, talker, own):
    superior, top = make_account(Role.VICE_LEADER), make_account(Role.TOP_LEADER)
    talk = make_talk(cadre, talker=talker, state=TalkState.SIGNING, texts=TEXTS, superior=superior)
    asked = make_emergency(talk, by=top)
    EmergencyAccess.objects.filter(pk=asked.pk).update(
        state=GlassState.OPEN, decided_by=superior, decided_at=NOW, expires_at="2999-01-01T00:00Z"
    )
    path = f"{API}talks/{talk.pk}/content/"
    for user in (talker, superior):
        assert client_of(user).get(path).data["thinking"] == "想法在此"
    assert AuditEvent.objects.filter(action="talk.open").count() == 2
    for user in (own, top, make_account(Role.HR), make_account(Role.PARTY), make_account(Role.AUDITOR)):
        assert client_of(user).get(path).status_code == 404


def test_drafts_are_saved_with_a_version(cadre, talker):
    talk, client = plan(cadre, talker=talker), client_of(talker)
    path = f"{API}talks/{talk.pk}/content/"
    saved = client.patch(path, {"version": 0, "thinking": "第一稿"}, format="json")
    assert (saved.status_code, saved.data["version"], saved.data["thinking"]) == (200, 1, "第一稿")
    conflict = client.patch(path, {"version": 0, "thinking": "旧"}, format="json")
    assert (conflict.status_code, conflict.data["code"]) == (409, "conflict")
    for sent in ({"version": 1, "remark": "x"}, {"version": 1, "talker": 1}, {"thinking": "x"}):
        assert client.patch(path, sent, format="json").status_code == 400
    assert client.patch(f"{API}talks/{talk.pk}/", {"state": "archived"}, format="json").status_code in (
        403,
        404,
        405,
    )


def test_a_talker_plans_an_own_talk(cadre, talker):
    client = client_of(talker)
    made = client.post(API + "talks/", {"cadre": cadre.pk, "kind": "care"}, format="json")
    assert made.status_code == 201, made.data
    talk = Talk.objects.get()
    assert (talk.talker, talk.kind, talk.state) == (talker, "care", TalkState.PLANNED)
    elsewhere = make_cadre()
    for sent in (
        {"cadre": elsewhere.pk},
        {"cadre": cadre.pk, "talker": 1},
        {"cadre": cadre.pk, "state": "final"},
    ):
        assert client.post(API + "talks/", sent, format="json").status_code == 400


def test_filters_are_a_closed_list(talker):
    client = client_of(talker)
    for query in ("thinking=x", "content__thinking=x", "ordering=summary", "cadre__id_number=1"):
        assert client.get(f"{API}talks/?{query}").status_code == 400
    assert client.get(f"{API}talks/?state=final&year={TODAY.year}&ordering=-held_on").status_code == 200
