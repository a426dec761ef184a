"""One step of one person, with its seat: the only place that moves a participation of a live class.

Whoever moves seats of a class locks the class first, so that on PostgreSQL no two wait for each other. SQLite
knows no row locks; there the transaction itself is alone. The conditional UPDATEs hold on both.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from core.seats import free_seat, take_seat
from people.models import Cadre
from training.choices import ParticipationOrigin, ParticipationState
from training.enrolment import ACTIVE, OUT, may_follow, seat_change
from training.models import Participation, ParticipationStep, TrainingClass
from training.queries.study import units_at
from training.services.enrolment.roster import expect_at_slots, forget_coming_slots

OWN_RECORD = "不能为本人办理，请由其他经办人办理；本人报名请用“报名参训”。"
MOVED_ON = "名单刚刚被其他人办理过，请刷新页面后重试。"
P = ParticipationState


@dataclass(frozen=True, slots=True)
class Hop:
    """Who moves somebody, when and why; without `by` it is the system."""

    by: Viewer | None
    at: datetime
    reason: str = ""


def lock_class(pk: int) -> TrainingClass:
    """The class as it stands now; nobody else moves its seats until the transaction ends."""
    return TrainingClass.objects.select_for_update(no_key=True).get(pk=pk)


def refuse_own(cadre_id: int, by: Viewer) -> None:
    if by.cadre_id == cadre_id:
        raise DomainError(OWN_RECORD, code="own_record")


def begin(
    held: TrainingClass,
    cadre: Cadre,
    origin: ParticipationOrigin,
    hop: Hop,
    state: ParticipationState | None = None,
    substitute_for: Participation | None = None,
) -> Participation:
    """Puts a person on the list; without `state` with a seat, or at the end of the waiting list.

    Who was on it and left or was refused begins anew in the same row, so that the history stays.
    """
    row = Participation.objects.filter(training_class=held, cadre=cadre).first()
    before = ParticipationState(row.state) if row else None
    if before is not None and before not in OUT:
        message = f"{cadre.name} 已在本班次名单中（{before.label}）。"
        raise DomainError(message, field="cadres", code="already_in_class")
    row = row or Participation(training_class=held, cadre=cadre, hours=0, days=0)
    goal = state or _seat_or_queue(held, cadre)
    if seat_change(before, goal) > 0 and not take_seat(held):
        raise DomainError(_full(held), code="no_seat")
    row.training_class, row.origin, row.state = held, origin, goal
    today = Cadre.objects.filter(pk=cadre.pk).with_position(timezone.localdate(hop.at))
    row.unit_id = units_at(today).get(cadre.pk)
    row.waiting_since = hop.at if goal == P.WAITING else None
    row.substitute_for = substitute_for
    save_validated(row)
    _note(row, hop)
    if goal in ACTIVE:
        expect_at_slots(held, [cadre.pk])
    return row


def seat_or_queue(row: Participation, hop: Hop) -> ParticipationState:
    """Confirms a pending person as long as there are seats; then the waiting list begins."""
    goal = _seat_or_queue(row.training_class, row.cadre)
    move(row, goal, hop)
    return goal


def move(row: Participation, to: ParticipationState, hop: Hop) -> None:
    """One hop: the state by conditional UPDATE, the seat, the attendance, and the step in the history."""
    held, before = row.training_class, ParticipationState(row.state)
    if not may_follow(before, to):
        message = f"{row.cadre.name} 现为“{before.label}”，不能改为“{to.label}”，请刷新页面后再办理。"
        raise DomainError(message, code="wrong_state")
    change = seat_change(before, to)
    if change > 0 and not take_seat(held):
        raise DomainError(_full(held), code="no_seat")
    waiting = hop.at if to == P.WAITING else None
    still = Participation.objects.filter(pk=row.pk, state=before)
    if not still.update(state=to, waiting_since=waiting, updated_at=hop.at):
        raise DomainError(MOVED_ON, code="conflict")
    row.state, row.waiting_since = to, waiting
    if change < 0:
        free_seat(held)
    _note(row, hop)
    if to in ACTIVE and before not in ACTIVE:
        expect_at_slots(held, [row.cadre_id])
    if before in ACTIVE and to in (P.WITHDRAWN, P.DROPPED):
        forget_coming_slots(held, row.cadre_id, hop.at)


def _seat_or_queue(held: TrainingClass, cadre: Cadre) -> ParticipationState:
    """Nobody overtakes: whoever comes while others wait goes to the end of the queue."""
    queue = held.participations.filter(state=P.WAITING).exclude(cadre=cadre)
    if held.seats_left is None or (held.seats_left > 0 and not queue.exists()):
        return P.CONFIRMED
    if not held.has_waiting_list:
        raise DomainError(_full(held), code="no_seat")
    return P.WAITING


def _full(held: TrainingClass) -> str:
    return f"“{held}”的 {held.capacity} 个名额已满，请增加名额，或等有人退出后再办理。"


def _note(row: Participation, hop: Hop) -> None:
    by = hop.by
    ParticipationStep.objects.create(
        participation=row,
        state=row.state,
        at=hop.at,
        by_id=by.user_id if by else None,
        by_name=by.name[:60] if by else "系统",
        reason=hop.reason[:200],
    )


def record_steps(rows: list[Participation], act: str, hop: Hop) -> None:
    """The audit events of one act, written last: their lock is held by everyone until the end."""
    record_many(
        Entry(
            action=AuditAction.ENROLMENT_CHANGED,
            by=hop.by,
            subject=row,
            label=f"{act}：{row}（{ParticipationState(row.state).label}）"[:200],
            reason=hop.reason,
        )
        for row in rows
    )
