"""Hand out growth files: stamped with the reader, sealed by the office, every reading on record.

What is kept is the file as rendered; the watermark and the signature are put on it anew for each reader
(about 50 ms), so no reader's copy is ever stored or given to another.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.pdf.stamp import stamp
from growth import storage
from growth.contracts import Edition
from growth.models import GrowthFile, GrowthReading, ReadingWay
from growth.permits import Permit, permit_for
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
    data = storage.read(file.uid, file.path)
    return sign(data, reason=f"{file.number} 由{by.name}取得", mark=mark_of(by, at, reading))


def clear_copy(*, file: GrowthFile, by: Viewer, at: datetime) -> tuple[bytes, GrowthReading]:
    """The PDF without mark or seal, to be bound with other papers and marked as a whole; it is a reading."""
    reading = open_reading(file, by, at, ReadingWay.BATCH, "")
    label = f"{file}·{file.number}（合订）"
    record(action=AuditAction.GROWTH_READ, by=by, subject=file, label=label, reason=reading.purpose, at=at)
    return storage.read(file.uid, file.path), reading


def preview_growth_file(
    *, file: GrowthFile, page: int, by: Viewer, at: datetime | None = None, purpose: str = ""
) -> bytes:
    """The stamped PDF for drawing one of its pages; the opening is on record, pages turned are counted."""
    if not 1 <= page <= file.pages:
        raise DomainError(f"这份成长档案共 {file.pages} 页，没有第 {page} 页。", code="no_such_page")
    at = at or timezone.now()
    reading = open_reading(file, by, at, ReadingWay.PAGES, purpose)
    if reading.at == at:  # not one of the pages turned within the hour
        label = f"{file}·{file.number}（在线翻阅）"
        record(
            action=AuditAction.GROWTH_READ, by=by, subject=file, label=label, reason=reading.purpose, at=at
        )
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
    permit = _permit(file, by)
    matter = permit.matter if permit else ""
    recent = GrowthReading.objects.filter(
        file=file, reader=by.user_id, way=way, until__gte=at - ONE_READING, at__lte=at, matter=matter
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
        purpose=(purpose or (permit.purpose if permit else ""))[:200],
        matter=matter,
        withheld=permit is not None,
        at=at,
        until=at,
    )


def _permit(file: GrowthFile, by: Viewer) -> Permit | None:
    """A permit is for what leaders read; the own edition is the cadre's own business."""
    return None if file.edition == Edition.SELF else permit_for(by, file.cadre_id)


def readings_of_matter(matter: str) -> "QuerySet[GrowthReading]":
    """Who has read what for a case, known or withheld: for those who are in the case."""
    return GrowthReading.objects.filter(matter=matter).select_related("file__cadre", "reader")


def make_readings_known(matter: str, *, cadre_ids: Collection[int], purpose: str = "") -> int:
    """The case is public: from now on these cadres see who read their file for it."""
    rows = GrowthReading.objects.filter(matter=matter, withheld=True, file__cadre__in=cadre_ids)
    return rows.update(withheld=False, **({"purpose": purpose[:200]} if purpose else {}))


def purpose_stated(file: GrowthFile, by: Viewer, at: datetime) -> str:
    """The reason given for this file within the hour: turning pages and downloading are one errand."""
    given = GrowthReading.objects.filter(file=file, reader=by.user_id, until__gte=at - ONE_READING)
    return given.exclude(purpose="").values_list("purpose", flat=True).first() or ""
