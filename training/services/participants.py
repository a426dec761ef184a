"""Changes to who took part and what was credited. Nobody credits the own record (security.md R3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from core.access import Viewer
from core.audit import Entry, record, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.models import Cadre
from training.models import Participation, TrainingClass
from training.services.classes import check_quarters
from training.services.credits import REMOVED, settle_participations

FIELDS = ("hours", "days", "result", "certificate_no", "note")
OWN_RECORD = "不能为本人登记或认定学时，请由其他经办人办理。"


@transaction.atomic
def add_participants(
    *,
    training_class: TrainingClass,
    cadres: Sequence[Cadre],
    by: Viewer,
    hours: Decimal | None = None,
    days: Decimal | None = None,
    result: str = "",
    at: datetime | None = None,
) -> list[Participation]:
    """Enters people with the amounts given, or with what the class counts. All of them or nobody."""
    _refuse_live(training_class, "学员请用“添加学员”加入名单")
    for cadre in cadres:
        _refuse_own(cadre.pk, by)
    _refuse_present(training_class, cadres)
    hours = training_class.hours if hours is None else hours
    days = training_class.days if days is None else days
    rows = [
        Participation(training_class=training_class, cadre=cadre, hours=hours, days=days, result=result)
        for cadre in cadres
    ]
    for row in rows:
        check_quarters(row)
    try:
        with transaction.atomic():
            created = Participation.objects.bulk_create(rows)
    except IntegrityError as error:  # someone else entered one of them in between
        raise DomainError("名单刚刚被其他人修改过，请刷新页面后重试。", code="conflict") from error
    record_many(_entry(row, "登记参训", by, values_of(row, FIELDS)) for row in created)
    settle_participations(keys=[row.pk for row in created], by=by, at=at)
    return created


@transaction.atomic
def change_participation(
    *, participation: Participation, values: Mapping[str, Any], by: Viewer, at: datetime | None = None
) -> None:
    """Sets hours, days, result, certificate number or note of one person."""
    _refuse_own(participation.cadre_id, by)
    _refuse_live(participation.training_class, "请在评定页登记结果，学时在归档时认定")
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    changes = changes_to(participation, values)
    if not changes:
        return
    apply_changes(participation, changes)
    check_quarters(participation)
    save_validated(participation)
    record_many([_entry(participation, "认定学时", by, changes)])
    settle_participations(keys=[participation.pk], by=by, at=at, reason=str(values.get("note") or ""))


@transaction.atomic
def remove_participant(*, participation: Participation, by: Viewer, at: datetime | None = None) -> None:
    _refuse_own(participation.cadre_id, by)
    _refuse_live(participation.training_class, "请办理退出")
    key = participation.pk
    before = {name: (old, None) for name, (_, old) in values_of(participation, FIELDS).items()}
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=participation,
        label=f"移出名单：{participation}",
        changes=before,
    )
    participation.delete()
    settle_participations(keys=[key], by=by, at=at, reason=REMOVED)


def _entry(row: Participation, act: str, by: Viewer, changes: Mapping[str, tuple[Any, Any]]) -> Entry:
    return Entry(
        action=AuditAction.TRAINING_CHANGED, by=by, subject=row, label=f"{act}：{row}", changes=changes
    )


def _refuse_own(cadre_id: int, by: Viewer) -> None:
    if by.cadre_id == cadre_id:
        raise DomainError(OWN_RECORD, code="own_record")


def _refuse_live(training_class: TrainingClass, way_out: str) -> None:
    """A class that is under way has its own steps; entries by hand are for classes that have been held."""
    if not training_class.is_archived:
        message = f"班次{training_class.get_state_display()}，{way_out}。"
        raise DomainError(message, code="class_is_live")


def _refuse_present(training_class: TrainingClass, cadres: Sequence[Cadre]) -> None:
    present = Participation.objects.filter(training_class=training_class, cadre__in=cadres)
    names = "、".join(present.values_list("cadre__name", flat=True))
    if names:
        message = f"{names} 已在本班次名单中，请从所选人员中去掉。"
        raise DomainError(message, field="cadres", code="already_in_class")
