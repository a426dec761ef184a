"""Growth files for many people at once: rendered beside each other, handed over as one ZIP."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.jobs import JobRun, job
from core.jobs.registry import scheduled
from core.models import Job
from core.pdf import PdfResult
from core.pdf.pool import work_on_many
from core.vault import PieceWriter
from growth.contracts import Edition, Output
from growth.models import EDITION_PERMISSIONS, GrowthFile, ReadingWay
from growth.queries import snapshots_of
from growth.render import render_file
from growth.services import (
    BATCH_JOB,
    bound,
    existing_file,
    read_growth_file,
    store_file,
    tell_of_begun,
)
from growth.snapshot import Snapshot
from people.access import viewer_by_id
from people.models import Cadre

PARALLEL_FROM = 6  # fewer files than this are made faster without starting processes


def may_fetch(viewer: Viewer, made: Job) -> bool:
    """The ZIP goes only to someone who may still read each file in it."""
    readable = Cadre.objects.visible_to(viewer, EDITION_PERMISSIONS[Edition(made.params["edition"])])
    inside = made.result.get("cadres", [])
    return readable.filter(pk__in=inside).count() == len(inside)


@scheduled("07:20")
@job("growth.check", title="通知当天开始的信息核对")
def tell_of_checks(run: JobRun) -> dict[str, Any]:
    """Before the reminders of the day, so that the first word is of the beginning."""
    return {"told": tell_of_begun(on=timezone.localdate())}


@job(BATCH_JOB, title="生成成长档案", retry_param="cadres", may_fetch=may_fetch, resumable=True)
def make_batch(
    run: JobRun, *, cadres: list[int | str], edition: str, as_of: str, output: str = Output.ZIP
) -> dict[str, Any]:
    """Acts as the owner of the job with the rights of the moment: one lost meanwhile fails the item."""
    viewer = viewer_by_id(run.owner_id, on=timezone.localdate())
    batch = Batch(run, viewer, Edition(edition), date.fromisoformat(as_of), [int(pk) for pk in cadres])
    batch.make()
    if batch.files:
        name = f"成长档案_{batch.edition.label}_{len(batch.files)}份"
        if output == Output.BOOK:
            run.attach(f"{name}.pdf", bound(batch.in_order(), by=viewer))
        else:
            with run.attaching(f"{name}.zip") as result:
                zip_files(batch.in_order(), viewer, result, each=batch.packing)
    return {"made": len(batch.files), "cadres": list(batch.files)}


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
        self._refuse([pk for pk in self.ids if pk not in allowed])
        for snapshot, made in self._rendered(allowed):
            self._take(allowed[snapshot.cadre_id], snapshot, made)

    def _refuse(self, ids: list[int]) -> None:
        """By name where the viewer may know it: an officer's own record among all that match, for one."""
        seen = Cadre.objects.visible_to(self.viewer).in_bulk(ids)
        for pk in ids:
            who = seen[pk].name if pk in seen else f"编号 {pk}"
            self.run.fail_item(who, "不在您可以生成这一版本的范围内；自己的档案只能生成本人版。")

    def in_order(self) -> list[GrowthFile]:
        return [self.files[pk] for pk in self.ids if pk in self.files]

    def _allowed(self) -> dict[int, Cadre]:
        makeable = Cadre.objects.visible_to(self.viewer, Permission.MAKE_GROWTH)
        readable = Cadre.objects.visible_to(self.viewer, EDITION_PERMISSIONS[self.edition])
        return makeable.filter(pk__in=readable.values("pk")).in_bulk(self.ids)

    def _rendered(self, people: dict[int, Cadre]) -> Iterator[tuple[Snapshot, PdfResult | Exception]]:
        ids = [pk for pk in self.ids if pk in people]
        snapshots = snapshots_of(ids, edition=self.edition, as_of=self.as_of, viewer=self.viewer)
        workers = min(2, os.cpu_count() or 1) if len(ids) >= PARALLEL_FROM else 1
        return work_on_many(render_file, self._without_file(snapshots, people), workers=workers)

    def _without_file(self, snapshots: Iterator[Snapshot], people: dict[int, Cadre]) -> Iterator[Snapshot]:
        """What has to be rendered; a file of the same data is taken as it is."""
        for snapshot in snapshots:
            cadre = people[snapshot.cadre_id]
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

    def packing(self) -> None:
        """Between two files of the ZIP: still at work, and stops when asked to."""
        self.run.update(message="正在打包")
        self.run.check_cancelled()

    def _progress(self, message: str = "") -> None:
        self.run.progress(len(self.files) + len(self.run.failures), len(self.ids), message)


def zip_files(
    files: Iterable[GrowthFile], viewer: Viewer, target: PieceWriter, each: Callable[[], None]
) -> None:
    """One file after the other into `target`: never more than one of them is in memory.

    Stored, not deflated: PDFs are compressed already. A fixed time keeps equal files equal.
    """
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for file in files:
            data = read_growth_file(file=file, by=viewer, way=ReadingWay.BATCH)
            archive.writestr(ZipInfo(file.filename), data)
            each()
