"""Lay a matter before the leaders: who it is about, who speaks in which order, and who must stay out."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from people.access import viewer_for
from people.models import Post, User
from rotation.choices.decisions import OPEN_FOR_OPINIONS
from rotation.choices.plans import CaseDuty, PlanState
from rotation.models import (
    Candidate,
    Case,
    CaseFile,
    LeaderOpinion,
    Move,
    PlanMember,
    PlanStep,
    RotationPlan,
    Speaker,
)
from rotation.queries.room.cases import concerned_users, next_speaker

OPINION_KIND = "rotation.opinion"


@transaction.atomic
def open_case(
    *,
    plan: RotationPlan,
    leaders: Sequence[User],
    main: User | None,
    opinions_due_on: date,
    by: Viewer,
    at: datetime,
    post: Post | None = None,
    title: str = "",
) -> Case:
    """A case on the whole plan, or on one post with everybody whom any variant puts forward for it.

    `leaders` in the order in which they speak; `main` speaks last wherever they stand (末位表态). Whoever is
    moved in the plan, or related to somebody who is, stays out of the case and is listed as 回避.
    """
    check_handled_by(plan, by)
    if plan.state not in OPEN_FOR_OPINIONS:
        raise DomainError("方案预审通过、征求意见或提请上会后，才能提出议题。", code="wrong_state")
    if opinions_due_on < by.on:
        raise DomainError("意见截止日期不能早于今天。", field="opinions_due_on", code="past")
    moves = moves_for(plan, post)
    case = _renewed(plan, post, at) or Case(plan=plan, post=post, number=_number(by.on.year))
    case.title = title.strip() or (f"{post}人选" if post else plan.title)
    case.opinions_due_on = opinions_due_on
    case.opened_by_id, case.opened_at = by.user_id, at
    save_validated(case)
    Candidate.objects.bulk_create([Candidate(case=case, move=move) for move in moves])
    _seat(case, leaders, main, by)
    record(action=AuditAction.CASE_CHANGED, by=by, subject=case, label=f"提出议题：{case.number}")
    tell_next(case, on=by.on)
    return case


def _renewed(plan: RotationPlan, post: Post | None, at: datetime) -> Case | None:
    """The case of a plan that was returned meanwhile: it keeps its number, and everybody speaks anew."""
    case: Case | None = Case.objects.filter(plan=plan, post=post, closed_at__isnull=True).first()
    if case is None:
        return None
    returned = PlanStep.objects.filter(plan=plan, state_after=PlanState.DRAFT, at__gte=case.opened_at)
    if not returned.exists():
        raise DomainError(f"已经提出过议题 {case.number}，请在议题页面办理。", code="exists")
    LeaderOpinion.objects.filter(case=case).standing().update(withdrawn_at=at)
    for rows in (Candidate.objects.filter(case=case), CaseFile.objects.filter(case=case)):
        rows.delete()
    Speaker.objects.filter(case=case, opinions__isnull=True).delete()
    return case


def moves_for(plan: RotationPlan, post: Post | None) -> list[Move]:
    """The chosen variant, or every variant where none is chosen yet; of one post where one is named."""
    moves = Move.objects.filter(variant__plan=plan)
    if post is not None:
        moves = moves.filter(to_post=post)
    elif plan.chosen_id is not None:
        moves = moves.filter(variant=plan.chosen_id)
    found = list(moves)
    if not found:
        message = f"没有人拟任{post}，请先在方案中提出人选。" if post else "方案里还没有人员调整。"
        raise DomainError(message, field="post", code="nobody")
    return found


def _seat(case: Case, leaders: Sequence[User], main: User | None, by: Viewer) -> None:
    ordered = [user for user in leaders if user != main] + ([main] if main else [])
    if not ordered:
        raise DomainError("请至少选择一位参会领导。", field="leaders", code="no_leaders")
    out = concerned_users(case, ordered)
    for place, user in enumerate(ordered, start=1):
        _check_leader(user, by)
        excluded = user.pk in out
        values = {"position": place, "is_main": user == main, "excluded": excluded, "absence": ""}
        Speaker.objects.update_or_create(case=case, user=user, defaults=values)
        if not excluded:
            PlanMember.objects.get_or_create(
                plan=case.plan, user=user, defaults={"duty": CaseDuty.DECIDER, "added_by_id": by.user_id}
            )
    if len(out) == len(ordered):
        raise DomainError("所选领导都须回避，请另选参会领导。", field="leaders", code="all_excluded")


def _check_leader(user: User, by: Viewer) -> None:
    if not viewer_for(user, on=by.on).can(Permission.DECIDE_ROTATION):
        message = f"{user}没有研究决定轮岗方案的权限，请由安全管理员先授权，或另选领导。"
        raise DomainError(message, field="leaders", code="no_right")


def _number(year: int) -> str:
    taken = Case.objects.filter(number__startswith=f"{year}年第").count()
    while Case.objects.filter(number=f"{year}年第{taken + 1}号").exists():
        taken += 1
    return f"{year}年第{taken + 1}号"


@transaction.atomic
def mark_absent(*, speaker: Speaker, reason: str, by: Viewer) -> None:
    """请假: the others need not wait; "" brings them back. An opinion in writing is not counted as a vote."""
    check_open(speaker.case)
    check_handled_by(speaker.case.plan, by)
    if speaker.excluded:
        raise DomainError("须回避的领导不参加研究，不用登记请假。", code="excluded")
    speaker.absence = reason.strip()
    save_validated(speaker, update_fields=["absence"])
    words = "登记请假" if speaker.absence else "撤销请假"
    record(
        action=AuditAction.CASE_CHANGED,
        by=by,
        subject=speaker.case,
        label=f"{words}：{speaker.case.number} {speaker.user}",
        reason=speaker.absence,
    )
    tell_next(speaker.case, on=by.on)


@transaction.atomic
def move_speaker(*, speaker: Speaker, up: bool, by: Viewer) -> None:
    """Changes places with the neighbour; the main leader stays last."""
    check_open(speaker.case)
    check_handled_by(speaker.case.plan, by)
    row = list(speaker.case.speakers.filter(is_main=False))
    if speaker not in row:
        raise DomainError("主要领导末位表态，次序不能调整。", code="main_is_last")
    place = row.index(speaker)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    for position, one in enumerate(row, start=1):
        Speaker.objects.filter(pk=one.pk).update(position=position)
    record(
        action=AuditAction.CASE_CHANGED,
        by=by,
        subject=speaker.case,
        label=f"调整发言次序：{speaker.case.number}",
    )


def tell_next(case: Case, *, on: date) -> None:
    """Whoever's turn it is hears of it; neither the post nor a name stands in the message."""
    speaker = next_speaker(case)
    if speaker is None:
        return
    notify(
        recipients=[speaker.user_id],
        kind=OPINION_KIND,
        title="有一个议题等您发表意见",
        key=f"{OPINION_KIND}:{case.pk}:{speaker.pk}",
        on=on,
        url_name="rotation:room",
        args=(str(case.uid),),
        detail=f"议题 {case.number}，截止 {case.opinions_due_on:%Y-%m-%d}",
    )


def check_open(case: Case) -> None:
    if case.closed_at is not None or case.plan.state not in OPEN_FOR_OPINIONS:
        raise DomainError("会议已经研究决定，意见和名单不能再改。", code="closed")


def check_handled_by(plan: RotationPlan, by: Viewer) -> None:
    """Only whoever drafts the plan prepares its cases, and nobody in a matter of their own."""
    if not RotationPlan.objects.editable_by(by).filter(pk=plan.pk).exists():
        raise DomainError("只有这份方案的承办人可以办理，请联系承办人。", code="not_drafter")
