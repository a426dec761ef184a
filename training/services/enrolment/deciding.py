"""What staff decide about the people of a class. Nobody decides about the own place (security.md R3)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.access import Viewer
from core.errors import DomainError
from people.models import Cadre
from training.choices import (
    ClassState,
    EnrolmentWay,
    ParticipationOrigin,
    ParticipationState,
)
from training.class_states import BEFORE_START, STAFF_ADDS_TO
from training.enrolment import PENDING, awaits_unit
from training.models import Participation, TrainingClass
from training.services.enrolment.queue import (
    IN_THE_QUEUE,
    ON_THE_LIST,
    promote_waiting,
    tell,
    tell_of_place,
)
from training.services.enrolment.steps import (
    Hop,
    begin,
    lock_class,
    move,
    record_steps,
    refuse_own,
    seat_or_queue,
)

P = ParticipationState


@transaction.atomic
def enrol_people(
    *, training_class: TrainingClass, cadres: Sequence[Cadre], by: Viewer, at: datetime, reason: str = ""
) -> list[Participation]:
    """Staff put people on the list directly: with a seat, or on the waiting list when there is none.

    Those on the list of a draft hear of it when the class is published.
    """
    held = _locked(training_class.pk)
    hop = Hop(by, at, reason)
    rows = []
    for cadre in cadres:
        refuse_own(cadre.pk, by)
        rows.append(begin(held, cadre, ParticipationOrigin.REGISTERED, hop))
    for row in rows if held.state != ClassState.DRAFT else ():
        tell_of_place(row, at)
    record_steps(rows, "加入名单", hop)
    return rows


def _locked(pk: int) -> TrainingClass:
    held = lock_class(pk)
    if held.state not in STAFF_ADDS_TO:
        message = f"班次{held.get_state_display()}，不能再加人；已归档的请按已办班次登记。"
        raise DomainError(message, code="takes_nobody")
    return held


@transaction.atomic
def sign_off(*, participation: Participation, by: Viewer, at: datetime, reason: str = "") -> None:
    """The department agrees to an application."""
    row = _row_of(participation, by)
    if row.training_class.enrolment_way != EnrolmentWay.SIGNED:
        raise DomainError("本班次不需要部门签署意见，由经办直接审批。", code="no_sign_off")
    hop = Hop(by, at, reason or "部门同意")
    move(row, P.NOMINATED, hop)
    record_steps([row], "部门同意", hop)


@transaction.atomic
def approve(
    *, participations: Sequence[Participation], by: Viewer, at: datetime, reason: str = ""
) -> list[Participation]:
    """Confirms pending people in the order in which they came; those beyond the seats wait."""
    hop, done = Hop(by, at, reason), []
    for row in _pending(participations, by):
        if awaits_unit(EnrolmentWay(row.training_class.enrolment_way), ParticipationState(row.state)):
            message = f"{row.cadre.name} 的报名还没有部门意见，请先由所在部门签署。"
            raise DomainError(message, code="no_sign_off_yet")
        seat_or_queue(row, hop)
        told = ON_THE_LIST if row.state == P.CONFIRMED else IN_THE_QUEUE
        tell(row, f"报名结果：{row.training_class}", told, at)
        done.append(row)
    record_steps(done, "审批通过", hop)
    return done


@transaction.atomic
def reject(
    *, participations: Sequence[Participation], by: Viewer, at: datetime, reason: str
) -> list[Participation]:
    """Refuses pending or waiting people; they are told why."""
    if not reason.strip():
        raise DomainError("请写明未通过的原因，本人会看到。", field="reason", code="no_reason")
    hop, done = Hop(by, at, reason.strip()), []
    for row in _pending(participations, by, also=(P.WAITING,)):
        move(row, P.REJECTED, hop)
        tell(row, f"报名未通过：{row.training_class}", hop.reason, at)
        done.append(row)
    record_steps(done, "审批不通过", hop)
    return done


def _pending(
    participations: Sequence[Participation], by: Viewer, also: Sequence[str] = ()
) -> list[Participation]:
    """The rows as they stand now, oldest first, each with its locked class."""
    keys = [row.pk for row in participations]
    classes = {pk: lock_class(pk) for pk in sorted({row.training_class_id for row in participations})}
    rows = Participation.objects.filter(pk__in=keys).select_related("cadre").order_by("created_at", "pk")
    found = []
    for row in rows:
        refuse_own(row.cadre_id, by)
        if row.state not in (*PENDING, *also):
            message = f"{row.cadre.name} 现为“{row.get_state_display()}”，不用审批，请刷新页面。"
            raise DomainError(message, code="wrong_state")
        row.training_class = classes[row.training_class_id]
        found.append(row)
    if not found:
        raise DomainError("请至少选择一人。", field="people", code="nobody")
    return found


def _row_of(participation: Participation, by: Viewer) -> Participation:
    """The row as it stands now, with its locked class."""
    held = lock_class(participation.training_class_id)
    row = Participation.objects.select_related("cadre").get(pk=participation.pk)
    refuse_own(row.cadre_id, by)
    row.training_class = held
    return row


@transaction.atomic
def withdraw(*, participation: Participation, by: Viewer, at: datetime, reason: str) -> list[Participation]:
    """Staff or the department take somebody off the list; returns who moved up from the waiting list."""
    if not reason.strip():
        raise DomainError("请写明退出的原因。", field="reason", code="no_reason")
    row = _row_of(participation, by)
    if row.training_class.state not in (*BEFORE_START, ClassState.RUNNING):
        raise DomainError("班次已经结课，请在评定中处理。", code="over")
    hop = Hop(by, at, reason.strip())
    move(row, P.WITHDRAWN, hop)
    promoted = promote_waiting(row.training_class, by=None, at=at)
    record_steps([row], "退出", hop)
    record_steps(promoted, "候补递补", Hop(None, at))
    return promoted


@transaction.atomic
def promote(*, participation: Participation, by: Viewer, at: datetime) -> None:
    """Gives a free seat to the head of the waiting list by hand, also after the class has begun."""
    row = _row_of(participation, by)
    move(row, P.CONFIRMED, hop := Hop(by, at, "经办递补"))
    tell(row, f"候补递补成功：{row.training_class}", "您已转为正式学员，请按时参加。", at)
    record_steps([row], "候补递补", hop)


@transaction.atomic
def dispatch(*, participations: Sequence[Participation], by: Viewer, at: datetime) -> list[Participation]:
    """上级调训: the confirmed people are sent; what they bring back is the result of the assessment."""
    hop, done = Hop(by, at, "已派出"), []
    for participation in participations:
        row = _row_of(participation, by)
        move(row, P.DISPATCHED, hop)
        tell(row, f"调训通知：{row.training_class}", "请按通知时间报到；结业后由组织人事部门登记结果。", at)
        done.append(row)
    record_steps(done, "派出", hop)
    return done


@transaction.atomic
def drop_out(*, participation: Participation, by: Viewer, at: datetime, reason: str) -> None:
    """退学: the person leaves a class that is going on; the seat stays spent and nothing is credited."""
    if not reason.strip():
        raise DomainError("请写明退学的原因。", field="reason", code="no_reason")
    row = _row_of(participation, by)
    if row.training_class.state not in (ClassState.RUNNING, ClassState.ASSESSING):
        raise DomainError("班次还没有开班，请办理退出。", code="not_running")
    hop = Hop(by, at, reason.strip())
    move(row, P.DROPPED, hop)
    tell(row, f"退学通知：{row.training_class}", hop.reason, at)
    record_steps([row], "退学", hop)
