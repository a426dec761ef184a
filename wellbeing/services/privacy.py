"""Legal hold, erasure, and the copy of one's own data."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.models import Cadre
from wellbeing.models import CadreKey, CheckupMember, FollowUp, LegalHold, Talk
from wellbeing.services.care.clearing import clear_cadre
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
    CheckupMember.objects.filter(cadre=cadre).update(recheck_needed=False, recheck_done=False)
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
