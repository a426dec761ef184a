"""催办和督办: numbered by year, counted on the task, told to the owner; 督办 also to the lead official."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from park.access import accounts_of
from park.choices import ENDED_STATES, SupervisionKind, TaskState
from park.models import Supervision, Task

NUMBERED = {SupervisionKind.REMIND: "园催", SupervisionKind.SUPERVISE: "园督"}
# From this reminder on the lead official is told as well.
ESCALATES_AT = 3
_TRIES = 20  # each round one of those who ask at once gets its number


@transaction.atomic
def remind(*, task: Task, by: Viewer, on: date, text: str = "") -> Supervision:
    """催办, once a day by the same person; of an overdue task, or the third time, the lead official hears."""
    today = Supervision.objects.filter(task=task, kind=SupervisionKind.REMIND, on=on, by_id=by.user_id)
    if today.exists():
        raise DomainError("你今天已经催办过这项任务，请明天再催，或转为督办。", code="reminded_today")
    overdue = task.due_on is not None and task.due_on < on
    escalated = overdue or task.reminded_times + 1 >= ESCALATES_AT
    return _issue(task, SupervisionKind.REMIND, by=by, on=on, text=text, escalated=escalated)


@transaction.atomic
def supervise(
    *, task: Task, text: str, by: Viewer, on: date, answer_due_on: date | None = None
) -> Supervision:
    """督办: a numbered order with a day for the answer, escalated to the lead official."""
    if not text.strip():
        raise DomainError("请写明督办要求。", field="text", code="no_text")
    if answer_due_on is not None and answer_due_on < on:
        raise DomainError("回复期限不能早于今天。", field="answer_due_on", code="past")
    return _issue(
        task, SupervisionKind.SUPERVISE, by=by, on=on, text=text, escalated=True, answer_due_on=answer_due_on
    )


@transaction.atomic
def answer_supervision(*, supervision: Supervision, answer: str, by: Viewer, on: date) -> None:
    if supervision.answered_on is not None:
        raise DomainError("这份督办已经回复过了。", code="answered")
    if not answer.strip():
        raise DomainError("请写明办理情况。", field="answer", code="no_text")
    supervision.answered_on, supervision.answer = on, answer.strip()
    save_validated(supervision, update_fields=["answered_on", "answer"])
    record(
        action=AuditAction.PARK_REPORTED,
        by=by,
        subject=supervision,
        label=f"回复{supervision.get_kind_display()}：{supervision.task}",
        changes={"answer": (None, supervision.answer[:200])},
    )


def _issue(
    task: Task,
    kind: SupervisionKind,
    *,
    by: Viewer,
    on: date,
    text: str,
    escalated: bool,
    answer_due_on: date | None = None,
) -> Supervision:
    if task.state == TaskState.DRAFT or task.state in ENDED_STATES:
        message = f"任务现在是“{TaskState(task.state).label}”，不需要{kind.label}。"
        raise DomainError(message, code="wrong_state")
    supervision = _numbered(
        Supervision(
            task=task,
            kind=kind,
            year=on.year,
            on=on,
            text=text.strip(),
            escalated_to_id=task.lead_official_id if escalated else None,
            answer_due_on=answer_due_on,
            by_id=by.user_id,
        )
    )
    _count(task, kind)
    record(
        action=AuditAction.PARK_CHANGED,
        by=by,
        subject=supervision,
        label=f"{kind.label}：{task}",
        changes={"number": (None, supervision.number), "text": (None, supervision.text[:200])},
    )
    _tell(supervision, on)
    return supervision


def _numbered(supervision: Supervision) -> Supervision:
    """The next number of the year; two at once meet at the constraint and the second takes the one after."""
    kind, year = SupervisionKind(supervision.kind), supervision.year
    for _ in range(_TRIES):
        taken = Supervision.objects.filter(kind=kind, year=year).aggregate(last=Max("sequence"))["last"]
        supervision.sequence = (taken or 0) + 1
        supervision.number = f"{NUMBERED[kind]}〔{year}〕{supervision.sequence}号"
        try:
            with transaction.atomic():
                supervision.save(force_insert=True)
        except IntegrityError:
            continue
        return supervision
    raise DomainError("文号正被别人占用，请稍后再试。", code="number_taken")


def _count(task: Task, kind: SupervisionKind) -> None:
    field = "reminded_times" if kind is SupervisionKind.REMIND else "supervised_times"
    Task.objects.filter(pk=task.pk).update(**{field: F(field) + 1})
    task.refresh_from_db(fields=[field])


def _tell(supervision: Supervision, on: date) -> None:
    task = supervision.task
    notify(
        recipients=accounts_of(task.owner_id, supervision.escalated_to_id),
        kind=f"park.{supervision.kind}",
        title=f"{supervision.get_kind_display()}：{task.name}",
        key=f"park.supervision:{supervision.pk}",
        on=on,
        url_name="park:task",
        args=(task.pk,),
        detail=f"{supervision.number}　{supervision.text}".strip(),
    )
