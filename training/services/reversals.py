"""冲销: staff take an entry out of the count, with a reason, and may put it back. Nothing is ever deleted."""

from datetime import datetime

from django.db import IntegrityError, transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from training.models import HourEntry
from training.services.ledger import name_of

OWN = "不能冲销或恢复本人的学时，请由其他经办人办理。"
COPIED = (
    "cadre_id",
    "source",
    "source_key",
    "kind",
    "title",
    "ledger",
    "hours",
    "days",
    "starts_on",
    "ends_on",
    "rule_id",
    "how",
)


@transaction.atomic
def reverse_entry(*, entry: HourEntry, reason: str, by: Viewer, at: datetime) -> None:
    """Its source does not post the same again; a corrected source posts anew."""
    _refuse_own(entry, by)
    reason = reason.strip()[:200]
    if not reason:
        raise DomainError("请写明冲销原因。", field="reason", code="no_reason")
    values = {"reversed_at": at, "reversed_by": name_of(by), "reversal_reason": reason, "by_hand": True}
    if not HourEntry.objects.in_force().filter(pk=entry.pk).update(**values):
        raise DomainError("这笔学时已经冲销，请刷新页面。", code="already_reversed")
    _record(entry, "冲销学时", by, at, reason)


@transaction.atomic
def restore_entry(*, entry: HourEntry, by: Viewer, at: datetime) -> HourEntry:
    """Posts a copy of what was reversed by hand; the reversed entry stays as it is."""
    _refuse_own(entry, by)
    same = HourEntry.objects.filter(
        source_key=entry.source_key, cadre=entry.cadre_id, ledger=entry.ledger
    ).order_by("pk")
    if not entry.by_hand or same.values_list("pk", flat=True).last() != entry.pk:
        raise DomainError("这笔学时之后已有新的入账，不能恢复，请以最新一笔为准。", code="not_last")
    copy = HourEntry(**{name: getattr(entry, name) for name in COPIED}, posted_at=at, posted_by=name_of(by))
    try:
        with transaction.atomic():
            copy.save()
    except IntegrityError as error:
        raise DomainError("学时刚刚被其他人修改过，请刷新页面后重试。", code="conflict") from error
    _record(copy, "恢复学时", by, at, "")
    return copy


def _refuse_own(entry: HourEntry, by: Viewer) -> None:
    if entry.cadre_id == by.cadre_id:
        raise DomainError(OWN, code="own_record")


def _record(entry: HourEntry, act: str, by: Viewer, at: datetime, reason: str) -> None:
    record(
        action=AuditAction.HOURS_REVERSED,
        by=by,
        subject=entry,
        label=f"{act}：{entry.cadre.name}·{entry}",
        changes={"hours": (entry.hours, 0) if reason else (0, entry.hours)},
        reason=reason,
        at=at,
    )
