"""What the rest of the product hears of talks: a number, a day, that somebody is busy or owes something."""

from datetime import date, timedelta

import pytest

from core.access import Role
from growth.contracts import Edition, SectionContext, sections_for
from people.access import viewer_for
from people.contracts import duties_of
from people.models import Cadre
from tests.factories.people import TODAY, make_account
from tests.factories.wellbeing import make_duty, make_emergency, make_follow_up, make_talk
from wellbeing.choices.talks import TalkState

pytestmark = pytest.mark.django_db
TEXTS = {"thinking": "不外传的话", "summary": "摘要的话", "assessment": "研判的话"}


def section(cadre, edition=Edition.LEADER, as_of=TODAY):
    placed = Cadre.objects.with_position(as_of).get(pk=cadre.pk)
    found = sections_for(SectionContext(placed, as_of, edition))
    return next((one for one in found if one.key == "wellbeing.talks"), None)


def titles(user):
    return {duty.key: duty.title for duty in duties_of(viewer_for(user, on=TODAY))}


def test_the_growth_file_counts_what_was_held_by_its_day(cadre, talker):
    make_talk(cadre, talker=talker, held_on=date(2025, 12, 1), texts=TEXTS)
    make_talk(cadre, talker=talker, held_on=TODAY, texts=TEXTS)
    make_talk(cadre, talker=talker, state=TalkState.DRAFT, texts=TEXTS)
    facts = {fact.label: fact.value for fact in section(cadre, Edition.ARCHIVE).blocks[0].rows}
    assert facts == {"谈心谈话": "2 次", "2026年度": "已谈话 1 次"}
    assert [fact.value for fact in section(cadre).blocks[0].rows] == ["已谈话 1 次"]
    earlier = section(cadre, Edition.SELF, as_of=date(2025, 12, 31)).blocks[0].rows
    assert [fact.value for fact in earlier] == ["1 次", "已谈话 1 次"]


def test_only_the_own_edition_lists_days_and_none_holds_content(cadre, talker):
    make_talk(cadre, talker=talker, kind="care", texts=TEXTS, state=TalkState.SIGNING)
    for edition in Edition:
        found = section(cadre, edition)
        assert len(found.blocks) == (2 if edition == Edition.SELF else 1)
        assert not [text for text in TEXTS.values() if text in str(found)]
    assert "关爱谈话" in str(section(cadre, Edition.SELF))
    assert "关爱谈话" not in str(section(cadre, Edition.LEADER))


def test_without_a_talk_there_is_no_section(cadre, talker):
    make_talk(cadre, talker=talker, state=TalkState.PLANNED)
    assert section(cadre) is None


def test_each_is_told_what_waits(cadre, talker, own):
    make_duty(cadre, talker=talker, due_on=TODAY + timedelta(days=3))
    talk = make_talk(cadre, talker=talker, state=TalkState.SIGNING, texts=TEXTS)
    make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    owner, vice = make_account(Role.PARTY), make_account(Role.VICE_LEADER)
    make_follow_up(talk, owner=owner)
    make_emergency(talk)
    assert titles(talker)["wellbeing.talks"] == "应谈未谈 1 项"
    assert titles(talker)["wellbeing.drafts"] == "1 次谈话还没有归档"
    assert titles(own)["wellbeing.sign"] == "有谈话摘要待您签阅"
    assert titles(owner)["wellbeing.followups"] == "谈话跟进事项 1 项"
    assert titles(vice)["wellbeing.emergencies"] == "有紧急调阅申请待审批"


def test_no_administrator_is_told_anything(cadre, talker):
    make_emergency(make_talk(cadre, talker=talker, texts=TEXTS))
    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
        assert not [key for key in titles(make_account(role)) if key.startswith("wellbeing")]


def test_a_duty_is_no_ones_but_the_talkers(cadre, talker):
    make_duty(cadre, talker=talker)
    assert "wellbeing.talks" not in titles(make_account(Role.DEPARTMENT_HEAD))
