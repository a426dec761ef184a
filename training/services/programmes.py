"""Programmes of a year (培训项目)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from training.choices import ClassState
from training.models import Programme

PROGRAMME_FIELDS = (
    "name",
    "year",
    "kind",
    "theme",
    "organiser",
    "audience",
    "purpose",
    "budget",
    "closed_on",
)
DONE = (ClassState.ARCHIVED, ClassState.CANCELLED)


@transaction.atomic
def create_programme(*, values: Mapping[str, Any], by: Viewer) -> Programme:
    found = Programme(**values)
    save_validated(found)
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=found,
        label=f"新建培训项目：{found}",
        changes=values_of(found, PROGRAMME_FIELDS),
    )
    return found


@transaction.atomic
def update_programme(*, programme: Programme, values: Mapping[str, Any], by: Viewer) -> None:
    """A programme is closed once all its classes are over."""
    changes = changes_to(programme, values)
    if not changes:
        return
    if changes.get("closed_on", (None, None))[1]:
        left = programme.classes.exclude(state__in=DONE).count()
        if left:
            message = f"还有 {left} 个班次没有归档或取消，请先办完班次再结项。"
            raise DomainError(message, field="closed_on", code="classes_open")
    apply_changes(programme, changes)
    save_validated(programme)
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=programme,
        label=f"修改培训项目：{programme}",
        changes=changes,
    )


@transaction.atomic
def delete_programme(*, programme: Programme, by: Viewer) -> None:
    if programme.classes.exists():
        raise DomainError("项目下还有班次，不能删除；不再办班的请填写结项日期。", code="has_classes")
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=programme,
        label=f"删除培训项目：{programme}",
        changes={name: (old, None) for name, (_, old) in values_of(programme, PROGRAMME_FIELDS).items()},
    )
    programme.delete()
