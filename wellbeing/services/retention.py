"""What is past its time is cleared; what is counted (that a talk was held) stays, so figures do not move.

Each kind says which tables it clears. A test fails for a table with personal fields that is in none of them
and not among those of KEPT.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from core.audit import record
from core.choices import AuditAction
from core.periods import covers
from wellbeing.choices.care import LIVE, CareState, SupportState
from wellbeing.choices.checkups import EXPECTED
from wellbeing.choices.followups import FollowUpState
from wellbeing.choices.privacy import KeptKind
from wellbeing.choices.recreation import SignUpState
from wellbeing.choices.talks import TalkState
from wellbeing.choices.triggers import UNMET_STATES
from wellbeing.models import (
    ActivitySignUp,
    CadreKey,
    CareAllowance,
    CareCase,
    CareEvent,
    CareSupport,
    CareVisit,
    CheckupMember,
    CheckupReport,
    Consent,
    DecisionNotice,
    EmergencyAccess,
    Finding,
    FollowUp,
    LegalHold,
    RetentionRule,
    Talk,
    TalkContent,
    TalkCorrection,
    TalkDuty,
    TalkFile,
    TalkSlot,
)
from wellbeing.services.care.clearing import clear_case, clear_support, holds_words
from wellbeing.services.clearing import clear_findings
from wellbeing.services.talks import erase_content

Clean = Callable[[date, QuerySet[Any], datetime], int]


@dataclass(frozen=True, slots=True)
class Cleaner:
    """`clean(before, held, at)`: clears what ended before the day, except of the cadres held."""

    models: tuple[type[Model], ...]
    clean: Clean


_cleaners: dict[KeptKind, Cleaner] = {}
KEPT: dict[type[Model], str] = {
    CadreKey: "the key goes with the cadre's erasure alone",
    CheckupReport: "the cadre's own report, which the cadre alone deletes",
    Talk: "that a talk was held is counted; what was said goes with talk_content",
}


def cleaner(kind: KeptKind, *models: type[Model]) -> Callable[[Clean], Clean]:
    def decorate(clean: Clean) -> Clean:
        _cleaners[kind] = Cleaner(models, clean)
        return clean

    return decorate


def cleared_models() -> set[type[Model]]:
    return {model for one in _cleaners.values() for model in one.models}


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that a retention run has cleared, by kind."""

    counts: dict[str, int]


@transaction.atomic
def apply_retention(*, on: date, at: datetime) -> Kept:
    """One run as of the day; a kind without a period keeps everything, a cadre on hold keeps all."""
    held = LegalHold.objects.filter(covers(on)).values("cadre_id")
    counts = {kind.value: _cleared(kind, on, held, at) for kind in KeptKind}
    if any(counts.values()):
        words = "，".join(f"{KeptKind(kind).label} {count}" for kind, count in counts.items() if count)
        record(
            action=AuditAction.PRIVACY_CHANGED,
            by=None,
            object_type="wellbeing.retentionrule",
            label=f"按保存期限清除：{words}",
            at=at,
        )
    return Kept(counts)


def _cleared(kind: KeptKind, on: date, held: QuerySet[Any], at: datetime) -> int:
    rule = RetentionRule.objects.filter(covers(on), kind=kind).first()
    if rule is None:
        return 0
    before = on.replace(year=on.year - rule.years, day=min(on.day, 28))
    return _cleaners[kind].clean(before, held, at)


@cleaner(KeptKind.TALK_CONTENT, TalkContent, TalkCorrection, TalkFile)
def _talk_contents(before: date, held: QuerySet[Any], at: datetime) -> int:
    old = Talk.objects.filter(state=TalkState.ARCHIVED, archived_at__date__lt=before, erased_at=None)
    rows = list(old.exclude(cadre_id__in=held))
    for talk in rows:
        erase_content(talk)
        Talk.objects.filter(pk=talk.pk).update(erased_at=at)
    return len(rows)


@cleaner(KeptKind.TALK_DUTIES, TalkDuty, TalkSlot)
def _talk_duties(before: date, held: QuerySet[Any], at: datetime) -> int:
    slots = TalkSlot.objects.filter(ends_at__date__lt=before).exclude(cadre_id__in=held)
    duties = TalkDuty.objects.filter(due_on__lt=before).exclude(state__in=UNMET_STATES)
    return _deleted(slots) + _deleted(duties.exclude(cadre_id__in=held))


@cleaner(KeptKind.FOLLOW_UPS, FollowUp)
def _follow_ups(before: date, held: QuerySet[Any], at: datetime) -> int:
    """The matter and the result go; category, owner and days stay for the figures."""
    closed = FollowUp.objects.exclude(state=FollowUpState.OPEN).filter(closed_at__date__lt=before)
    written = closed.exclude(cadre_id__in=held).exclude(cadre_id__in=_without_key())
    rows = [row for row in written if row.matter]
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(matter="", result="")
    return len(rows)


def _without_key() -> QuerySet[Any]:
    keys: QuerySet[Any] = CadreKey.objects.filter(destroyed_at__isnull=False).values("cadre_id")
    return keys


@cleaner(KeptKind.EMERGENCY, EmergencyAccess)
def _emergencies(before: date, held: QuerySet[Any], at: datetime) -> int:
    old = EmergencyAccess.objects.filter(reviewed_at__date__lt=before)
    return _deleted(old.exclude(talk__cadre_id__in=held))


@cleaner(KeptKind.INSPECTIONS, Finding, DecisionNotice)
def _inspections(before: date, held: QuerySet[Any], at: datetime) -> int:
    return clear_findings(before, held)


@cleaner(KeptKind.CARE_REASONS, CareCase, CareEvent, CareSupport, CareVisit, CareAllowance)
def _care(before: date, held: QuerySet[Any], at: datetime) -> int:
    """Reasons and receipts go; kind, amount and days stay for the figures."""
    spent = CareAllowance.objects.filter(year__lt=before.year).exclude(cadre_id__in=held)
    return _cases(before, held) + _events(before, held) + _supports(before, held) + _deleted(spent)


def _cases(before: date, held: QuerySet[Any]) -> int:
    """Those closed, and those withdrawn without anything given."""
    closed = Q(state=CareState.CLOSED, closed_at__date__lt=before)
    withdrawn = Q(state=CareState.WITHDRAWN, applied_on__lt=before)
    ended = CareCase.objects.filter(closed | withdrawn).exclude(cadre_id__in=held)
    rows = [row for row in ended.select_related("event") if holds_words(row)]
    for row in rows:
        clear_case(row)
    return len(rows)


def _events(before: date, held: QuerySet[Any]) -> int:
    """Reported, and never taken as far as a case."""
    live = CareCase.objects.filter(event=OuterRef("pk"), state__in=LIVE)
    old = CareEvent.objects.filter(~Exists(live), happened_on__lt=before).exclude(cadre_id__in=held)
    rows = [row.pk for row in old if row.detail]
    return int(CareEvent.objects.filter(pk__in=rows).update(detail=""))


def _supports(before: date, held: QuerySet[Any]) -> int:
    ended = CareSupport.objects.filter(state=SupportState.ENDED, ended_on__lt=before)
    rows = [row for row in ended.exclude(cadre_id__in=held) if row.situation or row.result]
    for row in rows:
        clear_support(row)
    return len(rows)


@cleaner(KeptKind.CHECKUPS, CheckupMember)
def _checkups(before: date, held: QuerySet[Any], at: datetime) -> int:
    """Done or not done stays for the figures; rechecks and who was put off or taken off go."""
    over = CheckupMember.objects.filter(campaign__ends_on__lt=before).exclude(cadre_id__in=held)
    flags = {"recheck_needed": False, "recheck_done": False}
    rechecks = int(over.filter(recheck_needed=True).update(**flags))
    return rechecks + _deleted(over.exclude(state__in=EXPECTED))


@cleaner(KeptKind.RECREATION, ActivitySignUp)
def _sign_ups(before: date, held: QuerySet[Any], at: datetime) -> int:
    """Who took part is counted; who left, waited in vain or did not come is not."""
    over = ActivitySignUp.objects.filter(activity__ends_at__date__lt=before).exclude(cadre_id__in=held)
    return _deleted(over.exclude(state=SignUpState.SEATED, attended=True))


@cleaner(KeptKind.CONSENTS, Consent)
def _consents(before: date, held: QuerySet[Any], at: datetime) -> int:
    old = Consent.objects.filter(withdrawn_at__date__lt=before)
    return _deleted(old.exclude(cadre_id__in=held))


@cleaner(KeptKind.HOLDS, LegalHold)
def _holds(before: date, held: QuerySet[Any], at: datetime) -> int:
    """One that ended; while the cadre is held anew, the earlier one stays as well."""
    return _deleted(LegalHold.objects.filter(ends_on__lt=before).exclude(cadre_id__in=held))


def _deleted(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]
