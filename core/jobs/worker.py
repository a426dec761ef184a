"""The process that does the jobs: django-tasks-db's worker with a heartbeat, a reaper and a clock.

The stock worker never looks again at a task whose process was killed; here a worker that falls silent loses
its task to the next one, and a task that has lost three workers is given up.
"""

import logging
import os
import socket
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as StockWorker
from django_tasks_db.models import DBTaskResult

from core.errors import DomainError
from core.jobs.queries import SILENCE
from core.jobs.registry import REGISTRY, JobSpec, next_time
from core.jobs.run import STOPPING
from core.jobs.services import start
from core.jobs.tasks import fail_lost
from core.models import Job
from core.models.jobs import JobState, Schedule, WorkerBeat

BEAT = 10.0  # seconds between two signs of life
MAX_LOSSES = 3
logger = logging.getLogger("core.jobs")


class Worker(StockWorker):
    """`beat` and `silence` are shorter in tests only."""

    def __init__(self, *, beat: float = BEAT, silence: timedelta = SILENCE, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "queue_names": ["*"],
            "excluded_queue_names": [],
            "interval": 1.0,
            "batch": False,
            "backend_name": "default",
            "startup_delay": False,
            "max_tasks": None,
            "worker_id": get_random_string(32),
        }
        super().__init__(**defaults | options)
        self.beat_seconds = beat
        self.silence = silence
        self.current: str | None = None
        self._quiet = threading.Event()

    def serve(self) -> None:
        """Work until told to stop, beating on a thread of its own."""
        thread = threading.Thread(target=self._beat_on, name="heartbeat", daemon=True)
        thread.start()
        try:
            self.run()
        finally:
            self._quiet.set()
            with suppress(DatabaseError):
                WorkerBeat.objects.filter(pk=self.worker_id).delete()

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """First signal: the running job hands itself back at its next step. Second: leave at once."""
        if not self.running:
            os._exit(1)  # like a kill; the reaper gives the task to the next worker
        STOPPING.set()
        super().shutdown(signum, frame)

    def run_task(self, db_task_result: DBTaskResult) -> None:
        self.current = job_uid(db_task_result)
        try:
            super().run_task(db_task_result)
        finally:
            self.current = None

    def _beat_on(self) -> None:
        while not self._quiet.is_set():
            try:
                self.pulse(timezone.now())
            except Exception:
                logger.exception("heartbeat failed; the next one tries again")
                close_old_connections()
            self._quiet.wait(self.beat_seconds)
        connection.close()

    def pulse(self, now: datetime) -> None:
        """One sign of life, one look for the dead, one look at the clock."""
        WorkerBeat.objects.update_or_create(
            worker_id=self.worker_id,
            defaults={"host": socket.gethostname()[:80], "pid": os.getpid(), "at": now},
        )
        if self.current:
            Job.objects.filter(uid=self.current, state=JobState.RUNNING).update(heartbeat_at=now)
        reap(now, silence=self.silence)
        fire(now)


def job_uid(task: DBTaskResult) -> str | None:
    uid: str | None = task.args_kwargs.get("kwargs", {}).get("uid")
    return uid


def reap(now: datetime, *, silence: timedelta = SILENCE) -> list[str]:
    """Take tasks away from silent workers; returns the ids of the tasks."""
    since = now - silence
    alive = set(WorkerBeat.objects.filter(at__gte=since).values_list("worker_id", flat=True))
    WorkerBeat.objects.filter(at__lt=now - timedelta(days=1)).delete()
    taken = []
    for task in DBTaskResult.objects.running():
        holder = task.worker_ids[-1] if task.worker_ids else None
        # A worker claims its first task before its first beat: give it the same grace.
        if holder not in alive and (task.started_at is None or task.started_at < since):
            _take_away(task, now)
            taken.append(str(task.id))
    return taken


@transaction.atomic
def _take_away(task: DBTaskResult, now: datetime) -> None:
    losses = len(task.worker_ids)
    still_lost = DBTaskResult.objects.filter(
        pk=task.pk, status=TaskResultStatus.RUNNING, worker_ids=task.worker_ids
    )
    uid = job_uid(task)
    job = Job.objects.filter(uid=uid).first() if uid else None
    if losses >= MAX_LOSSES:
        error = {"exception_class_path": "core.jobs.run.JobLostError", "traceback": f"lost {losses} workers"}
        if still_lost.update(status=TaskResultStatus.FAILED, finished_at=now, **error) and job:
            fail_lost(job, losses)
    elif still_lost.update(status=TaskResultStatus.READY) and job:
        waiting = {"state": JobState.WAITING, "message": "执行进程中断，稍后自动重新执行。"}
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(**waiting)
    logger.warning("task %s lost its worker (%d)", task.pk, losses)


def fire(now: datetime) -> list[str]:
    """Start what the clock says; compare-and-set, so of several workers only one starts it."""
    known = {row.key: row for row in Schedule.objects.all()}
    fired = []
    for spec in [entry for entry in REGISTRY.values() if entry.schedule]:
        row = known.get(spec.key)
        if row is None or row.spec != spec.schedule:
            _plan(spec, now)
        elif row.next_at <= now and _start_due(spec, row, now):
            fired.append(spec.key)
    return fired


def _plan(spec: JobSpec, now: datetime) -> None:
    due = {"spec": spec.schedule, "next_at": next_time(spec.schedule, now)}
    Schedule.objects.update_or_create(key=spec.key, defaults=due)


@transaction.atomic
def _start_due(spec: JobSpec, row: Schedule, now: datetime) -> bool:
    due = Schedule.objects.filter(pk=row.pk, next_at=row.next_at)
    if not due.update(next_at=next_time(spec.schedule, now)):
        return False
    try:
        start(spec.key, by=None, unique=f"schedule:{spec.key}")
    except DomainError:
        return False  # the last round is still under way
    return True


def drain() -> None:
    """Do everything that is waiting, here and now, in the caller's own connection: for tests."""
    worker = Worker()
    while task := DBTaskResult.objects.ready().first():
        task.claim(worker.worker_id)
        worker.run_task(task)
