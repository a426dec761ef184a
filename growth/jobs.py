"""Growth files for many people at once: made one by one, handed over as one ZIP."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from core.access import Viewer
from core.errors import DomainError
from core.jobs import JobRun, job
from growth.contracts import Edition
from growth.models import GrowthFile
from growth.services import BATCH_JOB, make_growth_file, read_growth_file
from people.access import viewer_by_id
from people.models import Cadre


@job(BATCH_JOB, title="生成成长档案", retry_param="cadres")
def make_batch(run: JobRun, *, cadres: list[int | str], edition: str, as_of: str) -> dict[str, Any]:
    """Reads as the owner of the job, with the rights of the moment: a right lost meanwhile fails the item."""
    viewer = viewer_by_id(run.owner_id, on=timezone.localdate())
    ids = [int(pk) for pk in cadres]
    known = Cadre.objects.visible_to(viewer).in_bulk(ids)
    files = []
    for count, pk in enumerate(ids, start=1):
        if file := _made(run, known.get(pk), pk, Edition(edition), date.fromisoformat(as_of), viewer):
            files.append(file)
        run.progress(count, len(ids), known[pk].name if pk in known else "")
    if files:
        run.attach(f"成长档案_{Edition(edition).label}_{len(files)}份.zip", _zipped(files, viewer))
    return {"made": len(files)}


def _made(
    run: JobRun, cadre: Cadre | None, pk: int, edition: Edition, as_of: date, viewer: Viewer
) -> GrowthFile | None:
    if cadre is None:
        run.fail_item(f"编号 {pk}", "已不在您的管理范围内。")
        return None
    try:
        return make_growth_file(cadre=cadre, edition=edition, as_of=as_of, by=viewer)
    except DomainError as refusal:
        run.fail_item(cadre.name, refusal.message, ref=pk)
        return None


def _zipped(files: Sequence[GrowthFile], viewer: Viewer) -> bytes:
    """Stored, not deflated: PDFs are compressed already. A fixed time keeps equal files equal."""
    output = BytesIO()
    with ZipFile(output, "w", ZIP_STORED) as archive:
        for file in files:
            archive.writestr(ZipInfo(file.filename), read_growth_file(file=file, by=viewer))
    return output.getvalue()
