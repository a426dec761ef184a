"""Visits to enterprises, and how often they are due."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import PHOTOS, keep_file
from core.saving import save_validated, values_of
from park.models import Enterprise, EnterpriseRequest, Visit, VisitPerson, VisitPhoto, VisitRule
from park.queries.places import unit_ids_on
from people.models import Cadre

MOST_PHOTOS = 9
VISIT_FIELDS = ("place", "contact", "situation", "output_value", "tax", "employees", "answer")
RULE_FIELDS = ("for_key_enterprises", "every_days", "source", "starts_on", "ends_on")


@transaction.atomic
def record_visit(
    *,
    enterprise: Enterprise,
    on: date,
    visitors: Sequence[Cadre],
    values: Mapping[str, Any],
    by: Viewer | None,
    at: datetime,
    requests: Sequence[tuple[str, str]] = (),
    photos: Sequence[Any] = (),
    client_key: UUID | None = None,
) -> Visit:
    """A visit with who went, its photos and what the enterprise asked for; a form sent twice is one visit."""
    if client_key and (known := Visit.objects.filter(client_key=client_key).first()):
        return known
    _check(enterprise, on, visitors, photos, at)
    visit = Visit(enterprise=enterprise, on=on, registered_by_id=by.user_id if by else None, **dict(values))
    visit.created_at = at
    if client_key:
        visit.client_key = client_key
    save_validated(visit)
    units = unit_ids_on([cadre.pk for cadre in visitors], on)
    VisitPerson.objects.bulk_create(
        VisitPerson(visit=visit, cadre=cadre, unit_id=units.get(cadre.pk)) for cadre in visitors
    )
    for upload in photos:
        file = keep_file(upload=upload, by=by, accept=PHOTOS, at=at, field="photos")
        VisitPhoto.objects.create(visit=visit, file=file)
    for kind, text in requests:
        _ask(visit, kind, text, by)
    _record(visit, by)
    return visit


def _check(
    enterprise: Enterprise, on: date, visitors: Sequence[Cadre], photos: Sequence[Any], at: datetime
) -> None:
    if not visitors:
        raise DomainError("请填写走访人。", field="visitors", code="nobody")
    if on > timezone.localdate(at):
        raise DomainError("走访日期不能晚于今天。", field="on", code="future")
    if enterprise.left_on and on > enterprise.left_on:
        message = f"{enterprise}已于 {enterprise.left_on:%Y-%m-%d} 退出园区，请核对企业和日期。"
        raise DomainError(message, field="on", code="left")
    if len(photos) > MOST_PHOTOS:
        raise DomainError(f"一次最多上传 {MOST_PHOTOS} 张照片。", field="photos", code="too_many_photos")


def _ask(visit: Visit, kind: str, text: str, by: Viewer | None) -> None:
    save_validated(
        EnterpriseRequest(
            enterprise=visit.enterprise,
            visit=visit,
            kind=kind,
            text=text.strip(),
            raised_on=visit.on,
            by_id=by.user_id if by else None,
        )
    )


def _record(visit: Visit, by: Viewer | None) -> None:
    record(
        action=AuditAction.VISIT_CHANGED,
        by=by,
        subject=visit,
        label=f"登记走访：{visit}",
        changes=values_of(visit, ("on", "situation")),
    )


@transaction.atomic
def open_visit_rule(*, values: Mapping[str, Any], by: Viewer) -> VisitRule:
    """A new version takes over on its first day; the one in force ends the day before."""
    starts_on: date = values["starts_on"]
    same = VisitRule.objects.filter(for_key_enterprises=values["for_key_enterprises"])
    if same.filter(starts_on=starts_on).exists():
        raise DomainError("从这一天起已有一版规则，请另选生效日期。", field="starts_on", code="same_day")
    before = same.covering(starts_on).first()
    if before:
        before.ends_on = starts_on - timedelta(days=1)
        save_validated(before, update_fields=["ends_on"])
    later = same.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    rule = VisitRule(**dict(values), ends_on=later.starts_on - timedelta(days=1) if later else None)
    save_validated(rule)
    record(
        action=AuditAction.RULE_CHANGED,
        by=by,
        subject=rule,
        label=f"启用走访规则：{rule}",
        changes=values_of(rule, RULE_FIELDS),
    )
    return rule
