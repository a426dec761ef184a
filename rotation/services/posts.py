"""Successors and conditions of a post, and how many people a unit needs."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import models, transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import Changes, apply_changes, changes_to, save_validated, values_of
from people.models import Cadre, Post, Unit
from rotation.choices.tenure import Criterion
from rotation.models import PostRequirement, PostSuccessor, UnitStaffing
from rotation.requirements import checked_value
from rotation.services.tenure import refuse_own
from rotation.services.versions import open_version

SUCCESSOR_FIELDS = ("cadre", "readiness", "note", "starts_on", "ends_on")
REQUIREMENT_FIELDS = ("strength", "criterion", "value", "note", "position")


@transaction.atomic
def name_successor(*, post: Post, cadre: Cadre, values: Mapping[str, Any], by: Viewer) -> PostSuccessor:
    """Somebody is prepared to take the post over, from `values["starts_on"]`."""
    refuse_own(cadre.pk, by)
    row = PostSuccessor(post=post, cadre=cadre, **values)
    if post.appointments.filter(cadre=cadre, ends_on=None).exists():
        message = f"{cadre.name} 正担任这个岗位，不能作为它的后备人选。"
        raise DomainError(message, field="cadre", code="holds_it")
    save_validated(row)
    _record(row, f"确定后备人选：{row}", by, values_of(row, SUCCESSOR_FIELDS))
    return row


@transaction.atomic
def change_successor(*, successor: PostSuccessor, values: Mapping[str, Any], by: Viewer) -> None:
    refuse_own(successor.cadre_id, by)
    changes = changes_to(successor, values)
    apply_changes(successor, changes)
    save_validated(successor)
    _record(successor, f"修改后备人选：{successor}", by, changes)


@transaction.atomic
def end_successor(*, successor: PostSuccessor, on: date, by: Viewer) -> None:
    """`on` is the first day without; who was named on that very day is taken off as a mistake."""
    refuse_own(successor.cadre_id, by)
    if successor.starts_on >= on:
        _record(successor, f"删除后备人选：{successor}", by, {"ends_on": (None, on)})
        successor.delete()
        return
    change_successor(successor=successor, values={"ends_on": on - timedelta(days=1)}, by=by)


@transaction.atomic
def add_requirement(*, post: Post, values: Mapping[str, Any], by: Viewer) -> PostRequirement:
    """A condition at the end of those of the post."""
    position = PostRequirement.objects.filter(post=post).count()
    row = PostRequirement(post=post, **{"position": position, **values})
    row.value = checked_value(Criterion(row.criterion), row.value)
    save_validated(row)
    _record(row, f"增加岗位条件：{post} {row}", by, values_of(row, REQUIREMENT_FIELDS))
    return row


@transaction.atomic
def change_requirement(*, requirement: PostRequirement, values: Mapping[str, Any], by: Viewer) -> None:
    asked = {name: values.get(name, getattr(requirement, name)) for name in ("criterion", "value")}
    checked = {**values, "value": checked_value(Criterion(asked["criterion"]), asked["value"])}
    changes = changes_to(requirement, checked)
    apply_changes(requirement, changes)
    save_validated(requirement)
    _record(requirement, f"修改岗位条件：{requirement.post} {requirement}", by, changes)


@transaction.atomic
def remove_requirement(*, requirement: PostRequirement, by: Viewer) -> None:
    gone = {name: (old, None) for name, (_, old) in values_of(requirement, REQUIREMENT_FIELDS).items()}
    _record(requirement, f"删除岗位条件：{requirement.post} {requirement}", by, gone)
    requirement.delete()


@transaction.atomic
def set_staffing(*, unit: Unit, values: Mapping[str, Any], by: Viewer | None) -> UnitStaffing:
    """How many people the unit needs at least, from a day on."""
    row = UnitStaffing(unit=unit, **values)
    versions = UnitStaffing.objects.filter(unit=unit)
    open_version(row, versions, fields=("unit", "minimum", "source"), by=by, act="规定最低在岗人数")
    return row


def _record(subject: models.Model, label: str, by: Viewer, changes: Changes) -> None:
    record(action=AuditAction.TENURE_CHANGED, by=by, subject=subject, label=label[:200], changes=changes)
