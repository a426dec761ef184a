"""kill -9 and SIGTERM against a real worker process on the test's real database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django_tasks_db.models import DBTaskResult

from core.access import Viewer
from core.jobs import services
from core.models import Job, WorkerBeat
from core.models.jobs import JobState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]
QUICK = ("--beat", "0.3", "--silence", "1.5", "--interval", "0.1")


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{name}"


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started = []
    env = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "cadre_dev.settings"}

    def one() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.core.jobs.process", *QUICK]
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, stdout=log, stderr=log)
        started.append(process)
        return process

    yield one
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool], log: Path, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


def steps(trace: Path) -> list[str]:
    return trace.read_text().split() if trace.exists() else []


def test_a_killed_worker_s_job_is_done_by_the_next(owner: Viewer, spawn, tmp_path: Path) -> None:
    trace, log = tmp_path / "trace", tmp_path / "worker.log"
    job = services.start("test.slow", by=owner, params={"trace": str(trace), "steps": 8, "pause": 0.2})
    first = spawn()
    wait_for(lambda: len(steps(trace)) >= 3, log)
    first.send_signal(signal.SIGKILL)
    first.wait()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING

    spawn()
    wait_for(lambda: Job.objects.get().state == JobState.DONE, log)

    job.refresh_from_db()
    assert (job.attempts, job.result, job.done) == (2, {"attempt": 2}, 8)
    assert [step for step in steps(trace) if step.startswith("2:")] == [f"2:{n}" for n in range(8)]
    assert len(DBTaskResult.objects.get().worker_ids) == 2


def test_a_worker_told_to_stop_leaves_within_a_step_and_loses_nothing(
    owner: Viewer, spawn, tmp_path: Path
) -> None:
    trace, log = tmp_path / "trace", tmp_path / "worker.log"
    job = services.start("test.slow", by=owner, params={"trace": str(trace), "steps": 100, "pause": 0.1})
    worker = spawn()
    wait_for(lambda: len(steps(trace)) >= 3, log)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=20) == 0
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert len(steps(trace)) < 50
    assert WorkerBeat.objects.count() == 0
    assert DBTaskResult.objects.ready().count() == 1
