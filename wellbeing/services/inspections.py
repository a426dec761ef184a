"""督查: put on the plan, carried out, brought to its end."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import Changes, apply_changes, changes_to, save_validated, values_of
from people.models import Unit, User
from wellbeing.choices.inspections import InspectionState
from wellbeing.models import Finding, Inspection

FIELDS = ("kind", "kind_name", "title", "unit", "planned_on", "from_time", "to_time")
TEAM = "team"
EDIT = Permission.EDIT_DISCIPLINE


def may_edit(by: Viewer, unit: Unit | None) -> bool:
    """Whether the unit lies in what the viewer inspects; no unit means the whole zone."""
    path = (unit.path or "") if unit else ""
    return any(path.startswith(mine) for mine in by.paths(EDIT))


def refuse_outside(by: Viewer, unit: Unit | None, *, field: str | None = None) -> None:
    if not may_edit(by, unit):
        message = "只有负责该范围的纪检专员能办理，请另选范围，或请安全管理员调整授权。"
        raise DomainError(message, field=field, code="not_allowed")


@transaction.atomic
def plan_inspection(*, values: Mapping[str, Any], by: Viewer, item_key: str = "") -> Inspection:
    """立项登记; `item_key` says what was chosen to be looked into (people.contracts.Inspectable)."""
    refuse_outside(by, values.get("unit"), field="unit")
    team, plain = values.get(TEAM), {name: value for name, value in values.items() if name != TEAM}
    row = Inspection(created_by_id=by.user_id, item_key=item_key, **plain)
    save_validated(row)
    changes = values_of(row, (*FIELDS, "item_key")) | _set_team(row, team)
    _record(row, by, "立项", changes)
    return row


def _set_team(row: Inspection, team: Iterable[User] | None) -> Changes:
    """Who goes along; None leaves it. The change as names, for the audit log."""
    if team is None:
        return {}
    before, after = _names(row.team.all()), _names(team)
    if before == after:
        return {}
    row.team.set(team)
    return {TEAM: (before, after)}


def _names(users: Iterable[User]) -> str:
    return "、".join(sorted(user.name for user in users))


@transaction.atomic
def change_inspection(*, inspection: Inspection, values: Mapping[str, Any], by: Viewer) -> None:
    refuse_outside(by, inspection.unit)
    refuse_outside(by, values.get("unit", inspection.unit), field="unit")
    if inspection.state != InspectionState.PLANNED:
        raise DomainError("已经检查过的督查不能再改计划。", code="wrong_state")
    plain = {name: value for name, value in values.items() if name != TEAM}
    changes = changes_to(inspection, plain)
    apply_changes(inspection, changes)
    save_validated(inspection)
    changes |= _set_team(inspection, values.get(TEAM))
    if changes:
        _record(inspection, by, "修改计划", changes)


@transaction.atomic
def check_inspection(*, inspection: Inspection, checked_on: date, by: Viewer, on: date) -> None:
    """The check has taken place; from here findings are entered."""
    refuse_outside(by, inspection.unit)
    if checked_on > on:
        raise DomainError("检查日期不能晚于今天。", field="checked_on", code="future")
    _move(inspection, InspectionState.PLANNED, InspectionState.CHECKED, by, checked_on=checked_on)


@transaction.atomic
def cancel_inspection(*, inspection: Inspection, by: Viewer) -> None:
    refuse_outside(by, inspection.unit)
    _move(inspection, InspectionState.PLANNED, InspectionState.CANCELLED, by)


@transaction.atomic
def close_inspection(*, inspection: Inspection, by: Viewer) -> None:
    """办结归档: once every finding is settled."""
    refuse_outside(by, inspection.unit)
    left = Finding.objects.filter(inspection=inspection).unsettled().count()
    if left:
        raise DomainError(f"还有 {left} 个问题没有销号，全部销号后再办结。", code="unsettled")
    _move(inspection, InspectionState.CHECKED, InspectionState.CLOSED, by)


def _move(
    row: Inspection, source: InspectionState, target: InspectionState, by: Viewer, **values: Any
) -> None:
    rows = Inspection.objects.filter(pk=row.pk, state=source)
    if not rows.update(state=target, **values):
        raise DomainError("这项督查的状态已经变化，请刷新页面查看。", code="conflict")
    row.refresh_from_db()
    _record(row, by, str(target.label), {"state": (source, target)})


def _record(row: Inspection, by: Viewer, what: str, changes: Any) -> None:
    label = f"{row}：{what}"
    record(action=AuditAction.INSPECTION_CHANGED, by=by, subject=row, label=label, changes=changes)
