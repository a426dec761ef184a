"""督查: what is looked into, how a finding is put right, what is decided about a person."""

from django.db.models import TextChoices


class InspectionKind(TextChoices):
    MEETING = "meeting", "会风会纪"
    EFFICIENCY = "efficiency", "机关效能"
    PROGRESS = "progress", "工作推进"
    OTHER = "other", "其他"


class InspectionState(TextChoices):
    PLANNED = "planned", "待检查"
    CHECKED = "checked", "整改中"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已取消"


INSPECTION_COLOURS = {
    InspectionState.PLANNED: "blue",
    InspectionState.CHECKED: "yellow",
    InspectionState.CLOSED: "green",
    InspectionState.CANCELLED: "grey",
}


class FindingState(TextChoices):
    OPEN = "open", "待定措施"
    RECTIFYING = "rectifying", "整改中"
    SUBMITTED = "submitted", "待复核"
    CLOSED = "closed", "已销号"


UNSETTLED = (FindingState.OPEN, FindingState.RECTIFYING, FindingState.SUBMITTED)
FINDING_COLOURS = {
    FindingState.OPEN: "blue",
    FindingState.RECTIFYING: "yellow",
    FindingState.SUBMITTED: "blue",
    FindingState.CLOSED: "green",
}


class Outcome(TextChoices):
    REMINDER = "reminder", "提醒"
    CRITICISM = "criticism", "批评教育"
    NOTICE = "notice", "通报"
    INTERVIEW = "interview", "约谈"
    TRANSFER = "transfer", "移交纪检"
