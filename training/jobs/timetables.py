"""Working out a timetable in the background, with its progress and the owner's stop."""

from typing import Any

from django.utils import timezone

from core.jobs import JobCancelledError, JobRun, job
from training.services.timetables import JOB, SECONDS, note_stop, work_out


@job(JOB, title="排课建议")
def plan_timetable(run: JobRun, *, timetable: int) -> dict[str, Any]:
    def watch(seconds: float) -> bool:
        """Raises when the owner stops; never stops by itself."""
        run.progress(min(int(seconds), SECONDS - 1), SECONDS, "正在比较各种排法")
        return False

    try:
        answer = work_out(timetable_id=timetable, watch=watch, at=timezone.now)
    except JobCancelledError:
        note_stop(timetable_id=timetable, at=timezone.now())
        raise
    run.progress(SECONDS, SECONDS)
    return {"sessions": len(answer.placed), "clashes": answer.clashes}
