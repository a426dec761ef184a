"""Wishes and difficulties from a talk: handed to an owner, brought to an end, told back to the cadre."""

from datetime import date, datetime

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.crypto import DecryptionError
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from people.models import User
from wellbeing.choices.followups import FollowUpCategory, FollowUpState
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.choices.talks import HELD_STATES
from wellbeing.models import Consent, FollowUp, Talk
from wellbeing.sealing.keys import key_for, key_of, open_row, seal_row
from wellbeing.services.door import SHUT, note_damage

LONGEST = 1000


@transaction.atomic
def open_follow_up(
    *, talk: Talk, category: str, matter: str, owner: User, due_on: date, by: Viewer, on: date
) -> FollowUp:
    """The owner is told that there is something, and finds there what it is."""
    if by.user_id not in (talk.talker_id, talk.superior_id) or not by.can(Permission.HOLD_TALK):
        raise DomainError("只有谈话人和指定上级能交办跟进事项。", code="not_allowed")
    if talk.state not in HELD_STATES or talk.erased_at:
        raise DomainError("定稿以后再交办跟进事项。", code="wrong_state")
    if owner.cadre_id == talk.cadre_id:
        raise DomainError("责任人不能是谈话对象本人，请另选一人。", field="owner", code="self")
    if due_on < on:
        raise DomainError("办理时限不能早于今天。", field="due_on", code="past")
    _check(matter, "matter", "事项")
    _refuse_withdrawn(talk)
    row = FollowUp(cadre=talk.cadre, talk=talk, category=category, owner=owner, due_on=due_on, opened_on=on)
    seal_row(row, key_for(talk.cadre), {"matter": matter})
    save_validated(row)
    _record(row, by, f"交办（{FollowUpCategory(category).label}）")
    _tell([owner.pk], "有一项谈心谈话跟进事项交给您办理", row, on, "open")
    return row


@transaction.atomic
def close_follow_up(*, row: FollowUp, solved: bool, result: str, by: Viewer, at: datetime, on: date) -> None:
    if by.user_id != row.owner_id:
        raise DomainError("只有责任人能登记办理结果。", code="not_allowed")
    _check(result, "result", "办理结果")
    tokens = seal_row(row, key_of(row.cadre_id), {"result": result})
    state = FollowUpState.DONE if solved else FollowUpState.IMPOSSIBLE
    mine = FollowUp.objects.filter(pk=row.pk, state=FollowUpState.OPEN)
    if not mine.update(state=state, closed_at=at, closed_by_id=by.user_id, **tokens):
        raise DomainError("这项跟进已经办结，请刷新页面查看。", code="conflict")
    row.refresh_from_db()
    _record(row, by, str(state.label))
    _tell({row.talk.talker_id} - {by.user_id}, "一项跟进事项已办结，请反馈本人", row, on, "closed")


@transaction.atomic
def tell_back(*, row: FollowUp, by: Viewer, at: datetime, on: date) -> None:
    """告知本人: from here the cadre reads the result."""
    if by.user_id not in (row.owner_id, row.talk.talker_id):
        raise DomainError("只有责任人和谈话人能登记反馈。", code="not_allowed")
    if row.state == FollowUpState.OPEN:
        raise DomainError("先登记办理结果，再反馈本人。", code="wrong_state")
    fresh = FollowUp.objects.filter(pk=row.pk, told_at__isnull=True)
    if not fresh.update(told_at=at, told_by_id=by.user_id):
        raise DomainError("已经反馈过本人。", code="conflict")
    row.refresh_from_db()
    _record(row, by, "反馈本人")
    accounts = User.objects.filter(cadre_id=row.cadre_id, is_active=True).values_list("pk", flat=True)
    _tell(accounts, "您在谈话中提出的事项有了结果", row, on, "told")


@transaction.atomic
def hand_over_follow_up(*, row: FollowUp, owner: User, by: Viewer, on: date) -> None:
    """The previous owner loses the matter with this change."""
    if by.user_id not in (row.talk.talker_id, row.talk.superior_id) or not by.can(Permission.HOLD_TALK):
        raise DomainError("只有谈话人和指定上级能改派责任人。", code="not_allowed")
    if row.state != FollowUpState.OPEN:
        raise DomainError("已办结的事项不用改派。", code="wrong_state")
    if owner.cadre_id == row.cadre_id:
        raise DomainError("责任人不能是谈话对象本人，请另选一人。", field="owner", code="self")
    row.owner = owner
    save_validated(row, update_fields=["owner"])
    _record(row, by, f"改派{owner.name}")
    _tell([owner.pk], "有一项谈心谈话跟进事项交给您办理", row, on, f"owner{owner.pk}")


def read_follow_up(*, viewer: Viewer, row: FollowUp) -> dict[str, str]:
    """Matter and result for those `visible_to` lets in; the cadre reads the result once it was told.

    Written into the audit log first, like every opening of sealed text.
    """
    names = ["matter", "result"]
    if viewer.cadre_id is not None and viewer.cadre_id == row.cadre_id:
        names = ["matter", "result"] if row.told_at else ["matter"]
    try:
        with transaction.atomic(durable=True):
            record(
                action=AuditAction.TALK_OPENED, by=viewer, subject=row.talk, label=str(row), reason="跟进事项"
            )
    except Exception as error:  # whatever keeps the event from being written keeps the matter shut
        raise DomainError(SHUT, code="audit_unavailable") from error
    try:
        return {"result": "", **open_row(row, key_of(row.cadre_id), names)}
    except DecryptionError as damage:
        note_damage(viewer, row.talk)
        damage.noted = True
        raise


def _refuse_withdrawn(talk: Talk) -> None:
    """Who has taken the consent back wants nothing new handed on; what runs already is brought to its end."""
    given = Consent.objects.filter(cadre_id=talk.cadre_id, purpose=ConsentPurpose.TALK_FOLLOW_UP)
    if given.exists() and not given.in_force().exists():
        message = "本人已撤回“把谈话中的困难交有关部门办理”的同意，不能再新增交办；请先征得本人同意。"
        raise DomainError(message, code="consent_withdrawn")


def _check(text: str, field: str, label: str) -> None:
    if not text.strip() or len(text) > LONGEST:
        raise DomainError(f"请填写 1–{LONGEST} 字的{label}。", field=field, code="nothing_written")


def _record(row: FollowUp, by: Viewer, what: str) -> None:
    record(action=AuditAction.FOLLOW_UP_CHANGED, by=by, subject=row, label=f"{row}：{what}")


def _tell(users: object, title: str, row: FollowUp, on: date, step: str) -> None:
    notify(
        recipients=list(users),  # type: ignore[call-overload]
        kind="wellbeing.followup",
        title=title,
        key=f"wellbeing.followup:{row.pk}:{step}",
        on=on,
        url_name="wellbeing:followup",
        args=(row.pk,),
    )
