"""What the office sets: rules, festivals, budgets."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from wellbeing.choices.care import CareFund
from wellbeing.models import CareBudget, CareFestival
from wellbeing.services.care.money import yuan
from wellbeing.services.rules import refuse_rule_editor


@transaction.atomic
def add_festival(*, name: str, day: date, by: Viewer) -> CareFestival:
    refuse_rule_editor(by)
    row = CareFestival(name=name, day=day)
    save_validated(row)
    record(action=AuditAction.RULE_CHANGED, by=by, subject=row, label=f"慰问节日：{row}",
           changes=values_of(row, ("name", "day")))  # fmt: skip
    return row


@transaction.atomic
def change_festival(*, festival: CareFestival, values: Mapping[str, Any], by: Viewer) -> None:
    refuse_rule_editor(by)
    changes = changes_to(festival, values)
    if changes:
        apply_changes(festival, changes)
        save_validated(festival)
        record(action=AuditAction.RULE_CHANGED, by=by, subject=festival, label=f"慰问节日：{festival}",
               changes=changes)  # fmt: skip


@transaction.atomic
def set_budget(*, fund: CareFund, year: int, total: Decimal, by: Viewer) -> CareBudget:
    """Sets the money of a fund for a year; never below what is committed and given."""
    refuse_rule_editor(by)
    row = CareBudget.objects.filter(fund=fund, year=year).first()
    if row is None:
        row, before = CareBudget(fund=fund, year=year, total=total), None
        save_validated(row)
    else:
        before = row.total
        room = CareBudget.objects.filter(pk=row.pk, committed__lte=total - F("given"))
        if total < 0 or not room.update(total=total):
            message = f"{row}已批已发 {yuan(row.used)} 元，预算不能少于这个数。"
            raise DomainError(message, field="total", code="below_used")
        row.refresh_from_db()
    record(action=AuditAction.RULE_CHANGED, by=by, subject=row, label=f"慰问预算：{row}",
           changes={"total": (before, total)})  # fmt: skip
    return row
