"""The outbox: what waits leaves through its channel, each delivery at most once (ADR 0011).

A delivery is claimed by a conditional UPDATE that is committed before anything is sent. Whoever is killed
between the two leaves a claimed row behind: it is closed as not known to have arrived, never sent again.
The bell has the notification anyway.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from core.choices import DeliveryState
from core.models import Channel, Delivery, Notification, NotificationSetting
from core.notifications.channels import Carrier, Envelope, NotReachedError, RefusedError, carrier_for
from core.notifications.telling import wants

AT_A_TIME = 200
STALE = timedelta(days=3)  # older news is not worth a message
LOST = timedelta(hours=2)  # longer than any attempt can take
FIRST_REST, LONGEST_REST = timedelta(minutes=15), timedelta(hours=6)
KEEP_READ = timedelta(days=180)
KEEP = timedelta(days=400)
logger = logging.getLogger("core.notifications")


@dataclass(slots=True)
class Tally:
    sent: int = 0
    failed: int = 0
    waiting: int = 0


def send_waiting(*, at: datetime) -> Tally:
    """Send what is due through every channel that is on. Not inside a transaction: claims must be seen."""
    _close_lost(at)
    _expire(Delivery.objects.waiting().filter(created_at__lt=at - STALE), "超过三天未能发出")
    tally = Tally()
    for channel in Channel.objects.to_try(at):
        try:
            reached = _serve(channel, at, tally)
        except NotReachedError as error:
            _rest(channel, at, error)
        else:
            if reached and channel.failures:
                Channel.objects.filter(pk=channel.pk).update(failures=0, retry_at=None)
    tally.waiting = Delivery.objects.waiting().count()
    return tally


def rest_after(failures: int) -> timedelta:
    """A quarter of an hour at first, then twice as long each time, at most six hours."""
    doubled: int = 2 ** min(failures - 1, 10)
    return min(FIRST_REST * doubled, LONGEST_REST)


def _rest(channel: Channel, at: datetime, error: NotReachedError) -> None:
    """Nothing has left: the channel is let alone for a while, the others are not kept waiting by it."""
    failures = min(channel.failures + 1, 999)
    logger.warning("channel %s, failure %s: %s", channel.kind, failures, error)
    Channel.objects.filter(pk=channel.pk).update(failures=failures, retry_at=at + rest_after(failures))
    Delivery.objects.waiting().filter(channel=channel.kind).update(problem=str(error)[:200])


def _serve(channel: Channel, at: datetime, tally: Tally) -> bool:
    """Returns whether the other side was asked for anything."""
    due = _due(channel, at)
    if not due:
        return False
    with carrier_for(channel) as carrier:
        for envelope in carrier.envelopes(due):
            _deliver(carrier, envelope, at, tally)
    return True


def _due(channel: Channel, at: datetime) -> list[Delivery]:
    """What may leave now: not read yet, still wanted, and nobody's quiet hours."""
    settings = {one.user_id: one for one in NotificationSetting.objects.all()}
    waiting = Delivery.objects.waiting().filter(channel=channel.kind)
    rows = _outside_quiet_hours(waiting, settings, at)
    chosen = list(rows.select_related("notification__recipient").order_by("pk")[:AT_A_TIME])
    return [row for row in chosen if _still_wanted(row, settings)]


def _outside_quiet_hours(
    rows: QuerySet[Delivery], settings: dict[int, NotificationSetting], at: datetime
) -> QuerySet[Delivery]:
    quiet = {user for user, setting in settings.items() if setting.is_quiet(at)}
    if NotificationSetting().is_quiet(at):  # everyone who has chosen nothing
        return rows.filter(notification__recipient_id__in=set(settings) - quiet)
    return rows.exclude(notification__recipient_id__in=quiet)


def _still_wanted(row: Delivery, settings: dict[int, NotificationSetting]) -> bool:
    notification = row.notification
    one = Delivery.objects.waiting().filter(pk=row.pk)
    if notification.read_at:
        _expire(one, "已在系统中读过")
    elif not notification.recipient.is_active or not wants(
        settings.get(notification.recipient_id), row.channel
    ):
        _expire(one, "本人已不接收这个渠道")
    else:
        return True
    return False


def _deliver(carrier: Carrier, envelope: Envelope, at: datetime, tally: Tally) -> None:
    mine = [line for line in envelope.lines if _claim(line.delivery_id, at)]
    if not mine:
        return
    claimed = Delivery.objects.filter(pk__in=[line.delivery_id for line in mine], state=DeliveryState.CLAIMED)
    try:
        carrier.send(Envelope(tuple(mine), envelope.to))
    except NotReachedError:
        claimed.update(state=DeliveryState.WAITING, claimed_at=None)
        raise
    except RefusedError as error:
        tally.failed += claimed.update(state=DeliveryState.FAILED, problem=str(error)[:200])
    else:
        tally.sent += claimed.update(state=DeliveryState.SENT, sent_at=at, problem="")


def _claim(pk: int, at: datetime) -> bool:
    waiting = Delivery.objects.waiting().filter(pk=pk)
    return bool(
        waiting.update(state=DeliveryState.CLAIMED, claimed_at=at, attempts=F("attempts") + 1, problem="")
    )


def _expire(rows: QuerySet[Delivery], why: str) -> None:
    rows.update(state=DeliveryState.EXPIRED, problem=why)


def _close_lost(at: datetime) -> None:
    lost = Delivery.objects.filter(state=DeliveryState.CLAIMED, claimed_at__lt=at - LOST)
    lost.update(state=DeliveryState.FAILED, problem="发送时程序中断，不知道是否送达，不再重发")


def drop_old(*, at: datetime) -> int:
    """Forget what was read half a year ago, and anything older than a year."""
    read, _ = Notification.objects.filter(read_at__lt=at - KEEP_READ).delete()
    old, _ = Notification.objects.filter(created_at__lt=at - KEEP).delete()
    return read + old
