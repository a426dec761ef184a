"""The life of a talk around its content: planned, sent to be signed, archived, corrected, called off."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import vault
from core.access import Permission, Role, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from people.access import viewer_for
from people.models import Cadre, KinTie, User
from wellbeing.choices.talks import WRITABLE_STATES, TalkState
from wellbeing.choices.triggers import UNMET_STATES, DutyState
from wellbeing.models import Talk, TalkContent, TalkCorrection, TalkDuty, TalkFile, TalkSlot
from wellbeing.queries.organisation import Placements
from wellbeing.sealing.keys import key_for, key_of, seal_row
from wellbeing.services.door import path_of
from wellbeing.services.drafting import LONGEST, refuse_superior, refuse_unless_talker

PLAN_FIELDS = ("kind", "reason", "way", "place", "planned_from", "planned_to", "held_on", "superior")


@transaction.atomic
def plan_talk(
    *,
    cadre: Cadre,
    talker: User,
    values: Mapping[str, Any],
    by: Viewer,
    on: date,
    duty: TalkDuty | None = None,
) -> Talk:
    """A planned talk; `by` is the talker himself or a planner in whose scope the cadre is."""
    if unknown := set(values) - set(PLAN_FIELDS):
        raise ValueError(f"not planned: {sorted(unknown)}")
    _refuse_planner(cadre, talker, by)
    refuse_talker(cadre, talker, on)
    if superior := values.get("superior"):
        refuse_superior(Talk(cadre=cadre), superior)
    day = _day_of(values, on)
    talk = Talk(
        cadre=cadre,
        talker=talker,
        unit_id=Placements([cadre.pk]).on(cadre.pk, day).unit_id,
        created_by_id=by.user_id,
        **values,
    )
    save_validated(talk)
    if duty is not None:
        _take_up(duty, talk)
    record(action=AuditAction.TALK_PLANNED, by=by, subject=talk, label=str(talk))
    return talk


def _day_of(values: Mapping[str, Any], on: date) -> date:
    planned: datetime | None = values.get("planned_from")
    held: date | None = values.get("held_on")
    return held or (timezone.localdate(planned) if planned else on)


def _refuse_planner(cadre: Cadre, talker: User, by: Viewer) -> None:
    if by.cadre_id == cadre.pk:
        raise DomainError("不能为本人登记谈话；可以在“我的谈话”里申请。", code="own_record")
    own = talker.pk == by.user_id and by.can(Permission.HOLD_TALK)
    planned = Cadre.objects.visible_to(by, Permission.PLAN_TALK).filter(pk=cadre.pk).exists()
    if not own and not planned:
        raise DomainError(
            "只能登记自己开展的谈话；安排别人谈话请联系组织人事或党务部门。", code="not_allowed"
        )


def refuse_talker(cadre: Cadre, talker: User, on: date) -> None:
    if talker.cadre_id == cadre.pk:
        raise DomainError("谈话人不能是谈话对象本人，请另选一人。", field="talker", code="self")
    if talker.cadre_id and KinTie.objects.between(talker.cadre_id, cadre.pk).exists():
        message = f"{talker.name}与谈话对象有亲属关系，应当回避，请另选一人。"
        raise DomainError(message, field="talker", code="kin")
    if not talker.is_active or not viewer_for(talker, on=on).can(Permission.HOLD_TALK):
        message = f"{talker.name}没有开展谈话的权限，请另选一人，或先由安全管理员授权。"
        raise DomainError(message, field="talker", code="no_right")


def _take_up(duty: TalkDuty, talk: Talk) -> None:
    """Only an open duty of the same cadre: two talks planned at once for one duty are one too many."""
    mine = TalkDuty.objects.filter(pk=duty.pk, cadre_id=talk.cadre_id, state=DutyState.OPEN)
    if not mine.update(state=DutyState.PLANNED, talk=talk, talker_id=talk.talker_id):
        raise DomainError("这项应谈已经约好或办结，请刷新页面查看。", code="conflict")


@transaction.atomic
def release_summary(*, talk: Talk, summary: str, by: Viewer, at: datetime, on: date) -> None:
    """已定稿 → 本人签阅: the cadre may read these words, and only these."""
    refuse_unless_talker(talk, by)
    _refuse_unless(talk, TalkState.FINAL, "只有已定稿的谈话可以送本人签阅。")
    if not summary.strip():
        message = "请写出给本人看的摘要；不需要本人签阅的，直接归档。"
        raise DomainError(message, field="summary", code="nothing_written")
    if len(summary) > LONGEST:
        raise DomainError(f"摘要超过 {LONGEST} 字，请精简。", field="summary", code="too_long")
    _write(talk, {"summary": summary})
    talk.released_at = at
    _move(talk, TalkState.SIGNING, "released_at")
    record(action=AuditAction.TALK_CHANGED, by=by, subject=talk, label=f"{talk}：送本人签阅", at=at)
    notify(
        recipients=_accounts_of(talk.cadre_id),
        kind="wellbeing.sign",
        title="有一份谈话摘要待您签阅",
        key=f"wellbeing.sign:{talk.pk}",
        on=on,
        url_name="wellbeing:talk",
        args=(talk.pk,),
    )


@transaction.atomic
def sign_summary(*, talk: Talk, remark: str, by: Viewer, at: datetime) -> None:
    """The cadre has read the summary, with or without a remark; the talk is archived with it."""
    if by.cadre_id != talk.cadre_id or not by.on_own_record(Permission.OWN_TALK):
        raise DomainError("只有谈话对象本人能签阅。", code="not_allowed")
    _refuse_unless(talk, TalkState.SIGNING, "这份摘要已经签阅，不用再签。")
    if len(remark) > LONGEST:
        raise DomainError(f"意见超过 {LONGEST} 字，请精简。", field="remark", code="too_long")
    _write(talk, {"remark": remark})
    talk.signed_at = talk.archived_at = at
    _move(talk, TalkState.ARCHIVED, "signed_at", "archived_at")
    record(action=AuditAction.TALK_CHANGED, by=by, subject=talk, label=f"{talk}：本人签阅，归档", at=at)


@transaction.atomic
def archive_talk(*, talk: Talk, by: Viewer, at: datetime) -> None:
    """Without a signature: nothing was to be shown, or the cadre does not sign."""
    refuse_unless_talker(talk, by)
    if talk.state not in (TalkState.FINAL, TalkState.SIGNING):
        raise DomainError("只有已定稿的谈话可以归档。", code="wrong_state")
    label = f"{talk}：归档" if talk.state == TalkState.FINAL else f"{talk}：本人未签阅，归档"
    talk.archived_at = at
    _move(talk, TalkState.ARCHIVED, "archived_at")
    record(action=AuditAction.TALK_CHANGED, by=by, subject=talk, label=label, at=at)


@transaction.atomic
def correct_talk(*, talk: Talk, text: str, by: Viewer, at: datetime) -> TalkCorrection:
    """Added to the archived record, which itself stays as it is."""
    if by.user_id not in (talk.talker_id, talk.superior_id) or not by.can(Permission.HOLD_TALK):
        raise DomainError("只有谈话人和指定上级能补充更正。", code="not_allowed")
    if talk.state != TalkState.ARCHIVED or talk.erased_at:
        raise DomainError("归档以后才能补充更正。", code="wrong_state")
    if not text.strip() or len(text) > LONGEST:
        raise DomainError(f"请填写 1–{LONGEST} 字的补充更正。", field="text", code="nothing_written")
    row = TalkCorrection(talk=talk, at=at, by_id=by.user_id)
    seal_row(row, key_for(talk.cadre), {"text": text})
    row.save(force_insert=True)
    record(action=AuditAction.TALK_CHANGED, by=by, subject=talk, label=f"{talk}：补充更正", at=at)
    return row


@transaction.atomic
def assign_superior(*, talk: Talk, superior: User | None, by: Viewer) -> None:
    """The previous superior loses the talk with this very change; the next request finds nothing."""
    top = Role.TOP_LEADER in by.roles and by.user_id == talk.superior_id
    if by.user_id != talk.talker_id and not top:
        raise DomainError("只有谈话人能指定上级。", code="not_allowed")
    if superior is not None:
        refuse_superior(talk, superior)
        if not viewer_for(superior, on=by.on).can(Permission.HOLD_TALK):
            message = f"{superior.name}没有开展谈话的权限，不能指定为上级。"
            raise DomainError(message, field="superior", code="no_right")
    before, talk.superior = talk.superior, superior
    save_validated(talk, update_fields=["superior"])
    record(
        action=AuditAction.TALK_CHANGED,
        by=by,
        subject=talk,
        label=f"{talk}：指定上级",
        changes={"superior": (before, superior)},
    )


@transaction.atomic
def cancel_talk(*, talk: Talk, by: Viewer) -> None:
    """Called off before it was final: what was drafted is deleted, its slot is free, its duty open again."""
    if by.user_id != talk.talker_id and not _plans(talk, by):
        raise DomainError("只有谈话人和安排谈话的经办人能取消。", code="not_allowed")
    if talk.state not in WRITABLE_STATES:
        raise DomainError("已定稿的谈话不能取消。", code="wrong_state")
    if talk.state == TalkState.DRAFT and by.user_id != talk.talker_id:
        raise DomainError("谈话人已开始记录，只能由谈话人取消。", code="wrong_state")
    erase_content(talk)
    _move(talk, TalkState.CANCELLED)
    TalkSlot.objects.filter(talk=talk).update(talk=None, cadre=None)
    TalkDuty.objects.filter(talk=talk, state__in=UNMET_STATES).update(state=DutyState.OPEN, talk=None)
    record(action=AuditAction.TALK_CHANGED, by=by, subject=talk, label=f"{talk}：取消")


def _plans(talk: Talk, by: Viewer) -> bool:
    return bool(Cadre.objects.visible_to(by, Permission.PLAN_TALK).filter(pk=talk.cadre_id).exists())


def erase_content(talk: Talk) -> None:
    """Deletes what was sealed for the talk; the bytes of attachments go once that stands."""
    paths = [path_of(row) for row in TalkFile.objects.filter(talk=talk)]
    for model in (TalkContent, TalkCorrection, TalkFile):
        model.objects.filter(talk=talk).delete()
    for path in paths:
        transaction.on_commit(lambda gone=path: vault.remove(gone))  # type: ignore[misc]


def _write(talk: Talk, texts: Mapping[str, str]) -> None:
    content = TalkContent.objects.get(talk=talk)
    tokens = seal_row(content, key_of(talk.cadre_id), texts)
    TalkContent.objects.filter(pk=content.pk).update(**tokens)


def _refuse_unless(talk: Talk, state: TalkState, message: str) -> None:
    if talk.state != state:
        raise DomainError(message, code="wrong_state")


def _move(talk: Talk, state: TalkState, *more: str) -> None:
    """The state the caller saw must still be the one in the database: two presses make one step."""
    seen = Talk.objects.filter(pk=talk.pk).values_list("state", flat=True).get()
    if seen != talk.state:
        raise DomainError("这次谈话刚被办理过，请刷新页面查看。", code="conflict")
    talk.state = state
    save_validated(talk, update_fields=["state", *more])


def _accounts_of(cadre_id: int) -> list[int]:
    return list(User.objects.filter(cadre_id=cadre_id, is_active=True).values_list("pk", flat=True))
