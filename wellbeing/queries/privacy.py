"""Who read about a cadre, and why: the audit log, seen from the side of the person it is about."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from core import audit
from core.access import Role, Viewer
from core.choices import AuditAction
from core.models import AuditEvent
from growth.models import GrowthFile
from wellbeing.models import Talk

READINGS = (
    AuditAction.CADRE_READ,
    AuditAction.GROWTH_READ,
    AuditAction.GROWTH_MADE,
    AuditAction.EXPORTED,
    AuditAction.TALK_OPENED,
    AuditAction.CARE_OPENED,
    AuditAction.BREAK_GLASS_OPENED,
)
# The cadre learns of an emergency access after this time (security.md, decision 1).
TOLD_AFTER = timedelta(days=30)
MOST = 500


@dataclass(frozen=True, slots=True)
class Reading:
    at: datetime
    reader: str
    roles: str
    what: str
    reason: str


def readings_of(cadre_id: int, *, viewer: Viewer, at: datetime) -> list[Reading]:
    """The latest readings of the cadre's records by others, newest first."""
    events = AuditEvent.objects.filter(_about(cadre_id), action__in=READINGS)
    events = events.exclude(actor_id=viewer.user_id).exclude(actor_id=None)
    secret = Q(action=AuditAction.BREAK_GLASS_OPENED, at__gt=at - TOLD_AFTER)
    return [_reading(event) for event in events.exclude(secret).order_by("-seq")[:MOST]]


def _about(cadre_id: int) -> Q:
    """Events whose object is the cadre, a growth file of the cadre, or a talk with the cadre."""
    talks = [str(pk) for pk in Talk.objects.filter(cadre_id=cadre_id).values_list("pk", flat=True)]
    files = [str(pk) for pk in GrowthFile.objects.filter(cadre_id=cadre_id).values_list("pk", flat=True)]
    return (
        Q(object_type="people.cadre", object_id=str(cadre_id))
        | Q(object_type="growth.growthfile", object_id__in=files)
        | Q(object_type="wellbeing.talk", object_id__in=talks)
    )


def _reading(event: AuditEvent) -> Reading:
    roles = dict(Role.choices)
    words = "、".join(str(roles.get(code, code)) for code in event.roles.split())
    return Reading(event.at, event.actor_name, words, audit.label(event.action), event.reason)
