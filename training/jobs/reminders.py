"""The evening before: whoever is expected tomorrow is told once."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.jobs import JobRun, job, scheduled
from training.services.reminders import remind_of_day


@scheduled("16:00")
@job("training.reminders", title="提醒次日的培训和活动")
def remind_of_tomorrow(run: JobRun) -> dict[str, Any]:
    today = timezone.localdate()
    return {"people": remind_of_day(day=today + timedelta(days=1), on=today)}
