"""Self-filed study, online lessons and bare ledger entries for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.access import Viewer
from people.models import Cadre
from training.choices import HourSource, Ledger, SelfFiledKind, SelfFiledMeasure
from training.conversion import Posting
from training.models import HourEntry, SelfFiledStudy
from training.services import save_filing, settle, submit_filing

AT = datetime(2026, 11, 2, 2, tzinfo=UTC)
_numbers = count(1)


def photo(name: str = "结业证.jpg") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (40, 30), "#a33").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def filing_values(**changed: Any) -> dict[str, Any]:
    return {
        "kind": SelfFiledKind.CONTINUING,
        "title": f"第{next(_numbers)}次继续教育",
        "organiser": "示例学院",
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2026, 3, 3),
        "measure": SelfFiledMeasure.DAY,
        "quantity": Decimal(2),
        **changed,
    }


def make_filing(own: Viewer, *, submitted: bool = True, **changed: Any) -> SelfFiledStudy:
    """A filing of the viewer's own record, with evidence; sent unless `submitted` is False."""
    found = save_filing(values=filing_values(**changed), by=own, at=AT, evidence=photo())
    if submitted:
        submit_filing(study=found, by=own, at=AT)
    return found


def post(cadre: Cadre, on: date, hours: Any, *, ends_on: date | None = None, **values: Any) -> HourEntry:
    """An entry of its own source, as any service would post it."""
    key = values.pop("key", f"test:{next(_numbers)}")
    posting = Posting(
        cadre.pk,
        values.pop("ledger", Ledger.CONCENTRATED),
        Decimal(hours),
        Decimal(values.pop("days", 0)),
        on,
        ends_on or on,
        values.pop("title", "测试入账"),
        **values,
    )
    settle(source=HourSource.ACTIVITY, source_key=key, postings=[posting], by=None, at=AT)
    return HourEntry.objects.in_force().get(source_key=key, cadre=cadre, ledger=posting.ledger)
