"""Before and after a class: the figures are read when they come due."""

from typing import Any

from django.utils import timezone

from core.jobs import JobRun, job, scheduled
from training.services.needs import take_due_readings


@scheduled("04:10")
@job("training.need_readings", title="读取办班前后的需求对照")
def read_needs(run: JobRun) -> dict[str, Any]:
    return {"readings": take_due_readings(at=timezone.now())}
