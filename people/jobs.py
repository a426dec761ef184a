"""What the clock does for people."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.bulk.services import APPLY_JOB, UNDO_JOB, run_apply, run_undo
from core.jobs.registry import job, scheduled
from core.jobs.run import JobRun
from core.models import BulkChange
from people.access import viewer_by_id
from people.reminders import remind_all


@scheduled("07:30")
@job("people.remind", title="提醒到期事项")
def remind(run: JobRun) -> dict[str, Any]:
    counted = remind_all(on=timezone.localdate(), progress=run.progress)
    if counted["failed"]:
        run.fail_item("提醒", f"{counted['failed']} 人的提醒没有生成，原因见运行日志。")
    return counted


@job(APPLY_JOB, title="批量修改")
def apply_bulk(run: JobRun, *, uid: str) -> dict[str, Any]:
    return _bulk(run, uid, run_apply)


@job(UNDO_JOB, title="撤销批量修改")
def undo_bulk(run: JobRun, *, uid: str) -> dict[str, Any]:
    return _bulk(run, uid, run_undo)


def _bulk(run: JobRun, uid: str, act: Callable[..., None]) -> dict[str, Any]:
    """With the rights that the owner has now; rows done by a worker that was killed are not done again."""
    by = viewer_by_id(run.owner_id, on=timezone.localdate())
    change = BulkChange.objects.visible_to(by).get(uid=uid)
    act(change=change, by=by, at=timezone.now(), tell=run.progress)
    return {"path": reverse("bulk", args=[uid])}
