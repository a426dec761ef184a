"""When requests for corrections are taken: windows that the office opens and ends."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated, values_of
from core.templatetags.ui import cn_date
from growth.models import CorrectionWindow

FIELDS = ("title", "unit", "starts_on", "ends_on", "note")


@transaction.atomic
def open_window(*, values: Mapping[str, Any], by: Viewer, at: datetime) -> CorrectionWindow:
    _refuse_others(by)
    window = CorrectionWindow(**values)
    save_validated(window)
    _note(window, by, "设定", at, values_of(window, FIELDS))
    return window


@transaction.atomic
def end_window(*, window: CorrectionWindow, last_day: date, by: Viewer, at: datetime) -> None:
    """Nothing is taken by it after this day; what was asked for is still decided."""
    _refuse_others(by)
    if window.ends_on and window.ends_on <= last_day:
        raise DomainError(f"这个受理时间到{cn_date(window.ends_on)}为止。", field="last_day", code="ended")
    changes = {"ends_on": (window.ends_on, last_day)}
    window.ends_on = last_day
    save_validated(window, update_fields=["ends_on"])
    _note(window, by, "结束", at, changes)


def _refuse_others(by: Viewer) -> None:
    """It holds for everyone's record: whoever looks after a part of the zone does not set it."""
    if not by.sees_all(Permission.EDIT_CADRE):
        raise DomainError("更正受理时间由全区范围的组织人事经办人设定。", code="not_allowed")


def _note(window: CorrectionWindow, by: Viewer, what: str, at: datetime, changes: Any) -> None:
    label = f"{what}更正受理时间：{window}"
    record(action=AuditAction.WINDOW_CHANGED, by=by, subject=window, label=label, changes=changes, at=at)
