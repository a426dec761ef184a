"""What the clock does for people."""

from typing import Any

from django.utils import timezone

from core.jobs.registry import job, scheduled
from core.jobs.run import JobRun
from people.reminders import remind_all


@scheduled("07:30")
@job("people.remind", title="提醒到期事项")
def remind(run: JobRun) -> dict[str, Any]:
    counted = remind_all(on=timezone.localdate(), progress=run.progress)
    if counted["failed"]:
        run.fail_item("提醒", f"{counted['failed']} 人的提醒没有生成，原因见运行日志。")
    return counted
