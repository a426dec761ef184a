"""`notify`: rows for the bell, and rows in the outbox for whoever wants to be reached outside."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from core.choices import ChannelKind, DeliveryState
from core.models import Channel, Delivery, Notification, NotificationSetting

LONGEST_TITLE, LONGEST_DETAIL = 200, 300
BATCH = 500


@transaction.atomic
def notify(
    *,
    recipients: Iterable[int],
    kind: str,
    title: str,
    key: str,
    on: date,
    url_name: str,
    args: tuple[Any, ...] = (),
    detail: str = "",
) -> int:
    """Tell the users (ids) about the matter `key`, each once a day; returns how many had not been told.

    In the caller's transaction: nobody is told of a change that does not stand. Called again, or after a
    process was killed half-way, it tells only those who are missing. `url_name`, `args`: where it is done.
    """
    wanted = set(recipients)
    told = Notification.objects.filter(key=key, on=on, recipient_id__in=wanted)
    users = get_user_model()._default_manager.filter(pk__in=wanted, is_active=True)
    fresh = set(users.values_list("pk", flat=True)) - set(told.values_list("recipient_id", flat=True))
    rows = [
        Notification(
            recipient_id=pk,
            kind=kind,
            title=_cut(title, LONGEST_TITLE),
            detail=_cut(detail, LONGEST_DETAIL),
            key=key,
            on=on,
            url_name=url_name,
            args=list(args),
        )
        for pk in sorted(fresh)
    ]
    # Another process may tell the same people at the same moment: its rows stand, ours give way.
    Notification.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    _queue(told.filter(recipient_id__in=fresh))
    return len(fresh)


@transaction.atomic
def retract(keys: Iterable[str]) -> set[int]:
    """Takes back what was told of these matters, as if nobody had been told: what set it off is undone.

    Returns whom it reached all the same (read here, or on its way outside): they have to hear that it no
    longer holds. Their rows stay.
    """
    rows = Notification.objects.filter(key__in=list(keys))
    left = Exists(Delivery.objects.filter(notification=OuterRef("pk")).exclude(state=DeliveryState.WAITING))
    reached = rows.filter(Q(read_at__isnull=False) | left)
    people = set(reached.values_list("recipient_id", flat=True))
    rows.exclude(pk__in=list(reached.values_list("pk", flat=True))).delete()
    return people


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _queue(rows: Any) -> None:
    """One delivery for each channel that is on and that the recipient wants."""
    kinds = set(Channel.objects.enabled().values_list("kind", flat=True))
    if not kinds:
        return
    pairs = list(rows.values_list("pk", "recipient_id"))
    settings = NotificationSetting.objects.filter(user_id__in=[user for _, user in pairs])
    wishes = {setting.user_id: setting for setting in settings}
    deliveries = [
        Delivery(notification_id=pk, channel=kind)
        for pk, user in pairs
        for kind in sorted(kinds)
        if wants(wishes.get(user), kind)
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=BATCH, ignore_conflicts=True)


def wants(setting: NotificationSetting | None, kind: str) -> bool:
    """Mail only for who has asked for it and said where to; the work group for all who have not left it."""
    if kind == ChannelKind.EMAIL:
        return setting is not None and setting.by_email and bool(setting.email)
    return setting is None or setting.by_robot
