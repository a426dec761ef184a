"""The worker's watch over the queue, with the clock passed in."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from core.access import Viewer
from core.jobs import services
from core.jobs.registry import next_time
from core.jobs.worker import Worker, drain, fire, reap
from core.models import Job, Schedule, WorkerBeat
from core.models.jobs import JobState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]
LATER = timedelta(seconds=61)


def killed_while_running(job: Job, worker_id: str = "dead") -> DBTaskResult:
    """What kill -9 leaves: the queue and the job say RUNNING, nobody works."""
    task = DBTaskResult.objects.get(status=TaskResultStatus.READY)
    task.claim(worker_id)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    return task


def test_a_lost_task_goes_back_to_the_queue_and_is_done(owner: Viewer) -> None:
    job = services.start("test.count", by=owner, params={"items": ["1"]})
    task = killed_while_running(job)
    assert reap(timezone.now()) == []  # still within the grace

    assert reap(timezone.now() + LATER) == [str(task.pk)]

    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.WAITING, "执行进程中断，稍后自动重新执行。")
    drain()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_beating_worker_keeps_its_task(owner: Viewer) -> None:
    job = services.start("test.count", by=owner, params={"items": ["1"]})
    killed_while_running(job, "alive")
    later = timezone.now() + LATER
    WorkerBeat.objects.create(worker_id="alive", host="h", pid=1, at=later)
    assert reap(later) == []


def test_after_three_lost_workers_the_job_has_failed(owner: Viewer) -> None:
    job = services.start("test.count", by=owner, params={"items": ["1"]})
    for worker in ("a", "b", "c"):
        killed_while_running(job, worker)
        assert len(reap(timezone.now() + LATER)) == 1
    job.refresh_from_db()
    assert (job.state, job.message.split("，")[0]) == (JobState.FAILED, "执行进程中断 3 次")
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert reap(timezone.now() + LATER) == []


def housekeeping(now: datetime) -> list[str]:
    """What the clock starts of the ground's own half-hourly job; the apps have jobs of theirs."""
    return [key for key in fire(now) if key == "jobs.expire"]


def test_the_clock_starts_a_job_once(owner: Viewer) -> None:
    now = timezone.make_aware(datetime(2026, 3, 5, 0, 10))
    assert housekeeping(now) == []  # the first look only plans
    planned = Schedule.objects.get(key="jobs.expire")
    assert planned.next_at == next_time("every 30m", now)

    due = now + timedelta(minutes=20)
    assert housekeeping(due) == ["jobs.expire"]
    assert housekeeping(due) == []
    assert housekeeping(due + timedelta(minutes=30)) == []  # the last round still waits
    drain()
    assert Job.objects.get(key="jobs.expire").state == JobState.DONE
    assert housekeeping(due + timedelta(minutes=60)) == ["jobs.expire"]


def test_of_two_workers_one_fires(owner: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.make_aware(datetime(2026, 3, 5, 0, 10))
    fire(now)
    stale = list(Schedule.objects.all())
    due = now + timedelta(minutes=20)
    fire(due)
    monkeypatch.setattr(Schedule.objects, "all", lambda: stale)  # the other one read before the first wrote
    assert fire(due) == []


def test_a_changed_timing_is_planned_anew(owner: Viewer) -> None:
    now = timezone.now()
    Schedule.objects.create(key="jobs.expire", spec="03:00", next_at=now - timedelta(days=1))
    assert fire(now) == []
    assert Schedule.objects.get(key="jobs.expire").spec == "every 30m"


def test_a_pulse_keeps_worker_and_job_alive(owner: Viewer) -> None:
    job = services.start("test.count", by=owner, params={"items": []})
    worker = Worker(worker_id="w")
    killed_while_running(job, "w")
    worker.current = str(job.uid)
    now = timezone.now() + LATER
    worker.pulse(now)
    job.refresh_from_db()
    assert (job.heartbeat_at, WorkerBeat.objects.get().at) == (now, now)
    assert job.state == JobState.RUNNING
