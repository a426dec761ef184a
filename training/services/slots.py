"""Slots of classes: when and where people are expected. Study activities have one slot, kept with them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import Changes, apply_changes, changes_to, save_validated, values_of
from people.models import User
from training.choices import AttendanceSource, ClassState
from training.models import Slot, TrainingClass
from training.queries.occupied import NOT_EXPECTED
from training.services.enrolment.roster import expect_everyone

SLOT_FIELDS = (
    "starts_at",
    "ends_at",
    "place",
    "topic",
    "lecturer",
    "checkin_opens_at",
    "late_after",
    "checkin_closes_at",
    "needs_sign_out",
)
OWN_WINDOWS = ("checkin_opens_at", "late_after", "checkin_closes_at")
Moving = frozenset[int]
STAYING: Moving = frozenset()
HEARD_OF = frozenset({"starts_at", "ends_at", "place", "topic", "lecturer"})  # calendars show these


@transaction.atomic
def add_slot(
    *, training_class: TrainingClass, values: Mapping[str, Any], by: Viewer, moving: Moving = STAYING
) -> Slot:
    """A further slot of a class; whoever takes part is expected there. `moving`: as in `change_slot`."""
    _refuse(training_class, by)
    slot = Slot(training_class=training_class, **values)
    _check(slot, moving)
    save_validated(slot)
    expect_everyone(training_class, [slot])
    _record(slot, "新增时段", by, values_of(slot, SLOT_FIELDS))
    return slot


@transaction.atomic
def change_slot(
    *, slot: Slot, values: Mapping[str, Any], by: Viewer, on: date, moving: Moving = STAYING
) -> bool:
    """Moves or describes a slot anew; False when nothing changed. Own windows of the old time are dropped.

    `moving` are slots that will move in the same transaction: where they stand now counts as free. Whoever
    names any calls `check_apart` at the end.
    """
    _refuse(_class_of(slot), by)
    changes = changes_to(slot, values)
    if "starts_at" in changes:
        stale = {name: None for name in OWN_WINDOWS if name not in changes and getattr(slot, name)}
        changes |= changes_to(slot, stale)
    if not changes:
        return False
    apply_changes(slot, changes)
    slot.sequence += bool(HEARD_OF & set(changes))
    _check(slot, moving)
    save_validated(slot)
    _record(slot, "调整时段", by, changes)
    if {"starts_at", "ends_at", "place"} & set(changes):
        moment = timezone.localtime(slot.starts_at)
        _tell(slot, f"“{slot.training_class}”的时段改到{moment:%-m月%-d日 %H:%M}", slot.place, on)
    return True


def check_apart(slots: Iterable[Slot]) -> None:
    """After several have moved together: none of them meets another slot of its class."""
    for slot in slots:
        _check(slot, STAYING)


@transaction.atomic
def cancel_slot(*, slot: Slot, reason: str, by: Viewer, at: datetime) -> None:
    """A slot that will not take place stays, so that calendars hear of it."""
    _refuse(_class_of(slot), by)
    if not reason.strip():
        raise DomainError("请写明取消原因。", field="reason", code="reason_missing")
    if slot.attendances.exclude(source=AttendanceSource.NONE).exists():
        raise DomainError("这一时段已登记考勤，不能取消。", code="has_attendance")
    slot.cancelled_at, slot.sequence = at, slot.sequence + 1
    save_validated(slot)
    _record(slot, "取消时段", by, {"cancelled_at": (None, at)}, reason=reason.strip())
    moment = timezone.localtime(slot.starts_at)
    title = f"“{slot.training_class}”{moment:%-m月%-d日 %H:%M} 的时段取消"
    _tell(slot, title, reason.strip(), timezone.localdate(at))


def _class_of(slot: Slot) -> TrainingClass:
    if slot.training_class is None:
        raise DomainError("学习活动的时间请在活动页面改期。", code="not_a_class")
    return slot.training_class


def _refuse(training_class: TrainingClass, by: Viewer) -> None:
    if not by.paths(Permission.EDIT_TRAINING):
        raise DomainError("你没有维护班次的权限。", code="not_allowed")
    if training_class.state in (ClassState.CANCELLED, ClassState.ARCHIVED):
        message = f"班次{training_class.get_state_display()}，时段不再变动。"
        raise DomainError(message, code="class_closed")


def _check(slot: Slot, moving: Moving) -> None:
    found = _class_of(slot)
    if not slot.starts_at or not slot.ends_at or slot.ends_at <= slot.starts_at:
        raise DomainError("结束时间须晚于开始时间。", field="ends_at", code="ends_before_start")
    first, last = timezone.localdate(slot.starts_at), timezone.localdate(slot.ends_at)
    if first < found.starts_on or last > found.ends_on:
        span = f"{found.starts_on:%-m月%-d日}至{found.ends_on:%-m月%-d日}"
        message = f"时段须在班次的起止日期（{span}）之内；需要时请先修改班次日期。"
        raise DomainError(message, field="starts_at", code="outside_class")
    others = found.slots.between(slot.starts_at, slot.ends_at).exclude(pk__in=moving | {slot.pk})
    if other := others.first():
        moment = timezone.localtime(other.starts_at)
        message = f"与本班 {moment:%-m月%-d日 %H:%M} 的时段重叠，请错开时间。"
        raise DomainError(message, field="starts_at", code="slots_overlap")


def _record(slot: Slot, act: str, by: Viewer, changes: Changes, reason: str = "") -> None:
    label = f"{act}：{slot.training_class}，{slot}"
    record(action=AuditAction.SLOT_CHANGED, by=by, subject=slot, label=label, changes=changes, reason=reason)


def _tell(slot: Slot, title: str, detail: str, on: date) -> None:
    """Everyone expected hears of it once."""
    expected = slot.attendances.exclude(state__in=NOT_EXPECTED)
    users = User.objects.filter(cadre__in=expected.values("cadre_id")).values_list("pk", flat=True)
    notify(
        recipients=users,
        kind="training.slot",
        title=title,
        detail=detail,
        key=f"slot:{slot.pk}:{slot.sequence}",
        on=on,
        url_name="training:class",
        args=(slot.training_class_id,),
    )
