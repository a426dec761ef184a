"""Wishes and difficulties, followed to the end; outside this room they are a category."""

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from people.contracts import obstacles_to
from people.models import Post
from tests.factories.people import TODAY, make_account
from tests.factories.wellbeing import NOW, make_follow_up, make_talk, viewer_of
from wellbeing.choices.followups import FollowUpState
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.choices.talks import TalkState
from wellbeing.models import FollowUp
from wellbeing.services.consents import give_consent, withdraw_consent
from wellbeing.services.followups import (
    close_follow_up,
    hand_over_follow_up,
    read_follow_up,
    tell_back,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_account(Role.PARTY, name="徐示例")


@pytest.fixture
def talk(cadre, talker):
    return make_talk(cadre, talker=talker)


def refused(code, act, **values):
    with pytest.raises(DomainError) as refusal:
        act(**values)
    assert refusal.value.code == code


def read(user, row):
    return read_follow_up(viewer=viewer_of(user), row=row)


def seen_by(user):
    return set(FollowUp.objects.visible_to(viewer_of(user)))


def close(row, user, **values):
    close_follow_up(
        row=row, **({"solved": True, "result": "已入学"} | values), by=viewer_of(user), at=NOW, on=TODAY
    )


def test_from_a_talk_to_an_owner_and_back_to_the_cadre(talk, talker, owner, own):
    row = make_follow_up(talk, owner=owner)
    assert Notification.objects.filter(recipient=owner, kind="wellbeing.followup").exists()
    assert read(owner, row) == {"matter": "协调子女入学材料", "result": ""}
    refused("wrong_state", tell_back, row=row, by=viewer_of(owner), at=NOW, on=TODAY)
    close(row, owner)
    assert Notification.objects.filter(recipient=talker, kind="wellbeing.followup").exists()
    assert read(own, row)["result"] == ""
    tell_back(row=row, by=viewer_of(talker), at=NOW, on=TODAY)
    assert read(own, row)["result"] == "已入学"
    refused("conflict", tell_back, row=row, by=viewer_of(owner), at=NOW, on=TODAY)
    assert (row.state, row.told_by) == (FollowUpState.DONE, talker)


def test_whom_it_exists_for(talk, talker, owner, own):
    row = make_follow_up(talk, owner=owner)
    assert all(seen_by(user) == {row} for user in (talker, owner, own))
    for role in set(Role) - {Role.CADRE}:
        assert seen_by(make_account(role)) == set()


def test_the_owner_reads_the_matter_but_not_the_talk(talk, owner):
    from wellbeing.models import Talk
    from wellbeing.services.door import open_talk

    row = make_follow_up(talk, owner=owner)
    assert read(owner, row)["matter"]
    with pytest.raises(Talk.DoesNotExist):
        open_talk(viewer=viewer_of(owner), talk=talk, at=NOW)


def test_each_reading_leaves_a_trace(talk, owner):
    row = make_follow_up(talk, owner=owner)
    read(owner, row)
    event = AuditEvent.objects.order_by("-seq").first()
    assert (event.action, event.reason) == ("talk.open", "跟进事项")
    assert "入学" not in str(vars(event))


def test_who_hands_over_what(cadre, talk, talker, owner, own):
    refused("not_allowed", close, row=make_follow_up(talk, owner=owner), user=talker)
    refused("self", make_follow_up, talk=talk, owner=own)
    refused("past", make_follow_up, talk=talk, owner=owner, due_on=TODAY - timedelta(days=1))
    refused("nothing_written", make_follow_up, talk=talk, owner=owner, matter=" ")
    draft = make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    refused("wrong_state", make_follow_up, talk=draft, owner=owner)


def test_nothing_new_is_handed_on_once_the_consent_is_taken_back(talk, owner, own):
    purpose, by = ConsentPurpose.TALK_FOLLOW_UP, viewer_of(own)
    give_consent(purpose=purpose, by=by, at=NOW)
    running = make_follow_up(talk, owner=owner)
    withdraw_consent(purpose=purpose, by=by, at=NOW)
    refused("consent_withdrawn", make_follow_up, talk=talk, owner=owner)
    close(running, owner)
    give_consent(purpose=purpose, by=by, at=NOW)
    assert make_follow_up(talk, owner=owner)


def test_a_new_owner_shuts_out_the_old_one(talk, talker, owner):
    row, other = make_follow_up(talk, owner=owner), make_account(Role.HR)
    refused("not_allowed", hand_over_follow_up, row=row, owner=other, by=viewer_of(owner), on=TODAY)
    hand_over_follow_up(row=row, owner=other, by=viewer_of(talker), on=TODAY)
    assert seen_by(owner) == set()
    assert seen_by(other) == {row}


def test_it_is_closed_once(talk, owner):
    row = make_follow_up(talk, owner=owner)
    close(row, owner, solved=False, result="政策不允许")
    refused("conflict", close, row=row, user=owner)
    assert row.state == FollowUpState.IMPOSSIBLE


def test_rotation_hears_a_category_and_no_more(cadre, talk, office, owner):
    make_follow_up(talk, owner=owner, category="family")
    make_follow_up(talk, owner=owner, category="work")
    closed = make_follow_up(talk, owner=owner, category="health")
    close(closed, owner)
    post = Post.objects.create(unit=office, title="主任")
    found = [o for o in obstacles_to(cadre, post, on=TODAY) if o.source == "谈心谈话"]
    assert [(o.code, o.severity) for o in found] == [("follow_up.family", "consider")]
    assert "入学" not in found[0].message
