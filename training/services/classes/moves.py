"""A class from state to state: by a person, or by the clock. Every move is noted and audited."""

from datetime import datetime

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from training.choices import ClassKind, ClassState, LeaveState, ParticipationState
from training.class_states import ClassMove, due_move, target
from training.enrolment import OUT, PENDING
from training.models import LeaveRequest, Participation, TrainingClass
from training.services.assessment import settle_archived
from training.services.classes.planning import note_step
from training.services.classes.slots import clock_of
from training.services.enrolment.queue import promote_waiting, tell, tell_of_place
from training.services.enrolment.roster import expect_everyone
from training.services.enrolment.steps import Hop, lock_class, move, record_steps

P = ParticipationState
BY_CLOCK = "到时自动办理"
TOO_LATE = "班次已结课，未安排参训"


@transaction.atomic
def move_class(
    *, training_class: TrainingClass, to: ClassMove, by: Viewer | None, at: datetime, reason: str = ""
) -> TrainingClass:
    """One arrow of the state machine; returns the class as it stands afterwards."""
    held = lock_class(training_class.pk)
    hop = Hop(by, at, reason)
    before = ClassState(held.state)
    goal = target(before, to)
    if goal is None:
        message = f"班次现为“{held.get_state_display()}”，不能{to.label}，请刷新页面。"
        raise DomainError(message, code="wrong_state")
    _refuse(held, to, reason)
    held.state = goal
    if to == ClassMove.CANCEL:
        held.cancel_reason = reason.strip()
    held.save(update_fields=["state", "cancel_reason", "updated_at"])
    note_step(held, hop)
    moved = _follow(held, before, to, hop)
    record(
        action=AuditAction.CLASS_MOVED,
        by=by,
        subject=held,
        label=f"{to.label}：{held}",
        reason=reason,
    )
    record_steps(moved, to.label, hop)
    return held


def cancel_class(*, training_class: TrainingClass, by: Viewer, at: datetime, reason: str) -> TrainingClass:
    """Everyone on the list is told why; the slots no longer occupy anybody."""
    return move_class(training_class=training_class, to=ClassMove.CANCEL, by=by, at=at, reason=reason)


def advance_classes(*, at: datetime) -> int:
    """What the clock is due, class by class, each in its own transaction; returns the number of moves."""
    waiting = (ClassState.PUBLISHED, ClassState.ENROLLING, ClassState.CLOSED, ClassState.RUNNING)
    keys = TrainingClass.objects.filter(state__in=waiting).order_by("pk").values_list("pk", flat=True)
    return sum(_advance(pk, at) for pk in list(keys))


@transaction.atomic
def _advance(pk: int, at: datetime) -> int:
    moves, held = 0, lock_class(pk)
    while (due := due_move(ClassState(held.state), clock_of(held), at)) is not None:
        held = move_class(training_class=held, to=due, by=None, at=at, reason=BY_CLOCK)
        moves += 1
    return moves


def _refuse(held: TrainingClass, to: ClassMove, reason: str) -> None:
    if to == ClassMove.CANCEL and not reason.strip():
        raise DomainError("请写明取消的原因，学员会看到。", field="reason", code="no_reason")
    if to == ClassMove.UNPUBLISH and held.participations.exists():
        raise DomainError("已经有人报名或被推荐，请改为取消班次，并写明原因。", code="has_people")
    if to == ClassMove.ARCHIVE:
        left = held.participations.filter(state__in=(P.CONFIRMED, P.DISPATCHED)).count()
        if left:
            raise DomainError(f"还有 {left} 人没有评定，请先评定再归档。", code="not_assessed")


def _follow(held: TrainingClass, before: ClassState, to: ClassMove, hop: Hop) -> list[Participation]:
    """What the move means for the people of the class; returns whom it moved."""
    if to == ClassMove.PUBLISH:
        return _publish(held, hop)
    if to == ClassMove.CANCEL:
        return _cancel(held, hop, announced=before != ClassState.DRAFT)
    if to == ClassMove.START and held.kind == ClassKind.DISPATCHED:
        return _move_all(held, (P.CONFIRMED,), P.DISPATCHED, hop)
    if to == ClassMove.END:
        late = Hop(hop.by, hop.at, TOO_LATE)
        return _move_all(held, (*PENDING, P.WAITING), P.REJECTED, late)
    if to == ClassMove.ARCHIVE:
        settle_archived(held, by=hop.by, at=hop.at)
    return []


def _publish(held: TrainingClass, hop: Hop) -> list[Participation]:
    """Whoever stands on the list of the draft is told, and expected at its slots."""
    promote_waiting(held, by=None, at=hop.at)
    expect_everyone(held, list(held.slots.filter(cancelled_at__isnull=True)))
    for row in held.participations.exclude(state__in=OUT).select_related("training_class"):
        tell_of_place(row, hop.at)
    return []


def _cancel(held: TrainingClass, hop: Hop, *, announced: bool) -> list[Participation]:
    """Whoever stood on the list of a draft was never told of it, and is not told of its end."""
    for slot in held.slots.filter(cancelled_at__isnull=True):
        slot.cancelled_at, slot.sequence = hop.at, slot.sequence + 1
        slot.save(update_fields=["cancelled_at", "sequence"])
    open_leave = LeaveRequest.objects.filter(participation__training_class=held).waiting()
    open_leave.update(state=LeaveState.WITHDRAWN, decided_at=hop.at, answer="班次取消")
    gone = Hop(hop.by, hop.at, f"班次取消：{hop.reason}")
    rows = _move_all(held, (*PENDING, P.WAITING, P.CONFIRMED, P.DISPATCHED), P.WITHDRAWN, gone)
    for row in rows if announced else ():
        tell(row, f"班次取消：{held}", hop.reason, hop.at)
    return rows


def _move_all(
    held: TrainingClass, states: tuple[ParticipationState, ...], to: ParticipationState, hop: Hop
) -> list[Participation]:
    rows = list(held.participations.filter(state__in=states).select_related("cadre").order_by("pk"))
    for row in rows:
        row.training_class = held
        move(row, to, hop)
    return rows
