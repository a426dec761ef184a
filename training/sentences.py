"""What a cadre is told about an attempt to check in: what happened, and what to do next."""

from datetime import datetime

from django.utils import timezone

from core.templatetags.ui import cn_date
from training.checkin import Windows
from training.choices import CheckInResult
from training.models import Attendance, Slot


def clock(moment: datetime) -> str:
    """14:52; with the date where it is not today's business."""
    return f"{timezone.localtime(moment):%H:%M}"


def refusal_words(
    result: CheckInResult, windows: Windows | None = None, row: Attendance | None = None
) -> str:
    """One sentence per reason. `windows` and `row` where the slot is known."""
    if result == CheckInResult.ALREADY and row:
        return _already(row)
    if windows and result in (CheckInResult.NOT_OPEN, CheckInResult.CLOSED):
        return _untimely(result, windows, row)
    return {
        CheckInResult.EXPIRED: "这个码已经过期。大屏上的码每 15 秒换一次，请重新扫码，或输入新的签到码。",
        CheckInResult.UNKNOWN: "签到码不对。请核对大屏上的 6 位签到码；扫码的，请用扫码的那部手机签到。",
        CheckInResult.NOT_EXPECTED: "你不在这场活动的应到名单中。如需参加，请现场经办人把你补入名单。",
        CheckInResult.CANCELLED: "这场活动已经取消，不用签到。",
        CheckInResult.TOO_MANY: "输错的次数太多，请 5 分钟后再试，或请现场经办人登记。",
        CheckInResult.NOT_OPEN: "还没到签到时间，请稍后再签。",
        CheckInResult.CLOSED: "签到已经截止。如已到场，请现场经办人登记。",
        CheckInResult.ALREADY: "你已经签到，不用再签。",
    }[result]


def success_words(result: CheckInResult, slot: Slot) -> str:
    if result == CheckInResult.SIGNED_OUT:
        return "签退完成，可以离场。"
    tail = f"结束后请再扫码签退（{clock(slot.ends_at)} 结束）。" if slot.needs_sign_out else ""
    return (
        f"已按迟到登记。{tail}"
        if result == CheckInResult.LATE
        else tail or "到场时间已经记下，学时在活动结束后认定。"
    )


def _already(row: Attendance) -> str:
    if row.checked_out_at:
        return f"你已在 {clock(row.checked_out_at)} 签退，不用再签。"
    if row.checked_in_at:
        return f"你已在 {clock(row.checked_in_at)} 签到，不用再签。"
    return "经办人已为你登记到场，不用再签。"


def _untimely(result: CheckInResult, windows: Windows, row: Attendance | None) -> str:
    if result == CheckInResult.NOT_OPEN:
        return f"签到 {_when(windows.opens_at)} 开始，请到时再签。"
    if row and row.checked_in_at:
        return f"签退已于 {_when(windows.out_until)} 截止。请现场经办人登记。"
    return f"签到已于 {_when(windows.closes_at)} 截止。如已到场，请现场经办人登记。"


def _when(moment: datetime) -> str:
    return f"{cn_date(moment)} {clock(moment)}"
