"""What the clock does for the search: every night the entries are compared with their rows."""

from typing import Any

from core.jobs.registry import job, scheduled
from core.jobs.run import JobRun
from core.search.keeping import rebuild


@scheduled("04:10")
@job("search.rebuild", title="核对检索内容")
def compare(run: JobRun) -> dict[str, Any]:
    drift = rebuild()
    return {
        "checked": drift.checked,
        "added": drift.added,
        "changed": drift.changed,
        "removed": drift.removed,
    }
