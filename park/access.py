"""Who may do what with one task; what may be seen at all is `Task.objects.visible_to`."""

from core.access import Permission, Viewer
from park.models import Assignment, Task
from people.models import User


def may_edit(task: Task, viewer: Viewer) -> bool:
    return Task.objects.visible_to(viewer, Permission.EDIT_PARK).filter(pk=task.pk).exists()


def may_approve(task: Task, viewer: Viewer) -> bool:
    """Leaders and department heads of the task's department, its lead official; never of the own task."""
    if viewer.cadre_id is not None and viewer.cadre_id == task.owner_id:
        return False
    return Task.objects.visible_to(viewer, Permission.APPROVE_PARK).filter(pk=task.pk).exists()


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
