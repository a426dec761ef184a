"""回访 three months after, and the end of the plan."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from rotation.models import EffectLine, RotationPlan
from rotation.plan_states import PlanAction
from rotation.queries.room.effects import givers_of
from rotation.services.room.cases import check_handled_by
from rotation.services.room.effects import standing_effect
from rotation.services.room.reading import tell_all_readers
from rotation.services.room.stepping import check_can, step


@transaction.atomic
def record_revisit(*, line: EffectLine, held_on: date, words: str, by: Viewer, at: datetime) -> None:
    """How the mover has settled in; a correction writes over it."""
    check_handled_by(line.effect.plan, by)
    if not words.strip():
        raise DomainError("请写明回访的情况。", field="words", code="no_words")
    if not line.effect.effective_on <= held_on <= by.on:
        raise DomainError("回访日期应在任职以后、今天以前。", field="held_on", code="day")
    line.held_on, line.held_by_id, line.words = held_on, by.user_id, words.strip()
    save_validated(line)
    label = f"登记回访：方案 {line.effect.plan_id}"
    record(action=AuditAction.EFFECT_CHANGED, by=by, subject=line, label=label, at=at)


@transaction.atomic
def close(*, plan: RotationPlan, by: Viewer, at: datetime) -> None:
    """When everything is handed over and everybody was asked how it goes."""
    check_handled_by(plan, by)
    check_can(plan, PlanAction.CLOSE)
    effect = standing_effect(plan)
    left = sum(giver.open for giver in givers_of(effect, timezone.localdate(at)))
    if left:
        raise DomainError(f"还有 {left} 项工作没有交接完，请在交接页面办理。", code="handover_open")
    waiting = effect.lines.filter(held_on__isnull=True).count()
    if waiting:
        raise DomainError(f"还有 {waiting} 人没有回访，请先登记回访。", code="not_revisited")
    tell_all_readers(plan)
    step(plan=plan, action=PlanAction.CLOSE, by=by, at=at)
