"""Changes to the organisation: units and posts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.choices import AppointmentKind
from people.models import Appointment, Post, Unit

UNIT_FIELDS = ("code", "name", "short_name", "kind", "parent", "display_order")
POST_FIELDS = ("unit", "title", "post_class", "level", "headcount", "display_order")


@transaction.atomic
def create_unit(*, values: Mapping[str, Any], by: Viewer | None) -> Unit:
    unit = Unit(**values)
    if not unit.code:
        unit.code = next_unit_code()
    save_validated(unit)
    unit.path = path_of(unit)
    unit.save(update_fields=["path"])
    record(action=AuditAction.UNIT_CREATED, by=by, subject=unit, changes=values_of(unit, UNIT_FIELDS))
    return unit


@transaction.atomic
def update_unit(*, unit: Unit, values: Mapping[str, Any], by: Viewer) -> None:
    changes = changes_to(unit, values)
    if not changes:
        return
    old_path = unit.path or ""
    apply_changes(unit, changes)
    if "parent" in changes:
        _refuse_own_subtree(unit, old_path)
    save_validated(unit)
    if "parent" in changes:
        _move_subtree(unit, old_path)
    record(action=AuditAction.UNIT_UPDATED, by=by, subject=unit, changes=changes)


@transaction.atomic
def close_unit(*, unit: Unit, on: date, by: Viewer) -> None:
    """A unit closes only when nobody holds a post in it any more; its history stays."""
    staffed = Appointment.objects.filter(
        covers(on), kind=AppointmentKind.POST, unit__path__startswith=str(unit.path)
    ).count()
    if staffed:
        message = f"“{unit.name}”及下级还有 {staffed} 人任职，请先调整他们的任职再撤销机构。"
        raise DomainError(message, code="unit_staffed")
    update_unit_date(unit, on, by)


def update_unit_date(unit: Unit, on: date | None, by: Viewer) -> None:
    changes = {"closed_on": (unit.closed_on, on)}
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    record(action=AuditAction.UNIT_UPDATED, by=by, subject=unit, changes=changes)


@transaction.atomic
def create_post(*, values: Mapping[str, Any], by: Viewer) -> Post:
    post = Post(**values)
    save_validated(post)
    record(action=AuditAction.UNIT_UPDATED, by=by, subject=post, changes=values_of(post, POST_FIELDS))
    return post


@transaction.atomic
def update_post(*, post: Post, values: Mapping[str, Any], by: Viewer) -> None:
    changes = changes_to(post, values)
    if not changes:
        return
    apply_changes(post, changes)
    save_validated(post)
    record(action=AuditAction.UNIT_UPDATED, by=by, subject=post, changes=changes)


def path_of(unit: Unit) -> str:
    """The ids from the root down to the unit, padded so that text order is tree order."""
    parent_path = unit.parent.path if unit.parent else ""
    return f"{parent_path}{unit.pk:06d}/"


def next_unit_code() -> str:
    """A free code of the form B001 for units that a file names without one."""
    taken = set(Unit.objects.filter(code__startswith="B").values_list("code", flat=True))
    number = len(taken) + 1
    while f"B{number:03d}" in taken:
        number += 1
    return f"B{number:03d}"


def _refuse_own_subtree(unit: Unit, old_path: str) -> None:
    if unit.parent and (unit.parent.path or "").startswith(old_path):
        raise DomainError("上级机构不能是本机构或它的下级，请另选。", field="parent", code="cycle")


def _move_subtree(unit: Unit, old_path: str) -> None:
    """One statement for the whole subtree: the old prefix gives way to the new one."""
    new_path = path_of(unit)
    moved = Concat(Value(new_path), Substr(F("path"), len(old_path) + 1))
    Unit.objects.under(old_path).update(path=moved)
    unit.path = new_path
