"""When people are busy with a talk, as much as others may know."""

from collections.abc import Sequence
from datetime import datetime

from core.asking import Steps, asked_all
from people.models import User
from wellbeing.choices.talks import WRITABLE_STATES
from wellbeing.models import Talk

Busy = tuple[int, datetime, datetime, str]


def planned_talks(cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> Steps[list[Busy]]:
    """(cadre, from, to, place) of planned talks between the moments: for the cadre and for the talker."""
    planned = Talk.objects.filter(
        state__in=WRITABLE_STATES, planned_from__lt=ends_at, planned_to__gt=starts_at
    )
    span = ("planned_from", "planned_to", "place")
    talkers = User.objects.filter(cadre_id__in=cadre_ids)
    both = yield from asked_all(
        planned.filter(cadre_id__in=cadre_ids).values_list("cadre_id", *span),
        planned.filter(talker__in=talkers).values_list("talker__cadre_id", *span),
    )
    return [busy for rows in both for busy in rows]
