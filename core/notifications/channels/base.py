"""What every channel has in common. A failure is one of two, because a message leaves at most once:

NotReachedError: nothing has left, the same may be tried again. RefusedError: it was refused, or nobody knows
whether it arrived, and it is not sent again.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from core.models import Channel, Delivery, Notification
from core.notifications.kinds import kind_of

TIMEOUT = 5.0  # seconds for each step of a connection
SEALED_TITLE = "有一条待办"


class NotReachedError(Exception):
    """Nothing has left; the text says why, without addresses or keys."""


class RefusedError(Exception):
    """Not delivered, or not known to be; the text says why, without addresses or keys."""


@dataclass(frozen=True, slots=True)
class Line:
    """One notification in words. `title` is what may be read outside the system."""

    delivery_id: int
    name: str
    kind: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What leaves as one message; `to` is an address where the channel has addresses."""

    lines: tuple[Line, ...]
    to: str = ""


class Carrier(ABC):
    """Used as a context: entering opens what can be opened beforehand; a dead channel claims nothing."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    @abstractmethod
    def envelopes(self, deliveries: Sequence[Delivery]) -> Iterator[Envelope]:
        """The deliveries as messages; each stands in exactly one."""

    @abstractmethod
    def send(self, envelope: Envelope) -> None: ...

    def lines(self, deliveries: Iterable[Delivery]) -> list[Line]:
        return [line_of(delivery, self.channel) for delivery in deliveries]


def line_of(delivery: Delivery, channel: Channel) -> Line:
    """Of sealed matters only that there is one (security.md B18)."""
    notification = delivery.notification
    kind = kind_of(notification.kind)
    return Line(
        delivery_id=delivery.pk,
        name=str(notification.recipient),
        kind=SEALED_TITLE if kind.sealed else kind.label,
        title=SEALED_TITLE if kind.sealed else notification.title,
        url=absolute(channel.site_url, path_of(notification)),
    )


def path_of(notification: Notification) -> str:
    """Where it leads; "" when this installation has no such place."""
    if not notification.url_name:
        return ""
    try:
        return reverse(notification.url_name, args=notification.args)
    except NoReverseMatch:
        return ""


def absolute(site: str, path: str) -> str:
    """For readers outside: without the site's address there is no link to give."""
    return urljoin(site, path) if site and path else ""


def heading() -> str:
    return f"{settings.ZONE_NAME}干部发展与培训管理系统"
