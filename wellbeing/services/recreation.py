"""文体活动: put up, signed up for, called off, attended. Seats move by conditional UPDATE (core.seats)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import apply_changes, changes_to, save_validated
from core.seats import free_seat, take_seat
from people.choices import CadreStatus
from people.models import Cadre, User
from wellbeing.choices.recreation import COMING, ActivityState, SignUpState
from wellbeing.models import Activity, ActivitySignUp

KIND = "wellbeing.activity"
ARRANGE, OWN = Permission.EDIT_CARE, Permission.OWN_WELLBEING
S = SignUpState


@transaction.atomic
def arrange_activity(*, values: Mapping[str, Any], by: Viewer) -> Activity:
    _refuse_stranger(by)
    row = Activity(created_by_id=by.user_id, **values)
    save_validated(row)
    _record(row, by, "新建")
    return row


@transaction.atomic
def change_activity(*, activity: Activity, values: Mapping[str, Any], by: Viewer, at: datetime) -> None:
    """More places let the head of the waiting list in at once."""
    _refuse_stranger(by)
    held = lock_activity(activity.pk)
    if held.state not in (ActivityState.DRAFT, *COMING):
        raise DomainError("活动已经结束或取消，不能再改。", code="wrong_state")
    changes = changes_to(held, values)
    if changes:
        apply_changes(held, changes)
        save_validated(held, update_fields=list(changes))
        _record(held, by, "修改")
        _promote(held, at)


@transaction.atomic
def publish_activity(*, activity: Activity, by: Viewer, at: datetime) -> None:
    """开始报名: everyone with an own record is told once."""
    _refuse_stranger(by)
    if activity.closes_at <= at:
        raise DomainError("报名截止时间已过，请先修改。", code="past")
    _move(activity, (ActivityState.DRAFT,), ActivityState.OPEN)
    _record(activity, by, "发布")
    users = User.objects.filter(is_active=True, cadre__status=CadreStatus.ACTIVE)
    _tell(users.values_list("pk", flat=True), f"文体活动开始报名：{activity}", activity, "open", at)


@transaction.atomic
def cancel_activity(*, activity: Activity, by: Viewer, at: datetime) -> None:
    _refuse_stranger(by)
    _move(activity, (ActivityState.DRAFT, *COMING), ActivityState.CANCELLED)
    _record(activity, by, "取消")
    people = _rows(activity).exclude(state=S.LEFT).values("cadre_id")
    users = User.objects.filter(cadre_id__in=people, is_active=True).values_list("pk", flat=True)
    _tell(users, f"文体活动已取消：{activity}", activity, "cancelled", at)


@transaction.atomic
def finish_activity(*, activity: Activity, by: Viewer, at: datetime) -> None:
    _refuse_stranger(by)
    if at < activity.starts_at:
        raise DomainError("活动还没有开始。", code="too_early")
    _move(activity, COMING, ActivityState.DONE)
    _record(activity, by, "结束")


@transaction.atomic
def sign_up(*, activity: Activity, by: Viewer, at: datetime) -> ActivitySignUp:
    """A seat, or the end of the waiting list; nobody overtakes those who wait."""
    cadre = _own(by)
    held = lock_activity(activity.pk)
    _refuse_shut(held, at)
    row = _rows(held).filter(cadre=cadre).first()
    if row is not None and row.state != S.LEFT:
        raise DomainError(f"您已经报过名（{row.get_state_display()}）。", code="already")
    waits = _rows(held).filter(state=S.WAITING).exists()
    seated = not waits and take_seat(held)
    row = row or ActivitySignUp(activity=held, cadre=cadre)
    row.state = S.SEATED if seated else S.WAITING
    row.waiting_since = None if seated else at
    save_validated(row)
    _record(held, by, f"报名（{row.get_state_display()}）")
    return row


def _refuse_shut(held: Activity, at: datetime) -> None:
    if held.state != ActivityState.OPEN:
        raise DomainError(f"“{held}”{held.get_state_display()}，不能报名。", code="shut")
    if at < held.opens_at:
        when = timezone.localtime(held.opens_at)
        raise DomainError(f"报名 {when:%m-%d %H:%M} 开始，请到时再来。", code="not_open")
    if at >= held.closes_at:
        raise DomainError("报名已经截止，想参加请联系发起人。", code="closed")


@transaction.atomic
def leave_activity(*, activity: Activity, by: Viewer, at: datetime) -> None:
    """Gives the own place back; the head of the waiting list gets it in the same step."""
    cadre = _own(by)
    held = lock_activity(activity.pk)
    if at >= held.starts_at:
        raise DomainError("活动已经开始，不能退出。", code="started")
    row = _rows(held).filter(cadre=cadre).exclude(state=S.LEFT).first()
    if row is None:
        raise DomainError("您没有报名这项活动。", code="not_signed_up")
    seated = row.state == S.SEATED
    _rows(held).filter(pk=row.pk).update(state=S.LEFT, waiting_since=None, attended=None)
    if seated:
        free_seat(held)
    _record(held, by, "退出")
    _promote(held, at)


def _promote(held: Activity, at: datetime) -> None:
    """Call it with the activity locked, whenever a seat may have become free."""
    while held.state in COMING and (row := _waiting(held).first()) is not None and take_seat(held):
        _rows(held).filter(pk=row.pk, state=S.WAITING).update(state=S.SEATED, waiting_since=None)
        users = User.objects.filter(cadre_id=row.cadre_id, is_active=True).values_list("pk", flat=True)
        _tell(users, f"候补递补成功：{held}", held, f"seat:{row.pk}", at)


@transaction.atomic
def note_attendance(*, activity: Activity, present: set[int], by: Viewer, at: datetime) -> int:
    """`present`: ids of the cadres who came; everybody else with a seat did not."""
    _refuse_stranger(by)
    if at < activity.starts_at:
        raise DomainError("活动开始以后再登记到场。", code="too_early")
    if activity.state not in (*COMING, ActivityState.DONE):
        raise DomainError("这项活动不能登记到场。", code="wrong_state")
    rows = _rows(activity).filter(state=S.SEATED)
    came = rows.filter(cadre_id__in=present).update(attended=True)
    rows.exclude(cadre_id__in=present).update(attended=False)
    _record(activity, by, f"登记到场 {came} 人")
    return int(came)


def close_sign_ups(*, at: datetime) -> int:
    """What has run out: for the clock."""
    rows = Activity.objects.filter(state=ActivityState.OPEN, closes_at__lte=at)
    return int(rows.update(state=ActivityState.CLOSED))


# What the steps share


def lock_activity(pk: int) -> Activity:
    """As it stands now; on PostgreSQL nobody else moves its seats until the transaction ends."""
    held: Activity = Activity.objects.select_for_update(no_key=True).get(pk=pk)
    return held


def _rows(activity: Activity) -> QuerySet[ActivitySignUp]:
    rows: QuerySet[ActivitySignUp] = ActivitySignUp.objects.filter(activity=activity)
    return rows


def _waiting(activity: Activity) -> QuerySet[ActivitySignUp]:
    return _rows(activity).filter(state=S.WAITING).order_by("waiting_since", "pk")


def _refuse_stranger(by: Viewer) -> None:
    if not by.paths(ARRANGE):
        raise DomainError("只有工会经办人能组织文体活动。", code="not_allowed")


def _own(by: Viewer) -> Cadre:
    if by.cadre_id is None or not by.on_own_record(OWN):
        raise DomainError("您的账号没有关联干部档案，请联系组织人事部门。", code="no_own_record")
    cadre = Cadre.objects.get(pk=by.cadre_id)
    if cadre.status != CadreStatus.ACTIVE:
        raise DomainError("您的档案不是在职状态，不能报名。", code="not_active")
    return cadre


def _move(row: Activity, sources: tuple[ActivityState, ...], target: ActivityState) -> None:
    if not Activity.objects.filter(pk=row.pk, state__in=sources).update(state=target):
        raise DomainError("活动的状态已经变化，请刷新页面查看。", code="conflict")
    row.refresh_from_db()


def _record(row: Activity, by: Viewer, what: str) -> None:
    record(action=AuditAction.ACTIVITY_CHANGED, by=by, subject=row, label=f"{row}：{what}")


def _tell(users: Any, title: str, row: Activity, step: str, at: datetime) -> None:
    day: date = timezone.localdate(at)
    notify(
        recipients=list(users),
        kind=KIND,
        title=title,
        key=f"{KIND}:{row.pk}:{step}",
        on=day,
        url_name="wellbeing:activity",
        args=(row.pk,),
        detail=f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M} {row.place}",
    )
