"""Hand out growth files: stamped with the reader, sealed by the office, every reading on record.

What is kept is the file as rendered; the watermark and the signature are put on it anew for each reader
(about 50 ms), so no reader's copy is ever stored or given to another.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.pdf.stamp import stamp
from growth import storage
from growth.contracts import Edition
from growth.models import GrowthFile, GrowthReading, ReadingWay
from growth.signing import sign

ONE_READING = timedelta(hours=1)  # pages turned within it belong to one reading


def read_growth_file(
    *,
    file: GrowthFile,
    by: Viewer,
    at: datetime | None = None,
    way: ReadingWay = ReadingWay.DOWNLOAD,
    purpose: str = "",
) -> bytes:
    """The PDF for this reader; the reading is recorded before anything is handed out."""
    at = at or timezone.now()
    reading = open_reading(file, by, at, way, purpose)
    label = f"{file}·{file.number}"
    record(action=AuditAction.GROWTH_READ, by=by, subject=file, label=label, reason=reading.purpose, at=at)
    data = stamp(storage.read(file.uid, file.path), mark_of(by, at, reading))
    return sign(data, reason=f"{file.number} 由{by.name}取得")


def preview_growth_file(
    *, file: GrowthFile, page: int, by: Viewer, at: datetime | None = None, purpose: str = ""
) -> bytes:
    """The stamped PDF for drawing one of its pages; each page looked at is in the audit log."""
    if not 1 <= page <= file.pages:
        raise DomainError(f"这份成长档案共 {file.pages} 页，没有第 {page} 页。", code="no_such_page")
    at = at or timezone.now()
    reading = open_reading(file, by, at, ReadingWay.PAGES, purpose)
    label = f"{file}·{file.number}·第{page}页"
    record(action=AuditAction.GROWTH_READ, by=by, subject=file, label=label, reason=reading.purpose, at=at)
    return stamp(storage.read(file.uid, file.path), mark_of(by, at, reading))


def needs_purpose(file: GrowthFile, by: Viewer) -> bool:
    """Whoever does not keep the files opens the archive edition with a reason (security.md, row 19)."""
    return file.edition == Edition.ARCHIVE and not by.paths(Permission.MAKE_GROWTH)


def mark_of(by: Viewer, at: datetime, reading: GrowthReading) -> str:
    """What stands across the pages: who, when, and the number of the reading."""
    return f"{by.name}　{timezone.localtime(at):%Y-%m-%d %H:%M}　查阅号{reading.pk}"


@transaction.atomic
def open_reading(file: GrowthFile, by: Viewer, at: datetime, way: ReadingWay, purpose: str) -> GrowthReading:
    """The reading this belongs to: the one begun within the hour, or a new one."""
    recent = GrowthReading.objects.filter(
        file=file, reader=by.user_id, way=way, until__gte=at - ONE_READING, at__lte=at
    )
    if way == ReadingWay.PAGES and (reading := recent.order_by("-at").first()):
        GrowthReading.objects.filter(pk=reading.pk).update(until=at, pages=F("pages") + 1)
        return reading
    purpose = purpose.strip() or (purpose_stated(file, by, at) if needs_purpose(file, by) else "")
    if needs_purpose(file, by) and not purpose:
        message = "查阅归档版须说明事由，请在档案页面填写后再打开。"
        raise DomainError(message, field="purpose", code="purpose_needed")
    return GrowthReading.objects.create(
        file=file,
        reader_id=by.user_id,
        reader_name=by.name,
        way=way,
        purpose=purpose[:200],
        at=at,
        until=at,
    )


def purpose_stated(file: GrowthFile, by: Viewer, at: datetime) -> str:
    """The reason given for this file within the hour: turning pages and downloading are one errand."""
    given = GrowthReading.objects.filter(file=file, reader=by.user_id, until__gte=at - ONE_READING)
    return given.exclude(purpose="").values_list("purpose", flat=True).first() or ""
