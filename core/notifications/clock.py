"""What the clock does with notifications."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from core.jobs.registry import job, scheduled
from core.jobs.run import JobRun
from core.notifications.sending import drop_old, send_waiting


@scheduled("every 15m")
@job("notifications.send", title="向外部渠道发送通知")
def send(run: JobRun) -> dict[str, Any]:
    return asdict(send_waiting(at=timezone.now()))


@scheduled("03:50")
@job("notifications.drop", title="清理旧通知")
def drop(run: JobRun) -> dict[str, Any]:
    return {"rows": drop_old(at=timezone.now())}
