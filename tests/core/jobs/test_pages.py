"""The pages of background jobs, through the whole stack."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from core.jobs import services
from core.jobs.worker import drain
from core.models import Job, WorkerBeat
from core.models.jobs import JobState
from people.access import viewer_for
from people.models import User
from tests.factories.people import make_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]


@pytest.fixture
def user(db) -> User:
    return make_account(Role.HR)


@pytest.fixture
def page(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="people.backends.AccountBackend")
    return client


def begin(user: User, **params: object) -> Job:
    return services.start(
        "test.count", by=viewer_for(user, on=timezone.localdate()), params=params, label="3 项"
    )


def test_the_card_is_asked_for_until_the_job_has_finished(user: User, page: Client) -> None:
    job = begin(user, items=["1", "2", "3"], bad=["2"])
    status = reverse("job-status", args=[job.uid])
    shown = page.get(reverse("job", args=[job.uid])).content.decode()
    assert f'hx-get="{status}" hx-trigger="every 2s"' in shown
    assert "后台执行程序没有运行" in shown
    WorkerBeat.objects.create(worker_id="w", host="h", pid=1, at=timezone.now())
    waiting = page.get(status)
    assert (waiting.status_code, waiting["Cache-Control"]) == (200, "no-store")
    assert "后台执行程序没有运行" not in waiting.content.decode()

    drain()

    done = page.get(status)
    card = done.content.decode()
    assert done.status_code == 286
    assert "hx-get" not in card
    assert "1 项没有做成" in card
    assert "缺参加工作时间" in card
    assert "重试失败的 1 项" in card


def test_a_running_job_shows_how_far_it_is(user: User, page: Client) -> None:
    job = begin(user, items=[])
    started = timezone.now() - timezone.timedelta(seconds=41)
    Job.objects.update(state=JobState.RUNNING, done=41, total=86, started_at=started)
    card = page.get(reverse("job-status", args=[job.uid])).content.decode()
    assert '<progress class="pg pg-l mt2" max="86" value="41"' in card
    assert "约剩 45 秒" in card
    assert "停止" in card


def test_stop_retry_and_download(user: User, page: Client) -> None:
    job = begin(user, items=["1", "2"], bad=["2"])
    drain()
    answer = page.get(reverse("job-download", args=[job.uid]))
    assert answer.getvalue() == b"1"
    assert "%E7%BB%93%E6%9E%9C.txt" in answer["Content-Disposition"]

    retried = page.post(reverse("job-retry", args=[job.uid]))
    again = Job.objects.exclude(pk=job.pk).get()
    assert retried.url == reverse("job", args=[again.uid])

    page.post(reverse("job-cancel", args=[again.uid]))
    again.refresh_from_db()
    assert again.state == JobState.CANCELLED
    refused = page.post(reverse("job-cancel", args=[again.uid]), follow=True)
    assert "已经结束，不用再停止" in refused.content.decode()
    gone = page.get(reverse("job-download", args=[again.uid]), follow=True)
    assert "没有结果文件" in gone.content.decode()


def test_the_list_names_the_own_jobs(user: User, page: Client) -> None:
    begin(user, items=[])
    begin(make_account(Role.HR), items=[])
    content = page.get(reverse("jobs")).content.decode()
    assert content.count("逐项处理：3 项") == 1
    assert "等待中" in content


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        ("get", "job"),
        ("get", "job-status"),
        ("get", "job-download"),
        ("post", "job-cancel"),
        ("post", "job-retry"),
    ],
)
def test_another_s_job_does_not_exist(user: User, page: Client, verb: str, name: str) -> None:
    job = begin(make_account(Role.HR), items=["1"])
    assert getattr(page, verb)(reverse(name, args=[job.uid])).status_code == 404


@pytest.mark.parametrize("name", ["job-cancel", "job-retry"])
def test_acts_need_a_post(user: User, page: Client, name: str) -> None:
    job = begin(user, items=["1"])
    assert page.get(reverse(name, args=[job.uid])).status_code == 405


def test_the_list_costs_the_same_at_one_job_and_at_three(
    user: User, page: Client, django_assert_num_queries
) -> None:
    begin(user, items=[])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as first:
        page.get(reverse("jobs"))
    begin(user, items=[])
    begin(user, items=[])
    with django_assert_num_queries(len(first)):
        page.get(reverse("jobs"))
