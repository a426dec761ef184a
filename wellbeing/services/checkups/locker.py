"""The own locker: reports that a cadre keeps, sealed under the cadre's key. There is no other door to them.

No role, no scope and no emergency access opens it; whoever holds the database and the data folder sees
ciphertext, and with the key destroyed nobody sees anything.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from core import vault
from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.crypto import DecryptionError
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, check_upload
from people.models import Cadre
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.models import CheckupReport
from wellbeing.sealing.cipher import open_bytes, seal_bytes
from wellbeing.sealing.keys import key_for, key_of, open_row, seal_row
from wellbeing.services.consents import has_consented
from wellbeing.services.privacy import register_eraser

MOST_REPORTS = 60


@dataclass(frozen=True, slots=True)
class KeptReport:
    pk: int
    year: int
    kept_at: datetime
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenReport:
    name: str = field(repr=False)
    content_type: str
    data: bytes = field(repr=False)


@transaction.atomic
def keep_report(*, upload: Any, year: int, by: Viewer, at: datetime) -> CheckupReport:
    """Seals a report with its name; asks for the separate consent to keep it here first."""
    cadre = _own(by)
    if not has_consented(cadre.pk, ConsentPurpose.HEALTH_LOCKER):
        message = "请先在“个人信息”中同意在系统中保管本人体检报告，再存入。"
        raise DomainError(message, field="upload", code="no_consent")
    if CheckupReport.objects.filter(cadre=cadre).count() >= MOST_REPORTS:
        raise DomainError(f"最多存 {MOST_REPORTS} 份，请先删除旧的。", field="upload", code="too_many")
    name, content_type, data = check_upload(upload, PHOTOS | DOCUMENTS, field="upload")
    key = key_for(cadre)
    row = CheckupReport(cadre=cadre, year=year, kept_at=at)
    seal_row(row, key, {"name": name, "content_type": content_type})
    row.full_clean()
    row.save(force_insert=True)
    vault.write(path_of(row), seal_bytes(key, data, context=context_of(row)), context=context_of(row))
    _note(row, by, "存入", at)
    return row


def kept_reports(*, by: Viewer) -> list[KeptReport]:
    """The own reports with their names."""
    rows = list(CheckupReport.objects.visible_to(by))
    if not rows:
        return []
    key = key_of(rows[0].cadre_id)
    names = (open_row(row, key, ["name"])["name"] for row in rows)
    return [KeptReport(row.pk, row.year, row.kept_at, name) for row, name in zip(rows, names, strict=True)]


def open_report(*, report: CheckupReport, by: Viewer, at: datetime) -> OpenReport:
    """Each opening is in the audit log; damaged content is said to be damaged, and noted."""
    _refuse_others(report, by)
    with transaction.atomic(durable=True):
        _note(report, by, "打开", at)
    try:
        return _opened(report)
    except DecryptionError as damage:
        with transaction.atomic():
            _note(report, by, "数据校验失败", at, result="failed")
        damage.noted = True
        raise


def _opened(report: CheckupReport) -> OpenReport:
    key = key_of(report.cadre_id)
    texts = open_row(report, key, ["name", "content_type"])
    try:
        sealed = vault.read(path_of(report), context=context_of(report))
    except FileNotFoundError as gone:
        message = "报告文件已不在数据目录中，请由系统管理员从备份恢复 media/sealed。"
        raise DomainError(message, code="file_gone") from gone
    return OpenReport(
        texts["name"], texts["content_type"], open_bytes(key, sealed, context=context_of(report))
    )


@transaction.atomic
def drop_report(*, report: CheckupReport, by: Viewer, at: datetime) -> None:
    _refuse_others(report, by)
    _note(report, by, "删除", at)
    _delete(report)


@register_eraser("checkup_reports")
def erase_reports(cadre: Cadre) -> None:
    for row in CheckupReport.objects.filter(cadre=cadre):
        _delete(row)


def _delete(row: CheckupReport) -> None:
    relative = path_of(row)
    row.delete()
    transaction.on_commit(lambda: vault.remove(relative))


def _own(by: Viewer) -> Cadre:
    if not by.on_own_record(Permission.OWN_WELLBEING):
        raise DomainError("只有关联了干部档案的本人能办理。", code="not_allowed")
    return Cadre.objects.get(pk=by.cadre_id or 0)


def _refuse_others(report: CheckupReport, by: Viewer) -> None:
    if report.cadre_id != by.cadre_id or not by.on_own_record(Permission.OWN_WELLBEING):
        raise CheckupReport.DoesNotExist


def path_of(row: CheckupReport) -> str:
    return f"sealed/{row.uid.hex[:2]}/{row.uid.hex}.bin"


def context_of(row: CheckupReport) -> str:
    return f"wellbeing.checkupreport:{row.uid}:data"


def _note(row: CheckupReport, by: Viewer, what: str, at: datetime, result: str = "ok") -> None:
    label = f"本人体检报告：{what}"
    record(action=AuditAction.LOCKER_CHANGED, by=by, subject=row, label=label, at=at, result=result)
