"""Calendar subscriptions: an address nobody can guess, told once, and closed at any time."""

import secrets
from datetime import date, datetime

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from training.models import CalendarFeed
from training.queries.feeds import digest_of

MOST = 5
TOKEN_BYTES = 24


@transaction.atomic
def open_feed(*, name: str, by: Viewer, at: datetime) -> tuple[CalendarFeed, str]:
    """The subscription and its token. The token is kept nowhere: whoever loses it makes a new one."""
    if by.cadre_id is None or not by.on_own_record(Permission.VIEW_TRAINING):
        raise DomainError("这个账号没有关联干部，没有个人日历。", code="no_cadre")
    if CalendarFeed.objects.visible_to(by).open().count() >= MOST:
        message = f"最多同时保留 {MOST} 个订阅，请先停用不用的。"
        raise DomainError(message, field="name", code="too_many")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed(cadre_id=by.cadre_id, name=name, token_digest=digest_of(token), created_at=at)
    save_validated(feed)
    record(action=AuditAction.FEED_CHANGED, by=by, subject=feed, label=f"建立日历订阅：{feed}")
    return feed, token


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: Viewer, at: datetime) -> None:
    if not CalendarFeed.objects.visible_to(by).open().filter(pk=feed.pk).update(revoked_at=at):
        raise DomainError("这个订阅已经停用。", code="already_revoked")
    record(action=AuditAction.FEED_CHANGED, by=by, subject=feed, label=f"停用日历订阅：{feed}")


def note_reading(*, feed: CalendarFeed, on: date) -> None:
    """The last day it was read, so that its owner sees which ones are in use; one write a day."""
    CalendarFeed.objects.filter(pk=feed.pk).exclude(last_used_on=on).update(last_used_on=on)
