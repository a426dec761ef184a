"""What a person can do with a job: start it, stop it, fetch its result, try the failed items again."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit
from core.access import Viewer
from core.choices import AuditAction
from core.errors import DomainError
from core.jobs import files
from core.jobs.queries import can_resume, can_retry
from core.jobs.registry import REGISTRY
from core.jobs.tasks import KEEP, run_job
from core.models import Job
from core.models.jobs import JobState


def start(
    key: str, *, by: Viewer | None, params: dict[str, Any] | None = None, label: str = "", unique: str = ""
) -> Job:
    """Queue the job in the caller's transaction: it runs only if the caller's change stands.

    `unique` names what only one unfinished job may work on at a time. `by=None` is the clock.
    """
    spec = REGISTRY[key]
    job = Job(
        key=key,
        title=spec.title,
        label=label[:200],
        owner_id=by.user_id if by else None,
        params=params or {},
        unique_key=unique,
    )
    with transaction.atomic():
        _insert(job)
        audit.record(action=AuditAction.JOB_STARTED, by=by, subject=job, label=str(job))
        run_job.enqueue(uid=str(job.uid))
    job.refresh_from_db()  # a queue that runs tasks at once has already changed it
    return job


def _insert(job: Job) -> None:
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError as clash:
        message = f"「{job.title}」正在进行，请在「后台任务」里等它结束后再发起。"
        raise DomainError(message, code="job_running") from clash


@transaction.atomic
def cancel(*, job: Job, by: Viewer, at: datetime | None = None) -> Job:
    """A waiting job ends at once; a running one at its next step."""
    at = at or timezone.now()
    open_job = Job.objects.unfinished().filter(pk=job.pk)
    if not open_job.update(cancel_requested=True):
        raise DomainError("这项任务已经结束，不用再停止。", code="job_finished")
    open_job.filter(state=JobState.WAITING).update(
        state=JobState.CANCELLED, message="已按要求停止。", finished_at=at, expires_at=at + KEEP
    )
    audit.record(action=AuditAction.JOB_CANCELLED, by=by, subject=job, label=str(job))
    job.refresh_from_db()
    return job


def retry_failed(*, job: Job, by: Viewer) -> Job:
    """A new job with the same parameters, narrowed to the items that failed."""
    if not can_retry(job):
        raise DomainError("这项任务没有可以单独重试的失败项，请重新发起。", code="nothing_to_retry")
    refs = [item["ref"] for item in job.failures if item["ref"]]
    params = {**job.params, REGISTRY[job.key].retry_param: refs}
    return start(job.key, by=by, params=params, label=f"重试 {job.label}")


def resume(*, job: Job, by: Viewer) -> Job:
    """A paused job goes on as a new one: what it had made is found again and not made twice."""
    if not can_resume(job):
        raise DomainError("这项任务不是暂停的任务，请重新发起。", code="not_paused")
    return start(job.key, by=by, params=job.params, label=job.label)


def fetch_result(*, job: Job, by: Viewer) -> bytes:
    """The whole result file in clear; the reading is recorded."""
    return b"".join(open_result(job=job, by=by))


def open_result(*, job: Job, by: Viewer) -> Iterator[bytes]:
    """The result file in clear, a piece at a time; the reading is recorded before the first one."""
    if not job.has_file:
        raise DomainError("这项任务没有结果文件。", code="no_result")
    spec = REGISTRY.get(job.key)
    if spec and spec.may_fetch and not spec.may_fetch(by, job):
        message = "发起任务之后您的权限有变化，已不能取这份结果；如工作需要，请联系安全管理员。"
        raise DomainError(message, code="not_allowed")
    try:
        found = files.pieces(job.uid)
        first = next(found)  # a file that is gone says so now, not in the midst of the answer
    except FileNotFoundError as gone:
        raise DomainError("结果文件已过保留期（24 小时），请重新发起任务。", code="result_expired") from gone
    audit.record(action=AuditAction.EXPORTED, by=by, subject=job, label=f"{job}（{job.result_name}）")
    return chain([first], found)
