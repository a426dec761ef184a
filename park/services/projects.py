"""Projects: what is known of them, the stages they reach, how they end."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from park.choices import STAGES_OF, AssignmentEnd, ProjectStage, ProjectState
from park.models import Assignment, Project, ProjectStep

PROJECT_FIELDS = (
    "code",
    "name",
    "kind",
    "lead_department",
    "lead_official",
    "place",
    "content",
    "investment",
    "invested",
    "land_mu",
    "investor",
    "industry_chain",
    "first_contact",
    "bond_amount",
    "bond_issued_on",
    "bond_used",
    "starts_on",
    "due_on",
    "task",
    "note",
)
ENDED = (ProjectState.DONE, ProjectState.DROPPED)


@transaction.atomic
def create_project(*, values: Mapping[str, Any], by: Viewer | None) -> Project:
    """A project begins in the first stage of its kind, without a date."""
    project = Project(**_clean(values))
    project.stage = STAGES_OF[project.kind][0] if project.kind in STAGES_OF else ""
    _follow_task(project)
    save_validated(project)
    _record(project, f"登记项目：{project}", values_of(project, PROJECT_FIELDS), by)
    return project


@transaction.atomic
def update_project(*, project: Project, values: Mapping[str, Any], by: Viewer | None) -> None:
    changes = changes_to(project, _clean(values))
    if not changes:
        return
    apply_changes(project, changes)
    if "kind" in changes:
        _change_kind(project)
    _follow_task(project)
    save_validated(project)
    _record(project, f"修改项目：{project}", changes, by)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """An empty number is none: two projects without one do not collide."""
    return {name: (value or None) if name == "code" else value for name, value in values.items()}


def _follow_task(project: Project) -> None:
    if project.task is not None:
        project.plan_id, project.item_id = project.task.plan_id, project.task.item_id


def _change_kind(project: Project) -> None:
    stages = STAGES_OF[project.kind]
    stray = [s for s in project.steps.all() if s.stage not in stages] if project.pk else []
    if stray:
        names = "、".join(step.get_stage_display() for step in stray)
        message = f"已登记的阶段“{names}”不属于新的类别，请先清除这些阶段的日期。"
        raise DomainError(message, field="kind", code="stages_of_other_kind")
    if project.stage not in stages:
        project.stage, project.stage_on = stages[0], None


@transaction.atomic
def set_stage(
    *,
    project: Project,
    stage: ProjectStage | str,
    by: Viewer | None,
    on: date,
    planned_on: date | None = None,
    reached_on: date | None = None,
    note: str = "",
) -> ProjectStep | None:
    """When a stage is to be reached and when it was; without either the stage is taken off again."""
    _check_stage(project, stage, reached_on, on)
    step = project.steps.filter(stage=stage).first() or ProjectStep(project=project, stage=stage)
    changes = changes_to(step, {"planned_on": planned_on, "reached_on": reached_on, "note": note.strip()})
    if step.pk and not planned_on and not reached_on:
        step.delete()
    elif planned_on or reached_on:
        apply_changes(step, changes)
        save_validated(step)
    _check_order(project)
    _note_stage(project)
    _record(project, f"项目阶段：{project}·{ProjectStage(stage).label}", changes, by)
    return step if step.pk else None


def _check_stage(project: Project, stage: str, reached_on: date | None, on: date) -> None:
    if project.state in ENDED:
        raise DomainError(f"项目{project.get_state_display()}，不再登记阶段。", code="ended")
    if stage not in STAGES_OF[project.kind]:
        message = f"{project.get_kind_display()}项目没有“{ProjectStage(stage).label}”阶段。"
        raise DomainError(message, field="stage", code="stage_of_other_kind")
    if reached_on and reached_on > on:
        raise DomainError("实际日期不能晚于今天；还没到的请填计划日期。", field="reached_on", code="future")


def _check_order(project: Project) -> None:
    """A later stage is not reached before an earlier one."""
    order = STAGES_OF[project.kind]
    reached = [(step, step.reached_on) for step in project.steps.all() if step.reached_on]
    reached.sort(key=lambda pair: order.index(ProjectStage(pair[0].stage)))
    for (before, earlier), (after, later) in pairwise(reached):
        if later < earlier:
            message = (
                f"“{after.get_stage_display()}”（{later:%Y-%m-%d}）早于前一阶段"
                f"“{before.get_stage_display()}”（{earlier:%Y-%m-%d}），请核对日期。"
            )
            raise DomainError(message, field="reached_on", code="stage_order")


def _note_stage(project: Project) -> None:
    """The project repeats the furthest stage it has reached."""
    order = STAGES_OF[project.kind]
    dates = {step.stage: step.reached_on for step in project.steps.all() if step.reached_on}
    furthest = next((stage for stage in reversed(order) if stage in dates), None)
    project.stage = furthest or order[0]
    project.stage_on = dates[furthest] if furthest else None
    save_validated(project, update_fields=["stage", "stage_on", "updated_at"])


@transaction.atomic
def set_project_state(
    *, project: Project, state: ProjectState | str, by: Viewer | None, on: date, reason: str = ""
) -> None:
    """暂缓、恢复、完成、终止. With the end of a project whoever held it is free."""
    if state == project.state:
        return
    if state in (ProjectState.PAUSED, ProjectState.DROPPED) and not reason.strip():
        raise DomainError("请写明原因。", field="reason", code="no_reason")
    ended = state in ENDED
    changes = changes_to(project, {"state": ProjectState(state), "ended_on": on if ended else None})
    apply_changes(project, changes)
    save_validated(project)
    if ended:
        Assignment.objects.filter(project=project, ends_on__isnull=True).update(
            ends_on=on, end_reason=AssignmentEnd.CLOSED
        )
    _record(project, f"{ProjectState(state).label}：{project}", changes, by, reason)


def _record(project: Project, label: str, changes: Any, by: Viewer | None, reason: str = "") -> None:
    record(
        action=AuditAction.PROJECT_CHANGED,
        by=by,
        subject=project,
        label=label,
        changes=changes,
        reason=reason,
    )
