"""One step of a plan through its states: by conditional update, written down, on the audit log."""

from datetime import datetime

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from rotation.choices.plans import PlanState
from rotation.models import PlanStep, RotationPlan
from rotation.plan_states import ARROWS, PlanAction, after


def check_can(plan: RotationPlan, action: PlanAction) -> None:
    if after(PlanState(plan.state), action) is None:
        message = f"方案现在是“{plan.get_state_display()}”，不能{action.label}。"
        raise DomainError(message, code="wrong_state")


@transaction.atomic
def step(*, plan: RotationPlan, action: PlanAction, by: Viewer | None, at: datetime, note: str = "") -> None:
    """Two steps at once make one: the second finds the plan elsewhere, and what it did goes with it."""
    check_can(plan, action)
    before, arrow = plan.state, ARROWS[action]
    if not RotationPlan.objects.filter(pk=plan.pk, state=before).update(state=arrow.target):
        raise DomainError("方案的状态刚刚变了，请刷新页面后再试。", code="wrong_state")
    plan.state = arrow.target
    PlanStep.objects.create(
        plan=plan,
        action=action.label,
        state_before=before,
        state_after=arrow.target,
        by_id=by.user_id if by else None,
        at=at,
        note=note[:300],
    )
    record(
        action=AuditAction.EFFECT_CHANGED,
        by=by,
        subject=plan,
        label=f"{action.label}：方案 {plan.pk}",
        changes={"state": (before, arrow.target)},
        reason=note,
        at=at,
    )
