"""How the list of jobs is narrowed."""

from datetime import timedelta
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone

from core.models import Job
from core.models.jobs import JobState

WEEK = timedelta(days=7)
NOT_WHOLE = (JobState.FAILED, JobState.PARTIAL)


def failed_of_week(rows: QuerySet[Job]) -> QuerySet[Job]:
    """What the home page of the system administrator counts."""
    return rows.filter(state__in=NOT_WHOLE, created_at__gte=timezone.now() - WEEK)


class JobFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=JobState.choices, label="状态", empty_label="全部状态")
    failed = filters.ChoiceFilter(
        choices=[("week", "最近 7 天")], method="not_whole", label="没有全部完成的", empty_label="不限"
    )

    class Meta:
        model = Job
        fields: list[str] = []

    def not_whole(self, rows: QuerySet[Job], name: str, value: Any) -> QuerySet[Job]:
        return failed_of_week(rows)
