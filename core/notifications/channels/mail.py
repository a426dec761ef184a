"""E-mail: one message per person with everything that waits for them, through the office's own server."""

import smtplib
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection

from core.choices import MailSecurity
from core.models import Channel, Delivery, NotificationSetting
from core.notifications.channels.base import (
    TIMEOUT,
    Carrier,
    Envelope,
    NotReachedError,
    RefusedError,
    heading,
)

FAULTS = (OSError, smtplib.SMTPException)  # OSError holds time-outs and certificates as well


def domain_allowed(address: str, allowed: str) -> bool:
    """Whether mail may go there: any place when the administrator has named none."""
    domains = [domain.strip().lower().lstrip("@") for domain in allowed.replace("，", ",").split(",")]
    domains = [domain for domain in domains if domain]
    return not domains or address.rpartition("@")[2].lower() in domains


class MailCarrier(Carrier):
    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self.connection: Any = get_connection(
            host=channel.host,
            port=channel.port,
            username=channel.username,
            password=str(channel.secret),
            use_ssl=channel.security == MailSecurity.SSL,
            use_tls=channel.security == MailSecurity.STARTTLS,
            timeout=TIMEOUT,
        )

    def __enter__(self) -> Self:
        try:
            self.connection.open()
        except smtplib.SMTPAuthenticationError as error:
            raise NotReachedError("发件服务器不接受登录名和密码") from error
        except FAULTS as error:
            raise NotReachedError("连不上发件服务器") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def envelopes(self, deliveries: Sequence[Delivery]) -> Iterator[Envelope]:
        """Who has no address any more, or one outside the allowed domains, is in no envelope."""
        settings = NotificationSetting.objects.filter(
            user_id__in={delivery.notification.recipient_id for delivery in deliveries}
        )
        for setting in settings:
            if setting.email and domain_allowed(setting.email, self.channel.allowed_domains):
                own = [d for d in deliveries if d.notification.recipient_id == setting.user_id]
                yield Envelope(tuple(self.lines(own)), str(setting.email))

    def send(self, envelope: Envelope) -> None:
        message = EmailMessage(
            subject=f"【{heading()}】您有 {len(envelope.lines)} 条通知",
            body=body(envelope),
            from_email=self.channel.sender,
            to=[envelope.to],
            connection=self.connection,
        )
        try:
            message.send()
        except FAULTS as error:
            raise RefusedError("发件服务器没有收下这封邮件") from error


def body(envelope: Envelope) -> str:
    matters = [f"· {line.title}\n  {line.url}".rstrip() for line in envelope.lines]
    closing = "请登录系统办理。不想收到邮件，可在系统右上角“通知设置”中关闭。"
    return "\n".join([*matters, "", closing, "（本邮件由系统自动发出，请勿回复。）"])
