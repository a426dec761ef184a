"""Who may do what with one task; what may be seen at all is `Task.objects.visible_to`."""

from typing import Any

from django.db.models import Q

from core.access import Permission, Viewer
from park.choices import TaskState
from park.models import Assignment, Enterprise, EnterpriseRequest, Task
from people.models import User


def may_edit(task: Task, viewer: Viewer) -> bool:
    if viewer.sees_all(Permission.EDIT_PARK):
        return True
    if task.lead_department is not None:
        return _within(task, viewer, Permission.EDIT_PARK)
    return Task.objects.visible_to(viewer, Permission.EDIT_PARK).filter(pk=task.pk).exists()


def may_approve(task: Task, viewer: Viewer) -> bool:
    """Leaders and department heads of the task's department, its lead official; never of the own task."""
    if viewer.cadre_id is not None and viewer.cadre_id == task.owner_id:
        return False
    if not viewer.can(Permission.APPROVE_PARK) or task.state == TaskState.DRAFT:
        return False
    leads = viewer.cadre_id is not None and viewer.cadre_id == task.lead_official_id
    return leads or _within(task, viewer, Permission.APPROVE_PARK)


def _within(task: Any, viewer: Viewer, permission: Permission) -> bool:
    """Whether the task's department lies in a part of the tree where the viewer holds the permission."""
    path = task.lead_department.path if task.lead_department else None
    return path is not None and any(path.startswith(part) for part in viewer.paths(permission))


def holds(task: Task, viewer: Viewer) -> bool:
    """Whether the viewer answers for the task or works on it, and may report as themselves."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.REPORT_PARK):
        return False
    if viewer.cadre_id == task.owner_id:
        return True
    mine = Assignment.objects.filter(task=task, cadre=viewer.cadre_id)
    return bool(mine.covering(viewer.on).exists())


def accounts_of(*cadre_ids: int | None) -> list[int]:
    """User ids of those cadres who have an account; for notifications."""
    known = [cadre_id for cadre_id in cadre_ids if cadre_id is not None]
    return list(User.objects.filter(cadre__in=known).values_list("pk", flat=True))


def may_edit_row(row: Any, viewer: Viewer) -> bool:
    """Whether a project or an enterprise lies where the viewer looks after the park side."""
    if viewer.sees_all(Permission.EDIT_PARK):
        return True
    return row.lead_department is not None and _within(row, viewer, Permission.EDIT_PARK)


def may_visit(enterprise: Enterprise, viewer: Viewer) -> bool:
    """Staff of the enterprise's department, and whoever has it in hand, as themselves."""
    if may_edit_row(enterprise, viewer):
        return True
    if not viewer.on_own_record(Permission.REPORT_PARK):
        return False
    mine = Assignment.objects.filter(Q(cadre=viewer.cadre_id) | Q(lead_official=viewer.cadre_id))
    leads = enterprise.lead_official_id == viewer.cadre_id
    return leads or bool(mine.filter(enterprise=enterprise).covering(viewer.on).exists())


def may_handle(request: EnterpriseRequest, viewer: Viewer) -> bool:
    """The handler, and those who look after the handling department or the enterprise."""
    own = viewer.cadre_id is not None and viewer.cadre_id == request.handler_id
    if own and viewer.on_own_record(Permission.REPORT_PARK):
        return True
    path = request.department.path if request.department else None
    mine = path is not None and any(path.startswith(part) for part in viewer.paths(Permission.EDIT_PARK))
    return mine or may_edit_row(request.enterprise, viewer)
