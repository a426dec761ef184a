"""The pages of one's own background jobs: how far they are, what came of them, stop, fetch, try again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from core import exports
from core.errors import DomainError
from core.jobs import queries, services
from core.jobs.filters import JobFilter
from core.models import Job
from core.models.jobs import JobState
from core.templatetags.ui import cn_time
from core.web.listing import ListColumn
from core.web.views import DetailPage, ListPage, ObjectMixin

STOP_POLLING = 286  # htmx: take this answer and ask no more


def job_url(job: Job) -> str:
    return reverse("job", args=[job.uid])


def card(job: Job) -> dict[str, Any]:
    """What the card of a job shows, on its page and in each poll."""
    now = timezone.now()
    return {
        "object": job,
        "light": queries.light_of(job),
        "remaining": queries.remaining(job, now),
        "can_retry": queries.can_retry(job),
        "can_resume": queries.can_resume(job),
        "is_resumable": queries.is_resumable(job),
        "stalled": job.state == JobState.WAITING and not queries.worker_alive(now),
    }


class JobList(ListPage):
    title = "后台任务"
    model = Job
    filterset_class = JobFilter
    main_filters = ("state", "failed")
    noun = "后台任务"
    counter = "项"
    empty_icon = "list-checks"
    empty_hint = "批量生成成长档案等耗时的工作会列在这里：可以离开页面，做完再来取结果。"
    columns = (
        ListColumn("title", "任务", str, link=job_url),
        ListColumn("state", "状态", queries.light_of, template="core/jobs/state_cell.html"),
        ListColumn(
            "progress", "进度", lambda job: f"{job.done} / {job.total}" if job.total else "", css="num"
        ),
        ListColumn("created", "发起时间", lambda job: cn_time(job.created_at)),
        ListColumn("finished", "结束时间", lambda job: cn_time(job.finished_at)),
        ListColumn("file", "结果文件", lambda job: job.result_name),
    )


class JobMixin(ObjectMixin):
    model = Job
    lookup = "uid"


class JobPage(JobMixin, DetailPage):
    template_name = "core/jobs/detail.html"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("首页", reverse("home")), ("后台任务", reverse("jobs")), (self.get_title(), "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | card(self.object)


class JobStatus(JobMixin):
    """The card alone, asked for every two seconds until the job has finished."""

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        status = STOP_POLLING if self.object.finished else 200
        response = render(request, "core/jobs/card.html", card(self.object), status=status)
        response["Cache-Control"] = "no-store"
        return response


class JobAct(JobMixin):
    """A button of the card: one service call, then the page of the job that counts now."""

    done = ""

    def act(self) -> Job:
        raise NotImplementedError

    def post(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        try:
            job = self.act()
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(job_url(self.object))
        messages.success(request, self.done)
        return redirect(job_url(job))


class JobCancel(JobAct):
    done = "已要求停止，正在做的一项做完就停。"

    def act(self) -> Job:
        return services.cancel(job=self.object, by=self.viewer, at=timezone.now())


class JobRetry(JobAct):
    done = "已重新发起失败的项。"

    def act(self) -> Job:
        return services.retry_failed(job=self.object, by=self.viewer)


class JobResume(JobAct):
    done = "已继续；做好的不会重做。"

    def act(self) -> Job:
        return services.resume(job=self.object, by=self.viewer)


class JobDownload(JobMixin):
    """The result file; what may no longer be had is said on the job's page."""

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponseBase:
        try:
            pieces = services.open_result(job=self.object, by=self.viewer)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(job_url(self.object))
        return exports.download_stream(pieces, self.object.result_name, size=self.object.result_size)
