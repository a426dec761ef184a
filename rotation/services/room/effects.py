"""任职生效: all moves of a decision at once, taken back as a whole until somebody confirms them.

One transaction holds everything: a process that is killed leaves nothing half done, and the next run does it
once. The day is the planned one, however late the run comes.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.access import Viewer
from core.errors import DomainError
from core.notifications import notify, retract
from core.saving import save_validated
from growth.models import GrowthReading
from park.choices import HandoverState
from park.models import Assignment, Handover
from park.queries.assignments import held_by
from park.services.handovers import notice_key, offer, successor_of
from people.choices import AppointmentKind
from people.models import Appointment
from people.services.appointments import appoint, end_appointment
from people.spans import add_months
from rotation.choices.decisions import EffectState
from rotation.journal import take_back, watching
from rotation.models import Case, DecidedMove, Effect, EffectLine, Move, RotationPlan
from rotation.plan_states import PlanAction
from rotation.queries.room.effects import in_the_way, leaves_department, passed_moves, plans_due
from rotation.queries.room.reading import matter_of
from rotation.queries.rules import thresholds_on
from rotation.services.room.cases import check_handled_by
from rotation.services.room.notices import RESULT_KIND, result_key, tell_movers
from rotation.services.room.reading import tell_readers
from rotation.services.room.stepping import check_can, step

ONE_DAY = timedelta(days=1)
TOLD = "effect"


@dataclass(slots=True)
class Round:
    """What a run of the daily job did: plans in effect, and why others are not, by plan."""

    applied: list[RotationPlan] = field(default_factory=list)
    refused: list[tuple[RotationPlan, str]] = field(default_factory=list)


def apply_due(*, on: date, at: datetime) -> Round:
    """Every decided plan whose day has come, each for itself: one that cannot does not hold up the others."""
    done = Round()
    for plan in plans_due(on):
        try:
            take_effect(plan=plan, by=None, at=at)
        except DomainError as refusal:
            done.refused.append((plan, refusal.message))
        else:
            done.applied.append(plan)
    return done


@transaction.atomic
def take_effect(*, plan: RotationPlan, by: Viewer | None, at: datetime) -> Effect:
    """Appointments end and begin, and what the movers hold is offered to those who come after them."""
    if by is not None:
        check_handled_by(plan, by)
    check_can(plan, PlanAction.TAKE_EFFECT)
    moves = passed_moves(plan)
    _check(plan, moves, at)
    with watching([*_touched(moves), _readings(plan)]) as journal:
        for decided in moves:
            _appoint(decided, plan, by)
        _hand_over(moves, plan.effective_on, by)
        tell_readers(plan, by=by)
    effect = Effect(
        plan=plan,
        effective_on=plan.effective_on,
        applied_at=at,
        applied_by_id=by.user_id if by else None,
        journal=journal.entries,
    )
    save_validated(effect)
    due = add_months(plan.effective_on, thresholds_on(plan.effective_on).revisit_months)
    EffectLine.objects.bulk_create([EffectLine(decided=d, effect=effect, due_on=due) for d in moves])
    tell_movers(plan, title="您的任职已生效", on=timezone.localdate(at), key=TOLD)
    step(plan=plan, action=PlanAction.TAKE_EFFECT, by=by, at=at)  # of two runs at once, one stands
    return effect


def _check(plan: RotationPlan, moves: list[DecidedMove], at: datetime) -> None:
    found = next(iter(in_the_way(plan, moves, timezone.localdate(at))), None)
    if found:
        raise DomainError(found, code="in_the_way")


def _touched(moves: list[DecidedMove]) -> list[QuerySet[Any]]:
    """Rows of other apps that a decision may change."""
    ids = [move.cadre_id for move in moves]
    return [
        Appointment.objects.filter(cadre__in=ids),
        Assignment.objects.filter(cadre__in=ids),
        Handover.objects.filter(assignment__cadre__in=ids),
    ]


def _readings(plan: RotationPlan) -> QuerySet[Any]:
    """What the movers come to know with the effect: who read their file for it."""
    matters = [matter_of(case) for case in Case.objects.filter(plan=plan)]
    return GrowthReading.objects.filter(matter__in=matters)


def _appoint(decided: DecidedMove, plan: RotationPlan, by: Viewer | None) -> None:
    day, post = plan.effective_on, decided.to_post
    if post is None:
        held = decided.move.from_appointment
        if held is None:
            raise DomainError(f"{decided.cadre}没有可以免去的职务。", code="nothing_held")
        end_appointment(appointment=held, on=day - ONE_DAY, by=by)
        return
    values = {
        "kind": AppointmentKind.POST,
        "unit": post.unit,
        "post": post,
        "title": post.title,
        "is_main": True,
        "starts_on": day,
        "document_no": plan.document_no,
    }
    appoint(cadre=decided.cadre, values=values, by=by)


def _hand_over(moves: list[DecidedMove], on: date, by: Viewer | None) -> None:
    """An offer for each item of whoever leaves a department: to who takes their post, else as park asks."""
    leaving = {d.cadre_id: d for d in moves if leaves_department(d)}
    coming = {d.to_post_id: d.cadre for d in moves if d.to_post_id}
    open_offers = set(
        Handover.objects.filter(assignment__cadre__in=leaving, state=HandoverState.OFFERED).values_list(
            "assignment", flat=True
        )
    )
    for held in held_by(leaving, on):
        decided = leaving[held.cadre_id]
        to = coming.get(decided.move.from_post_id or 0) or successor_of(held, on)
        if held.pk not in open_offers and to is not None and to.pk != held.cadre_id:
            offer(assignment=held, to=to, reason=_reason(decided), by=by, on=on)


def _reason(decided: DecidedMove) -> str:
    return f"任{decided.to_text}" if decided.to_text else f"免去{decided.from_text}"


@transaction.atomic
def revert(*, plan: RotationPlan, reason: str, by: Viewer, at: datetime) -> None:
    """Everything is as before, byte for byte; refused once somebody has built on it.

    Nobody is told any more of what did not come; whom it had reached by then hears that it was taken back.
    Duties that the appointments had set off end with them (wellbeing.services.revoking).
    """
    check_handled_by(plan, by)
    if not reason.strip():
        raise DomainError("请写明撤回的原因。", field="reason", code="no_reason")
    check_can(plan, PlanAction.REVERT)
    effect = standing_effect(plan)
    _check_not_built_on(effect, plan)
    EffectLine.objects.filter(effect=effect).delete()
    take_back(effect.journal)
    _untell(effect, plan, at)
    _settle(effect, EffectState.REVERTED, by, at)
    step(plan=plan, action=PlanAction.REVERT, by=by, at=at, note=reason.strip())


def _untell(effect: Effect, plan: RotationPlan, at: datetime) -> None:
    offers = [e["pk"] for e in effect.journal if e["model"] == "park.handover" and e["before"] is None]
    told = result_key(plan, TOLD)
    notify(
        recipients=retract([told, *map(notice_key, offers)]),
        kind=RESULT_KIND,
        title="任职生效已撤回，此前的任职和移交通知不再有效",
        key=result_key(plan, f"reverted:{effect.pk}"),
        on=timezone.localdate(at),
        url_name="rotation:results",
    )


def _check_not_built_on(effect: Effect, plan: RotationPlan) -> None:
    made = [e["pk"] for e in effect.journal if e["model"] == "people.appointment" and e["before"] is None]
    later = Move.objects.filter(from_appointment__in=made).exclude(variant__plan=plan)
    if later.exists():
        message = "已有别的方案以这次任命为现任职，不能撤回；请先处理那份方案。"
        raise DomainError(message, code="built_on")


@transaction.atomic
def confirm(*, plan: RotationPlan, by: Viewer, at: datetime) -> None:
    """It stands: 交接 begins, and there is no taking back any more."""
    check_handled_by(plan, by)
    step(plan=plan, action=PlanAction.CONFIRM, by=by, at=at)
    _settle(standing_effect(plan), EffectState.CONFIRMED, by, at)


def _settle(effect: Effect, state: EffectState, by: Viewer, at: datetime) -> None:
    effect.state, effect.settled_at, effect.settled_by_id = state, at, by.user_id
    save_validated(effect, update_fields=["state", "settled_at", "settled_by"])


def standing_effect(plan: RotationPlan) -> Effect:
    effect: Effect | None = Effect.objects.filter(plan=plan).standing().first()
    if effect is None:
        raise DomainError("这份方案还没有生效。", code="no_effect")
    return effect
