"""Training needs: filing, closing and weighing them, what is founded on them, readings before and after."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import covers
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.choices import NeedKind
from people.contracts import need_signals
from people.models import Unit
from training.choices import SEATED_STATES, NeedMoment, NeedOrigin, Theme
from training.hours import ONE_DAY
from training.models import NeedReading, NeedWeight, Programme, TrainingClass, TrainingNeed
from training.queries.audience import own_unit_id, units_on
from training.queries.needs import SPAN_DAYS, Departments, span_of, strength, weights_on

NEED_FIELDS = ("theme", "topic", "reason", "people", "wanted_by")
BACK_DAYS = 30  # a class that began longer ago was entered afterwards: nothing was read in time


@transaction.atomic
def file_need(*, unit: Unit, values: Mapping[str, Any], by: Viewer, on: date) -> TrainingNeed:
    """A department's need, filed by whoever nominates for it."""
    if not Unit.objects.in_reach(by, Permission.NOMINATE).filter(pk=unit.pk).exists():
        raise DomainError("只能为管辖范围内的部门填报。", field="unit", code="not_allowed")
    return _file(TrainingNeed(origin=NeedOrigin.UNIT, unit=unit, **values), by, on)


@transaction.atomic
def wish_need(*, values: Mapping[str, Any], by: Viewer, on: date) -> TrainingNeed:
    """What a cadre asks for; it counts for the department the cadre belongs to."""
    unit_id = own_unit_id(by.cadre_id, on) if by.cadre_id else None
    if by.cadre_id is None or not by.on_own_record(Permission.SIGN_UP):
        raise DomainError("只有干部本人可以提出。", code="not_allowed")
    if unit_id is None:
        raise DomainError("你现在没有任职部门，请先联系组织人事部门登记任职。", code="no_unit")
    need = TrainingNeed(origin=NeedOrigin.CADRE, cadre_id=by.cadre_id, unit_id=unit_id, **values)
    need.people = 1
    return _file(need, by, on)


@transaction.atomic
def change_need(*, need: TrainingNeed, values: Mapping[str, Any], by: Viewer) -> None:
    _may_change(need, by)
    changes = changes_to(need, values)
    if changes:
        apply_changes(need, changes)
        save_validated(need)
        _note(need, f"修改需求：{need}", by, changes)


@transaction.atomic
def close_need(*, need: TrainingNeed, reason: str, by: Viewer, on: date) -> None:
    """Answered, or given up: it is not ranked any more."""
    _may_change(need, by)
    need.closed_on, need.close_reason = on, reason.strip()
    save_validated(need, update_fields=["closed_on", "close_reason"])
    _note(need, f"办结需求：{need}", by, {"closed_on": (None, on)}, reason.strip())


@transaction.atomic
def found_programme(*, values: Mapping[str, Any], needs: Sequence[TrainingNeed], by: Viewer) -> Programme:
    """A programme that names the needs it serves."""
    programme = Programme(**values)
    save_validated(programme)
    programme.needs.set(needs)
    record(
        action=AuditAction.NEED_CHANGED,
        by=by,
        subject=programme,
        label=f"据需求立项：{programme}",
        changes={**values_of(programme, values), "needs": (None, "；".join(str(need) for need in needs))},
    )
    return programme


@transaction.atomic
def open_weight_version(*, kind: NeedKind, values: Mapping[str, Any], by: Viewer) -> NeedWeight:
    """A new weight from `values["starts_on"]`: ends the one in force then, and yields to a later one."""
    row = NeedWeight(kind=kind, **values)
    versions = NeedWeight.objects.select_for_update().filter(kind=kind)
    if versions.filter(starts_on=row.starts_on).exists():
        message = "从这一天起已有一版权重，请另选生效日期。"
        raise DomainError(message, field="starts_on", code="version_exists")
    later = versions.filter(starts_on__gt=row.starts_on).order_by("starts_on").first()
    row.ends_on = later.starts_on - ONE_DAY if later else None
    if current := versions.filter(covers(row.starts_on)).first():
        current.ends_on = row.starts_on - ONE_DAY
        save_validated(current, update_fields=["ends_on"])
    save_validated(row)
    changes = values_of(row, ("weight", "note", "starts_on", "ends_on"))
    record(action=AuditAction.RULE_CHANGED, by=by, subject=row, label=f"需求权重：{row}", changes=changes)
    return row


# Before and after


def due_readings(on: date) -> list[tuple[TrainingClass, NeedMoment]]:
    """Classes with a theme whose reading has come due and was not taken."""
    themed = TrainingClass.objects.exclude(theme=Theme.OTHER).exclude(state__in=["draft", "cancelled"])
    begun = themed.filter(starts_on__lte=on, starts_on__gte=on - BACK_DAYS * ONE_DAY)
    before = begun.exclude(need_readings__moment=NeedMoment.BEFORE)
    over = themed.filter(ends_on__lt=on - SPAN_DAYS * ONE_DAY, need_readings__moment=NeedMoment.BEFORE)
    after = over.exclude(need_readings__moment=NeedMoment.AFTER).distinct()
    return [
        *((row, NeedMoment.BEFORE) for row in before.order_by("pk")),
        *((row, NeedMoment.AFTER) for row in after.order_by("pk")),
    ]


@transaction.atomic
def take_reading(*, training_class: TrainingClass, moment: NeedMoment, at: datetime) -> list[NeedReading]:
    """The strength of the class's theme in its 60 days, for the participants' departments and altogether.

    Taken once: a second call finds the first and changes nothing. No audit event: the clock takes it.
    """
    known = NeedReading.objects.filter(training_class=training_class, moment=moment)
    if known.exists():
        return []
    first, last = span_of(training_class, moment)
    departments, weights = Departments.load(), weights_on(last)
    people = _participants(training_class, departments)
    found: dict[int, list[Decimal]] = {unit: [] for unit in people}
    for signal in need_signals(since=first, until=last):
        unit = departments.of(signal.unit_id) if signal.unit_id else None
        if signal.theme_code == training_class.theme and unit and unit.pk in found:
            found[unit.pk].append(strength(signal, weights))
    everything = [one for strengths in found.values() for one in strengths]
    figures = [(None, people.total(), everything), *((key, people[key], got) for key, got in found.items())]
    rows = [
        NeedReading(
            training_class=training_class,
            unit_id=unit_id,
            moment=moment,
            first_day=first,
            last_day=last,
            taken_at=at,
            people=number,
            signals=len(strengths),
            score=sum(strengths, Decimal(0)),
        )
        for unit_id, number, strengths in figures
    ]
    return NeedReading.objects.bulk_create(rows)


def take_due_readings(*, at: datetime) -> int:
    """Everything due; each class in a transaction of its own."""
    due = due_readings(timezone.localdate(at))
    return sum(bool(take_reading(training_class=row, moment=moment, at=at)) for row, moment in due)


def _participants(training_class: TrainingClass, departments: Departments) -> Counter[int]:
    """Department → how many of its people took part, by where they belonged on the first day."""
    seated = training_class.participations.filter(state__in=SEATED_STATES)
    keys = list(seated.values_list("cadre_id", flat=True))
    places = units_on(keys, training_class.starts_on)
    found = (departments.of(unit_id) for unit_id in places.values() if unit_id)
    return Counter(unit.pk for unit in found if unit)


def _file(need: TrainingNeed, by: Viewer, on: date) -> TrainingNeed:
    need.filed_on, need.filed_by_id, need.filed_by_name = on, by.user_id, by.name
    if need.wanted_by and need.wanted_by < on:
        raise DomainError("希望完成的日期不能早于今天。", field="wanted_by", code="due_in_the_past")
    save_validated(need)
    _note(need, f"填报需求：{need}", by, values_of(need, NEED_FIELDS))
    return need


def _may_change(need: TrainingNeed, by: Viewer) -> None:
    if need.closed_on is not None:
        raise DomainError("这项需求已经办结。", code="closed")
    if need.cadre_id is not None and need.cadre_id == by.cadre_id:
        return
    if not Unit.objects.in_reach(by, Permission.NOMINATE).filter(pk=need.unit_id).exists():
        raise DomainError("只能办理管辖范围内的需求。", code="not_allowed")


def _note(
    need: TrainingNeed, label: str, by: Viewer, changes: Mapping[str, tuple[Any, Any]], reason: str = ""
) -> None:
    record(action=AuditAction.NEED_CHANGED, by=by, subject=need, label=label, changes=changes, reason=reason)
