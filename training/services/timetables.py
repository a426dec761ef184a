"""Proposed timetables: asked for, worked out in the background, adopted as slots."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from core import jobs
from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.models import Job
from core.saving import save_validated
from training.choices import TimetableState
from training.models import Slot, Timetable, TrainingClass
from training.queries.timetables import Proposal, Wish, demand_of, proposals
from training.services.slots import Moving, add_slot, change_slot, check_apart
from training.timetable import Answer, Demand, solve

JOB = "training.timetable"
SECONDS = 20
MOST_SESSIONS = 60
MOST_BLOCKS = 200


@transaction.atomic
def ask_for_timetable(*, title: str, wish: Wish, by: Viewer, at: datetime) -> tuple[Timetable, Job]:
    """Keeps the demand as it is now and queues the search."""
    if not by.paths(Permission.EDIT_TRAINING):
        raise DomainError("你没有维护班次的权限。", code="not_allowed")
    demand = demand_of(wish)
    if not demand.blocks:
        raise DomainError("所选日期里没有工作日，请改日期。", field="last", code="no_days")
    if len(demand.sessions) > MOST_SESSIONS or len(demand.blocks) > MOST_BLOCKS:
        message = f"一次最多排 {MOST_SESSIONS} 场、{MOST_BLOCKS} 个时段，请分几次排。"
        raise DomainError(message, field="sessions", code="too_many")
    found = Timetable(
        title=title,
        demand=demand.to_json(),
        created_at=at,
        created_by_id=by.user_id,
        created_by_name=by.name,
    )
    save_validated(found)
    record(action=AuditAction.TIMETABLE_CHANGED, by=by, subject=found, label=f"提出排课：{found}")
    job = jobs.start(JOB, by=by, params={"timetable": found.pk}, label=title)
    return found, job


def work_out(*, timetable_id: int, watch: Callable[[float], bool], at: Callable[[], datetime]) -> Answer:
    """The search itself, outside any transaction; its answer is kept in one step. Safe to run again."""
    found = Timetable.objects.get(pk=timetable_id)
    answer = solve(Demand.from_json(found.demand), seconds=SECONDS, watch=watch)
    state = TimetableState.SOLVED if answer.feasible else TimetableState.INFEASIBLE
    _settle(timetable_id, state, answer, at())
    return answer


def note_stop(*, timetable_id: int, at: datetime) -> None:
    """The owner has stopped the search."""
    _settle(timetable_id, TimetableState.STOPPED, Answer(), at)


def _settle(timetable_id: int, state: TimetableState, answer: Answer, at: datetime) -> None:
    waiting = Timetable.objects.filter(pk=timetable_id, state=TimetableState.WAITING)
    waiting.update(state=state, answer=answer.to_json(), solved_at=at)


@transaction.atomic
def adopt_timetable(*, timetable: Timetable, by: Viewer, at: datetime, on: date) -> int:
    """Makes the proposal the slots of the classes: those of the same topic move, the others are new.

    All of it or nothing, and only once.
    """
    solved = Timetable.objects.visible_to(by).filter(pk=timetable.pk, state=TimetableState.SOLVED)
    if not solved.update(state=TimetableState.ADOPTED, adopted_at=at):
        raise DomainError("这个方案已经采用，或还没有排出来。", code="not_solved")
    demand, answer = Demand.from_json(timetable.demand), Answer.from_json(timetable.answer)
    classes = TrainingClass.objects.in_bulk(list(demand.group_ids.values()))
    lines = proposals(demand, answer)
    moving = frozenset(line.now.pk for line in lines if line.now is not None)
    slots = [
        _place(line, classes.get(demand.group_ids[line.session.group]), moving, by, on) for line in lines
    ]
    check_apart(slots)
    label = f"采用排课方案：{timetable}"
    record(action=AuditAction.TIMETABLE_CHANGED, by=by, subject=timetable, label=label)
    return len(lines)


def _place(line: Proposal, found: TrainingClass | None, moving: Moving, by: Viewer, on: date) -> Slot:
    if found is None:
        raise DomainError("方案中的班次已经删除，请重新排课。", code="class_gone")
    values = {
        "starts_at": line.starts_at,
        "ends_at": line.ends_at,
        "place": line.room,
        "topic": line.session.title,
        "lecturer": line.session.lecturer,
    }
    if line.now is None:
        return add_slot(training_class=found, values=values, by=by, moving=moving)
    change_slot(slot=line.now, values=values, by=by, on=on, moving=moving)
    return line.now
