"""亮灯规则 and 负荷规则: a new version takes over on its first day; earlier days keep the rule they had."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated, values_of
from park.models import LoadRule, SignalRule

R = TypeVar("R", SignalRule, LoadRule)


@transaction.atomic
def open_signal_rule(*, values: Mapping[str, Any], by: Viewer) -> SignalRule:
    return _open(SignalRule, values, by)


@transaction.atomic
def open_load_rule(*, values: Mapping[str, Any], by: Viewer) -> LoadRule:
    return _open(LoadRule, values, by)


def _open(model: type[R], values: Mapping[str, Any], by: Viewer) -> R:
    """Closes the version in force on the day before, and yields to one that begins later."""
    rows: Any = model._default_manager
    starts_on: date = values["starts_on"]
    if rows.filter(starts_on=starts_on).exists():
        raise DomainError("从这一天起已有一版规则，请另选生效日期。", field="starts_on", code="same_day")
    before = rows.covering(starts_on).first()
    if before:
        before.ends_on = starts_on - timedelta(days=1)
        save_validated(before, update_fields=["ends_on"])
    later = rows.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    rule = model(**dict(values), ends_on=later.starts_on - timedelta(days=1) if later else None)
    save_validated(rule)
    changes = values_of(rule, (*values, "ends_on"))
    record(action=AuditAction.RULE_CHANGED, by=by, subject=rule, label=f"启用{rule}", changes=changes)
    return rule
