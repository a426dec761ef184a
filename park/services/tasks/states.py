"""签收、申请销号、审核、销号、退回、终止. Nobody decides about a task that they or a relative
answer for (avoiding)."""

from datetime import date

from django.db import transaction

from core.access import Viewer
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from park.access import accounts_of, who_decides
from park.choices import AssignmentEnd, ExtensionState, TaskState
from park.models import Task
from park.services.tasks.avoiding import check_may_decide
from park.services.tasks.duties import close_duties
from park.services.tasks.moves import move


@transaction.atomic
def accept_task(*, task: Task, by: Viewer, on: date) -> None:
    """签收 by the owner."""
    move(task, TaskState.ACCEPTED, by=by, on=on)


@transaction.atomic
def refuse_task(*, task: Task, reason: str, by: Viewer, on: date) -> None:
    """The owner sends a task back that is not theirs: it becomes a draft again, with the reason kept."""
    _needs(reason, "请写明退回的原因，例如责任不在本部门。")
    issuer = task.issued_by_id
    move(task, TaskState.DRAFT, by=by, on=on, reason=reason, issued_at=None, issued_by_id=None)
    close_duties(task, on=on, reason=AssignmentEnd.RELEASED)
    _tell(task, [issuer] if issuer else [], "refused", f"任务被退回：{task.name}", reason, on)


@transaction.atomic
def apply_for_closing(*, task: Task, reason: str, by: Viewer, on: date) -> None:
    """申请销号: the owner says that it is done, and by what it shows."""
    _needs(reason, "请写明完成情况，作为销号的依据。")
    if task.percent < 100:
        message = f"完成率是 {task.percent}%，请先填报进展到 100%，再申请销号。"
        raise DomainError(message, code="not_done")
    move(task, TaskState.CLOSING, by=by, on=on, reason=reason)
    _tell(task, who_decides(task, on), "closing", f"申请销号：{task.name}", reason, on)


@transaction.atomic
def start_review(*, task: Task, by: Viewer, on: date, reason: str = "") -> None:
    """审核: whoever looks after the task's department has checked it and passes it on."""
    check_may_decide(task, by, on)
    move(task, TaskState.REVIEWING, by=by, on=on, reason=reason, action=AuditAction.PARK_DECIDED)


@transaction.atomic
def close_task(*, task: Task, by: Viewer, on: date, reason: str = "") -> None:
    """销号. Open requests for more time fall away with it."""
    check_may_decide(task, by, on)
    move(task, TaskState.CLOSED, by=by, on=on, reason=reason, action=AuditAction.PARK_DECIDED, ended_on=on)
    _end(task, on)
    _tell(task, accounts_of(task.owner_id), "closed", f"任务已销号：{task.name}", reason, on)


@transaction.atomic
def return_task(*, task: Task, reason: str, by: Viewer, on: date) -> None:
    """The application is sent back: what is missing, and the work goes on."""
    check_may_decide(task, by, on)
    _needs(reason, "请写明退回的原因和还要补充的内容。")
    move(task, TaskState.RETURNED, by=by, on=on, reason=reason, action=AuditAction.PARK_DECIDED)
    _tell(task, accounts_of(task.owner_id), "returned", f"销号申请被退回：{task.name}", reason, on)


@transaction.atomic
def stop_task(*, task: Task, reason: str, by: Viewer, on: date) -> None:
    """终止: it will not be done; the task and its records stay."""
    check_may_decide(task, by, on)
    _needs(reason, "请写明终止的原因。")
    move(task, TaskState.STOPPED, by=by, on=on, reason=reason, action=AuditAction.PARK_DECIDED, ended_on=on)
    _end(task, on)
    _tell(task, accounts_of(task.owner_id), "stopped", f"任务已终止：{task.name}", reason, on)


def _end(task: Task, on: date) -> None:
    close_duties(task, on=on)
    task.extensions.filter(state=ExtensionState.ASKED).update(
        state=ExtensionState.REFUSED, decided_on=on, decision="任务已办结，申请自动失效。"
    )


def _needs(reason: str, message: str) -> None:
    if not reason.strip():
        raise DomainError(message, field="reason", code="no_reason")


def _tell(task: Task, recipients: list[int], what: str, title: str, detail: str, on: date) -> None:
    notify(
        recipients=recipients,
        kind=f"park.{what}",
        title=title,
        key=f"park.task:{task.pk}:{what}",
        on=on,
        url_name="park:task",
        args=(task.pk,),
        detail=detail,
    )
