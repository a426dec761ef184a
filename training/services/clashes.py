"""Letting a clash stand: someone has looked at it and says why."""

from datetime import datetime

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from training.models import AcceptedClash, Slot
from training.queries.checkin import permission_for
from training.queries.clashes import ClashReport, ClashRow, ThinRow


@transaction.atomic
def accept_clash(
    *, slot: Slot, row: ClashRow | ThinRow, reason: str, by: Viewer, at: datetime
) -> AcceptedClash:
    """`row` as `clashes_of` has just found it: what has gone meanwhile cannot be accepted."""
    if not by.paths(permission_for(slot)):
        raise DomainError("你没有处理这处冲突的权限。", code="not_allowed")
    if not reason.strip():
        raise DomainError("请写明接受的原因。", field="reason", code="reason_missing")
    found = AcceptedClash(slot=slot, reason=reason.strip()[:200], at=at, by_id=by.user_id, by_name=by.name)
    if isinstance(row, ClashRow):
        if row.cadre.pk == by.cadre_id:
            raise DomainError("本人的冲突由其他经办人处理。", code="own_record")
        found.cadre, found.key = row.cadre, row.clash.key
    else:
        found.unit = row.unit
    save_validated(found)
    label = f"接受冲突：{found}"
    record(action=AuditAction.CLASH_ACCEPTED, by=by, subject=found, label=label, reason=found.reason)
    return found


def require_clear(report: ClashReport) -> None:
    """For services that publish: open clashes are solved or accepted first."""
    if report.open:
        message = f"还有 {report.open} 处冲突没有处理，请在“发布前检查”里改期、移出或写明原因接受。"
        raise DomainError(message, code="open_clashes")
