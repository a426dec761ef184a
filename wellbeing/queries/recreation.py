"""What is asked about activities: when somebody is busy, and how often a year they took part."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count, QuerySet

from wellbeing.choices.recreation import COMING, ActivityState, SignUpState
from wellbeing.models import ActivitySignUp


def seated_at(cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> QuerySet[ActivitySignUp]:
    rows = ActivitySignUp.objects.filter(
        cadre_id__in=cadre_ids,
        state=SignUpState.SEATED,
        activity__state__in=(*COMING, ActivityState.DONE),
        activity__starts_at__lt=ends_at,
        activity__ends_at__gt=starts_at,
    )
    return rows.select_related("activity")


def times_taken_part(cadre_ids: Sequence[int], *, year: int, on: date) -> dict[int, int]:
    """Cadre id → activities of the year that they came to."""
    rows = ActivitySignUp.objects.filter(
        cadre_id__in=cadre_ids,
        attended=True,
        activity__starts_at__year=year,
        activity__starts_at__date__lte=on,
    )
    counted = rows.order_by().values("cadre_id").annotate(number=Count("pk"))
    return {row["cadre_id"]: row["number"] for row in counted}
