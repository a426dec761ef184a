"""A rotation plan from the first draft to the meeting: the case, its way, opinions asked for, reasons."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import apply_changes, changes_to, save_validated
from people.models import KinTie, User
from rotation.checking import Check, key_of
from rotation.choices.plans import CaseDuty, ConsultStance, Origin, PlanState, Verdict
from rotation.models import ConsultOpinion, Move, PlanMember, RotationPlan, Variant, Waiver
from rotation.plan_states import EDITABLE, PlanAction
from rotation.queries.checks import check_variant
from rotation.services.room.cases import check_handled_by
from rotation.services.room.stepping import check_can, step
from rotation.services.variants import check_not_concerned

PLAN_KIND = "rotation.plan"
FIELDS = ("title", "unit", "purpose", "effective_on")


# The plan and who knows of it


@transaction.atomic
def create_plan(*, values: Mapping[str, Any], by: Viewer, at: datetime) -> RotationPlan:
    """The one who creates it drafts it; variant A stands ready."""
    if not by.paths(Permission.EDIT_ROTATION):
        raise DomainError("您没有拟订轮岗方案的权限。", code="no_right")
    plan = RotationPlan(**values, created_by_id=by.user_id)
    _check_day(plan, by)
    save_validated(plan)
    PlanMember.objects.create(plan=plan, user_id=by.user_id, duty=CaseDuty.DRAFTER, added_by_id=by.user_id)
    Variant.objects.create(plan=plan, letter="A", origin=Origin.PERSON)
    _record(plan, by, f"新建方案 {plan.pk}")
    return plan


@transaction.atomic
def change_plan(*, plan: RotationPlan, values: Mapping[str, Any], by: Viewer) -> None:
    check_handled_by(plan, by)
    if PlanState(plan.state) not in EDITABLE:
        message = f"方案已到“{plan.get_state_display()}”，不能再改；需要修改的请先退回修改。"
        raise DomainError(message, code="not_editable")
    changes = changes_to(plan, values)
    if changes:
        apply_changes(plan, changes)
        _check_day(plan, by)
        save_validated(plan, update_fields=list(changes))
        _record(plan, by, f"修改方案 {plan.pk}")


def _check_day(plan: RotationPlan, by: Viewer) -> None:
    if plan.effective_on < by.on:
        raise DomainError("任职日期不能早于今天。", field="effective_on", code="past")


@transaction.atomic
def add_member(*, plan: RotationPlan, user: User, duty: CaseDuty, by: Viewer, at: datetime) -> PlanMember:
    """Lets somebody into the case; whoever is moved in it, or related to somebody who is, stays out."""
    check_handled_by(plan, by)
    if _concerned(plan, user):
        message = "此人或其亲属在方案的调整范围内，应当回避，不能加入知悉范围。"
        raise DomainError(message, field="user", code="own_case")
    member = PlanMember(plan=plan, user=user, duty=duty, added_by_id=by.user_id)
    save_validated(member)
    if duty == CaseDuty.CONSULTED and plan.state == PlanState.OPINIONS:
        _ask(plan, [user.pk], at)
    _record(plan, by, f"方案 {plan.pk} 知悉范围加入{user.name}（{CaseDuty(duty).label}）")
    return member


@transaction.atomic
def remove_member(*, member: PlanMember, by: Viewer) -> None:
    plan = member.plan
    check_handled_by(plan, by)
    drafters = PlanMember.objects.filter(plan=plan, duty=CaseDuty.DRAFTER)
    if member.duty == CaseDuty.DRAFTER and drafters.count() == 1:
        raise DomainError("方案至少要有一名承办人，请先加入其他承办人。", code="last_drafter")
    ConsultOpinion.objects.filter(plan=plan, user=member.user_id, given_at=None).delete()
    name, duty = member.user.name, member.get_duty_display()
    member.delete()
    _record(plan, by, f"方案 {plan.pk} 知悉范围移出{name}（{duty}）")


def _concerned(plan: RotationPlan, user: User) -> bool:
    if user.cadre_id is None:
        return False
    moved = set(Move.objects.filter(variant__plan=plan).values_list("cadre_id", flat=True))
    ties = KinTie.objects.of([user.cadre_id]).values_list("cadre_id", "relative_id")
    return bool(({user.cadre_id} | {pk for pair in ties for pk in pair}) & moved)


# The way


@transaction.atomic
def take(*, plan: RotationPlan, action: PlanAction, by: Viewer, at: datetime, note: str = "") -> None:
    """One step on the way of the plan. What a step needs beyond the state is checked before it is taken."""
    if not RotationPlan.objects.visible_to(by).filter(pk=plan.pk).exists():
        check_not_concerned(plan, by)
        raise DomainError("您不在这份方案的知悉范围内。", code="not_member")
    check_can(plan, action)
    if prepare := PREPARE.get(action):
        prepare(plan, by, note.strip(), at)
    else:
        check_handled_by(plan, by)
    step(plan=plan, action=action, by=by, at=at, note=note.strip())
    _tell_next(plan, action, by)


def _submit(plan: RotationPlan, by: Viewer, note: str, at: datetime) -> None:
    check_handled_by(plan, by)
    if plan.chosen is None:
        filled = list(Variant.objects.filter(plan=plan, moves__isnull=False).distinct()[:2])
        if len(filled) != 1:
            message = "有多个备选方案，请先选定一个。" if filled else "还没有人员调整，请先在备选方案中添加。"
            raise DomainError(message, code="no_variant")
        plan.chosen = filled[0]
        save_validated(plan, update_fields=["chosen"])
    if not Move.objects.filter(variant=plan.chosen).exists():
        raise DomainError(f"选定的{plan.chosen}没有人员调整，请先添加。", code="no_variant")
    if not PlanMember.objects.filter(plan=plan, duty=CaseDuty.REVIEWER).exists():
        raise DomainError("请先在知悉范围中加入预审人。", code="no_reviewer")


def _pass(plan: RotationPlan, by: Viewer, note: str, at: datetime) -> None:
    _check_reviewer(plan, by)
    asked = PlanMember.objects.filter(plan=plan, duty=CaseDuty.CONSULTED)
    last = ConsultOpinion.objects.filter(plan=plan).values_list("round", flat=True).first() or 0
    _ask(plan, list(asked.values_list("user_id", flat=True)), at, last + 1)


def _ask(plan: RotationPlan, user_ids: list[int], at: datetime, number: int | None = None) -> None:
    if number is None:
        last = ConsultOpinion.objects.filter(plan=plan).values_list("round", flat=True).first()
        number = last or 1
    ConsultOpinion.objects.bulk_create(
        ConsultOpinion(plan=plan, user_id=pk, round=number, asked_at=at) for pk in user_ids
    )


def _return(plan: RotationPlan, by: Viewer, note: str, at: datetime) -> None:
    if plan.state == PlanState.PRECHECK and not _drafts(plan, by):
        _check_reviewer(plan, by)
    else:
        check_handled_by(plan, by)
    if not note:
        raise DomainError("请写明退回修改的原因。", field="note", code="reason")


def _to_meeting(plan: RotationPlan, by: Viewer, note: str, at: datetime) -> None:
    check_handled_by(plan, by)
    waiting = open_opinions(plan).count()
    if waiting:
        message = f"还有 {waiting} 人没有反馈意见，请等反馈后再上会；确实不再征求的，请从知悉范围移出。"
        raise DomainError(message, code="opinions_open")
    if plan.chosen is None:
        raise DomainError("请先选定备选方案。", code="no_variant")
    open_ = unexplained(plan.chosen, by)
    if open_:
        message = f"有 {len(open_)} 项不具备：{open_[0].message}等。请调整方案，或逐项说明理由。"
        raise DomainError(message, code="fails")


def _cancel(plan: RotationPlan, by: Viewer, note: str, at: datetime) -> None:
    check_handled_by(plan, by)
    if not note:
        raise DomainError("请写明终止方案的原因。", field="note", code="reason")


PREPARE: dict[PlanAction, Callable[[RotationPlan, Viewer, str, datetime], None]] = {
    PlanAction.SUBMIT: _submit,
    PlanAction.PASS: _pass,
    PlanAction.RETURN: _return,
    PlanAction.TO_MEETING: _to_meeting,
    PlanAction.CANCEL: _cancel,
}


def _drafts(plan: RotationPlan, by: Viewer) -> bool:
    return PlanMember.objects.filter(plan=plan, user=by.user_id, duty=CaseDuty.DRAFTER).exists()


def _check_reviewer(plan: RotationPlan, by: Viewer) -> None:
    """Nobody reviews what they drafted, whatever the case says of them."""
    reviews = PlanMember.objects.filter(plan=plan, user=by.user_id, duty=CaseDuty.REVIEWER).exists()
    if not reviews or plan.created_by_id == by.user_id:
        raise DomainError("只有预审人可以预审，承办人不能预审自己拟订的方案。", code="not_reviewer")


def _tell_next(plan: RotationPlan, action: PlanAction, by: Viewer) -> None:
    """Whoever has to do something now hears of it; the title of the plan stays out of the message."""
    duty, words = {
        PlanAction.SUBMIT: (CaseDuty.REVIEWER, "有一份轮岗方案等您预审"),
        PlanAction.PASS: (CaseDuty.CONSULTED, "有一份轮岗方案征求您的意见"),
        PlanAction.RETURN: (CaseDuty.DRAFTER, "您承办的轮岗方案被退回修改"),
    }.get(action, (None, ""))
    if duty is None:
        return
    people = PlanMember.objects.filter(plan=plan, duty=duty).exclude(user=by.user_id)
    notify(
        recipients=list(people.values_list("user_id", flat=True)),
        kind=PLAN_KIND,
        title=words,
        key=f"{PLAN_KIND}:{plan.pk}:{action}",
        on=by.on,
        url_name="rotation:plan",
        args=(plan.pk,),
    )


# Opinions and reasons


def open_opinions(plan: RotationPlan) -> Any:
    return ConsultOpinion.objects.filter(plan=plan, given_at=None)


@transaction.atomic
def give_opinion(
    *, opinion: ConsultOpinion, stance: ConsultStance, words: str, by: Viewer, at: datetime
) -> None:
    """Given once in a round, while the plan asks; who disagrees says why."""
    plan = opinion.plan
    if opinion.user_id != by.user_id or not RotationPlan.objects.visible_to(by).filter(pk=plan.pk).exists():
        raise DomainError("只有被征求意见的人可以反馈。", code="not_asked")
    if plan.state != PlanState.OPINIONS:
        raise DomainError("这份方案现在不在征求意见，不能反馈。", code="wrong_state")
    if stance != ConsultStance.AGREE and not words.strip():
        raise DomainError("请写明不同意的理由或具体建议。", field="words", code="words")
    opinion.stance, opinion.words, opinion.given_at = stance, words.strip(), at
    taken = ConsultOpinion.objects.filter(pk=opinion.pk, given_at=None).update(stance=stance, given_at=at)
    if not taken:
        raise DomainError("意见已经反馈，不能再改；需要补充的请联系承办人。", code="given")
    save_validated(opinion, update_fields=["words"])
    _record(plan, by, f"方案 {plan.pk} 反馈意见")


def waived_keys(variant: Variant) -> set[tuple[str, str]]:
    return set(Waiver.objects.filter(variant=variant).values_list("key", "message"))


def unexplained(variant: Variant, by: Viewer) -> list[Check]:
    """Failing checks of the variant for which nobody gave a reason, or only for another state of things."""
    given = waived_keys(variant)
    return [c for c in check_variant(variant, on=by.on).failing if (key_of(c), c.message[:300]) not in given]


@transaction.atomic
def waive(*, variant: Variant, key: str, reason: str, by: Viewer, at: datetime) -> Waiver:
    """Says why the variant is put forward although this check fails."""
    check_handled_by(variant.plan, by)
    if not reason.strip():
        raise DomainError("请写明理由：依据什么、由谁同意、怎样补救。", field="reason", code="reason")
    checks = check_variant(variant, on=by.on).checks
    check = next((c for c in checks if key_of(c) == key and c.verdict == Verdict.FAILS), None)
    if check is None:
        raise DomainError("这一项现在不是“不具备”，不用说明理由。", code="no_failure")
    Waiver.objects.filter(variant=variant, key=key).delete()
    waiver = Waiver(
        variant=variant, key=key, message=check.message[:300], reason=reason.strip(), by_id=by.user_id, at=at
    )
    save_validated(waiver)
    _record(variant.plan, by, f"方案 {variant.plan_id} {variant}说明理由：{check.code}")
    return waiver


def _record(plan: RotationPlan, by: Viewer, label: str) -> None:
    record(action=AuditAction.PLAN_CHANGED, by=by, subject=plan, label=label[:200])
