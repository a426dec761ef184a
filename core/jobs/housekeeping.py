"""What the clock does to old jobs: results leave after a day, rows after a month."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core.files.sweep import sweep
from core.jobs import files
from core.jobs.registry import job, scheduled
from core.jobs.run import JobRun
from core.models import Job

KEEP_ROWS = timedelta(days=30)


@scheduled("every 30m")
@job("jobs.expire", title="清理过期的任务结果")
def expire(run: JobRun) -> dict[str, Any]:
    return drop_expired(at=timezone.now())


@scheduled("03:40")
@job("files.sweep", title="清理没有归属的上传文件")
def sweep_files(run: JobRun) -> dict[str, Any]:
    return {"files": sweep(at=timezone.now())}


def drop_expired(*, at: datetime) -> dict[str, Any]:
    """Remove result files past their time, files that belong to no job, and rows a month old."""
    dropped = 0
    for old in Job.objects.expired(at).exclude(result_name="").iterator():
        files.remove(old.uid)
        Job.objects.filter(pk=old.pk).update(
            result_name="", result_size=0, message="结果文件已过保留期，已清除。"
        )
        dropped += 1
    orphans = _drop_orphans()
    rows, _ = Job.objects.expired(at - KEEP_ROWS).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=at - KEEP_ROWS).delete()
    return {"files": dropped, "orphans": orphans, "rows": rows}


def _drop_orphans() -> int:
    """Files of jobs that are gone, and drafts of processes that were killed while writing."""
    found = list(files.folder().iterdir())  # before the rows are read: a newer file is never a stray
    owned = Job.objects.exclude(result_name="") | Job.objects.unfinished()
    kept = {str(uid) for uid in owned.values_list("uid", flat=True)}
    stray = [path for path in found if path.name.partition(".")[0] not in kept]
    for path in stray:
        path.unlink(missing_ok=True)
    return len(stray)
