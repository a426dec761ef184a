"""Growth files for many people at once: rendered beside each other, handed over as one ZIP."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.jobs import JobRun, job
from core.pdf import PdfResult
from core.pdf.pool import work_on_many
from growth.contracts import Edition
from growth.models import EDITION_PERMISSIONS, GrowthFile
from growth.queries import file_number, snapshots_of
from growth.render import render_file
from growth.services import BATCH_JOB, existing_file, read_growth_file, store_file
from growth.snapshot import Snapshot
from people.access import viewer_by_id
from people.models import Cadre

PARALLEL_FROM = 6  # fewer files than this are made faster without starting processes


@job(BATCH_JOB, title="生成成长档案", retry_param="cadres")
def make_batch(run: JobRun, *, cadres: list[int | str], edition: str, as_of: str) -> dict[str, Any]:
    """Acts as the owner of the job with the rights of the moment: one lost meanwhile fails the item."""
    viewer = viewer_by_id(run.owner_id, on=timezone.localdate())
    batch = Batch(run, viewer, Edition(edition), date.fromisoformat(as_of), [int(pk) for pk in cadres])
    batch.make()
    if batch.files:
        run.attach(
            f"成长档案_{batch.edition.label}_{len(batch.files)}份.zip", zipped(batch.in_order(), viewer)
        )
    return {"made": len(batch.files)}


@dataclass
class Batch:
    """What one run of the job works on, and the files it has so far, by cadre id."""

    run: JobRun
    viewer: Viewer
    edition: Edition
    as_of: date
    ids: list[int]
    files: dict[int, GrowthFile] = field(default_factory=dict)

    def make(self) -> None:
        allowed = self._allowed()
        for pk in self.ids:
            if pk not in allowed:
                self.run.fail_item(f"编号 {pk}", "已不在您可以生成这一版本的范围内。")
        people = {file_number(cadre, self.edition, self.as_of): cadre for cadre in allowed.values()}
        for snapshot, made in self._rendered(people):
            self._take(people[snapshot.number], snapshot, made)

    def in_order(self) -> list[GrowthFile]:
        return [self.files[pk] for pk in self.ids if pk in self.files]

    def _allowed(self) -> dict[int, Cadre]:
        makeable = Cadre.objects.visible_to(self.viewer, Permission.MAKE_GROWTH)
        readable = Cadre.objects.visible_to(self.viewer, EDITION_PERMISSIONS[self.edition])
        return makeable.filter(pk__in=readable.values("pk")).in_bulk(self.ids)

    def _rendered(self, people: dict[str, Cadre]) -> Iterator[tuple[Snapshot, PdfResult | Exception]]:
        chosen = {cadre.pk for cadre in people.values()}
        ids = [pk for pk in self.ids if pk in chosen]
        snapshots = snapshots_of(ids, edition=self.edition, as_of=self.as_of, viewer=self.viewer)
        workers = min(2, os.cpu_count() or 1) if len(ids) >= PARALLEL_FROM else 1
        return work_on_many(render_file, self._without_file(snapshots, people), workers=workers)

    def _without_file(self, snapshots: Iterator[Snapshot], people: dict[str, Cadre]) -> Iterator[Snapshot]:
        """What has to be rendered; a file of the same data is taken as it is."""
        for snapshot in snapshots:
            cadre = people[snapshot.number]
            if file := existing_file(cadre, snapshot):
                self._keep(cadre, file)
            else:
                yield snapshot

    def _take(self, cadre: Cadre, snapshot: Snapshot, made: PdfResult | Exception) -> None:
        if isinstance(made, PdfResult):
            self._keep(cadre, store_file(cadre=cadre, snapshot=snapshot, result=made, by=self.viewer))
        elif isinstance(made, DomainError):
            if made.code == "pdf_blocked":
                record(action=AuditAction.PDF_BLOCKED, by=self.viewer, subject=cadre, label=made.message)
            self.run.fail_item(cadre.name, made.message, ref=cadre.pk)
            self._progress()
        else:
            raise made

    def _keep(self, cadre: Cadre, file: GrowthFile) -> None:
        self.files[cadre.pk] = file
        self._progress(f"已生成：{cadre.name}")

    def _progress(self, message: str = "") -> None:
        self.run.progress(len(self.files) + len(self.run.failures), len(self.ids), message)


def zipped(files: Sequence[GrowthFile], viewer: Viewer) -> bytes:
    """Stored, not deflated: PDFs are compressed already. A fixed time keeps equal files equal."""
    output = BytesIO()
    with ZipFile(output, "w", ZIP_STORED) as archive:
        for file in files:
            archive.writestr(ZipInfo(file.filename), read_growth_file(file=file, by=viewer))
    return output.getvalue()
