"""Yearly plans, recommendation and approval; the rule of secondments."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.choices import StaffType
from people.models import Cadre
from rotation.choices.plans import Verdict
from rotation.choices.secondments import Direction, SchemeState, SecondmentAct, SecondmentState
from rotation.models import Secondment, SecondmentPlan, SecondmentRule
from rotation.queries.secondments import eligibility, overlapping
from rotation.secondment_states import COMING
from rotation.services.secondments.steps import (
    Hop,
    audit,
    move,
    note,
    refuse_own,
    save,
    tell_person,
)
from rotation.services.versions import open_version

PLAN_FIELDS = ("year", "title", "quota", "note")
FIELDS = (
    "plan",
    "direction",
    "partner_kind",
    "organisation",
    "host_unit",
    "title",
    "starts_on",
    "planned_end_on",
    "midterm_on",
    "released",
    "into_resume",
    "study_rule",
    "goals",
    "reason",
    "mentor",
)
RULE_FIELDS = (
    "max_months",
    "township_age",
    "county_age",
    "bureau_age",
    "education",
    "is_hard",
    "note_day",
    "first_notice_days",
    "second_notice_days",
    "last_notice_days",
    "source",
)
# What may still be put right once it is under way: not where, nor since when.
LATER_FIELDS = frozenset({"midterm_on", "released", "into_resume", "study_rule", "goals", "mentor", "plan"})
PLAN_MOVES = {SchemeState.DRAFT: (SchemeState.OPEN,), SchemeState.OPEN: (SchemeState.CLOSED,)}


@transaction.atomic
def open_secondment_rule(*, values: Mapping[str, Any], by: Viewer | None) -> SecondmentRule:
    rule = SecondmentRule(**values)
    open_version(rule, SecondmentRule.objects.all(), fields=RULE_FIELDS, by=by, act="启用挂职规则")
    return rule


@transaction.atomic
def write_plan(
    *, values: Mapping[str, Any], by: Viewer | None, plan: SecondmentPlan | None = None
) -> SecondmentPlan:
    """A new yearly plan, or changes to one that is not closed."""
    if plan is None:
        plan = SecondmentPlan(**values)
        save_validated(plan)
        audit(plan, "拟订挂职计划", by, values_of(plan, PLAN_FIELDS))
        return plan
    if plan.state == SchemeState.CLOSED:
        raise DomainError("计划已经总结，不能再修改。", code="closed")
    changes = changes_to(plan, values)
    apply_changes(plan, changes)
    save_validated(plan)
    audit(plan, "修改挂职计划", by, changes)
    return plan


@transaction.atomic
def move_plan(*, plan: SecondmentPlan, state: SchemeState, by: Viewer | None) -> None:
    """拟订中→执行中→已总结; one that still has people on the way cannot be closed."""
    before = SchemeState(plan.state)
    if state not in PLAN_MOVES.get(before, ()):
        raise DomainError(f"计划现为“{before.label}”，不能改为“{state.label}”。", code="wrong_state")
    waiting = plan.secondments.filter(state__in=COMING).count()
    if state == SchemeState.CLOSED and waiting:
        message = f"还有 {waiting} 人没有报到，请先办理报到或撤销，再总结计划。"
        raise DomainError(message, code="not_finished")
    if not SecondmentPlan.objects.filter(pk=plan.pk, state=before).update(state=state):
        raise DomainError("计划刚刚被其他人办理过，请刷新页面。", code="conflict")
    plan.state = state
    audit(plan, f"挂职计划{state.label}", by, {"state": (before.label, state.label)})


@transaction.atomic
def recommend(*, cadre: Cadre, values: Mapping[str, Any], hop: Hop) -> Secondment:
    """Puts somebody forward; conditions not met are shown, and refuse only where the rule is hard."""
    row = Secondment(cadre=cadre, **values)
    refuse_own(row, hop.by)
    _check(row, hop.by)
    save(row)
    note(row, SecondmentAct.RECOMMEND, hop)
    audit(row, "登记挂职", hop.by, values_of(row, FIELDS))
    return row


@transaction.atomic
def change(*, secondment: Secondment, values: Mapping[str, Any], by: Viewer) -> None:
    """Before the letter everything, afterwards only what does not say where and since when."""
    refuse_own(secondment, by)
    changes = changes_to(secondment, values)
    fixed = secondment.state not in (SecondmentState.RECOMMENDED, SecondmentState.APPROVED)
    frozen = sorted(set(changes) - LATER_FIELDS) if fixed else []
    if frozen:
        label = Secondment._meta.get_field(frozen[0]).verbose_name  # type: ignore[union-attr]
        message = f"派遣函已经出具，{label}不能再改；确需调整的请撤销后重新推荐。"
        raise DomainError(message, field=frozen[0], code="dispatched")
    if not changes:
        return
    apply_changes(secondment, changes)
    if not fixed:
        _check(secondment, by)
    save(secondment)
    audit(secondment, "修改挂职", by, changes)


@transaction.atomic
def approve(*, secondment: Secondment, approved: bool, hop: Hop) -> None:
    """By a leader who is not the person and did not put the person forward."""
    refuse_own(secondment, hop.by)
    _refuse_recommender(secondment, hop.by)
    if not approved and not hop.reason.strip():
        raise DomainError("不批准时请写明理由。", field="reason", code="no_reason")
    move(secondment, SecondmentAct.APPROVE if approved else SecondmentAct.REFUSE, hop)
    if approved:
        title = f"挂职已批准：{secondment.place}{secondment.title}"
        tell_person(secondment, title, hop.reason, "approved", hop.on)


@transaction.atomic
def cancel(*, secondment: Secondment, hop: Hop) -> None:
    """Before the person has reported in; afterwards it is ended."""
    refuse_own(secondment, hop.by)
    if not hop.reason.strip():
        raise DomainError("请写明撤销的原因。", field="reason", code="no_reason")
    known = secondment.state != SecondmentState.RECOMMENDED
    move(secondment, SecondmentAct.CANCEL, hop)
    if known:
        title = f"挂职已撤销：{secondment.place}{secondment.title}"
        tell_person(secondment, title, hop.reason, "cancelled", hop.on)


def _check(row: Secondment, by: Viewer | None) -> None:
    if by is not None and not Cadre.objects.visible_to(by, Permission.EDIT_SECONDMENT).filter(
        pk=row.cadre_id
    ):
        raise DomainError(f"{row.cadre.name}不在你的管理范围内。", field="cadre", code="out_of_reach")
    if row.direction == Direction.IN and row.cadre.staff_type != StaffType.SECONDED_IN:
        message = f"来区挂职人员的身份应为“挂职来”，请先在{row.cadre.name}的基本信息中改正。"
        raise DomainError(message, field="cadre", code="not_seconded_in")
    if row.direction == Direction.OUT:
        row.host_unit = None
        if row.cadre.staff_type == StaffType.SECONDED_IN:
            message = f"{row.cadre.name}是来区挂职人员，不能再由本区派出挂职。"
            raise DomainError(message, field="cadre", code="seconded_in")
    other = overlapping(row.cadre_id, row.starts_on, row.planned_end_on, row.pk)
    if other:
        message = f"与{other}（{other.starts_on:%Y-%m-%d} 起）时间重叠，请先结束或撤销原来的挂职。"
        raise DomainError(message, field="starts_on", code="overlap")
    _refuse_hard(row)


def _refuse_hard(row: Secondment) -> None:
    failed = [
        check
        for check in eligibility(row.cadre, row.starts_on, row.planned_end_on)
        if check.verdict == Verdict.FAILS
    ]
    if failed:
        words = "；".join(f"{check.message}（{check.evidence}）" for check in failed)
        raise DomainError(f"不符合挂职条件：{words}。", field="cadre", code="not_eligible")


def _refuse_recommender(row: Secondment, by: Viewer | None) -> None:
    first = row.steps.filter(act=SecondmentAct.RECOMMEND).order_by("pk").first()
    if by is not None and first is not None and first.by_id == by.user_id:
        raise DomainError("推荐人不能审批自己推荐的人选，请由其他领导审批。", code="own_request")
