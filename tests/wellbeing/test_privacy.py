"""Consent, retention, legal hold, erasure, the own copy, and who read the record."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.access import Role
from core.audit import record
from core.classification import Sensitivity, sensitivity_of
from core.errors import DomainError
from people.contracts import duties_of
from people.models import Cadre, FamilyMember, Honour
from tests.factories.care import clerk, make_activity, make_event, make_support, start
from tests.factories.checkups import line_of, make_campaign
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import (
    NOW,
    hold,
    make_duty,
    make_emergency,
    make_follow_up,
    make_slot,
    make_talk,
    viewer_of,
)
from tests.wellbeing.conftest import browser, text_of
from wellbeing.choices.privacy import ConsentPurpose, KeptKind
from wellbeing.choices.talks import TalkState
from wellbeing.models import (
    Activity,
    ActivitySignUp,
    CadreKey,
    CareAllowance,
    CareCase,
    CareEvent,
    CareSupport,
    CheckupMember,
    Consent,
    EmergencyAccess,
    FollowUp,
    LegalHold,
    RetentionRule,
    Talk,
    TalkContent,
    TalkDuty,
    TalkSlot,
)
from wellbeing.purposes import CONSENT_TEXTS, consent_text, consent_version
from wellbeing.queries.privacy import readings_of
from wellbeing.queries.talks import talk_counts
from wellbeing.sealing.keys import ErasedError, key_for, key_of
from wellbeing.services.consents import give_consent, has_consented, withdraw_consent
from wellbeing.services.followups import close_follow_up
from wellbeing.services.privacy import erase_cadre, hold_cadre, lift_hold, own_data
from wellbeing.services.retention import KEPT, apply_retention, cleared_models
from wellbeing.services.talks import archive_talk

pytestmark = pytest.mark.django_db
OLD = NOW - timedelta(days=366 * 6)
LOCKER = ConsentPurpose.HEALTH_LOCKER


def refused(code, act, **values):
    with pytest.raises(DomainError) as refusal:
        act(**values)
    assert refusal.value.code == code


# Consent


def test_consent_is_given_to_a_purpose_and_can_be_taken_back(cadre, own):
    by = viewer_of(own)
    assert not has_consented(cadre.pk, LOCKER)
    give_consent(purpose=LOCKER, by=by, at=NOW)
    refused("invalid", give_consent, purpose=LOCKER, by=by, at=NOW)
    assert has_consented(cadre.pk, LOCKER)
    assert not has_consented(cadre.pk, ConsentPurpose.HARDSHIP_AID)
    withdraw_consent(purpose=LOCKER, by=by, at=NOW)
    refused("no_consent", withdraw_consent, purpose=LOCKER, by=by, at=NOW)
    give_consent(purpose=LOCKER, by=by, at=NOW)
    assert Consent.objects.count() == 2
    refused("not_allowed", give_consent, purpose=LOCKER, by=viewer_of(make_account(Role.HR)), at=NOW)


def test_an_older_text_is_no_consent_to_the_new_one(cadre, own, monkeypatch):
    give_consent(purpose=LOCKER, by=viewer_of(own), at=NOW)
    earlier = CONSENT_TEXTS[LOCKER]
    monkeypatch.setitem(CONSENT_TEXTS, LOCKER, (*earlier, "改过的告知书"))
    assert not has_consented(cadre.pk, LOCKER)
    page = text_of(browser(own).get(reverse("wellbeing:privacy")))
    assert "改过的告知书" in page
    assert "待重新同意" in page
    assert [(d.key, d.count) for d in duties_of(viewer_of(own)) if d.key == "wellbeing.consents"] == [
        ("wellbeing.consents", 1)
    ]
    browser(own).post(reverse("wellbeing:consent_give", args=[LOCKER.value]))
    assert has_consented(cadre.pk, LOCKER)
    kept = [(row.text_version, row.withdrawn_at is None) for row in Consent.objects.order_by("text_version")]
    assert kept == [(len(earlier), False), (len(earlier) + 1, True)]
    assert "待重新同意" not in text_of(browser(own).get(reverse("wellbeing:privacy")))
    assert not [d for d in duties_of(viewer_of(own)) if d.key == "wellbeing.consents"]


def test_the_text_about_help_names_who_really_reads_the_reason(cadre):
    """The first text promised that the approver sees the reason; only the handler and a helper do."""
    assert consent_version(ConsentPurpose.HARDSHIP_AID) == 2
    assert "审批人和领导只看到困难类型和金额" in consent_text(ConsentPurpose.HARDSHIP_AID)
    Consent.objects.create(cadre=cadre, purpose="hardship_aid", text_version=1, given_at=NOW)
    assert not has_consented(cadre.pk, ConsentPurpose.HARDSHIP_AID)


# Retention


def old_talk(cadre, talker):
    talk = make_talk(cadre, talker=talker, held_on=OLD.date(), at=OLD)
    archive_talk(talk=talk, by=viewer_of(talker), at=OLD)
    return talk


def test_what_is_past_its_time_goes_and_the_figures_stay(cadre, talker):
    old, new = old_talk(cadre, talker), make_talk(cadre, talker=talker)
    archive_talk(talk=new, by=viewer_of(talker), at=NOW)
    row = make_follow_up(new)
    close_follow_up(row=row, solved=True, result="好", by=viewer_of(row.owner), at=OLD, on=TODAY)
    make_duty(cadre, due_on=OLD.date(), state="done", done_on=OLD.date())
    make_slot(talker, starts_at=OLD)
    asked = make_emergency(new)
    EmergencyAccess.objects.filter(pk=asked.pk).update(
        state="reviewed", reviewed_at=OLD, reviewed_by=talker, verdict="proper"
    )
    before = talk_counts([cadre.pk], until=TODAY)
    done = apply_retention(on=TODAY, at=NOW)
    assert done.counts == {
        "talk_content": 1,
        "inspections": 0,
        "talk_duties": 2,
        "follow_ups": 1,
        "emergency": 1,
        "care_reasons": 0,
        "checkups": 0,
        "recreation": 0,
        "consents": 0,
        "holds": 0,
    }
    old.refresh_from_db()
    assert old.erased_at == NOW
    assert [content.talk for content in TalkContent.objects.all()] == [new]
    assert (FollowUp.objects.get().matter, FollowUp.objects.get().result) == ("", "")
    for model in (TalkDuty, TalkSlot, EmergencyAccess):
        assert not model.objects.exists()
    assert talk_counts([cadre.pk], until=TODAY) == before
    assert not any(apply_retention(on=TODAY, at=NOW).counts.values())


def test_a_hold_keeps_everything_until_it_is_lifted(cadre, talker):
    old_talk(cadre, talker)
    row = hold(cadre, on=TODAY)
    assert not any(apply_retention(on=TODAY, at=NOW).counts.values())
    refused("held", erase_cadre, cadre=cadre, reason="本人申请", by=None, on=TODAY, at=NOW)
    lift_hold(hold=row, by=viewer_of(row.ordered_by), on=TODAY)
    assert apply_retention(on=TODAY + timedelta(days=1), at=NOW).counts["talk_content"] == 1


def test_a_longer_period_keeps_longer(cadre, talker):
    old_talk(cadre, talker)
    RetentionRule.objects.filter(kind="talk_content").update(years=10)
    assert not any(apply_retention(on=TODAY, at=NOW).counts.values())


def test_every_table_about_a_person_has_its_time():
    models = apps.get_app_config("wellbeing").get_models()
    personal = {
        model
        for model in models
        for field in model._meta.concrete_fields
        if sensitivity_of(model, field.name) > Sensitivity.PLAIN
    }
    assert personal == cleared_models() | set(KEPT)
    kinds = set(RetentionRule.objects.values_list("kind", flat=True))
    assert kinds == set(KeptKind.values)


def test_of_an_old_checkup_only_done_or_not_stays(cadre):
    campaign = make_campaign()
    long_ago = {"year": OLD.year, "starts_on": OLD.date(), "ends_on": OLD.date()}
    type(campaign).objects.filter(pk=campaign.pk).update(**long_ago)
    went, rows, other = line_of(campaign, cadre), CheckupMember.objects, make_cadre()
    rows.filter(pk=went.pk).update(state="done", recheck_needed=True, recheck_done=True)
    rows.create(campaign=campaign, cadre=make_cadre(), state="removed", removed_for="left")
    rows.create(campaign=campaign, cadre=make_cadre(), state="deferred", deferred_for="trip")
    held = rows.create(campaign=campaign, cadre=other, state="done", recheck_needed=True)
    row = hold(other, on=TODAY)
    assert apply_retention(on=TODAY, at=NOW).counts["checkups"] == 3
    left = rows.order_by("pk").values_list("pk", "state", "recheck_needed", "recheck_done")
    assert list(left) == [(went.pk, "done", False, False), (held.pk, "done", True, False)]
    lift_hold(hold=row, by=viewer_of(row.ordered_by), on=TODAY)
    assert apply_retention(on=TODAY + timedelta(days=1), at=NOW).counts["checkups"] == 1


def test_what_was_never_given_and_help_that_ended_lose_their_words(cadre):
    by, old = clerk(), OLD.date()
    withdrawn = start(make_event(cadre, happened_on=TODAY), by, reason="住院")
    CareCase.objects.filter(pk=withdrawn.pk).update(state="withdrawn", applied_on=old)
    reported = make_event(cadre, cause="marriage", happened_on=old, detail="说明")
    Consent.objects.all().delete()
    support = make_support(cadre)
    CareSupport.objects.filter(pk=support.pk).update(state="ended", starts_on=old, until=old, ended_on=old)
    CareAllowance.objects.update_or_create(cadre=cadre, kind="birthday", year=old.year - 1)
    assert apply_retention(on=TODAY, at=NOW).counts["care_reasons"] == 4
    assert CareCase.objects.get().reason == ""
    assert CareEvent.objects.get(pk=reported.pk).detail == ""
    assert CareSupport.objects.get().situation == ""
    assert not CareAllowance.objects.filter(year__lt=TODAY.year).exists()
    assert apply_retention(on=TODAY, at=NOW).counts["care_reasons"] == 0


def test_old_sign_ups_consents_and_holds_go_but_who_took_part_is_counted(cadre):
    activity = make_activity()
    ActivitySignUp.objects.create(activity=activity, cadre=cadre, state="seated", attended=True)
    for values in ({"state": "left"}, {"state": "seated", "attended": False}):
        ActivitySignUp.objects.create(activity=activity, cadre=make_cadre(), **values)
    Activity.objects.filter(pk=activity.pk).update(
        opens_at=OLD, closes_at=OLD + timedelta(hours=1), starts_at=OLD + timedelta(days=1),
        ends_at=OLD + timedelta(days=2),
    )  # fmt: skip
    Consent.objects.create(cadre=cadre, purpose=LOCKER, text_version=1, given_at=OLD, withdrawn_at=OLD)
    Consent.objects.create(cadre=cadre, purpose=LOCKER, text_version=1, given_at=OLD)
    row = hold(make_cadre(), on=OLD.date())
    LegalHold.objects.filter(pk=row.pk).update(ends_on=OLD.date())
    counts = apply_retention(on=TODAY, at=NOW).counts
    assert (counts["recreation"], counts["consents"], counts["holds"]) == (2, 1, 1)
    assert list(ActivitySignUp.objects.values_list("attended", flat=True)) == [True]
    assert Consent.objects.get().withdrawn_at is None


def test_only_discipline_holds_and_not_itself(cadre):
    refused("not_allowed", hold_cadre, cadre=cadre, reason="x", by=viewer_of(make_account(Role.HR)), on=TODAY)
    by = viewer_of(make_account(Role.DISCIPLINE))
    hold_cadre(cadre=cadre, reason="配合核查", by=by, on=TODAY)
    refused("held", hold_cadre, cadre=cadre, reason="配合核查", by=by, on=TODAY)
    mine = viewer_of(make_account(Role.DISCIPLINE, cadre=cadre))
    refused("not_allowed", lift_hold, hold=LegalHold.objects.get(), by=mine, on=TODAY)


# Erasure


def test_without_the_key_a_kept_copy_opens_no_more(cadre, talker):
    talk = make_talk(cadre, talker=talker)
    make_follow_up(talk)
    copy = TalkContent.objects.get(talk=talk)
    key = key_for(cadre)
    erase_cadre(cadre=cadre, reason="本人申请", by=None, on=TODAY, at=NOW)
    assert CadreKey.objects.get().destroyed_at == NOW
    with pytest.raises(ErasedError):
        key_of(cadre.pk)
    assert copy.thinking.startswith("seal1$")
    assert repr(key.secret) not in repr(CadreKey.objects.get().__dict__)
    talk.refresh_from_db()
    assert talk.erased_at == NOW
    page = browser(talker).get(reverse("wellbeing:talk", args=[talk.pk]))
    assert page.status_code == 200
    assert "清除" in text_of(page)
    with pytest.raises(ErasedError):
        make_talk(cadre, talker=talker)


def test_the_command_asks_twice(cadre):
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_subject", cadre.staff_no, "--reason", "本人申请")
    with pytest.raises(CommandError, match="没有工号"):
        call_command("erase_subject", "nobody", "--reason", "x", "--yes")
    out = StringIO()
    call_command("erase_subject", cadre.staff_no, "--reason", "本人申请", "--yes", stdout=out)
    assert "已清除" in out.getvalue()


# The own copy


def test_the_own_copy_holds_the_released_summary_and_not_the_record(cadre, talker, own):
    texts = {"thinking": "密不外传", "summary": "双方确认", "assessment": "研判"}
    talk = make_talk(cadre, talker=talker, state=TalkState.SIGNING, texts=texts)
    make_talk(make_cadre(), talker=talker, texts=texts)
    make_follow_up(talk)
    found = json.dumps(own_data(viewer=viewer_of(own), at=NOW), ensure_ascii=False, default=str)
    assert "双方确认" in found
    assert "协调子女入学材料" in found
    assert "密不外传" not in found
    assert "研判" not in found
    refused("not_allowed", own_data, viewer=viewer_of(make_account(Role.HR)), at=NOW)


def test_the_own_copy_holds_the_record_and_what_the_growth_file_shows(cadre, own):
    cadre.phone = "13900001111"
    cadre.save()
    FamilyMember.objects.create(cadre=cadre, relation="配偶", name="李某", workplace="某校")
    Honour.objects.create(cadre=cadre, title="先进工作者", awarding_body="管委会", awarded_on=TODAY)
    activity = make_activity()
    ActivitySignUp.objects.create(activity=activity, cadre=cadre, state="seated")
    make_support(cadre)
    others = make_cadre("别人", phone="13900002222")
    FamilyMember.objects.create(cadre=others, relation="配偶", name="王某")
    parts = own_data(viewer=viewer_of(own), at=NOW)
    assert parts["基本信息"][0]["联系电话"] == "13900001111"
    assert [row["姓名"] for row in parts["家庭成员"]] == ["李某"]
    assert [row["活动"] for row in parts["文体活动"]] == [activity.title]
    assert len(parts["结对帮扶"]) == 1
    found = json.dumps(parts, ensure_ascii=False, default=str)
    assert "先进工作者" in found
    assert not [word for word in ("别人", "王某", "13900002222", "svg") if word in found]


def test_the_file_is_one_press_away(own, cadre, talker):
    make_talk(cadre, talker=talker)
    answer = browser(own).post(reverse("wellbeing:own_data"))
    assert answer["Content-Type"] == "application/json"
    assert len(json.loads(answer.content)["谈心谈话"]) == 1


# Who read my record


def test_the_cadre_sees_who_read_and_why(cadre, own, talker):
    talk = make_talk(cadre, talker=talker)
    hr, at = viewer_of(make_account(Role.HR, name="周敏")), NOW
    record(action="cadre.read", by=hr, subject=cadre, label="家庭成员", reason="核对档案", at=at)
    record(action="cadre.read", by=hr, subject=make_cadre(), at=at)
    record(action="cadre.read", by=viewer_of(own), subject=cadre, at=at)
    record(action="glass.open", by=hr, subject=talk, reason="人身安全", at=at)
    found = readings_of(cadre.pk, viewer=viewer_of(own), at=at + timedelta(days=1))
    assert [(r.reader, r.roles, r.what, r.reason) for r in found] == [
        ("周敏", "组织人事专员", "查看敏感信息", "核对档案")
    ]
    later = readings_of(cadre.pk, viewer=viewer_of(own), at=at + timedelta(days=31))
    assert [r.what for r in later] == ["紧急调阅打开内容", "查看敏感信息"]
    assert "核对档案" in text_of(browser(own).get(reverse("wellbeing:privacy")))


def test_whoever_has_no_own_record_has_no_such_page():
    assert browser(make_account(Role.HR)).get(reverse("wellbeing:privacy")).status_code == 404
    assert not Cadre.objects.exists()
    assert not Talk.objects.exists()
