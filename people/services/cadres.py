"""Changes to a cadre's own record."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.crypto import blind_index
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.identity import IdentityError, read_identity
from people.models import Cadre
from people.names import name_keys, normalise_name
from people.phones import WAY_OUT, is_phone
from people.ranks import rank_order

MIN_WORKING_AGE = 14

# The fields a person may fill; everything else on the record is derived.
EDITABLE_FIELDS = (
    "staff_no",
    "name",
    "former_name",
    "sex",
    "birth_month",
    "ethnicity",
    "native_place",
    "birthplace",
    "political_status",
    "party_joined_on",
    "party_note",
    "work_started_on",
    "retirement_month",
    "health",
    "professional_title",
    "specialty",
    "staff_type",
    "rank",
    "rank_since",
    "leadership_level",
    "status",
    "reward_text",
    "appraisal_text",
    "note",
    "display_order",
    "id_number",
    "phone",
    "address",
)


@transaction.atomic
def create_cadre(*, values: Mapping[str, Any], by: Viewer) -> Cadre:
    """A new record from the editable fields."""
    cadre = Cadre()
    apply_changes(cadre, changes_to(cadre, _editable(values)))
    _check_phone(cadre.phone)
    _complete(cadre, on=by.on)
    save_validated(cadre)
    record(action=AuditAction.CADRE_CREATED, by=by, subject=cadre, changes=values_of(cadre, EDITABLE_FIELDS))
    return cadre


@transaction.atomic
def update_cadre(
    *, cadre: Cadre, values: Mapping[str, Any], by: Viewer, seen_at: datetime | None = None
) -> Cadre:
    """Changes the given fields.

    `seen_at` is the `updated_at` that the person started from: after a later change it refuses.
    """
    if seen_at is not None:
        _refuse_if_changed_since(cadre, seen_at)
    changes = changes_to(cadre, _editable(values))
    if not changes:
        return cadre
    apply_changes(cadre, changes)
    if "phone" in changes:
        _check_phone(cadre.phone)
    _complete(cadre, on=by.on)
    save_validated(cadre)
    record(action=AuditAction.CADRE_UPDATED, by=by, subject=cadre, changes=changes)
    return cadre


def _refuse_if_changed_since(cadre: Cadre, seen_at: datetime) -> None:
    current = Cadre.objects.select_for_update().only("updated_at").get(pk=cadre.pk)
    if current.updated_at != seen_at:
        raise DomainError(
            "这份记录在你打开之后被其他人改过。请刷新页面查看新内容，再填写你的修改。", code="conflict"
        )


def _check_phone(phone: str) -> None:
    """Several numbers are parted by 、 as imports store them."""
    parts = re.split("[、，,;；/]", phone)
    if any(part.strip() and not is_phone(part.strip()) for part in parts):
        message = f"联系电话格式不对，{WAY_OUT}"
        raise DomainError(message, field="phone", code="phone_format")


def _editable(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(EDITABLE_FIELDS)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    return dict(values)


def _complete(cadre: Cadre, *, on: date) -> None:
    """Normalises what was typed, checks what must agree, and fills the stored keys."""
    cadre.name = normalise_name(cadre.name)
    cadre.staff_no = (cadre.staff_no or "").strip() or None
    complete_keys(cadre)
    _check_identity(cadre, on)
    _check_dates(cadre, on)


def complete_keys(cadre: Cadre) -> None:
    """Stored keys that follow from the name, the rank and the identity number."""
    keys = name_keys(cadre.name)
    cadre.name_pinyin, cadre.name_initials, cadre.name_stroke_key = keys.pinyin, keys.initials, keys.strokes
    cadre.rank_order = rank_order(cadre.rank)
    cadre.id_number = cadre.id_number.strip().upper()
    cadre.id_number_index = blind_index(cadre.id_number) if cadre.id_number else None


def _check_identity(cadre: Cadre, on: date) -> None:
    if not cadre.id_number:
        return
    try:
        identity = read_identity(cadre.id_number, on=on)
    except IdentityError as error:
        raise DomainError(error.message, field="id_number", code=error.code) from error
    if cadre.sex and cadre.sex != identity.sex:
        message = f"性别与身份证号不符：身份证号第 17 位表示{identity.sex.label}，请核对。"
        raise DomainError(message, field="sex", code="sex_mismatch")
    if cadre.birth_month and cadre.birth_month.replace(day=1) != identity.born_on.replace(day=1):
        message = f"出生年月与身份证号不符：身份证号为 {identity.born_on:%Y.%m}，请核对。"
        raise DomainError(message, field="birth_month", code="birth_mismatch")
    _refuse_taken_identity(cadre)


def _refuse_taken_identity(cadre: Cadre) -> None:
    others = Cadre.objects.filter(id_number_index=cadre.id_number_index).exclude(pk=cadre.pk)
    if others.exists():
        raise DomainError("该身份证号已登记在另一名干部名下，请核对。", field="id_number", code="id_taken")


def _check_dates(cadre: Cadre, on: date) -> None:
    for name in ("birth_month", "work_started_on", "party_joined_on", "rank_since"):
        value = getattr(cadre, name)
        if value and value > on:
            label = Cadre._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            message = f"{label}不能晚于今天（{on.year}年{on.month}月{on.day}日）。"
            raise DomainError(message, field=name, code="future_date")
    if cadre.birth_month and cadre.work_started_on:
        _check_working_age(cadre.birth_month, cadre.work_started_on)


def _check_working_age(birth_month: date, work_started_on: date) -> None:
    months = (work_started_on.year - birth_month.year) * 12 + work_started_on.month - birth_month.month
    if months < MIN_WORKING_AGE * 12:
        message = f"参加工作时不满 {MIN_WORKING_AGE} 周岁，请核对出生年月和参加工作时间。"
        raise DomainError(message, field="work_started_on", code="work_before_14")
