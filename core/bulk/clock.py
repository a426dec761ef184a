"""What the clock does for bulk changes: previews that nobody confirmed leave after a day."""

from typing import Any

from django.utils import timezone

from core.bulk.services import drop_old_drafts
from core.jobs.registry import job, scheduled
from core.jobs.run import JobRun


@scheduled("04:25")
@job("bulk.drafts", title="清理没有确认的批量修改")
def drop(run: JobRun) -> dict[str, Any]:
    return {"dropped": drop_old_drafts(at=timezone.now())}
