"""指派: a cadre on a project, an enterprise or a task, guided by a leader; 解除; the leader's notes."""

from datetime import date, timedelta

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import changes_to, save_validated, values_of
from park.access import accounts_of
from park.choices import ENDED_STATES, AssignmentEnd, AssignmentRole, EnterpriseState, ProjectState, TaskState
from park.models import Assignment, Enterprise, LeaderNote, Project, Task
from park.queries.assignments import quarter_of
from people.choices import CadreStatus
from people.models import Cadre

Subject = Project | Enterprise | Task
FIELDS = ("cadre", "task", "project", "enterprise", "role", "lead_official", "starts_on")
NAMES: dict[type[Subject], str] = {Task: "task", Project: "project", Enterprise: "enterprise"}


@transaction.atomic
def assign(
    *,
    cadre: Cadre,
    subject: Subject,
    by: Viewer | None,
    on: date,
    role: AssignmentRole | str = "",
    lead_official: Cadre | None = None,
    note: str = "",
) -> Assignment:
    """Gives the subject to the cadre from `on` on. A task's owner changes by `reassign_task`, not here.

    Without a lead official the row takes the one of the subject: a task's people are guided by its own.
    """
    name = NAMES[type(subject)]
    role = AssignmentRole(role or (AssignmentRole.CO_WORKER if name == "task" else AssignmentRole.STEWARD))
    guide = subject.lead_official if name == "task" else lead_official or subject.lead_official
    _check(cadre, subject, role, guide)
    row = Assignment(
        cadre=cadre,
        role=role,
        lead_official=guide,
        starts_on=on,
        note=note.strip(),
        assigned_by_id=by.user_id if by else None,
        **{name: subject},
    )
    save_validated(row)
    _record(row, f"指派：{row}", by)
    _tell(row, f"新的包干：{subject}", on)
    return row


def _check(cadre: Cadre, subject: Subject, role: AssignmentRole, guide: Cadre | None) -> None:
    if cadre.status != CadreStatus.ACTIVE:
        raise DomainError(f"{cadre}已不在职，不能指派。", field="cadre", code="not_active")
    if guide is not None and guide.pk == cadre.pk:
        raise DomainError("带教领导不能是本人，请另选。", field="lead_official", code="own_guide")
    if isinstance(subject, Task):
        if role == AssignmentRole.OWNER:
            raise DomainError("任务的责任人请在任务页面用“调整责任”更换。", field="role", code="owner")
        if subject.state in (TaskState.DRAFT, *ENDED_STATES):
            raise DomainError("任务还没有交办或已经办结，不能指派。", field="subject", code="not_open")
    elif subject.state in (ProjectState.DONE, ProjectState.DROPPED, EnterpriseState.LEFT):
        raise DomainError(
            f"{subject}{subject.get_state_display()}，不能指派。", field="subject", code="ended"
        )


@transaction.atomic
def change_guide(*, assignment: Assignment, lead_official: Cadre, by: Viewer | None, on: date) -> Assignment:
    """Another leader guides the same work from `on` on; the earlier row stays for its days."""
    if assignment.task_id is not None:
        raise DomainError("任务的带教领导就是责任领导，请在任务页面用“调整责任”更换。", code="task")
    if assignment.lead_official_id == lead_official.pk:
        return assignment
    close_row(assignment, on, AssignmentEnd.RELEASED)
    return assign(
        cadre=assignment.cadre,
        subject=assignment.subject,
        role=assignment.role,
        lead_official=lead_official,
        by=by,
        on=on,
    )


@transaction.atomic
def release(*, assignment: Assignment, by: Viewer | None, on: date, reason: str) -> None:
    """解除: the cadre no longer holds it. The owner of a task is replaced, never just taken off."""
    if not reason.strip():
        raise DomainError("请写明解除的原因。", field="reason", code="no_reason")
    if assignment.ends_on is not None:
        raise DomainError("这一项已经结束，不用再解除。", code="ended")
    if assignment.role == AssignmentRole.OWNER and assignment.task_id is not None:
        raise DomainError("任务不能没有责任人，请在任务页面用“调整责任”更换。", code="owner")
    close_row(assignment, on, AssignmentEnd.RELEASED)
    _record(assignment, f"解除：{assignment}", by, reason)


def close_row(assignment: Assignment, on: date, reason: AssignmentEnd) -> None:
    """Held up to the day before `on`; one that began today is held for this day."""
    assignment.ends_on = max(assignment.starts_on, on - timedelta(days=1))
    assignment.end_reason = reason
    save_validated(assignment, update_fields=["ends_on", "end_reason"])


@transaction.atomic
def write_leader_note(*, leader: Cadre, cadre: Cadre, text: str, by: Viewer | None, on: date) -> LeaderNote:
    """What the leader notes this quarter on a person they guide; within the quarter it can be rewritten."""
    if not text.strip():
        raise DomainError("请写明带教情况。", field="text", code="no_text")
    year, quarter = quarter_of(on)
    if not _guided_in(leader, cadre, date(year, 3 * quarter - 2, 1), on):
        raise DomainError(f"{leader}这一季度没有带教{cadre}，不能登记带教记录。", code="not_guided")
    key = {"leader": leader, "cadre": cadre, "year": year, "quarter": quarter}
    note = LeaderNote.objects.filter(**key).first() or LeaderNote(**key)
    changes = changes_to(note, {"text": text.strip()})
    note.text = text.strip()
    note.by_id = by.user_id if by else None
    save_validated(note)
    record(
        action=AuditAction.ASSIGNMENT_CHANGED,
        by=by,
        subject=note,
        label=f"带教记录：{note}",
        changes=dict.fromkeys(changes, ("", "已填写")),
    )
    return note


def _guided_in(leader: Cadre, cadre: Cadre, since: date, until: date) -> bool:
    rows = Assignment.objects.filter(cadre=cadre, lead_official=leader, starts_on__lte=until)
    return rows.exclude(ends_on__lt=since).exists()


def _record(row: Assignment, label: str, by: Viewer | None, reason: str = "") -> None:
    record(
        action=AuditAction.ASSIGNMENT_CHANGED,
        by=by,
        subject=row,
        label=label,
        changes=values_of(row, (*FIELDS, "ends_on")),
        reason=reason,
    )


def _tell(row: Assignment, title: str, on: date) -> None:
    notify(
        recipients=accounts_of(row.cadre_id),
        kind="park.assigned",
        title=title,
        key=f"park.assignment:{row.pk}",
        on=on,
        url_name="park:cadre_items",
        args=(row.cadre_id,),
        detail=f"带教领导：{row.lead_official}" if row.lead_official else "",
    )
