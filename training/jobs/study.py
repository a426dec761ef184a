"""Every night: series are planned two months ahead, and lists of what is planned follow the rosters."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from core.jobs import JobRun, job, scheduled
from training.services.study import keep_planned

AHEAD = timedelta(days=60)


@scheduled("02:20")
@job("training.plan_study", title="排定学习活动")
def plan_study(run: JobRun) -> dict[str, Any]:
    on = timezone.localdate()
    return planned_ahead(on=on)


def planned_ahead(*, on: date) -> dict[str, Any]:
    """How many activities were made, and how many people came onto lists or left them."""
    kept = keep_planned(until=on + AHEAD, on=on)
    return {"made": kept.made, "added": kept.added, "removed": kept.removed}
