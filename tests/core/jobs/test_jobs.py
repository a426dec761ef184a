from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core.access import Role, ScopedGrant, Viewer
from core.errors import DomainError
from core.jobs import files, services
from core.jobs.housekeeping import drop_expired
from core.jobs.registry import REGISTRY, job, next_time
from core.jobs.run import STOPPING, JobLostError, claim
from core.jobs.tasks import run_job
from core.jobs.worker import drain
from core.models import AuditEvent, Job
from core.models.jobs import JobState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]


def finished(job: Job) -> Job:
    drain()
    job.refresh_from_db()
    return job


def test_a_job_runs_and_keeps_its_result_encrypted(owner: Viewer) -> None:
    job = services.start("test.count", by=owner, params={"items": ["1", "2"]}, label="2 项")
    assert (job.state, str(job)) == (JobState.WAITING, "逐项处理：2 项")

    job = finished(job)

    assert (job.state, job.done, job.total, job.attempts) == (JobState.DONE, 2, 2, 1)
    assert (job.result, job.result_name, job.result_size) == ({"items": 2}, "结果.txt", 3)
    assert job.expires_at == job.finished_at + timedelta(hours=24)
    assert services.fetch_result(job=job, by=owner) == b"1,2"
    assert b"1,2" not in files.path_of(job.uid).read_bytes()
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["job.start", "export"]


def test_a_start_that_is_rolled_back_leaves_nothing_to_run(owner: Viewer) -> None:
    with transaction.atomic():
        services.start("test.count", by=owner, params={"items": []})
        transaction.set_rollback(True)
    drain()
    assert Job.objects.count() == 0


def test_failed_items_are_named_and_can_be_tried_again(owner: Viewer) -> None:
    job = services.start(
        "test.count", by=owner, params={"items": ["1", "2", "3"], "bad": ["2"]}, label="3 项"
    )
    job = finished(job)
    assert (job.state, job.message) == (JobState.PARTIAL, "1 项没有做成，原因见下。")
    assert job.failures == [{"name": "第 2 项", "reason": "缺参加工作时间", "ref": "2"}]

    again = services.retry_failed(job=job, by=owner)

    assert (again.params["items"], again.label) == (["2"], "重试 3 项")
    assert finished(again).state == JobState.FAILED  # all of it failed once more


def test_nothing_to_retry_is_said(owner: Viewer) -> None:
    job = finished(services.start("test.count", by=owner, params={"items": ["1"]}))
    with pytest.raises(DomainError, match="没有可以单独重试的失败项"):
        services.retry_failed(job=job, by=owner)


def test_a_refusal_is_the_message(owner: Viewer) -> None:
    job = finished(services.start("test.refuse", by=owner))
    assert (job.state, job.message) == (JobState.FAILED, "名册里没有人，请先导入。")


def test_a_crash_says_a_number_and_the_next_job_runs(owner: Viewer, caplog: pytest.LogCaptureFixture) -> None:
    crashed = services.start("test.crash", by=owner)
    after = services.start("test.count", by=owner, params={"items": []})
    crashed = finished(crashed)
    after.refresh_from_db()
    assert (crashed.state, after.state) == (JobState.FAILED, JobState.DONE)
    number = crashed.message.partition("编号 ")[2][:8]
    assert number in caplog.text
    assert "ZeroDivisionError" not in crashed.message


def test_a_waiting_job_is_cancelled_at_once(owner: Viewer) -> None:
    job = services.start("test.count", by=owner, params={"items": ["1"]})
    services.cancel(job=job, by=owner)
    assert (job.state, finished(job).state, job.attempts) == (JobState.CANCELLED, JobState.CANCELLED, 0)
    with pytest.raises(DomainError, match="已经结束"):
        services.cancel(job=job, by=owner)


def test_a_running_job_stops_at_its_next_step(owner: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    job = services.start("test.count", by=owner, params={"items": ["1", "2", "3"]})
    monkeypatch.setattr("core.jobs.run.WRITE_EVERY", 0)
    monkeypatch.setattr("core.jobs.run.JobRun.fail_item", lambda *args, **kwargs: None)
    Job.objects.update(cancel_requested=True)
    job = finished(job)
    assert (job.state, job.message, job.result_name) == (JobState.CANCELLED, "已按要求停止。", "")


def test_a_worker_that_is_stopped_hands_the_job_back(owner: Viewer) -> None:
    job = services.start("test.count", by=owner, params={"items": ["1"]})
    STOPPING.set()
    try:
        run_job.func(str(job.uid))
    finally:
        STOPPING.clear()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert finished(job).state == JobState.DONE


def test_a_run_that_was_given_up_can_write_no_more(owner: Viewer) -> None:
    job = services.start("test.count", by=owner, params={"items": []})
    first = claim(str(job.uid))
    second = claim(str(job.uid))
    assert first
    assert second
    with pytest.raises(JobLostError):
        first.progress(1, 1)
    with pytest.raises(JobLostError):
        first.attach("x", b"x")
    second.progress(1, 1)
    assert not files.path_of(job.uid).exists()


def test_only_one_at_a_time(owner: Viewer) -> None:
    services.start("test.count", by=owner, params={"items": []}, unique="batch:1")
    with pytest.raises(DomainError, match="正在进行"):
        services.start("test.count", by=owner, params={"items": []}, unique="batch:1")
    drain()
    services.start("test.count", by=owner, params={"items": []}, unique="batch:1")


def test_results_leave_after_a_day_and_rows_after_a_month(owner: Viewer) -> None:
    job = finished(services.start("test.count", by=owner, params={"items": ["1"]}))
    (files.folder() / "stray.bin").write_bytes(b"x")
    now = timezone.now()
    assert drop_expired(at=now) == {"files": 0, "orphans": 1, "rows": 0}
    assert drop_expired(at=now + timedelta(hours=25)) == {"files": 1, "orphans": 0, "rows": 0}
    job.refresh_from_db()
    assert (job.result_name, files.path_of(job.uid).exists()) == ("", False)
    with pytest.raises(DomainError, match="没有结果文件"):
        services.fetch_result(job=job, by=owner)
    assert drop_expired(at=now + timedelta(days=32)) == {"files": 0, "orphans": 0, "rows": 1}


def test_each_sees_the_own_jobs_and_administrators_only_the_ownerless(owner: Viewer) -> None:
    mine = services.start("test.count", by=owner, params={"items": []})
    clock = services.start("jobs.expire", by=None)
    other = Viewer(user_id=owner.user_id + 1, name="别人", on=date(2026, 3, 5))
    admin = Viewer(other.user_id, "管理员", other.on, None, (ScopedGrant(Role.SYSADMIN, ""),))
    assert list(Job.objects.visible_to(owner)) == [mine]
    assert list(Job.objects.visible_to(other)) == []
    assert list(Job.objects.visible_to(admin)) == [clock]


@pytest.mark.parametrize(
    ("spec", "after", "due"),
    [
        ("02:30", "2026-03-05 02:29", "2026-03-05 02:30"),
        ("02:30", "2026-03-05 02:30", "2026-03-06 02:30"),
        ("every 30m", "2026-03-05 00:00", "2026-03-05 00:30"),
        ("every 30m", "2026-03-05 23:59", "2026-03-06 00:00"),
        ("every 7m", "2026-03-05 00:08", "2026-03-05 00:14"),
    ],
)
def test_clock(spec: str, after: str, due: str) -> None:
    moment = timezone.make_aware(timezone.datetime.fromisoformat(after))
    assert timezone.localtime(next_time(spec, moment)).strftime("%Y-%m-%d %H:%M") == due


@pytest.mark.parametrize("spec", ["24:00", "2:30", "every 0m", "hourly", ""])
def test_a_wrong_clock_is_refused(spec: str) -> None:
    with pytest.raises(ValueError, match="not a schedule"):
        next_time(spec, timezone.now())


def test_two_jobs_of_one_name_are_refused() -> None:
    def count_otherwise(run: object) -> None: ...

    with pytest.raises(ValueError, match="two jobs"):
        job("test.count", title="另一个")(count_otherwise)
    assert REGISTRY["test.count"].title == "逐项处理"
