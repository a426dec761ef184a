"""Who may do what with one task; what may be seen at all is `Task.objects.visible_to`."""

from core.access import Permission, Viewer
from park.choices import TaskState
from park.models import Assignment, Task
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


def _within(task: Task, viewer: Viewer, permission: Permission) -> bool:
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
