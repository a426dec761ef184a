"""Times for talks: a talker offers some, a cadre takes one or asks for a talk. A slot is given once."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from people.models import Cadre, User
from wellbeing.choices.talks import TalkKind
from wellbeing.choices.triggers import DutyState, TriggerCode
from wellbeing.models import Talk, TalkDuty, TalkSlot
from wellbeing.queries.organisation import Placements
from wellbeing.queries.slots import talkers_for
from wellbeing.services.duties import due_days_of_request

NOT_OWN = "只有关联了干部档案的本人能办理。"


@transaction.atomic
def offer_slot(*, starts_at: datetime, ends_at: datetime, place: str, by: Viewer, at: datetime) -> TalkSlot:
    """One free time of the talker's own; it may not run into another one."""
    if not by.can(Permission.HOLD_TALK):
        raise DomainError("您没有开展谈话的权限。", code="not_allowed")
    if starts_at <= at:
        raise DomainError("开始时间已经过去，请另选时间。", field="starts_at", code="past")
    if ends_at <= starts_at:
        raise DomainError("结束时间要晚于开始时间。", field="ends_at", code="end_before_start")
    mine = TalkSlot.objects.filter(talker_id=by.user_id, withdrawn_at__isnull=True)
    if mine.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise DomainError("与您已放出的时段重叠，请另选时间。", field="starts_at", code="overlap")
    slot = TalkSlot(talker_id=by.user_id, starts_at=starts_at, ends_at=ends_at, place=place)
    save_validated(slot)
    record(action=AuditAction.TALK_PLANNED, by=by, subject=slot, label=f"{slot}：放出时段")
    return slot


@transaction.atomic
def withdraw_slot(*, slot: TalkSlot, by: Viewer, at: datetime) -> None:
    if slot.talker_id != by.user_id:
        raise DomainError("只能撤回自己的时段。", code="not_allowed")
    if not TalkSlot.objects.free().filter(pk=slot.pk).update(withdrawn_at=at):
        raise DomainError("这个时段已被预约；要取消，请在对应的谈话里办理。", code="taken")
    record(action=AuditAction.TALK_PLANNED, by=by, subject=slot, label=f"{slot}：撤回时段")


@transaction.atomic
def book_slot(*, slot: TalkSlot, by: Viewer, at: datetime, on: date) -> Talk:
    """The cadre takes the slot; of two who press at once, one gets it. It answers an open duty."""
    cadre = _own_cadre(by)
    if slot.talker_id not in talkers_for(cadre.pk, on=on):
        raise DomainError("这个时段不是您的谈话人放出的，请另选时段。", code="not_offered")
    if slot.starts_at <= at:
        raise DomainError("这个时段已经过去，请另选时段。", code="past")
    if not TalkSlot.objects.free().filter(pk=slot.pk).update(cadre=cadre):
        raise DomainError("这个时段刚被别人约走了，请另选时段。", code="taken")
    _refuse_double(cadre, slot)
    duty = _open_duty(cadre, slot.talker_id)
    talk = _talk_at(slot, cadre, duty, by)
    TalkSlot.objects.filter(pk=slot.pk).update(talk=talk)
    _tell_talker(slot.talker_id, f"{cadre.name}预约了谈话", talk, on)
    return talk


def _own_cadre(by: Viewer) -> Cadre:
    if by.cadre_id is None or not by.on_own_record(Permission.OWN_TALK):
        raise DomainError(NOT_OWN, code="not_allowed")
    return Cadre.objects.get(pk=by.cadre_id)


def _refuse_double(cadre: Cadre, slot: TalkSlot) -> None:
    others = TalkSlot.objects.filter(cadre=cadre, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)
    if others.exclude(pk=slot.pk).exists():
        raise DomainError("您在这段时间已约了另一次谈话，请另选时段。", code="overlap")


def _open_duty(cadre: Cadre, talker_id: int) -> TalkDuty | None:
    found: TalkDuty | None = (
        TalkDuty.objects.filter(cadre=cadre, talker_id=talker_id, state=DutyState.OPEN)
        .order_by("due_on", "pk")
        .first()
    )
    return found


def _talk_at(slot: TalkSlot, cadre: Cadre, duty: TalkDuty | None, by: Viewer) -> Talk:
    """Made in the cadre's name, so the rule that nobody plans the own talk does not apply."""
    day = timezone.localdate(slot.starts_at)
    talk = Talk(
        cadre=cadre,
        talker_id=slot.talker_id,
        unit_id=Placements([cadre.pk]).on(cadre.pk, day).unit_id,
        kind=TalkKind.DAILY,
        reason=duty.code if duty else TriggerCode.REQUEST,
        place=slot.place,
        planned_from=slot.starts_at,
        planned_to=slot.ends_at,
        created_by_id=by.user_id,
    )
    save_validated(talk)
    if duty is not None:
        TalkDuty.objects.filter(pk=duty.pk).update(state=DutyState.PLANNED, talk=talk)
    record(action=AuditAction.TALK_PLANNED, by=by, subject=talk, label=f"{talk}：本人预约")
    return talk


@transaction.atomic
def request_talk(*, talker: User, by: Viewer, on: date) -> TalkDuty:
    """The cadre asks for a talk: the person asked owes one, and gives a time. What about is said there."""
    cadre = _own_cadre(by)
    relations = talkers_for(cadre.pk, on=on)
    if talker.pk not in relations:
        raise DomainError("请在列出的人员中选择。", field="talker", code="not_offered")
    open_request = TalkDuty.objects.unmet().filter(cadre=cadre, code=TriggerCode.REQUEST, talker=talker)
    if open_request.exists():
        raise DomainError(f"您已向{talker.name}申请过谈话，请等待约定时间。", field="talker", code="asked")
    duty = TalkDuty(
        code=TriggerCode.REQUEST,
        cadre=cadre,
        occasion_key=f"request:{on.isoformat()}:{talker.pk}",
        occasion_on=on,
        unit_id=Placements([cadre.pk]).on(cadre.pk, on).unit_id,
        relation=relations[talker.pk],
        talker=talker,
        raised_on=on,
        due_on=on + timedelta(days=due_days_of_request(on)),
    )
    save_validated(duty)
    record(action=AuditAction.TALK_PLANNED, by=by, subject=duty, label=f"{duty}：本人申请")
    notify(
        recipients=[talker.pk],
        kind="wellbeing.duty",
        title=f"{cadre.name}申请与您谈话",
        key=f"wellbeing.request:{duty.pk}",
        on=on,
        url_name="wellbeing:duties",
    )
    return duty


def _tell_talker(user_id: int, title: str, talk: Talk, on: date) -> None:
    notify(
        recipients=[user_id],
        kind="wellbeing.slot",
        title=title,
        key=f"wellbeing.slot:{talk.pk}",
        on=on,
        url_name="wellbeing:talk",
        args=(talk.pk,),
    )
