"""What the pages show of notifications beyond the rows themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from core.access import Viewer
from core.choices import ChannelKind, DeliveryState
from core.models import Channel, Delivery, Notification
from core.notifications.kinds import Kind, kind_of


def unread(viewer: Viewer) -> QuerySet[Notification]:
    """For the bell."""
    return Notification.objects.visible_to(viewer).unread()


def unread_by_kind(viewer: Viewer) -> list[tuple[str, Kind, int]]:
    """(key, kind, unread) for the kinds the viewer has unread notifications of, the fullest first."""
    counts = unread(viewer).order_by().values("kind").annotate(count=Count("pk")).order_by("-count", "kind")
    return [(row["kind"], kind_of(row["kind"]), row["count"]) for row in counts]


def open_channels() -> set[str]:
    """The kinds of outside channels that are on; which ones is no secret, how they are reached is."""
    return set(Channel.objects.enabled().values_list("kind", flat=True))


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One way out as the administrator sees it; `channel` None: never configured."""

    kind: ChannelKind
    channel: Channel | None
    waiting: int = 0
    last_sent_at: datetime | None = None
    failed: int = 0
    problem: str = ""

    @property
    def light(self) -> tuple[str, str]:
        if self.channel is None or not self.channel.enabled:
            return ("grey", "已停用" if self.channel else "未配置")
        return ("yellow", "发送受阻") if self.problem or self.channel.failures else ("green", "已启用")


def blocked_channels(viewer: Viewer) -> QuerySet[Channel]:
    """Those that are on and do not get through, for whoever keeps them."""
    return Channel.objects.visible_to(viewer).enabled().filter(failures__gt=0)


def channel_states(viewer: Viewer) -> list[ChannelState]:
    channels = {channel.kind: channel for channel in Channel.objects.visible_to(viewer)}
    waiting = Q(state=DeliveryState.WAITING)
    counted = Delivery.objects.order_by().values("channel")
    figures = counted.annotate(
        waiting=Count("pk", filter=waiting),
        failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        last_sent_at=Max("sent_at"),
        problem=Max("problem", filter=waiting),
    )
    by_kind = {row["channel"]: row for row in figures}
    return [_state(kind, channels.get(kind), by_kind.get(kind)) for kind in ChannelKind]


def _state(kind: ChannelKind, channel: Channel | None, figures: Any) -> ChannelState:
    if figures is None:
        return ChannelState(kind, channel)
    return ChannelState(
        kind,
        channel,
        waiting=figures["waiting"],
        last_sent_at=figures["last_sent_at"],
        failed=figures["failed"],
        problem=figures["problem"] or "",
    )
