"""Changes to a cadre's own record."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.crypto import blind_index
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.consistency import Facts, disagreements
from people.identity import Identity, IdentityError, read_identity
from people.models import Cadre
from people.names import name_keys, normalise_name
from people.partial_date import PartialDate
from people.phones import WAY_OUT, is_phone
from people.ranks import rank_order

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
    DomainError.raise_all(_refusals(cadre, on))


def complete_keys(cadre: Cadre) -> None:
    """Stored keys that follow from the name, the rank and the identity number."""
    keys = name_keys(cadre.name)
    cadre.name_pinyin, cadre.name_initials, cadre.name_stroke_key = keys.pinyin, keys.initials, keys.strokes
    cadre.rank_order = rank_order(cadre.rank)
    cadre.id_number = cadre.id_number.strip().upper()
    cadre.id_number_index = blind_index(cadre.id_number) if cadre.id_number else None


def _refusals(cadre: Cadre, on: date) -> Iterator[DomainError]:
    """All that cannot be true, so that the form is mended in one go."""
    try:
        identity = read_identity(cadre.id_number, on=on) if cadre.id_number else None
    except IdentityError as error:
        identity = None
        yield DomainError(error.message, field="id_number", code=error.code)
    for found in disagreements(_facts(cadre, identity)):
        if not found.doubt:
            yield DomainError(found.message, field=found.fields[0], code=found.code)
    yield from _future_dates(cadre, on)
    if identity and _is_taken(cadre):
        yield DomainError("该身份证号已登记在另一名干部名下，请核对。", field="id_number", code="id_taken")


def _facts(cadre: Cadre, identity: Identity | None) -> Facts:
    return Facts(
        identity=identity,
        sex=cadre.sex,
        birth=PartialDate(cadre.birth_month) if cadre.birth_month else None,
        work_started_on=cadre.work_started_on,
        party_joined_on=cadre.party_joined_on,
        rank_since=cadre.rank_since,
    )


def _future_dates(cadre: Cadre, on: date) -> Iterator[DomainError]:
    for name in ("birth_month", "work_started_on", "party_joined_on", "rank_since"):
        value = getattr(cadre, name)
        if value and value > on:
            label = Cadre._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            message = f"{label}不能晚于今天（{on.year}年{on.month}月{on.day}日）。"
            yield DomainError(message, field=name, code="future_date")


def _is_taken(cadre: Cadre) -> bool:
    others = Cadre.objects.filter(id_number_index=cadre.id_number_index)
    return others.exclude(pk=cadre.pk).exists()
