"""Background jobs: what a person asked for, how far it is, where its result lies.

The state lives here and not in the queue's own table, so a page never depends on which queue runs the work.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify


class JobState(models.TextChoices):
    WAITING = "waiting", "等待中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    PARTIAL = "partial", "部分失败"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, viewer: Viewer) -> "JobQuerySet":
        """One's own jobs; whoever manages the installation also sees the ownerless housekeeping."""
        mine = Q(owner_id=viewer.user_id)
        if viewer.can(Permission.MANAGE_ACCOUNTS):
            mine |= Q(owner=None)
        return self.filter(mine)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=UNFINISHED)

    def expired(self, at: datetime) -> "JobQuerySet":
        """Finished jobs whose result may no longer be kept."""
        return self.filter(expires_at__lte=at).exclude(state__in=UNFINISHED)


@classify(
    plain="key title owner state done total attempts started_at finished_at heartbeat_at cancel_requested"
    " expires_at result_size unique_key",
    personal="label params message result failures result_name",
)
class Job(models.Model):
    """`params` names rows by number only: what a job works on is read again, as its owner, when it runs."""

    uid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField("类别", max_length=60)
    title = models.CharField("任务", max_length=80)
    label = models.CharField("内容", max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="发起人",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    params = models.JSONField("参数", default=dict, blank=True)
    unique_key = models.CharField("同时只许一个", max_length=120, blank=True)
    state = models.CharField("状态", max_length=10, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.CharField("说明", max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField("执行次数", default=0)
    cancel_requested = models.BooleanField("要求停止", default=False)
    failures = models.JSONField("失败项", default=list, blank=True)
    result = models.JSONField("结果", default=dict, blank=True)
    result_name = models.CharField("结果文件", max_length=200, blank=True)
    result_size = models.PositiveBigIntegerField("结果文件大小", default=0)
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    heartbeat_at = models.DateTimeField("最近活动时间", null=True, blank=True)
    expires_at = models.DateTimeField("结果保留至", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="job_owner_idx"),
            models.Index(fields=["state"], name="job_state_idx"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(state__in=[state.value for state in UNFINISHED]) & ~Q(unique_key=""),
                name="job_one_at_a_time",
                violation_error_message="同样的任务正在进行，请等它结束后再发起。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}：{self.label}" if self.label else self.title

    @property
    def finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def has_file(self) -> bool:
        return bool(self.result_name)


@classify(plain="worker_id host pid at")
class WorkerBeat(models.Model):
    """A worker process that is alive; one that falls silent loses its task to another."""

    worker_id = models.CharField("执行进程", max_length=64, primary_key=True)
    host = models.CharField("主机", max_length=80)
    pid = models.PositiveIntegerField("进程号")
    at = models.DateTimeField("最近活动时间")

    class Meta:
        verbose_name = "执行进程"
        verbose_name_plural = "执行进程"

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"


@classify(plain="key spec next_at")
class Schedule(models.Model):
    """When a job declared with `@scheduled` is due next; the timing itself stands in the code."""

    key = models.CharField("类别", max_length=60, unique=True)
    spec = models.CharField("时间", max_length=20)
    next_at = models.DateTimeField("下次时间")

    class Meta:
        verbose_name = "定时任务"
        verbose_name_plural = "定时任务"

    def __str__(self) -> str:
        return f"{self.key} {self.spec}"
