"""What people do with notifications: read them, say where they want them, configure the channels."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from core import audit
from core.access import Viewer
from core.choices import AuditAction, ChannelKind
from core.errors import DomainError
from core.models import Channel, Notification, NotificationSetting
from core.notifications.channels import Envelope, Line, NotReachedError, RefusedError, carrier_for
from core.notifications.channels.mail import domain_allowed
from core.notifications.channels.web import parsed
from core.saving import apply_changes, changes_to, save_validated

NEEDED = {
    ChannelKind.EMAIL: ("host", "port", "sender"),
    ChannelKind.WECOM: ("webhook",),
    ChannelKind.DINGTALK: ("webhook",),
}


def mark_read(*, by: Viewer, at: datetime, only: Iterable[int] | None = None) -> int:
    """The own notifications named, or all of them; returns how many were unread.

    Leaves no audit event: it changes nothing but the reader's own list.
    """
    rows = Notification.objects.visible_to(by).unread()
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    return rows.update(read_at=at)


@transaction.atomic
def change_setting(*, values: Mapping[str, Any], by: Viewer) -> NotificationSetting:
    """Where and when one wants to be reached outside the system."""
    setting, _ = NotificationSetting.objects.get_or_create(user_id=by.user_id)
    changes = changes_to(setting, values)
    if not changes:
        return setting
    apply_changes(setting, changes)
    _check_address(setting)
    save_validated(setting)
    audit.record(action=AuditAction.NOTICE_SETTING, by=by, subject=setting, label=by.name, changes=changes)
    return setting


def _check_address(setting: NotificationSetting) -> None:
    if setting.by_email and not setting.email:
        raise DomainError("要发到邮箱，请填写邮箱地址。", field="email", code="no_address")
    mail = Channel.objects.filter(kind=ChannelKind.EMAIL).first()
    if setting.email and mail and not domain_allowed(setting.email, mail.allowed_domains):
        message = f"只能使用以下域名的邮箱：{mail.allowed_domains}。请改用单位邮箱。"
        raise DomainError(message, field="email", code="domain")


@transaction.atomic
def change_channel(*, kind: ChannelKind, values: Mapping[str, Any], by: Viewer) -> Channel:
    """`webhook` and `secret` are kept when they are left out: they are never shown, so not sent back."""
    channel, _ = Channel.objects.get_or_create(kind=kind)
    changes = changes_to(channel, values)
    if not changes:
        return channel
    apply_changes(channel, changes)
    _check_complete(channel)
    channel.failures, channel.retry_at = 0, None  # what was put right is tried at once
    save_validated(channel)
    audit.record(action=AuditAction.CHANNEL_CHANGED, by=by, subject=channel, changes=changes)
    return channel


def _check_complete(channel: Channel) -> None:
    if channel.webhook:
        _check_webhook(str(channel.webhook))
    if not channel.enabled:
        return
    for name in NEEDED[ChannelKind(channel.kind)]:
        if not getattr(channel, name):
            label = str(Channel._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            raise DomainError(f"启用前请填写{label}。", field=name, code="incomplete")


def _check_webhook(url: str) -> None:
    try:
        parsed(url)
    except ValueError as error:
        message = "机器人地址应为以 https:// 或 http:// 开头的完整网址，请从群机器人的说明页复制。"
        raise DomainError(message, field="webhook", code="address") from error


def test_channel(*, channel: Channel, by: Viewer, at: datetime) -> None:
    """Send one message now; not in a transaction, because the other side may take its time."""
    _check_complete(channel)
    to = _own_address(by) if channel.kind == ChannelKind.EMAIL else ""
    line = Line(0, by.name, "测试消息", "这是一条测试消息", channel.site_url)
    try:
        with carrier_for(channel) as carrier:
            carrier.send(Envelope((line,), to))
    except (NotReachedError, RefusedError) as error:
        audit.record(
            action=AuditAction.CHANNEL_TESTED, by=by, subject=channel, result="failed", reason=str(error)
        )
        raise DomainError(f"测试没有成功：{error}。", code="not_delivered") from error
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(tested_at=at, failures=0, retry_at=None)
        audit.record(action=AuditAction.CHANNEL_TESTED, by=by, subject=channel)


def _own_address(by: Viewer) -> str:
    setting = NotificationSetting.objects.filter(user_id=by.user_id).first()
    if setting is None or not setting.email:
        message = "测试邮件发到您自己的邮箱，请先在“通知设置”里填写邮箱。"
        raise DomainError(message, code="no_address")
    return str(setting.email)
