"""Talks and what hangs on them, made through the services as people make them. Everything is invented."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from core.access import Role, Viewer
from people.access import viewer_for
from people.models import Cadre, Unit, User
from tests.factories.people import TODAY, make_account
from wellbeing.choices.followups import FollowUpCategory
from wellbeing.choices.inspections import InspectionKind, Outcome
from wellbeing.choices.talks import GlassReason, TalkState
from wellbeing.choices.triggers import TalkerRelation, TriggerCode
from wellbeing.models import (
    EmergencyAccess,
    Finding,
    FollowUp,
    Inspection,
    LegalHold,
    Talk,
    TalkDuty,
    TalkSlot,
)
from wellbeing.services.drafting import WRITTEN_FIELDS, Draft, finalise_talk, save_draft, set_details
from wellbeing.services.findings import add_finding, decide_outcome, order_rectification
from wellbeing.services.followups import open_follow_up
from wellbeing.services.inspections import check_inspection, plan_inspection
from wellbeing.services.talks import plan_talk, release_summary

NOW = timezone.make_aware(datetime(2026, 11, 2, 9, 0))


def talker_account(**values: Any) -> User:
    return make_account(Role.DEPARTMENT_HEAD, **values)


def viewer_of(user: User, on: date = TODAY) -> Viewer:
    return viewer_for(user, on=on)


def plan(cadre: Cadre, *, talker: User | None = None, **values: Any) -> Talk:
    talker = talker or talker_account()
    on = values.pop("on", TODAY)
    return plan_talk(cadre=cadre, talker=talker, values=values, by=viewer_of(talker, on), on=on)


def write(talk: Talk, *, at: datetime = NOW, version: int = 0, **texts: str) -> int:
    texts = dict.fromkeys(WRITTEN_FIELDS, "") | (texts or {"thinking": "想法", "summary": "摘要"})
    return save_draft(talk=talk, draft=Draft(texts, version), by=viewer_of(talk.talker), at=at)


def make_talk(
    cadre: Cadre,
    *,
    talker: User | None = None,
    held_on: date = TODAY,
    state: TalkState = TalkState.FINAL,
    texts: dict[str, str] | None = None,
    at: datetime = NOW,
    **values: Any,
) -> Talk:
    """A talk taken as far as `state` by its talker."""
    talk = plan(cadre, talker=talker, held_on=held_on, on=held_on, **values)
    by = viewer_of(talk.talker, held_on)
    if state == TalkState.PLANNED:
        return talk
    written = dict.fromkeys(WRITTEN_FIELDS, "") | (texts or {"thinking": "想法", "summary": "摘要"})
    if state == TalkState.DRAFT:
        save_draft(talk=talk, draft=Draft(written, 0), by=by, at=at)
        return talk
    set_details(talk=talk, values={"held_on": held_on}, by=by)
    finalise_talk(talk=talk, draft=Draft(written, 0), by=by, at=at, on=held_on)
    if state == TalkState.SIGNING:
        release_summary(talk=talk, summary=written["summary"], by=by, at=at, on=held_on)
    return talk


def make_slot(
    talker: User | None = None, *, starts_at: datetime | None = None, minutes: int = 30
) -> TalkSlot:
    starts_at = starts_at or timezone.now() + timedelta(days=1)
    return TalkSlot.objects.create(
        talker=talker or talker_account(), starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes)
    )


def make_duty(cadre: Cadre, *, talker: User | None = None, **values: Any) -> TalkDuty:
    defaults = {
        "code": TriggerCode.COMMENDED,
        "occasion_key": "honour:1",
        "occasion_on": TODAY,
        "relation": TalkerRelation.HEAD,
        "raised_on": TODAY,
        "due_on": TODAY + timedelta(days=30),
    }
    return TalkDuty.objects.create(cadre=cadre, talker=talker, **(defaults | values))


def make_emergency(talk: Talk, *, by: User | None = None, at: datetime | None = None) -> EmergencyAccess:
    return EmergencyAccess.objects.create(
        talk=talk,
        category=GlassReason.SAFETY,
        reason="谈话人外出无法联系，须立即了解情况以保障人身安全。",
        asked_by=by or make_account(Role.TOP_LEADER),
        asked_at=at or timezone.now(),
    )


def make_follow_up(talk: Talk, *, owner: User | None = None, **values: Any) -> FollowUp:
    defaults = {
        "category": FollowUpCategory.FAMILY,
        "matter": "协调子女入学材料",
        "due_on": TODAY + timedelta(days=30),
    }
    return open_follow_up(
        talk=talk, owner=owner or make_account(), by=viewer_of(talk.talker), on=TODAY, **(defaults | values)
    )


def hold(cadre: Cadre, *, on: date) -> LegalHold:
    return LegalHold.objects.create(
        cadre=cadre, reason="配合核查", starts_on=on, ordered_by=make_account(Role.DISCIPLINE)
    )


def inspector(**values: Any) -> User:
    return make_account(Role.DISCIPLINE, **values)


def make_inspection(by: User | None = None, *, checked_on: date | None = TODAY, **values: Any) -> Inspection:
    """An inspection of the whole zone, checked unless `checked_on` is None."""
    viewer = viewer_of(by or inspector(), checked_on or TODAY)
    defaults = {"kind": InspectionKind.EFFICIENCY, "title": "机关效能督查", "planned_on": TODAY}
    item_key = values.pop("item_key", "")
    row = plan_inspection(values=defaults | values, by=viewer, item_key=item_key)
    if checked_on:
        check_inspection(inspection=row, checked_on=checked_on, by=viewer, on=checked_on)
    return row


def make_finding(
    unit: Unit, *, cadre: Cadre | None = None, by: User | None = None, on: date = TODAY, **values: Any
) -> Finding:
    """A finding; with `owner`, also ordered to be put right."""
    by = by or inspector()
    inspection = values.pop("inspection", None) or make_inspection(by, checked_on=on)
    viewer = viewer_of(by, on)
    problem = values.pop("problem", "上班时间脱岗")
    row = add_finding(inspection=inspection, unit=unit, cadre=cadre, problem=problem, by=viewer, on=on)
    if owner := values.pop("owner", None):
        defaults = {"measure": "建立去向登记", "due_on": on + timedelta(days=30), "lead": owner}
        order_rectification(finding=row, owner=owner, by=viewer, on=on, **(defaults | values))
    return row


def decide(finding: Finding, *, by: User | None = None, on: date = TODAY, **values: Any) -> Finding:
    defaults = {
        "outcome": Outcome.NOTICE,
        "decided_on": on,
        "effect_from": on if finding.cadre_id else None,
        "effect_to": on + timedelta(days=180) if finding.cadre_id else None,
        "decision": "经研究予以通报",
    }
    decide_outcome(finding=finding, values=defaults | values, by=viewer_of(by or inspector(), on), on=on)
    return finding
