"""Many files as one PDF with a bookmark for each person, for printing or for a meeting."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import Entry, record_many
from core.choices import AuditAction
from core.pdf.book import bind
from core.pdf.stamp import stamp
from growth import storage
from growth.models import GrowthFile, GrowthReading, ReadingWay
from growth.services.reading import mark_of, open_reading
from growth.signing import sign


def bound(files: Sequence[GrowthFile], *, by: Viewer, at: datetime | None = None, title: str = "") -> bytes:
    """Stamped with the reader and sealed as a whole; a reading of each file is recorded."""
    at = at or timezone.now()
    readings = _record(files, by, at)
    papers = ((_label(file), storage.read(file.uid, file.path)) for file in files)
    book = bind(papers, title=title or f"干部成长档案合订 {len(files)} 份")
    marked = stamp(book, mark_of(by, at, readings[0]))
    return sign(marked, reason=title or f"合订 {len(files)} 份，由{by.name}取得")


def _label(file: GrowthFile) -> str:
    return f"{file.cadre.name}（{file.get_edition_display()}）"


@transaction.atomic
def _record(files: Sequence[GrowthFile], by: Viewer, at: datetime) -> list[GrowthReading]:
    readings = [open_reading(file, by, at, ReadingWay.BATCH, "") for file in files]
    record_many(
        [
            Entry(action=AuditAction.GROWTH_READ, by=by, subject=f, label=f"{f}·{f.number}（合订）", at=at)
            for f in files
        ]
    )
    return readings
