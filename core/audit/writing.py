"""Append events to the chain, in the transaction of the change they tell about.

A change whose event cannot be written is rolled back with it. Writers take turns: SQLite by its IMMEDIATE
transactions, PostgreSQL by an advisory lock that lasts to the end of the transaction, so that the numbers
have no gap and every event knows its predecessor.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connections, models, router, transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import anchors
from core.audit.chain import GENESIS, seal
from core.audit.values import clean, shown_changes
from core.context import request_context
from core.models.audit import AuditEvent, AuditResult

Actor = Viewer | AbstractBaseUser | None
Changes = Mapping[str, tuple[Any, Any]]

ADVISORY_LOCK = 0x4155444954  # "AUDIT"; any number that no other lock of this database uses
SYSTEM_NAME = "系统"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What `record` takes, for many events at once. `changes` is field name → (old, new).

    The classification of `subject`'s model (or of `object_type`) decides which values are kept: of a
    sensitive field only its name is. Without a model the values are kept as given.
    """

    action: str
    by: Actor
    subject: models.Model | None = None
    object_type: str = ""
    object_id: str = ""
    label: str = ""
    changes: Changes | None = field(default=None, repr=False)
    reason: str = ""
    result: str = AuditResult.OK
    at: datetime | None = None


def record(
    *,
    action: str,
    by: Actor,
    subject: models.Model | None = None,
    object_type: str = "",
    object_id: str = "",
    label: str = "",
    changes: Changes | None = None,
    reason: str = "",
    result: str = AuditResult.OK,
    at: datetime | None = None,
) -> AuditEvent:
    """Append one event; `by=None` is the system itself."""
    entry = Entry(
        action=action,
        by=by,
        subject=subject,
        object_type=object_type,
        object_id=object_id,
        label=label,
        changes=changes,
        reason=reason,
        result=result,
        at=at,
    )
    return record_many([entry])[0]


def record_many(entries: Iterable[Entry]) -> list[AuditEvent]:
    """Append events in order, with one lock and bulk inserts."""
    events = [_event(entry) for entry in entries]
    if not events:
        return []
    using = router.db_for_write(AuditEvent)
    with transaction.atomic(using=using):
        _take_turn(using)
        seq, prev = _head(using)
        for event in events:
            seq += 1
            prev = seal(event, seq=seq, prev=prev)
        AuditEvent.objects.using(using).bulk_create(events, batch_size=500)
        transaction.on_commit(lambda: anchors.write_if_due(seq, prev), using=using, robust=True)
    return events


def _take_turn(using: str) -> None:
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def _head(using: str) -> tuple[int, str]:
    last = AuditEvent.objects.using(using).order_by("-seq").values_list("seq", "mac").first()
    return last or (0, GENESIS)


def _event(entry: Entry) -> AuditEvent:
    context = request_context.get()
    actor_id, actor_name, roles = _actor(entry.by)
    object_type, object_id, label, model = _object(entry)
    return AuditEvent(
        at=entry.at or timezone.now(),
        actor_id=actor_id,
        actor_name=clean(actor_name, 100),
        roles=roles,
        ip=context.ip[:45],
        request_id=context.request_id[:64],
        action=str(entry.action),
        object_type=object_type,
        object_id=object_id,
        label=clean(label, 200),
        result=str(entry.result),
        reason=clean(entry.reason, 500),
        changes=shown_changes(model, entry.changes or {}),
    )


def _actor(by: Actor) -> tuple[int | None, str, str]:
    if by is None:
        return None, SYSTEM_NAME, ""
    if isinstance(by, Viewer):
        return by.user_id, by.name, " ".join(sorted(role.value for role in by.roles))
    return by.pk, getattr(by, "name", "") or by.get_username(), ""


def _object(entry: Entry) -> tuple[str, str, str, type[models.Model] | None]:
    """Type, id, label and model of what the event is about."""
    if entry.subject is not None:
        model = entry.subject._meta.model  # request.user is a lazy object: type() would name the wrapper
        label = entry.label or str(entry.subject)
        return model._meta.label_lower, str(entry.subject.pk), label, model
    return entry.object_type, entry.object_id, entry.label, _model(entry.object_type)


def _model(object_type: str) -> type[models.Model] | None:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):  # a word such as "settings", or nothing: no model stands behind it
        return None
