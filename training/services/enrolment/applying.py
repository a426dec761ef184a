"""What a cadre does about the own place: applies for it and gives it back."""

from datetime import datetime

from django.db import transaction

from core.access import Permission, Viewer
from core.errors import DomainError
from people.choices import CadreStatus
from people.models import Cadre
from training.choices import ClassState, EnrolmentWay, ParticipationOrigin, ParticipationState
from training.class_states import BEFORE_START
from training.enrolment import APPLY_WAYS
from training.models import Participation, TrainingClass
from training.services.enrolment.queue import promote_waiting
from training.services.enrolment.steps import Hop, begin, lock_class, move, record_steps

P = ParticipationState


@transaction.atomic
def apply_for(*, training_class: TrainingClass, by: Viewer, at: datetime) -> Participation:
    """The own application. Where it is confirmed at once, the seat or the place in the queue is taken now."""
    if by.cadre_id is None or not by.on_own_record(Permission.SIGN_UP):
        raise DomainError("您的账号没有关联干部档案，请联系组织人事部门。", code="no_own_record")
    held = lock_class(training_class.pk)
    _refuse_closed(held, at)
    cadre = Cadre.objects.get(pk=by.cadre_id)
    _refuse_cadre(held, cadre)
    state = None if held.enrolment_way == EnrolmentWay.OPEN else P.APPLIED
    hop = Hop(by, at)
    row = begin(held, cadre, ParticipationOrigin.APPLICATION, hop, state)
    record_steps([row], "报名", hop)
    return row


def _refuse_closed(held: TrainingClass, at: datetime) -> None:
    if held.enrolment_way not in APPLY_WAYS:
        raise DomainError("本班次由单位推荐，请向所在部门负责人提出。", code="nomination_only")
    over = held.enrol_closes_at is not None and at >= held.enrol_closes_at
    if held.state != ClassState.ENROLLING or over:
        message = f"“{held}”现在不能报名（{held.get_state_display()}），请看其他正在报名的班次。"
        raise DomainError(message, code="not_enrolling")


def _refuse_cadre(held: TrainingClass, cadre: Cadre) -> None:
    if cadre.status != CadreStatus.ACTIVE:
        raise DomainError("您的档案不是在职状态，不能报名，请联系组织人事部门。", code="not_active")
    if Participation.objects.filter(training_class=held, cadre=cadre, state=P.REJECTED).exists():
        raise DomainError("这个班次的报名未获通过，需要再报请联系班次联系人。", code="rejected_before")


@transaction.atomic
def withdraw_own(*, participation: Participation, by: Viewer, at: datetime) -> list[Participation]:
    """Gives the own place back, before the class begins; returns who moved up."""
    held = lock_class(participation.training_class_id)
    row = Participation.objects.select_related("cadre").get(pk=participation.pk)
    if row.cadre_id != by.cadre_id:
        raise DomainError("只能退出本人的报名。", code="not_own")
    if held.state not in BEFORE_START:
        raise DomainError("班次已经开班，不能自行退出，请联系班次联系人请假或办理退学。", code="started")
    row.training_class = held
    hop = Hop(by, at, "本人退出")
    move(row, P.WITHDRAWN, hop)
    promoted = promote_waiting(held, by=None, at=at)
    record_steps([row], "退出报名", hop)
    record_steps(promoted, "候补递补", Hop(None, at))
    return promoted
