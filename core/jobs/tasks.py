"""The one task the queue knows: run a job and write down how it ended."""

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from core.errors import DomainError
from core.jobs.registry import REGISTRY
from core.jobs.run import JobCancelledError, JobInterruptedError, JobLostError, JobRun, claim
from core.models import Job
from core.models.jobs import JobState

KEEP = timedelta(hours=24)
logger = logging.getLogger("core.jobs")


@task
def run_job(uid: str) -> None:
    run = claim(uid)
    if run is None:
        return
    try:
        _perform(run)
    except JobLostError:
        logger.warning("job %s was taken over by another worker", uid)


def _perform(run: JobRun) -> None:
    try:
        run.check_cancelled()
        result = REGISTRY[run.job.key].run(run, run.job.params)
    except JobCancelledError:
        _finish(run, JobState.CANCELLED, "已按要求停止。")
    except JobInterruptedError:
        _hand_back(run)
    except DomainError as refusal:
        _finish(run, JobState.FAILED, refusal.message)
    except JobLostError:
        raise
    except Exception:
        number = uuid.uuid4().hex[:8]
        logger.exception("job %s (%s) failed, number %s", run.job.uid, run.job.key, number)
        _finish(run, JobState.FAILED, f"没有做完：程序出错（编号 {number}，已记入运行日志）。可以重新发起。")
    else:
        _succeed(run, result)


def _succeed(run: JobRun, result: dict[str, Any]) -> None:
    failed = len(run.failures)
    if not failed:
        _finish(run, JobState.DONE, "", result)
    elif failed < run.total:
        _finish(run, JobState.PARTIAL, f"{failed} 项没有做成，原因见下。", result)
    else:
        _finish(run, JobState.FAILED, f"{failed} 项都没有做成，原因见下。", result)


def _finish(run: JobRun, state: JobState, message: str, result: dict[str, Any] | None = None) -> None:
    now = timezone.now()
    values: dict[str, Any] = {"result": result or {}, "failures": run.failures}
    if state in {JobState.DONE, JobState.PARTIAL}:
        values["done"] = F("total")
    run.update(state=state, message=message[:300], finished_at=now, expires_at=now + KEEP, **values)


def _hand_back(run: JobRun) -> None:
    """Queue the job again without counting the attempt: the worker, not the job, had to stop."""
    with transaction.atomic():
        run.update(state=JobState.WAITING, attempts=run.attempt - 1, message="执行进程重启，稍后自动继续。")
        run_job.enqueue(uid=str(run.job.uid))


def fail_lost(job: Job, losses: int) -> None:
    """The worker died under this job too often: running it again would only kill the next one."""
    now = timezone.now()
    Job.objects.unfinished().filter(pk=job.pk).update(
        state=JobState.FAILED,
        message=f"执行进程中断 {losses} 次，已停止重试。请减少一次处理的数量后重新发起。",
        finished_at=now,
        expires_at=now + KEEP,
    )
