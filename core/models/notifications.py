"""Notifications: what a person was told, and what of it still has to leave by the outside channels.

A notification holds a title as its sender gave it and a place to go; never the content of a sealed record.
"""

from datetime import datetime, time
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.access import Permission, Viewer
from core.choices import ChannelKind, DeliveryState, MailSecurity
from core.classification import classify
from core.crypto.fields import EncryptedTextField


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """One's own, whatever the role."""
        return self.filter(recipient_id=viewer.user_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)


@classify(plain="recipient kind url_name args key on created_at read_at", personal="title detail")
class Notification(models.Model):
    """Made by `core.notifications.notify` only. `key` names the matter: one per matter, person and day."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="收件人"
    )
    kind = models.CharField("类别", max_length=60)
    title = models.CharField("内容", max_length=200)
    detail = models.CharField("说明", max_length=300, blank=True)
    url_name = models.CharField("链接", max_length=100, blank=True)
    args = models.JSONField("链接参数", default=list, blank=True, encoder=DjangoJSONEncoder)
    key = models.CharField("事项", max_length=200)
    on = models.DateField("日期")
    created_at = models.DateTimeField("时间", default=timezone.now)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notification_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "key", "on"],
                name="notification_once_a_day",
                violation_error_message="这一事项当天已经通知过。",
            )
        ]

    def __str__(self) -> str:
        return self.title


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)


@classify(plain="notification channel state attempts claimed_at sent_at problem created_at")
class Delivery(models.Model):
    """One notification on its way through one outside channel: it leaves at most once (ADR 0011)."""

    notification = models.ForeignKey(
        Notification, models.CASCADE, related_name="deliveries", verbose_name="通知"
    )
    channel = models.CharField("渠道", max_length=10, choices=ChannelKind)
    state = models.CharField("状态", max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    created_at = models.DateTimeField("登记时间", default=timezone.now)
    claimed_at = models.DateTimeField("开始发送时间", null=True, blank=True)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)
    problem = models.CharField("问题", max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知发送"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["channel", "id"], condition=Q(state="waiting"), name="delivery_waiting")
        ]
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once_a_channel"),
            models.CheckConstraint(
                condition=Q(state="waiting", claimed_at=None)
                | (~Q(state="waiting") & (Q(claimed_at__isnull=False) | Q(state="expired"))),
                name="delivery_claimed_before_it_leaves",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="delivery_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}·{self.get_state_display()}"


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.MANAGE_ACCOUNTS) else self.none()

    def enabled(self) -> Self:
        return self.filter(enabled=True)

    def to_try(self, at: datetime) -> Self:
        """Those that are on and not resting after a failure."""
        return self.enabled().filter(Q(retry_at=None) | Q(retry_at__lte=at))


@classify(
    plain=(
        "kind enabled host port security sender allowed_domains shows_titles site_url updated_at tested_at "
        "failures retry_at"
    ),
    personal="username",
    sensitive="webhook secret",
)
class Channel(models.Model):
    """How notifications leave the system: at most one row per kind, off until an administrator turns it on.

    `webhook` holds the robot's whole address, its key included; `secret` its signing key, or the password
    of the mailbox. Neither is ever shown again. `failures` counts the attempts in a row that did not get
    through to the other side, `retry_at` is when the next one is made.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("渠道", max_length=10, choices=ChannelKind, unique=True)
    enabled = models.BooleanField("启用", default=False)
    webhook = EncryptedTextField("机器人地址", blank=True, default="")
    secret = EncryptedTextField("密钥", blank=True, default="")
    host = models.CharField("发件服务器", max_length=120, blank=True)
    port = models.PositiveIntegerField("端口", null=True, blank=True)
    security = models.CharField("加密方式", max_length=10, choices=MailSecurity, default=MailSecurity.SSL)
    username = models.CharField("登录名", max_length=120, blank=True)
    sender = models.EmailField("发件地址", blank=True)
    allowed_domains = models.CharField("允许的收件域名", max_length=300, blank=True)
    shows_titles = models.BooleanField("写出通知内容", default=False)
    site_url = models.URLField("本系统网址", blank=True)
    tested_at = models.DateTimeField("测试成功时间", null=True, blank=True)
    failures = models.PositiveSmallIntegerField("连续受阻次数", default=0, editable=False)
    retry_at = models.DateTimeField("下次尝试", null=True, blank=True, editable=False)
    updated_at = models.DateTimeField("修改时间", auto_now=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知渠道"
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class NotificationSettingQuerySet(models.QuerySet["NotificationSetting"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(user_id=viewer.user_id)


def default_quiet_from() -> time:
    return time(21, 30)


def default_quiet_until() -> time:
    return time(7, 30)


@classify(plain="user by_email by_robot quiet_from quiet_until", sensitive="email")
class NotificationSetting(models.Model):
    """What one person wants of the outside channels; nobody without a row gets mail."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号"
    )
    email = EncryptedTextField("邮箱", blank=True, default="")
    by_email = models.BooleanField("发到邮箱", default=False)
    by_robot = models.BooleanField("发到工作群", default=True)
    quiet_from = models.TimeField("免打扰开始", null=True, blank=True, default=default_quiet_from)
    quiet_until = models.TimeField("免打扰结束", null=True, blank=True, default=default_quiet_until)

    objects: Any = NotificationSettingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知设置"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends",
                violation_error_message="免打扰时段的开始和结束请一起填写，或都留空。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}的通知设置"

    def is_quiet(self, at: datetime) -> bool:
        """Whether the person wants no outside message now; a span may reach over midnight."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None or start == end:
            return False
        now = timezone.localtime(at).time()
        return start <= now < end if start < end else now >= start or now < end
