"""Who may do what with one task; what may be seen at all is `Task.objects.visible_to`."""

from datetime import date
from typing import Any

from django.db.models import Q

from core.access import ROLE_PERMISSIONS, Permission, Viewer
from park.choices import TaskState
from park.models import Assignment, Enterprise, EnterpriseRequest, Handover, Task
from people.models import Cadre, KinTie, RoleGrant, User


def may_edit(task: Task, viewer: Viewer) -> bool:
    if viewer.sees_all(Permission.EDIT_PARK):
        return True
    if task.lead_department is not None:
        return _within(task, viewer, Permission.EDIT_PARK)
    return Task.objects.visible_to(viewer, Permission.EDIT_PARK).filter(pk=task.pk).exists()


def might_approve(task: Task, viewer: Viewer) -> bool:
    """Leaders and department heads of the task's department, its lead official; who of them must
    stay out of it is told by `avoids`."""
    if not viewer.can(Permission.APPROVE_PARK) or task.state == TaskState.DRAFT:
        return False
    leads = viewer.cadre_id is not None and viewer.cadre_id == task.lead_official_id
    return leads or _within(task, viewer, Permission.APPROVE_PARK)


def avoids(task: Task, viewer: Viewer) -> bool:
    """Whether the viewer or a relative answers for the task: then they decide nothing about it."""
    if viewer.cadre_id is None or task.owner_id is None:
        return False
    if viewer.cadre_id == task.owner_id:
        return True
    return KinTie.objects.between(viewer.cadre_id, task.owner_id).exists()


def approvers_of(task: Task, on: date) -> list[User]:
    """Who may approve on the day, the lead official first, then whoever is nearest to the department; never
    the owner or a relative of theirs."""
    path = task.lead_department.path if task.lead_department else None
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.APPROVE_PARK in held]
    grants = RoleGrant.objects.covering(on).filter(role__in=roles, user__is_active=True)
    near: dict[User, int] = {}
    for grant in grants.select_related("user", "unit"):
        scope = (grant.unit.path if grant.unit else "") or ""
        leads = grant.user.cadre_id is not None and grant.user.cadre_id == task.lead_official_id
        if leads or (path is not None and path.startswith(scope)):
            near[grant.user] = max(near.get(grant.user, 0), 10**6 if leads else len(scope))
    out = _concerned(task)
    fit = [user for user in near if user.cadre_id is None or user.cadre_id not in out]
    return sorted(fit, key=lambda user: (-near[user], user.name, user.pk))


def _concerned(task: Task) -> set[int]:
    """The owner and the owner's relatives."""
    if task.owner_id is None:
        return set()
    ties = KinTie.objects.of([task.owner_id]).values_list("cadre", "relative")
    return {task.owner_id, *(pk for pair in ties for pk in pair)}


def who_decides(task: Task, on: date) -> list[int]:
    """Accounts to be told that something waits for a decision: the lead official, or, where they must stay
    out of it, the next ones who may decide."""
    if task.lead_official_id is not None and task.lead_official_id not in _concerned(task):
        return accounts_of(task.lead_official_id)
    return [user.pk for user in approvers_of(task, on)]


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


def sides_of(row: Handover, viewer: Viewer) -> tuple[bool, bool]:
    """Whether the viewer answers for whoever takes over (as themselves, too), and for whoever gives."""
    own = viewer.cadre_id == row.to_id and viewer.on_own_record(Permission.REPORT_PARK)
    reach = Cadre.objects.visible_to(viewer, Permission.EDIT_PARK)
    found = set(reach.filter(pk__in=(row.to_id, row.assignment.cadre_id)).values_list("pk", flat=True))
    return own or row.to_id in found, row.assignment.cadre_id in found


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
