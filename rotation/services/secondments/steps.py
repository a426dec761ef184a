"""One step of one secondment: the only place that moves its state, with the line in its log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import Changes, save_validated
from people.models import User
from rotation.choices.secondments import SecondmentAct, SecondmentState
from rotation.guards import OVERLAP, is_overlap
from rotation.models import Secondment, SecondmentStep
from rotation.secondment_states import after

OWN_CASE = "不能为本人办理挂职，请由其他经办人或领导办理。"
MOVED_ON = "这份挂职刚刚被其他人办理过，请刷新页面后重试。"
KIND = "rotation.secondment"


@dataclass(frozen=True, slots=True)
class Hop:
    """Who takes the step, when, for which day and why; without `by` it is the system."""

    by: Viewer | None
    at: datetime
    on: date
    reason: str = ""


def refuse_own(row: Secondment, by: Viewer | None) -> None:
    if by is not None and by.cadre_id is not None and by.cadre_id == row.cadre_id:
        raise DomainError(OWN_CASE, code="own_case")


def move(row: Secondment, act: SecondmentAct, hop: Hop, **values: Any) -> None:
    """By a conditional UPDATE; of two who act at once the second is told so."""
    before = SecondmentState(row.state)
    goal = after(before, act)
    if goal is None:
        message = f"{row.cadre.name}的挂职现为“{before.label}”，不能{act.label}，请刷新页面后再办理。"
        raise DomainError(message, code="wrong_state")
    still = Secondment.objects.filter(pk=row.pk, state=before)
    with refusing_overlaps():
        if not still.update(state=goal, updated_at=hop.at, **values):
            raise DomainError(MOVED_ON, code="conflict")
    row.state = goal
    for name, value in values.items():
        setattr(row, name, value)
    note(row, act, hop)


def note(row: Secondment, act: SecondmentAct, hop: Hop) -> None:
    """The line in the log, and the audit event."""
    by = hop.by
    SecondmentStep.objects.create(
        secondment=row,
        act=act,
        state=row.state,
        happened_on=hop.on,
        at=hop.at,
        by_id=by.user_id if by else None,
        by_name=by.name[:60] if by else "系统",
        reason=hop.reason.strip()[:300],
    )
    audit(row, act.label, by, reason=hop.reason)


def audit(
    subject: Any, act: str, by: Viewer | None, changes: Changes | None = None, reason: str = ""
) -> None:
    record(
        action=AuditAction.SECONDMENT_CHANGED,
        by=by,
        subject=subject,
        label=f"{act}：{subject}"[:200],
        changes=changes,
        reason=reason,
    )


@contextmanager
def refusing_overlaps() -> Iterator[None]:
    """Turns the database's refusal of a second secondment at the same time into its sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if is_overlap(error):
            raise DomainError(OVERLAP, field="starts_on", code="overlap") from error
        raise


def save(row: Secondment, *fields: str) -> None:
    try:
        save_validated(row, update_fields=[*fields, "updated_at"] if fields else None)
    except DomainError as refusal:
        if isinstance(refusal.__cause__, IntegrityError) and is_overlap(refusal.__cause__):
            raise DomainError(OVERLAP, field="starts_on", code="overlap") from refusal
        raise


def tell_person(row: Secondment, title: str, detail: str, key: str, on: date) -> None:
    """The cadre, on the own page."""
    accounts = User.objects.filter(cadre=row.cadre_id).values_list("pk", flat=True)
    tell(accounts, row, title, detail, key, on, url_name="rotation:my_secondment")


def tell(
    recipients: Any,
    row: Secondment,
    title: str,
    detail: str,
    key: str,
    on: date,
    url_name: str = "rotation:secondment",
) -> None:
    notify(
        recipients=recipients,
        kind=KIND,
        title=title,
        detail=detail,
        key=f"{KIND}:{row.pk}:{key}",
        on=on,
        url_name=url_name,
        args=(row.pk,),
    )
