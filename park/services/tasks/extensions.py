"""延期: asked by the owner, decided by someone else; only a decision moves the due date."""

from datetime import date

from django.db import transaction
from django.db.models import F

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from park.access import accounts_of, who_decides
from park.choices import ExtensionState, TaskState
from park.models import Extension, Task
from park.services.tasks.avoiding import check_may_decide

MAY_ASK = (TaskState.ISSUED, TaskState.ACCEPTED, TaskState.RUNNING, TaskState.RETURNED)


@transaction.atomic
def ask_extension(*, task: Task, new_due_on: date, reason: str, by: Viewer, on: date) -> Extension:
    if task.state not in MAY_ASK or task.due_on is None:
        message = f"任务现在是“{TaskState(task.state).label}”，不能申请延期。"
        raise DomainError(message, code="wrong_state")
    if not reason.strip():
        raise DomainError("请写明延期的原因。", field="reason", code="no_reason")
    extension = Extension(
        task=task,
        asked_on=on,
        asked_by_id=by.user_id,
        old_due_on=task.due_on,
        new_due_on=new_due_on,
        reason=reason.strip(),
    )
    save_validated(extension)
    record(
        action=AuditAction.PARK_CHANGED,
        by=by,
        subject=extension,
        label=f"申请延期：{task}",
        changes={"new_due_on": (task.due_on, new_due_on), "reason": (None, extension.reason)},
    )
    _tell(extension, who_decides(task, on), "延期申请", extension.reason, on)
    return extension


@transaction.atomic
def decide_extension(
    *, extension: Extension, granted: bool, by: Viewer, on: date, decision: str = ""
) -> None:
    """Granting moves the due date and counts; two clicks decide once."""
    task = extension.task
    check_may_decide(task, by, on)
    if not granted and not decision.strip():
        raise DomainError("不批准时请写明理由。", field="decision", code="no_reason")
    state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    waiting = Extension.objects.filter(pk=extension.pk, state=ExtensionState.ASKED)
    decided = waiting.update(state=state, decided_on=on, decided_by_id=by.user_id, decision=decision.strip())
    if not decided:
        raise DomainError("这份申请已经审批过了，请刷新页面。", code="decided")
    extension.refresh_from_db()
    if granted:
        _move_due(task, extension)
    record(
        action=AuditAction.PARK_DECIDED,
        by=by,
        subject=extension,
        label=f"延期{state.label}：{task}",
        changes={"state": (ExtensionState.ASKED.label, state.label)},
        reason=decision,
    )
    _tell(extension, accounts_of(task.owner_id), f"延期申请{state.label}", decision, on)


def _move_due(task: Task, extension: Extension) -> None:
    Task.objects.filter(pk=task.pk).update(
        due_on=extension.new_due_on, extended_times=F("extended_times") + 1
    )
    task.refresh_from_db(fields=["due_on", "extended_times"])


def _tell(extension: Extension, recipients: list[int], what: str, detail: str, on: date) -> None:
    notify(
        recipients=recipients,
        kind="park.extension",
        title=f"{what}：{extension.task.name}",
        key=f"park.extension:{extension.pk}:{extension.state}",
        on=on,
        url_name="park:task",
        args=(extension.task_id,),
        detail=detail,
    )
