"""The one answer to "may this person open this talk": the door asks it, and so does the list of who can.

A role opens nothing by itself. It takes being the talker or the assigned superior of this very talk, an
emergency access in force, or being the cadre, who sees the summary released for signature and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from core.access import Permission, Viewer
from people.access import viewer_for
from people.models import User
from wellbeing.choices.talks import HELD_STATES, GlassState, Right, TalkState
from wellbeing.models import EmergencyAccess, Talk

CONTENT_FIELDS = ("mood", "thinking", "work", "study", "life", "wishes", "difficulties")
ALL_FIELDS = (*CONTENT_FIELDS, "summary", "assessment", "remark")
FIELDS_OPEN_TO = {
    Right.TALKER: ALL_FIELDS,
    Right.SUPERIOR: ALL_FIELDS,
    Right.EMERGENCY: ALL_FIELDS,
    Right.SUBJECT: ("summary", "remark"),
}


@dataclass(frozen=True, slots=True)
class Seer:
    """Someone who can open the talk now; `until` where that ends by itself."""

    user_id: int
    name: str
    right: Right
    until: datetime | None = None


def right_to(viewer: Viewer, talk: Talk, *, at: datetime) -> Right | None:
    """None means that for this viewer there is nothing to open."""
    if talk.state == TalkState.CANCELLED:
        return None
    if viewer.cadre_id is not None and viewer.cadre_id == talk.cadre_id:
        return Right.SUBJECT if _shown_to_subject(viewer, talk) else None
    if viewer.can(Permission.HOLD_TALK):
        if viewer.user_id == talk.talker_id:
            return Right.TALKER
        if viewer.user_id == talk.superior_id and talk.state in HELD_STATES:
            return Right.SUPERIOR
    if viewer.can(Permission.BREAK_GLASS) and emergency_of(viewer.user_id, talk, at=at):
        return Right.EMERGENCY
    return None


def _shown_to_subject(viewer: Viewer, talk: Talk) -> bool:
    return viewer.on_own_record(Permission.OWN_TALK) and talk.released_at is not None


def emergency_of(user_id: int, talk: Talk, *, at: datetime) -> EmergencyAccess | None:
    """The access in force at the moment."""
    found: EmergencyAccess | None = EmergencyAccess.objects.filter(
        talk=talk, asked_by_id=user_id, state=GlassState.OPEN, expires_at__gt=at
    ).first()
    return found


def seers_of(talk: Talk, *, on: date, at: datetime, asking: Viewer | None = None) -> list[Seer]:
    """Everyone for whom `right_to` says yes; only those named on the talk can be among them.

    `asking` is whoever looks, whose grants of the day are known already.
    """
    found = []
    for user in _candidates(talk, at):
        known = asking is not None and asking.user_id == user.pk and asking.on == on
        right = right_to(asking if known and asking else viewer_for(user, on=on), talk, at=at)
        if right is not None:
            grant = emergency_of(user.pk, talk, at=at) if right == Right.EMERGENCY else None
            found.append(Seer(user.pk, str(user), right, grant.expires_at if grant else None))
    return sorted(found, key=lambda seer: list(Right).index(seer.right))


def _candidates(talk: Talk, at: datetime) -> Iterable[User]:
    asked = EmergencyAccess.objects.filter(talk=talk, state=GlassState.OPEN, expires_at__gt=at)
    named = [talk.talker_id, *asked.values_list("asked_by_id", flat=True)]
    if talk.superior_id is not None:
        named.append(talk.superior_id)
    return User.objects.filter(Q(pk__in=named) | Q(cadre_id=talk.cadre_id))
