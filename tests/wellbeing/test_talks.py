"""The life of a talk: planned, written, final, signed, archived; each step by the right person once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from core.vault import path_of as stored_at
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import NOW, make_duty, make_slot, make_talk, plan, viewer_of, write
from wellbeing.choices.talks import TalkState
from wellbeing.choices.triggers import DutyState
from wellbeing.models import Talk, TalkContent, TalkCorrection, TalkFile
from wellbeing.services.door import open_attachment, open_talk, path_of
from wellbeing.services.drafting import Draft, attach_file, drop_attachment, finalise_talk, save_draft
from wellbeing.services.talks import (
    archive_talk,
    assign_superior,
    cancel_talk,
    correct_talk,
    plan_talk,
    release_summary,
    sign_summary,
)

pytestmark = pytest.mark.django_db


def refused(code, act, **values):
    with pytest.raises(DomainError) as refusal:
        act(**values)
    assert refusal.value.code == code


def texts(user, talk):
    return open_talk(viewer=viewer_of(user), talk=talk, at=NOW).texts


# Planning


def test_a_talker_plans_an_own_talk_and_a_planner_anybodys(cadre, talker):
    planner = make_account(Role.PARTY)
    talk = plan_talk(cadre=cadre, talker=talker, values={}, by=viewer_of(planner), on=TODAY)
    assert (talk.state, talk.talker, talk.unit.name) == (TalkState.PLANNED, talker, "党政办公室")
    stranger = make_account(Role.VICE_LEADER)
    refused("not_allowed", plan_talk, cadre=cadre, talker=talker, values={}, by=viewer_of(stranger), on=TODAY)


def test_nobody_talks_with_himself(cadre, talker):
    both = make_account(Role.DEPARTMENT_HEAD, cadre=cadre)
    planner = viewer_of(make_account(Role.PARTY))
    refused("self", plan_talk, cadre=cadre, talker=both, values={}, by=planner, on=TODAY)
    refused("own_record", plan_talk, cadre=cadre, talker=talker, values={}, by=viewer_of(both), on=TODAY)
    refused("self", plan, cadre=cadre, talker=talker, superior=both)
    refused("invalid", plan, cadre=cadre, talker=talker, superior=talker)


def test_the_talker_needs_the_right(cadre):
    nobody, planner = make_account(), viewer_of(make_account(Role.PARTY))
    refused("no_right", plan_talk, cadre=cadre, talker=nobody, values={}, by=planner, on=TODAY)


# Writing


def test_drafts_are_saved_with_a_version_and_never_over_a_newer_one(cadre, talker):
    talk = plan(cadre, talker=talker)
    assert write(talk, thinking="第一稿") == 1
    assert write(talk, version=1, thinking="第二稿") == 2
    refused("conflict", write, talk=talk, version=1, thinking="旧窗口")
    assert texts(talker, talk)["thinking"] == "第二稿"
    assert Talk.objects.get(pk=talk.pk).state == TalkState.DRAFT


def test_only_the_talker_writes(cadre, talker):
    talk = plan(cadre, talker=talker)
    other = viewer_of(make_account(Role.VICE_LEADER))
    refused("not_allowed", save_draft, talk=talk, draft=Draft({"work": "x"}, 0), by=other, at=NOW)


def test_one_stretch_of_writing_is_one_audit_event(cadre, talker):
    talk = plan(cadre, talker=talker)
    for version in range(5):
        write(talk, version=version, at=NOW + timedelta(minutes=version), thinking=str(version))
    saves = AuditEvent.objects.filter(action="talk.save", object_id=str(talk.pk))
    assert saves.count() == 1
    write(talk, version=5, at=NOW + timedelta(minutes=30), thinking="later")
    assert saves.count() == 2


def test_a_talk_becomes_final_with_a_day_that_has_come_and_something_said(cadre, talker):
    talk, by = plan(cadre, talker=talker), viewer_of(talker)
    said = Draft({"thinking": "x"}, 0)
    refused("no_day", finalise_talk, talk=talk, draft=said, by=by, at=NOW, on=TODAY)
    talk.held_on = TODAY + timedelta(days=1)
    refused("day_ahead", finalise_talk, talk=talk, draft=said, by=by, at=NOW, on=TODAY)
    talk.held_on = TODAY
    talk.save()
    nothing = Draft({"mood": "steady", "assessment": "x"}, 0)
    refused("nothing_written", finalise_talk, talk=talk, draft=nothing, by=by, at=NOW, on=TODAY)
    finalise_talk(talk=talk, draft=said, by=by, at=NOW, on=TODAY)
    refused("not_writable", write, talk=talk, version=1, thinking="nachher")
    assert Talk.objects.get(pk=talk.pk).finalised_at == NOW


def test_a_final_talk_closes_the_duties_it_answers(cadre, talker):
    other = make_account(Role.VICE_LEADER)
    own = make_duty(cadre, talker=talker, occasion_key="a")
    elses = make_duty(cadre, talker=other, occasion_key="b")
    yearly = make_duty(cadre, talker=other, code="yearly", occasion_key="2026-1/1", due_on=TODAY)
    later = make_duty(
        cadre, talker=talker, code="yearly", occasion_key="2027-1/1", occasion_on=TODAY + timedelta(days=90)
    )
    talk = make_talk(cadre, talker=talker, reason="commended")
    for duty in (own, elses, yearly, later):
        duty.refresh_from_db()
    assert [duty.state for duty in (own, elses, yearly, later)] == ["done", "open", "done", "open"]
    assert (own.talk, own.done_on) == (talk, TODAY)


def test_one_duty_takes_one_talk(cadre, talker):
    duty, by = make_duty(cadre, talker=talker), viewer_of(talker)
    first = plan_talk(cadre=cadre, talker=talker, values={}, by=by, on=TODAY, duty=duty)
    refused("conflict", plan_talk, cadre=cadre, talker=talker, values={}, by=by, on=TODAY, duty=duty)
    cancel_talk(talk=first, by=by)
    duty.refresh_from_db()
    assert (duty.state, duty.talk) == (DutyState.OPEN, None)


# Signature and archive


def test_the_cadre_signs_the_summary_once(cadre, talker, own):
    talk = make_talk(cadre, talker=talker, texts={"thinking": "x", "summary": ""})
    by, on = viewer_of(talker), TODAY
    refused("nothing_written", release_summary, talk=talk, summary=" ", by=by, at=NOW, on=on)
    release_summary(talk=talk, summary="谈了培训", by=by, at=NOW, on=on)
    assert Notification.objects.filter(recipient=own, kind="wellbeing.sign").count() == 1
    refused("not_allowed", sign_summary, talk=talk, remark="", by=by, at=NOW)
    sign_summary(talk=talk, remark="同意", by=viewer_of(own), at=NOW)
    assert texts(own, talk) == {"summary": "谈了培训", "remark": "同意"}
    assert texts(talker, talk)["remark"] == "同意"
    refused("wrong_state", sign_summary, talk=talk, remark="", by=viewer_of(own), at=NOW)
    assert (talk.state, talk.signed_at, talk.archived_at) == (TalkState.ARCHIVED, NOW, NOW)


def test_two_presses_of_one_step_make_one(cadre, talker):
    talk = make_talk(cadre, talker=talker)
    stale = Talk.objects.get(pk=talk.pk)
    archive_talk(talk=talk, by=viewer_of(talker), at=NOW)
    refused("conflict", archive_talk, talk=stale, by=viewer_of(talker), at=NOW)


def test_after_the_archive_only_corrections_are_added(cadre, talker):
    superior = make_account(Role.VICE_LEADER)
    talk = make_talk(cadre, talker=talker, superior=superior)
    by = viewer_of(talker)
    refused("wrong_state", correct_talk, talk=talk, text="补充", by=by, at=NOW)
    archive_talk(talk=talk, by=by, at=NOW)
    before = texts(talker, talk)
    correct_talk(talk=talk, text="日期应为 10 月 30 日", by=by, at=NOW)
    correct_talk(talk=talk, text="已阅", by=viewer_of(superior), at=NOW + timedelta(hours=1))
    found = open_talk(viewer=by, talk=talk, at=NOW)
    assert [row.text for row in found.corrections] == ["日期应为 10 月 30 日", "已阅"]
    assert found.texts == before
    other = viewer_of(make_account(Role.TOP_LEADER))
    refused("not_allowed", correct_talk, talk=talk, text="x", by=other, at=NOW)
    refused("nothing_written", correct_talk, talk=talk, text=" ", by=by, at=NOW)


def test_a_cancelled_talk_leaves_nothing_and_frees_its_time(cadre, talker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    talk = make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    slot = make_slot(talker)
    type(slot).objects.filter(pk=slot.pk).update(cadre=cadre, talk=talk)
    attach_file(talk=talk, upload=SimpleUploadedFile("a.txt", b"x"), by=viewer_of(talker), at=NOW)
    planner = viewer_of(make_account(Role.PARTY))
    refused("wrong_state", cancel_talk, talk=talk, by=planner)
    cancel_talk(talk=talk, by=viewer_of(talker))
    slot.refresh_from_db()
    assert (slot.cadre, slot.talk) == (None, None)
    assert not TalkContent.objects.exists()
    assert not TalkFile.objects.exists()


def test_who_names_the_superior(cadre, talker):
    talk = make_talk(cadre, talker=talker)
    vice, nobody = make_account(Role.VICE_LEADER), make_account()
    refused("not_allowed", assign_superior, talk=talk, superior=vice, by=viewer_of(vice))
    refused("no_right", assign_superior, talk=talk, superior=nobody, by=viewer_of(talker))
    assign_superior(talk=talk, superior=vice, by=viewer_of(talker))
    event = AuditEvent.objects.order_by("-seq").first()
    assert event.changes["superior"] == [None, vice.name]


# Attachments


def test_attachments_are_sealed_with_their_names(cadre, talker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    talk = make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    upload = SimpleUploadedFile("家访记录.txt", "家访情况".encode())
    row = attach_file(talk=talk, upload=upload, by=viewer_of(talker), at=NOW)
    stored = stored_at(path_of(row)).read_bytes()
    assert "家访情况".encode() not in stored
    assert "家访" not in row.name
    found = open_attachment(viewer=viewer_of(talker), talk=talk, pk=row.pk, at=NOW)
    assert (found.name, found.data.decode()) == ("家访记录.txt", "家访情况")
    assert "家访" not in repr(found)
    drop_attachment(talk=talk, pk=row.pk, by=viewer_of(talker))
    with pytest.raises(Talk.DoesNotExist):
        open_attachment(viewer=viewer_of(talker), talk=talk, pk=row.pk, at=NOW)


def test_what_is_no_document_is_refused(cadre, talker):
    talk = make_talk(cadre, talker=talker, state=TalkState.DRAFT)
    upload = SimpleUploadedFile("x.pdf", b"<html>")
    refused("wrong_content", attach_file, talk=talk, upload=upload, by=viewer_of(talker), at=NOW)


# The database refuses nonsense


def test_states_and_times_go_together(cadre, talker):
    talk = make_talk(cadre, talker=talker)
    for wrong in (
        {"superior": talker},
        {"held_on": None},
        {"state": "archived"},
        {"state": "signing"},
        {"signed_at": NOW},
        {"planned_from": NOW, "planned_to": NOW},
    ):
        with pytest.raises(IntegrityError):
            _update(talk, wrong)


def _update(talk, values):
    from django.db import transaction

    with transaction.atomic():
        Talk.objects.filter(pk=talk.pk).update(**values)


def test_a_correction_of_an_erased_talk_is_refused(cadre, talker):
    talk = make_talk(cadre, talker=talker)
    archive_talk(talk=talk, by=viewer_of(talker), at=NOW)
    talk.erased_at = NOW
    refused("wrong_state", correct_talk, talk=talk, text="x", by=viewer_of(talker), at=NOW)
    assert not TalkCorrection.objects.exists()


def test_another_cadre_of_the_same_name_is_another_talk(talker):
    one, two = make_cadre("张伟"), make_cadre("张伟")
    make_talk(one, talker=talker)
    assert not Talk.objects.filter(cadre=two).exists()
