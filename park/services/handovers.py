"""移交: what a cadre holds changes hands item by item, each when the successor accepts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from park.access import accounts_of
from park.choices import AssignmentEnd, AssignmentRole, HandoverState
from park.models import Assignment, Handover, Task
from park.queries.assignments import held_by
from park.queries.people import heads_of
from park.queries.places import unit_ids_on
from park.services.assignments import close_row
from park.services.tasks import reassign_task
from people.choices import CadreStatus
from people.contracts import occasions_of
from people.models import Cadre

LOOK_BACK = 90  # days in which a move may have been entered late


@dataclass(slots=True)
class Opened:
    """What a run of the daily job found."""

    opened: int = 0
    unplaced: int = 0


@transaction.atomic
def offer(*, assignment: Assignment, to: Cadre, reason: str, by: Viewer | None, on: date) -> Handover:
    """Asks `to` to take the item over; until they accept, it stays where it is."""
    if assignment.ends_on is not None:
        raise DomainError("这一项已经结束，不用移交。", code="ended")
    if to.pk == assignment.cadre_id:
        raise DomainError("接收人就是现在的承担人，请另选。", field="to", code="same")
    if to.status != CadreStatus.ACTIVE:
        raise DomainError(f"{to}已不在职，不能接收。", field="to", code="not_active")
    row = Handover(
        assignment=assignment,
        to=to,
        reason=reason.strip()[:200],
        offered_on=on,
        offered_by_id=by.user_id if by else None,
    )
    save_validated(row)
    _record(row, f"提出移交：{row}", by)
    _tell(row, on)
    return row


@transaction.atomic
def accept(*, handover: Handover, by: Viewer | None, on: date, note: str = "") -> None:
    """The item is the successor's from `on` on; the earlier row keeps the earlier days."""
    _answer(handover, HandoverState.ACCEPTED, on, note)
    _record(handover, f"接收移交：{handover}", by)
    held, to = handover.assignment, handover.to
    if held.task is not None and held.role == AssignmentRole.OWNER:
        _hand_task(held.task, to, by, on)
    else:
        _hand_row(held, to, by, on)


@transaction.atomic
def decline(*, handover: Handover, by: Viewer | None, on: date, note: str) -> None:
    """The successor cannot take it; whoever looks after the item asks another."""
    if not note.strip():
        raise DomainError("请写明不能接收的原因。", field="note", code="no_note")
    _answer(handover, HandoverState.DECLINED, on, note)
    _record(handover, f"退回移交：{handover}", by)


@transaction.atomic
def withdraw(*, handover: Handover, by: Viewer | None, on: date, note: str = "") -> None:
    """The cadre keeps the item after all, or another successor is to be asked."""
    _answer(handover, HandoverState.WITHDRAWN, on, note)
    _record(handover, f"撤回移交：{handover}", by)


@transaction.atomic
def redirect(*, handover: Handover, to: Cadre, by: Viewer | None, on: date) -> Handover:
    """Asks another one instead."""
    withdraw(handover=handover, by=by, on=on, note=f"改由{to}接收")
    return offer(assignment=handover.assignment, to=to, reason=handover.reason, by=by, on=on)


def _answer(handover: Handover, state: HandoverState, on: date, note: str) -> None:
    """By conditional update: two answers at once make one."""
    asked = Handover.objects.filter(pk=handover.pk, state=HandoverState.OFFERED)
    if not asked.update(state=state, answered_on=on, note=note.strip()[:300]):
        raise DomainError("这一项移交已经答复过了，请刷新页面。", code="answered")
    handover.refresh_from_db()


def _hand_task(task: Task, to: Cadre, by: Viewer | None, on: date) -> None:
    reassign_task(task=task, owner=to, by=by, on=on, reason="移交")


def _hand_row(held: Assignment, to: Cadre, by: Viewer | None, on: date) -> None:
    close_row(held, on, AssignmentEnd.HANDED_OVER)
    kept = {"task": held.task_id, "project": held.project_id, "enterprise": held.enterprise_id}
    subject = {f"{name}_id": key for name, key in kept.items() if key is not None}
    if Assignment.objects.filter(cadre=to, ends_on__isnull=True, **subject).exists():
        return
    guide = held.lead_official_id if held.lead_official_id != to.pk else None
    save_validated(
        Assignment(
            cadre=to,
            role=held.role,
            lead_official_id=guide,
            starts_on=on,
            assigned_by_id=by.user_id if by else None,
            **subject,
        )
    )


# -- what the clock opens --


@transaction.atomic
def open_handovers_of_movers(*, on: date) -> Opened:
    """For everybody who left their department or the zone: an offer for each item still in their hands.

    The head of the item's department is the first one responsible and is asked first, then the leader who
    guides it; whoever is asked may be changed on the page. What was withdrawn since the move is left alone.
    """
    done = Opened()
    moved = moves(on)
    for held in held_by(moved, on).prefetch_related("handovers"):
        since, reason = moved[held.cadre_id]
        if since <= held.starts_on and since != date.min:
            continue  # given to them where they are now
        if any(row.offered_on >= since for row in held.handovers.all()):
            continue
        to = successor_of(held, on)
        if to is None:
            done.unplaced += 1
            continue
        offer(assignment=held, to=to, reason=reason, by=None, on=on)
        done.opened += 1
    return done


def moves(on: date) -> dict[int, tuple[date, str]]:
    """By cadre with something in hand: the day since when they are elsewhere, and how it came."""
    holders = Assignment.objects.filter(ends_on__isnull=True).values_list("cadre", flat=True)
    ids = list(holders.order_by().distinct())
    return _gone(ids, on) | _elsewhere(ids, on)


def _gone(ids: list[int], on: date) -> dict[int, tuple[date, str]]:
    gone = Cadre.objects.filter(pk__in=ids).exclude(status=CadreStatus.ACTIVE)
    return {cadre.pk: (date.min, f"{cadre.get_status_display()}移交") for cadre in gone}


def _elsewhere(ids: list[int], on: date) -> dict[int, tuple[date, str]]:
    """Those whose department changed with an appointment of the last weeks."""
    since = on - timedelta(days=LOOK_BACK)
    begun = [o for o in occasions_of(ids, since=since, until=on) if o.key.startswith("appointment:")]
    now = unit_ids_on(ids, on)
    before: dict[date, dict[int, int]] = {}
    found: dict[int, tuple[date, str]] = {}
    for occasion in begun:
        day = occasion.happened_on - timedelta(days=1)
        if day not in before:
            before[day] = unit_ids_on(ids, day)
        earlier = before[day].get(occasion.cadre_id)
        if earlier is not None and earlier != now.get(occasion.cadre_id):
            found.setdefault(occasion.cadre_id, (occasion.happened_on, occasion.title))
    return found


def successor_of(held: Assignment, on: date) -> Cadre | None:
    """The head of the item's department, else the leader who guides the item; never the one who goes."""
    subject: Any = held.subject
    unit = subject.lead_department_id
    head = heads_of([unit], on).get(unit) if unit else None
    asked: tuple[Cadre | None, ...] = (head, held.lead_official, subject.lead_official)
    for one in asked:
        if one is not None and one.pk != held.cadre_id and one.status == CadreStatus.ACTIVE:
            return one
    return None


def _record(row: Handover, label: str, by: Viewer | None) -> None:
    record(
        action=AuditAction.ASSIGNMENT_CHANGED,
        by=by,
        subject=row,
        label=label,
        changes={"接收人": (row.assignment.cadre, row.to), "状态": (None, row.get_state_display())},
        reason=row.note or row.reason,
    )


def notice_key(handover_id: int) -> str:
    """Under which matter the successor was told."""
    return f"park.handover:{handover_id}"


def _tell(row: Handover, on: date) -> None:
    notify(
        recipients=accounts_of(row.to_id),
        kind="park.handover",
        title=f"待接收：{row.assignment.subject}",
        key=notice_key(row.pk),
        on=on,
        url_name="park:handover",
        args=(row.pk,),
        detail=f"{row.assignment.cadre}移交，{row.reason}",
    )
