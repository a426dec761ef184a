"""After the end: what was arranged, whether the person returns or stays, and what was brought home."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from park.models import ActionPlan, Task
from park.services.tasks import create_task
from people.choices import CadreStatus
from people.services.cadres import update_cadre
from people.services.records import ResumeLine, replace_resume, resume_lines
from rotation.choices.secondments import Direction, Outcome, SecondmentAct
from rotation.models import BroughtHome, ReturnPlan, Secondment
from rotation.secondment_states import LIVE, OVER
from rotation.services.secondments.steps import Hop, audit, move, refuse_own, tell_person

PLAN_FIELDS = ("outcome", "position", "handover", "care")
LONGEST_LINE = 500


@transaction.atomic
def arrange_return(*, secondment: Secondment, values: Mapping[str, Any], hop: Hop) -> ReturnPlan:
    """Written once, changed until the person is back."""
    refuse_own(secondment, hop.by)
    if secondment.state not in (*LIVE, *OVER[:2]):
        raise DomainError("报到以后、返岗以前可以登记返岗安排。", code="wrong_state")
    plan = ReturnPlan.objects.filter(secondment=secondment).first() or ReturnPlan(secondment=secondment)
    changes = changes_to(plan, values)
    apply_changes(plan, changes)
    plan.made_at = hop.at
    plan.made_by_id, plan.made_by = (hop.by.user_id, hop.by.name[:60]) if hop.by else (None, "系统")
    save_validated(plan)
    audit(plan, "登记返岗安排", hop.by, changes)
    return plan


@transaction.atomic
def settle(*, secondment: Secondment, outcome: Outcome, hop: Hop, document_no: str = "") -> None:
    """Returned or kept, once it is appraised; then the resume gets its line if that was chosen."""
    refuse_own(secondment, hop.by)
    act = SecondmentAct.RETURN if outcome == Outcome.RETURN else SecondmentAct.KEEP
    move(secondment, act, hop, return_document_no=document_no.strip()[:60])
    if secondment.direction == Direction.IN and outcome == Outcome.RETURN:
        update_cadre(cadre=secondment.cadre, values={"status": CadreStatus.LEFT}, by=hop.by)  # type: ignore[arg-type]
    if secondment.into_resume and secondment.direction == Direction.OUT and not secondment.resume_entered:
        enter_into_resume(secondment, hop.by)
    tell_person(secondment, f"挂职{act.label}已办理", secondment.place, "settled", hop.on)


def enter_into_resume(row: Secondment, by: Viewer | None) -> None:
    """An interlude of the period it falls into; a line of its own where no period holds it."""
    lines = resume_lines(row.cadre)
    entry = resume_entry(row)
    replace_resume(cadre=row.cadre, lines=with_interlude(lines, entry), by=by)  # type: ignore[arg-type]
    Secondment.objects.filter(pk=row.pk).update(resume_entered=True)
    row.resume_entered = True


def resume_entry(row: Secondment) -> ResumeLine:
    first = row.starts_on.replace(day=1)
    last = row.ended_on.replace(day=1) if row.ended_on else None
    return ResumeLine(first, last, f"挂职任{row.place}{row.title}"[:LONGEST_LINE])


def with_interlude(lines: Sequence[ResumeLine], entry: ResumeLine) -> list[ResumeLine]:
    """`lines` with the entry among the interludes of its period, in order of time. Pure."""
    place = next((n for n, line in reversed(list(enumerate(lines))) if _holds(line, entry)), None)
    if place is None:
        return [*lines, entry]
    line = lines[place]
    inner = sorted((*line.interludes, entry), key=lambda one: one.starts_on or date.min)
    return [*lines[:place], replace(line, interludes=tuple(inner)), *lines[place + 1 :]]


def _holds(line: ResumeLine, entry: ResumeLine) -> bool:
    if line.starts_on is None or entry.starts_on is None:
        return False
    return line.starts_on <= entry.starts_on and (line.ends_on is None or line.ends_on >= entry.starts_on)


# What was brought home


@transaction.atomic
def bring_home(*, secondment: Secondment, title: str, text: str, hop: Hop) -> BroughtHome:
    """Told by the person or by staff, from reporting in onwards."""
    if secondment.state not in (*LIVE, *OVER):
        raise DomainError("报到以后可以登记带回的成果。", code="wrong_state")
    by = hop.by
    row = BroughtHome(
        secondment=secondment,
        title=title.strip(),
        text=text.strip(),
        added_at=hop.at,
        added_by_id=by.user_id if by else None,
        added_by=by.name[:60] if by else "系统",
    )
    save_validated(row)
    audit(row, "登记挂职成果带回", by, values_of(row, ("title",)))
    return row


@transaction.atomic
def make_task(*, item: BroughtHome, plan: ActionPlan, by: Viewer, on: date) -> Task:
    """A draft of the action plan; the park fills in who answers for it by when."""
    if not by.can(Permission.EDIT_PARK):
        raise DomainError("转为园区任务需要维护园区任务的权限。", code="not_allowed")
    if item.task_id is not None:
        raise DomainError("这项成果已经转为园区任务。", code="is_a_task")
    row = item.secondment
    values = {
        "name": item.title,
        "measures": item.text,
        "source": f"{row.cadre.name}在{row.place}挂职的成果带回"[:200],
    }
    task = create_task(plan=plan, values=values, by=by, on=on)
    if not BroughtHome.objects.filter(pk=item.pk, task=None).update(task=task):
        raise DomainError("这项成果已经转为园区任务。", code="is_a_task")
    item.task = task
    audit(item, f"成果转为园区任务 {task.pk}", by)
    return task
