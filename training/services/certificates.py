"""Certificates: numbered in the series of the year, once each, withdrawn with a reason."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.errors import DomainError
from training.choices import ClassKind, ClassState, ParticipationState
from training.models import Certificate, CertificateSeries, Participation, TrainingClass
from training.services.enrolment.steps import lock_class, refuse_own

# Without what is mistaken for something else when it is typed from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
NUMBER = "培证〔{year}〕第{serial:04d}号"


@transaction.atomic
def issue_certificates(*, training_class: TrainingClass, by: Viewer, at: datetime) -> list[Certificate]:
    """One for everyone who completed the class and has none; never for the one who issues them."""
    held = lock_class(training_class.pk)
    _refuse(held)
    rows = held.participations.filter(state=ParticipationState.COMPLETED, certificate_no="")
    wanted = [row for row in rows.select_related("cadre").order_by("pk") if row.cadre_id != by.cadre_id]
    issued = [_issue(row, held, by, at) for row in wanted]
    if not issued:
        raise DomainError("没有需要发证的学员：结业的都已有证书。", code="nobody")
    record_many(_entry(one, "颁发结业证书", by) for one in issued)
    return issued


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, by: Viewer, at: datetime, reason: str) -> None:
    """The paper stays in the world: whoever verifies it is told that it no longer counts."""
    refuse_own(certificate.participation.cadre_id, by)
    if not reason.strip():
        raise DomainError("请写明收回的原因。", field="reason", code="no_reason")
    values = {"withdrawn_at": at, "withdrawn_by": by.name[:60], "withdraw_reason": reason.strip()[:200]}
    if not Certificate.objects.valid().filter(pk=certificate.pk).update(**values):
        raise DomainError("这份证书已经收回。", code="conflict")
    rows = Participation.objects.filter(pk=certificate.participation_id, certificate_no=certificate.number)
    rows.update(certificate_no="", updated_at=at)
    record_many([_entry(certificate, "收回结业证书", by, reason)])


def _refuse(held: TrainingClass) -> None:
    if held.kind == ClassKind.DISPATCHED:
        message = "上级调训由主办单位发证，请在评定时登记证书编号。"
        raise DomainError(message, code="issued_elsewhere")
    if held.state != ClassState.ARCHIVED:
        raise DomainError("班次归档、学时入账后才能颁发证书，请先归档。", code="not_archived")


def _issue(row: Participation, held: TrainingClass, by: Viewer, at: datetime) -> Certificate:
    day = timezone.localdate(at)
    found = Certificate.objects.create(
        participation=row,
        number=NUMBER.format(year=day.year, serial=_next_serial(day.year)),
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        holder=row.cadre.name,
        class_name=held.name,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        hours=row.hours,
        issued_on=day,
        issued_by=by.name[:60],
    )
    Participation.objects.filter(pk=row.pk).update(certificate_no=found.number, updated_at=at)
    return found


def _next_serial(year: int) -> int:
    """The series is locked by its own UPDATE until the transaction ends."""
    CertificateSeries.objects.get_or_create(year=year)
    CertificateSeries.objects.filter(year=year).update(last=F("last") + 1)
    return CertificateSeries.objects.get(year=year).last


def _entry(certificate: Certificate, act: str, by: Viewer, reason: str = "") -> Entry:
    return Entry(
        action=AuditAction.CERTIFICATE_CHANGED,
        by=by,
        subject=certificate,
        label=f"{act}：{certificate.holder} {certificate.number}",
        reason=reason,
    )
