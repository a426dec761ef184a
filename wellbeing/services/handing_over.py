"""When a talker goes: the talk is handed over by the talker's own act, or what was not begun is called off.

What has been written never changes hands by itself. A draft goes along only with `hand_over_talk`; a final
record stays with its talker and the assigned superior, whoever holds the office now.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from people.access import viewer_for
from people.models import User
from wellbeing.choices.talks import WRITABLE_STATES, TalkState
from wellbeing.choices.triggers import UNMET_STATES, DutyState
from wellbeing.models import Talk, TalkDuty, TalkSlot


@transaction.atomic
def hand_over_talk(*, talk: Talk, talker: User, by: Viewer, on: date) -> None:
    """To another talker, with the draft and the duty. The key is the cadre's: nothing is sealed anew.

    The old talker loses the talk with this very change; the next request finds nothing.
    """
    _refuse(talk, talker, by, on)
    rows = Talk.objects.filter(pk=talk.pk, talker_id=by.user_id, state__in=WRITABLE_STATES)
    superior = None if talker.pk == talk.superior_id else talk.superior
    if not rows.update(talker=talker, superior=superior):
        raise DomainError("这次谈话已定稿或刚被办理过，不能移交，请刷新页面查看。", code="conflict")
    before = talk.talker
    talk.refresh_from_db()
    TalkSlot.objects.filter(talk=talk).update(talk=None, cadre=None)
    TalkDuty.objects.filter(talk=talk, state__in=UNMET_STATES).update(talker=talker)
    record(
        action=AuditAction.TALK_CHANGED,
        by=by,
        subject=talk,
        label=f"{talk}：移交",
        changes={"talker": (before, talker)},
    )
    _tell(talk, talker, on)


def _refuse(talk: Talk, talker: User, by: Viewer, on: date) -> None:
    if talk.talker_id != by.user_id or by.cadre_id == talk.cadre_id:
        raise DomainError("只有谈话人能移交这次谈话。", code="not_allowed")
    if talk.state not in WRITABLE_STATES:
        raise DomainError("已定稿的谈话不能移交；需要别人知悉的，请指定上级。", code="wrong_state")
    if talker.pk == by.user_id or talker.cadre_id == talk.cadre_id:
        raise DomainError("请选择另一位谈话人，不能是谈话对象本人。", field="talker", code="self")
    if not talker.is_active or not viewer_for(talker, on=on).can(Permission.HOLD_TALK):
        message = f"{talker.name}没有开展谈话的权限，请另选一人，或先由安全管理员授权。"
        raise DomainError(message, field="talker", code="no_right")


def _tell(talk: Talk, talker: User, on: date) -> None:
    notify(
        recipients=[talker.pk],
        kind="wellbeing.duty",
        title="有一次谈话移交给您",
        key=f"wellbeing.duty:handed:{talk.pk}",
        on=on,
        url_name="wellbeing:talk",
        args=(talk.pk,),
    )


def release_talks_of_leavers(in_office: Iterable[int]) -> None:
    """Duties that wait for a talk of somebody out of office are open again, for whoever follows.

    A talk that was only planned is called off; one with a draft stays as it is, sealed, with its talker.
    """
    waiting = TalkDuty.objects.filter(state=DutyState.PLANNED, talk__state__in=WRITABLE_STATES)
    for duty in waiting.exclude(talk__talker_id__in=in_office).select_related("talk"):
        talk = duty.talk
        TalkDuty.objects.filter(pk=duty.pk).update(state=DutyState.OPEN, talk=None)
        if talk is not None and talk.state == TalkState.PLANNED:
            TalkSlot.objects.filter(talk=talk).update(talk=None, cadre=None)
            Talk.objects.filter(pk=talk.pk, state=TalkState.PLANNED).update(state=TalkState.CANCELLED)
            label = f"{talk}：谈话人离任，取消"
            record(action=AuditAction.TALK_CHANGED, by=None, subject=talk, label=label)
