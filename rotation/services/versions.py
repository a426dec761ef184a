"""What is dated changes by a new version from a day on; the one in force ends the day before."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated, values_of

ONE_DAY = timedelta(days=1)


def open_version(row: Any, versions: Any, *, fields: Sequence[str], by: Viewer | None, act: str) -> None:
    """Saves `row`, a version beside `versions` (a queryset of the same matter): ends the one in force on its
    first day, and yields to one that begins later. Call it in a transaction."""
    if versions.filter(starts_on=row.starts_on).exists():
        message = "从这一天起已有一版，请另选生效日期。"
        raise DomainError(message, field="starts_on", code="version_exists")
    later = versions.filter(starts_on__gt=row.starts_on).order_by("starts_on").first()
    row.ends_on = later.starts_on - ONE_DAY if later else None
    current = versions.covering(row.starts_on).first()
    if current:
        current.ends_on = row.starts_on - ONE_DAY
        save_validated(current, update_fields=["ends_on"])
    save_validated(row)
    record(
        action=AuditAction.RULE_CHANGED,
        by=by,
        subject=row,
        label=f"{act}：{row}"[:200],
        changes=values_of(row, (*fields, "starts_on", "ends_on")),
    )
