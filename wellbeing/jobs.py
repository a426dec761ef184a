"""What the clock does here: duties raised at night, emergency accesses that ran out, retention."""

from typing import Any

from django.utils import timezone

from core.jobs import JobRun, job, scheduled
from wellbeing.services.checkups.campaigns import start_due_campaigns
from wellbeing.services.checkups.reminders import remind_by_clock
from wellbeing.services.duties import raise_talk_duties
from wellbeing.services.emergencies import expire_emergency_accesses
from wellbeing.services.recreation import close_sign_ups
from wellbeing.services.retention import apply_retention


@scheduled("01:30")
@job("wellbeing.duties", title="按规则提出应谈事项")
def raise_duties(run: JobRun) -> dict[str, Any]:
    done = raise_talk_duties(on=timezone.localdate())
    return {
        "raised": done.raised,
        "revoked": done.revoked,
        "lapsed": done.lapsed,
        "handed_on": done.handed_on,
        "unassigned": done.unassigned,
    }


@scheduled("every 10m")
@job("wellbeing.emergencies", title="登记到期的紧急调阅")
def expire_emergencies(run: JobRun) -> dict[str, Any]:
    return {"expired": expire_emergency_accesses(at=timezone.now())}


@scheduled("03:40")
@job("wellbeing.retention", title="按保存期限清除内容")
def retention(run: JobRun) -> dict[str, Any]:
    return apply_retention(on=timezone.localdate(), at=timezone.now()).counts


@scheduled("every 10m")
@job("wellbeing.activities", title="截止到期的活动报名")
def close_activities(run: JobRun) -> dict[str, Any]:
    return {"closed": close_sign_ups(at=timezone.now())}


@scheduled("07:40")
@job("wellbeing.checkups", title="体检到期开始和提醒")
def checkups(run: JobRun) -> dict[str, Any]:
    on = timezone.localdate()
    return {"started": start_due_campaigns(on=on), "reminded": remind_by_clock(on=on)}
