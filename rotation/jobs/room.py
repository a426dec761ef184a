"""The decision room's long work, and what the clock does to decisions."""

from typing import Any

from django.utils import timezone

from core.access import Viewer
from core.errors import DomainError
from core.jobs import JobRun, job, scheduled
from core.models import Job
from people.access import viewer_by_id
from rotation.exports.room.pack import pack_pdf, pack_zip
from rotation.models import Case
from rotation.services.room.effects import apply_due
from rotation.services.room.files import PREPARE_JOB, prepare_files
from rotation.services.room.papers import PACK_JOB, may_take, record_taken
from rotation.services.room.reading import tell_readers_of_given_up


def _case(pk: int, by: Viewer) -> Case:
    case: Case | None = Case.objects.visible_to(by).select_related("plan", "post__unit").filter(pk=pk).first()
    if case is None:
        raise DomainError("这个议题已不在您可以知悉的范围内。", code="gone")
    return case


@job(PREPARE_JOB, title="准备上会档案")
def prepare(run: JobRun, *, case: int) -> dict[str, Any]:
    now = timezone.now()
    by = viewer_by_id(run.owner_id, on=timezone.localdate(now))
    kept = prepare_files(
        case=_case(case, by), by=by, at=now, progress=lambda done, of: run.progress(done, of, f"{done} 份")
    )
    return {"files": len(kept)}


def may_fetch(viewer: Viewer, made: Job) -> bool:
    """A pack goes only to somebody who may still read every file in it."""
    case = Case.objects.visible_to(viewer).filter(pk=made.params["case"]).first()
    return case is not None and may_take(case, made.params["kind"], viewer)


@job(PACK_JOB, title="生成会议材料", may_fetch=may_fetch)
def pack(run: JobRun, *, case: int, kind: str) -> dict[str, Any]:
    """Made for the owner of the job: the pages say so."""
    now = timezone.now()
    by = viewer_by_id(run.owner_id, on=timezone.localdate(now))
    found = _case(case, by)
    if not may_take(found, kind, by):
        raise DomainError("您没有这份材料的阅档授权，请联系承办人。", code="not_allowed")
    make, suffix = (pack_zip, "zip") if kind == "zip" else (pack_pdf, "pdf")
    data = make(found, by=by, at=now, progress=run.progress)
    run.attach(f"会议材料_{found.number}.{suffix}", data)
    record_taken(case=found, kind=kind, by=by, at=now)
    return {"size": len(data)}


@scheduled("00:20")
@job("rotation.effects", title="轮岗任职生效")
def effects(run: JobRun) -> dict[str, Any]:
    """Those that cannot take effect stand with their reason; whoever handles them has a duty."""
    now = timezone.now()
    done = apply_due(on=timezone.localdate(now), at=now)
    tell_readers_of_given_up(on=timezone.localdate(now))
    for plan, reason in done.refused:
        run.fail_item(f"方案 {plan.pk}", reason, ref=plan.pk)
    total = len(done.applied) + len(done.refused)
    run.progress(total, total)
    return {"applied": len(done.applied), "refused": len(done.refused)}
