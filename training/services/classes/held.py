"""Changes to classes. What a class counts is a proposal: every participant is credited separately."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from training.choices import HourRegime
from training.class_states import UNDER_WAY
from training.hours import QUARTER, Span
from training.models import Participation, TrainingClass
from training.queries import RuleBook
from training.services.credits import settle_class

CLASS_FIELDS = (
    "name",
    "kind",
    "theme",
    "theme_text",
    "organiser",
    "place",
    "starts_on",
    "ends_on",
    "days",
    "hours",
    "off_job",
    "note",
)


@transaction.atomic
def create_class(*, values: Mapping[str, Any], by: Viewer) -> TrainingClass:
    """Days and hours left out follow from the dates and the rule of the starting day."""
    found = TrainingClass(**{name: value for name, value in values.items() if value is not None})
    _propose_amounts(found, values)
    check_class(found)
    save_validated(found)
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=found,
        label=f"新建班次：{found}",
        changes=values_of(found, CLASS_FIELDS),
    )
    return found


@transaction.atomic
def update_class(
    *,
    training_class: TrainingClass,
    values: Mapping[str, Any],
    by: Viewer,
    recredit: bool = False,
    at: datetime | None = None,
) -> int:
    """Changes the class; with `recredit` also those who were credited exactly what it counted before.

    Returns how many people were credited anew: those whom `by` may credit, never the own record.
    """
    before = (training_class.hours, training_class.days)
    changes = changes_to(training_class, values)
    if not changes:
        return 0
    apply_changes(training_class, changes)
    check_class(training_class)
    save_validated(training_class)
    moved = _recredit(training_class, before, by) if recredit else 0
    settle_class(training_class=training_class, by=by, at=at, reason="班次信息已修改")
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=training_class,
        label=f"修改班次：{training_class}",
        changes=changes,
        reason=f"同时按新学时认定 {moved} 人" if moved else "",
    )
    return moved


@transaction.atomic
def delete_class(*, training_class: TrainingClass, by: Viewer) -> None:
    """Only an empty class goes: hours that people have earned are taken back one by one, never in passing."""
    if training_class.state in UNDER_WAY:
        raise DomainError("班次已经发布，请改为取消班次，并写明原因。", code="under_way")
    people = training_class.participations.count()
    if people:
        message = f"“{training_class}”名单中还有 {people} 人，请先移出全部学员，再删除班次。"
        raise DomainError(message, code="class_has_people")
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=training_class,
        label=f"删除班次：{training_class}",
        changes={name: (old, None) for name, (_, old) in values_of(training_class, CLASS_FIELDS).items()},
    )
    training_class.delete()


def check_quarters(row: TrainingClass | Participation) -> None:
    """Hours and days are kept in quarters, so that splitting by days stays exact."""
    for name in ("hours", "days"):
        if getattr(row, name) % QUARTER:
            label = row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            message = f"{label}以 0.25 为最小单位，例如 4、7.5、0.25。"
            raise DomainError(message, field=name, code="not_in_quarters")


def _propose_amounts(found: TrainingClass, values: Mapping[str, Any]) -> None:
    if not isinstance(found.starts_on, date) or not isinstance(found.ends_on, date):
        return
    if values.get("days") is None:
        found.days = Decimal(max(1, Span(found.starts_on, found.ends_on).days))
    if values.get("hours") is None:
        found.hours = found.days * RuleBook.load().terms(HourRegime.ANNUAL, found.starts_on).hours_per_day


def check_class(found: TrainingClass) -> None:
    check_quarters(found)
    if found.ends_on < found.starts_on:
        raise DomainError("结束日期不能早于开始日期。", field="ends_on", code="end_before_start")
    length = Span(found.starts_on, found.ends_on).days
    if found.days > length:
        message = f"天数不能超过起止日期的 {length} 天，请核对起止日期或天数。"
        raise DomainError(message, field="days", code="too_many_days")


def _recredit(found: TrainingClass, before: tuple[Decimal, Decimal], by: Viewer) -> int:
    hours, days = before
    reach = Participation.objects.visible_to(by, Permission.EDIT_TRAINING)
    same = reach.filter(training_class=found, hours=hours, days=days)
    return same.update(hours=found.hours, days=found.days)
