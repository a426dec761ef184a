"""Lists of talks, without a word of what was said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, QuerySet

from core.access import Viewer
from wellbeing.choices.followups import FollowUpState
from wellbeing.choices.talks import HELD_STATES
from wellbeing.models import FollowUp, Talk, TalkDuty


@dataclass(frozen=True, slots=True)
class TalkCount:
    """All that the rest of the product may know of a cadre's talks."""

    number: int
    last_on: date | None


NO_TALK = TalkCount(0, None)


def talk_list(viewer: Viewer) -> QuerySet[Talk]:
    rows: QuerySet[Talk] = Talk.objects.visible_to(viewer)
    return rows.select_related("cadre", "talker", "unit")


def talk_counts(cadre_ids: Sequence[int], *, until: date, since: date | None = None) -> dict[int, TalkCount]:
    """How often each cadre was talked with up to the day, and when last; one query."""
    return counted_by_cadre(count_rows(cadre_ids, until=until, since=since))


def count_rows(cadre_ids: Sequence[int], *, until: date, since: date | None = None) -> QuerySet[Any, Any]:
    held = Talk.objects.filter(cadre_id__in=cadre_ids, state__in=HELD_STATES, held_on__lte=until)
    if since is not None:
        held = held.filter(held_on__gte=since)
    return held.order_by().values("cadre_id").annotate(number=Count("pk"), last=Max("held_on"))


def counted_by_cadre(rows: Iterable[dict[str, Any]]) -> dict[int, TalkCount]:
    return {row["cadre_id"]: TalkCount(row["number"], row["last"]) for row in rows}


def duty_list(viewer: Viewer) -> QuerySet[TalkDuty]:
    rows: QuerySet[TalkDuty] = TalkDuty.objects.visible_to(viewer)
    return rows.select_related("cadre", "talker", "unit")


def follow_up_list(viewer: Viewer) -> QuerySet[FollowUp]:
    """Without the sealed columns."""
    rows: QuerySet[FollowUp] = FollowUp.objects.visible_to(viewer)
    return rows.select_related("cadre", "owner", "talk").defer("matter", "result")


def open_categories(cadre_ids: Sequence[int]) -> QuerySet[Any, Any]:
    """Cadre, category and day of what is being followed up: the category is all that leaves this room."""
    rows = FollowUp.objects.filter(cadre_id__in=cadre_ids, state=FollowUpState.OPEN)
    return rows.order_by("cadre_id", "pk").values_list("cadre_id", "category", "opened_on")
