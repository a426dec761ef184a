"""The handle a job's function holds while it runs: progress, result, failed items, and when to stop."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import F
from django.utils import timezone

from core.jobs import files
from core.models import Job
from core.models.jobs import JobState
from core.vault import PieceWriter

WRITE_EVERY = 0.5  # seconds between two notes of progress: the page asks every two


class JobCancelledError(Exception):
    """The owner asked to stop."""


class JobInterruptedError(Exception):
    """The worker is going down in good order; another run will do the job."""


class JobLostError(Exception):
    """Another worker has taken the job over: this run must write nothing more."""


# Set by the worker when it is told to stop; every running job looks at it.
STOPPING = threading.Event()


class JobRun:
    """One attempt at one job. All writes carry the attempt's number, so a run that was given up for dead
    and comes back cannot disturb its successor."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.attempt = job.attempts
        self.total = 0
        self.failures: list[dict[str, str]] = []
        self._written = float("-inf")

    @property
    def owner_id(self) -> int:
        """On whose behalf the job reads: build the viewer from this, never from `params`."""
        if self.job.owner_id is None:
            raise LookupError(f"{self.job.key} was started by the clock: it acts for nobody")
        return self.job.owner_id

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Note how far it is; raises when the job should stop. Cheap to call for every item."""
        self.total = total
        if done < total and time.monotonic() - self._written < WRITE_EVERY:
            return
        self._written = time.monotonic()
        self.update(done=done, total=total, message=message[:300])
        self.check_cancelled()

    def check_cancelled(self) -> None:
        """Raises if the owner has asked to stop or the worker is being stopped."""
        if STOPPING.is_set():
            raise JobInterruptedError
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelledError

    def attach(self, filename: str, data: bytes) -> None:
        """Keep `data` as the job's result file; a second call replaces it."""
        self.update()  # a run that was taken over must not touch the file
        files.write(self.job.uid, data)
        self.update(result_name=filename[:200], result_size=len(data))

    @contextmanager
    def attaching(self, filename: str) -> Iterator[PieceWriter]:
        """The same for a result that is written while it is made, of whatever size."""
        self.update()
        with files.writing(self.job.uid) as result:
            yield result
            self.update()
        self.update(result_name=filename[:200], result_size=result.size)

    def fail_item(self, name: str, reason: str, *, ref: str | int = "") -> None:
        """One item could not be done and the rest goes on; `ref` is handed back on 重试失败项."""
        self.failures.append({"name": name, "reason": reason, "ref": str(ref)})

    def update(self, **values: Any) -> None:
        """Write to the job's row as long as it is still this attempt's."""
        mine = Job.objects.filter(pk=self.job.pk, attempts=self.attempt, state=JobState.RUNNING)
        if not mine.update(heartbeat_at=timezone.now(), **values):
            raise JobLostError


def claim(uid: str) -> JobRun | None:
    """Take a waiting job for one attempt; None if it is finished, cancelled or already taken.

    A job found RUNNING belongs to a worker that was lost: the queue hands out a task only once.
    """
    now = timezone.now()
    taken = (
        Job.objects.unfinished()
        .filter(uid=uid)
        .update(
            state=JobState.RUNNING,
            attempts=F("attempts") + 1,
            started_at=now,
            heartbeat_at=now,
            done=0,
            message="",
            failures=[],
        )
    )
    return JobRun(Job.objects.get(uid=uid)) if taken else None
