"""What the clock does on the park side."""

from typing import Any

from django.utils import timezone

from core.jobs import JobRun, job, scheduled
from park.services.handovers import open_handovers_of_movers


@scheduled("01:45")
@job("park.handovers", title="为岗位变动的干部开具移交清单")
def open_handovers(run: JobRun) -> dict[str, Any]:
    done = open_handovers_of_movers(on=timezone.localdate())
    return {"opened": done.opened, "unplaced": done.unplaced}
