"""Work that takes longer than a page may: declared with `@job`, asked for with `start`, done by the worker.

@job("growth.batch", title="生成成长档案", retry_param="cadres")
def make_files(run: JobRun, *, cadres: list[int]) -> dict: ...

job = start("growth.batch", by=viewer, params={"cadres": [1, 2]}, label="2 人")
"""

from core.jobs.housekeeping import drop_expired
from core.jobs.registry import job, scheduled
from core.jobs.run import JobCancelledError, JobRun
from core.jobs.services import cancel, fetch_result, open_result, resume, retry_failed, start
from core.models.jobs import JobState

__all__ = [
    "JobCancelledError",
    "JobRun",
    "JobState",
    "cancel",
    "drop_expired",
    "fetch_result",
    "job",
    "open_result",
    "resume",
    "retry_failed",
    "scheduled",
    "start",
]
