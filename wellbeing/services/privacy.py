"""Consents, retention, legal hold, erasure, and the copy of one's own data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import save_validated
from people.models import Cadre
from wellbeing.choices.care import CareState
from wellbeing.choices.followups import FollowUpState
from wellbeing.choices.privacy import ConsentPurpose, KeptKind
from wellbeing.choices.talks import TalkState
from wellbeing.choices.triggers import UNMET_STATES
from wellbeing.models import (
    CadreKey,
    CareCase,
    Consent,
    EmergencyAccess,
    FollowUp,
    LegalHold,
    RetentionRule,
    Talk,
    TalkDuty,
    TalkSlot,
)
from wellbeing.purposes import CONSENT_VERSION
from wellbeing.services.care.clearing import clear_cadre, clear_case, holds_words
from wellbeing.services.clearing import clear_findings
from wellbeing.services.talks import erase_content

# What else belongs to a cadre and is erased with the key (files outside the database, for example).
Eraser = Callable[[Cadre], None]
_erasers: dict[str, Eraser] = {}


def register_eraser(key: str) -> Callable[[Eraser], Eraser]:
    """A part of this room says what it deletes when a cadre is erased."""

    def decorate(eraser: Eraser) -> Eraser:
        _erasers[key] = eraser
        return eraser

    return decorate


# Consent


@transaction.atomic
def give_consent(*, purpose: ConsentPurpose, by: Viewer, at: datetime) -> Consent:
    consent = Consent(cadre=_own(by), purpose=purpose, text_version=CONSENT_VERSION, given_at=at)
    save_validated(consent)
    record(action=AuditAction.PRIVACY_CHANGED, by=by, subject=consent, label=f"{consent}：同意", at=at)
    return consent


@transaction.atomic
def withdraw_consent(*, purpose: ConsentPurpose, by: Viewer, at: datetime) -> None:
    mine = Consent.objects.in_force().filter(cadre=_own(by), purpose=purpose)
    consent = mine.first()
    if consent is None:
        raise DomainError("您没有同意过这一项，不用撤回。", code="no_consent")
    mine.update(withdrawn_at=at)
    record(action=AuditAction.PRIVACY_CHANGED, by=by, subject=consent, label=f"{consent}：撤回", at=at)


def has_consented(cadre_id: int, purpose: ConsentPurpose) -> bool:
    """Whether the cadre has agreed to the present text and not taken it back."""
    rows = Consent.objects.in_force().filter(cadre_id=cadre_id, purpose=purpose)
    return bool(rows.filter(text_version=CONSENT_VERSION).exists())


def _own(by: Viewer) -> Cadre:
    if by.cadre_id is None or not by.on_own_record(Permission.OWN_TALK):
        raise DomainError("只有关联了干部档案的本人能办理。", code="not_allowed")
    return Cadre.objects.get(pk=by.cadre_id)


# Legal hold


@transaction.atomic
def hold_cadre(*, cadre: Cadre, reason: str, by: Viewer, on: date) -> LegalHold:
    """From now on nothing of the cadre is erased, until the hold is lifted."""
    _refuse_holder(cadre, by)
    if not reason.strip():
        raise DomainError("请填写暂缓清除的缘由和文号。", field="reason", code="missing")
    if LegalHold.objects.covering(on).filter(cadre=cadre).exists():
        raise DomainError("该干部已在暂缓清除期内。", field="cadre", code="held")
    hold = LegalHold(cadre=cadre, reason=reason, starts_on=on, ordered_by_id=by.user_id)
    save_validated(hold)
    record(action=AuditAction.PRIVACY_CHANGED, by=by, subject=hold, label=str(hold))
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: Viewer, on: date) -> None:
    _refuse_holder(hold.cadre, by)
    hold.ends_on = on
    save_validated(hold, update_fields=["ends_on"])
    record(action=AuditAction.PRIVACY_CHANGED, by=by, subject=hold, label=f"{hold}：解除")


def _refuse_holder(cadre: Cadre, by: Viewer) -> None:
    if not by.can(Permission.EDIT_DISCIPLINE) or by.cadre_id == cadre.pk:
        raise DomainError("只有纪检专员能登记暂缓清除，且不能登记本人。", code="not_allowed")


def is_held(cadre_id: int, *, on: date) -> bool:
    return bool(LegalHold.objects.covering(on).filter(cadre_id=cadre_id).exists())


# Retention


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that a retention run has cleared, by kind."""

    counts: dict[str, int]


@transaction.atomic
def apply_retention(*, on: date, at: datetime) -> Kept:
    """Erases what is past its time; what is counted (that a talk was held) stays, so figures do not move."""
    held = LegalHold.objects.filter(covers(on)).values("cadre_id")
    counts = {kind.value: _CLEANERS[kind](_before(kind, on), held, at) for kind in KeptKind}
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


def _before(kind: KeptKind, on: date) -> date | None:
    """What ended before this day is past its time; None keeps everything."""
    rule = RetentionRule.objects.filter(covers(on), kind=kind).first()
    return on.replace(year=on.year - rule.years, day=min(on.day, 28)) if rule else None


def _clear_contents(before: date | None, held: QuerySet[Any], at: datetime) -> int:
    if before is None:
        return 0
    old = Talk.objects.filter(state=TalkState.ARCHIVED, archived_at__date__lt=before, erased_at=None)
    rows = list(old.exclude(cadre_id__in=held))
    for talk in rows:
        erase_content(talk)
        Talk.objects.filter(pk=talk.pk).update(erased_at=at)
    return len(rows)


def _clear_duties(before: date | None, held: QuerySet[Any], at: datetime) -> int:
    if before is None:
        return 0
    slots = TalkSlot.objects.filter(ends_at__date__lt=before).exclude(cadre_id__in=held)
    duties = TalkDuty.objects.filter(due_on__lt=before).exclude(state__in=UNMET_STATES)
    return _deleted(slots) + _deleted(duties.exclude(cadre_id__in=held))


def _clear_follow_ups(before: date | None, held: QuerySet[Any], at: datetime) -> int:
    """The matter and the result go; category, owner and days stay for the figures."""
    if before is None:
        return 0
    closed = FollowUp.objects.exclude(state=FollowUpState.OPEN).filter(closed_at__date__lt=before)
    written = closed.exclude(cadre_id__in=held).exclude(cadre_id__in=_without_key())
    rows = [row for row in written if row.matter]
    FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(matter="", result="")
    return len(rows)


def _clear_emergencies(before: date | None, held: QuerySet[Any], at: datetime) -> int:
    if before is None:
        return 0
    old = EmergencyAccess.objects.filter(reviewed_at__date__lt=before)
    return _deleted(old.exclude(talk__cadre_id__in=held))


def _clear_care(before: date | None, held: QuerySet[Any], at: datetime) -> int:
    """Reasons and receipts go; kind, amount and days stay for the figures."""
    if before is None:
        return 0
    closed = CareCase.objects.filter(state=CareState.CLOSED, closed_at__date__lt=before)
    rows = [row for row in closed.exclude(cadre_id__in=held).select_related("event") if holds_words(row)]
    for row in rows:
        clear_case(row)
    return len(rows)


def _clear_inspections(before: date | None, held: QuerySet[Any], at: datetime) -> int:
    return clear_findings(before, held)


def _without_key() -> QuerySet[Any]:
    keys: QuerySet[Any] = CadreKey.objects.filter(destroyed_at__isnull=False).values("cadre_id")
    return keys


def _deleted(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]


_CLEANERS: dict[KeptKind, Callable[[date | None, QuerySet[Any], datetime], int]] = {
    KeptKind.TALK_CONTENT: _clear_contents,
    KeptKind.TALK_DUTIES: _clear_duties,
    KeptKind.FOLLOW_UPS: _clear_follow_ups,
    KeptKind.EMERGENCY: _clear_emergencies,
    KeptKind.INSPECTIONS: _clear_inspections,
    KeptKind.CARE_REASONS: _clear_care,
}


# Erasure


@transaction.atomic
def erase_cadre(*, cadre: Cadre, reason: str, by: Viewer | None, on: date, at: datetime) -> None:
    """Destroys the cadre's key: everything sealed for the cadre is gone, in every backup as well.

    The key's row stays without its key, so that nothing can be sealed for the cadre again by accident.
    """
    if is_held(cadre.pk, on=on):
        raise DomainError("该干部在暂缓清除期内，不能清除；请先由纪检专员解除。", code="held")
    if not reason.strip():
        raise DomainError("请填写清除依据。", field="reason", code="missing")
    key, _ = CadreKey.objects.get_or_create(cadre=cadre, defaults={"suite": ""})
    key.wrapped, key.destroyed_at, key.destroyed_by_id = "", at, by.user_id if by else None
    key.save(update_fields=["wrapped", "destroyed_at", "destroyed_by"])
    for talk in Talk.objects.filter(cadre=cadre, erased_at=None):
        erase_content(talk)
    Talk.objects.filter(cadre=cadre, erased_at=None).update(erased_at=at)
    FollowUp.objects.filter(cadre=cadre).update(matter="", result="")
    clear_cadre(cadre)
    for eraser in _erasers.values():
        eraser(cadre)
    record(
        action=AuditAction.KEY_DESTROYED, by=by, subject=cadre, label=f"{cadre}·密封内容清除", reason=reason
    )


# The copy of one's own data

OwnData = Callable[..., Iterable[dict[str, Any]]]
_own_data: dict[str, tuple[str, OwnData]] = {}


def register_own_data(key: str, label: str) -> Callable[[OwnData], OwnData]:
    """`function(*, viewer, at)` gives what this part holds about the viewer, as the viewer may see it."""

    def decorate(source: OwnData) -> OwnData:
        _own_data[key] = (label, source)
        return source

    return decorate


def own_data(*, viewer: Viewer, at: datetime) -> dict[str, Any]:
    """Everything of this room that the cadre may see of the own record (PIPL 45); openings are audited."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.OWN_TALK):
        raise DomainError("只有关联了干部档案的本人能办理。", code="not_allowed")
    parts = {label: list(source(viewer=viewer, at=at)) for label, source in _own_data.values()}
    record(
        action=AuditAction.EXPORTED,
        by=viewer,
        object_type="people.cadre",
        object_id=str(viewer.cadre_id),
        label="我的数据",
        at=at,
    )
    return parts
