"""A class that is still to be held: drawn up as a draft, changed, copied."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from training.choices import ClassState, HourRegime
from training.class_states import UNDER_WAY
from training.conversion import in_quarters
from training.hours import Span
from training.models import ClassStep, TrainingClass
from training.queries import RuleBook
from training.services.classes.held import check_class
from training.services.classes.slots import SlotValues, set_slots
from training.services.enrolment.queue import promote_waiting
from training.services.enrolment.steps import Hop, lock_class, record_steps

PLAN_FIELDS = (
    "programme",
    "name",
    "kind",
    "theme",
    "organiser",
    "lecturer",
    "contact",
    "place",
    "starts_on",
    "ends_on",
    "days",
    "hours",
    "off_job",
    "needs_sign_out",
    "leave_limit",
    "enrolment_way",
    "capacity",
    "has_waiting_list",
    "enrol_opens_at",
    "enrol_closes_at",
    "cost",
    "note",
)
HALF_DAY_MINUTES = 270  # a morning or an afternoon
HALF = Decimal("0.5")


@transaction.atomic
def plan_class(
    *, values: Mapping[str, Any], slots: Sequence[SlotValues] = (), by: Viewer, at: datetime
) -> TrainingClass:
    """A draft. Dates left out are those of the slots; days and hours left out follow from both."""
    held = TrainingClass(state=ClassState.DRAFT, **_completed(values, slots))
    _check(held)
    save_validated(held)
    set_slots(held, slots)
    note_step(held, Hop(by, at))
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=held,
        label=f"拟定班次：{held}",
        changes=values_of(held, PLAN_FIELDS),
    )
    return held


@transaction.atomic
def change_plan(
    *,
    training_class: TrainingClass,
    values: Mapping[str, Any],
    slots: Sequence[SlotValues] | None = None,
    by: Viewer,
    at: datetime,
) -> None:
    """Changes a class that is not archived. More seats go to the waiting list at once."""
    held = lock_class(training_class.pk)
    if held.state not in (ClassState.DRAFT, *UNDER_WAY):
        raise DomainError(f"班次{held.get_state_display()}，请用已办班次的修改页面。", code="not_planned")
    present = {name: getattr(held, name) for name in PLAN_FIELDS}
    changes = changes_to(held, _completed({**present, **values}, slots or ()))
    apply_changes(held, changes)
    _check(held)
    _check_capacity(held)
    save_validated(held)
    if slots is not None:
        changes |= set_slots(held, slots)
    promoted = promote_waiting(held, by=None, at=at)
    if changes:
        record(
            action=AuditAction.TRAINING_CHANGED,
            by=by,
            subject=held,
            label=f"修改班次：{held}",
            changes=changes,
        )
    record_steps(promoted, "候补递补", Hop(None, at))


@transaction.atomic
def copy_class(
    *, training_class: TrainingClass, name: str, starts_on: date, by: Viewer, at: datetime
) -> TrainingClass:
    """A new draft like this one, moved to the day; without people, enrolment window and quotas."""
    shift = starts_on - training_class.starts_on
    values = {field: getattr(training_class, field) for field in PLAN_FIELDS}
    values |= {
        "name": name,
        "starts_on": starts_on,
        "ends_on": training_class.ends_on + shift,
        "enrol_opens_at": None,
        "enrol_closes_at": None,
    }
    slots = [
        SlotValues(slot.starts_at + shift, slot.ends_at + shift, slot.place, slot.topic, slot.lecturer)
        for slot in training_class.slots.filter(cancelled_at__isnull=True)
    ]
    return plan_class(values=values, slots=slots, by=by, at=at)


def note_step(held: TrainingClass, hop: Hop) -> None:
    ClassStep.objects.create(
        training_class=held,
        state=held.state,
        at=hop.at,
        by_id=hop.by.user_id if hop.by else None,
        by_name=hop.by.name[:60] if hop.by else "系统",
        reason=hop.reason[:200],
    )


def _completed(values: Mapping[str, Any], slots: Sequence[SlotValues]) -> dict[str, Any]:
    """The values with what follows from the slots; the enrolment closes no later than the class begins."""
    found = dict(values)
    if slots:
        days = [timezone.localdate(slot.starts_at) for slot in slots]
        found["starts_on"], found["ends_on"] = min(days), max(timezone.localdate(s.ends_at) for s in slots)
    if not found.get("starts_on"):
        raise DomainError("请填写开始日期，或至少填写一个时段。", field="starts_on", code="no_dates")
    found["ends_on"] = found.get("ends_on") or found["starts_on"]
    if found.get("days") is None:
        found["days"] = _days_of(slots) or Decimal(max(1, Span(found["starts_on"], found["ends_on"]).days))
    if found.get("hours") is None:
        terms = RuleBook.load().terms(HourRegime.ANNUAL, found["starts_on"])
        found["hours"] = in_quarters(found["days"] * terms.hours_per_day)
    return found


def _days_of(slots: Sequence[SlotValues]) -> Decimal:
    """Half a day for a morning or an afternoon, at most one for each date."""
    halves: dict[date, Decimal] = {}
    for slot in slots:
        day = timezone.localdate(slot.starts_at)
        minutes = (slot.ends_at - slot.starts_at).total_seconds() / 60
        part = HALF if minutes <= HALF_DAY_MINUTES else Decimal(1)
        halves[day] = min(Decimal(1), halves.get(day, Decimal(0)) + part)
    return sum(halves.values(), Decimal(0))


def _check(held: TrainingClass) -> None:
    check_class(held)
    if held.enrol_closes_at and timezone.localdate(held.enrol_closes_at) > held.starts_on:
        raise DomainError("报名截止不能晚于开班日期。", field="enrol_closes_at", code="closes_too_late")
    if held.programme and held.programme.closed_on:
        raise DomainError("这个培训项目已结项，请选择其他项目。", field="programme", code="programme_closed")


def _check_capacity(held: TrainingClass) -> None:
    if held.capacity is not None and held.capacity < held.seats_taken:
        message = f"已确认 {held.seats_taken} 人，名额不能少于这个数；请先办理退出再减少名额。"
        raise DomainError(message, field="capacity", code="below_seats")
