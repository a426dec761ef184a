"""Classes open, close, begin and end by the clock."""

from typing import Any

from django.utils import timezone

from core.jobs import JobRun, job, scheduled
from training.services.classes import advance_classes


@scheduled("every 5m")
@job("training.advance_classes", title="按时推进培训班次")
def advance(run: JobRun) -> dict[str, Any]:
    """What a run missed, the next one does: the state follows from the clock alone."""
    return {"moves": advance_classes(at=timezone.now())}
