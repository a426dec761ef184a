"""What makes a talk due, who owes it, and how a duty ends."""

from django.db.models import TextChoices

from people.choices import OccasionCode


class TriggerCode(TextChoices):
    """The situations of 应谈尽谈; also the fixed list of reasons a talk may have."""

    JOINED = "joined", "新进干部"
    POST_CHANGED = "post_changed", "岗位变动"
    PROMOTED = "promoted", "提拔晋升"
    PASSED_OVER = "passed_over", "未获提拔任用"
    SECONDMENT_BEFORE = "secondment_before", "挂职派出前"
    SECONDMENT_MID = "secondment_mid", "挂职中期"
    SECONDMENT_END = "secondment_end", "挂职期满"
    COMMENDED = "commended", "受到表彰"
    DISCIPLINED = "disciplined", "受到处理处分"
    APPRAISED = "appraised", "年度考核结果反馈"
    ABSENCES = "absences", "三次无故缺勤"
    KEY_TASK_OVERDUE = "key_task_overdue", "重点任务逾期"
    CHECKUP_MISSED = "checkup_missed", "未参加体检"
    HARDSHIP = "hardship", "生活困难"
    RETIRING = "retiring", "临近退休"
    YEARLY = "yearly", "年度谈心谈话"
    TOP_WITH_VICE = "top_with_vice", "主要领导与班子成员"
    TOP_WITH_HEADS = "top_with_heads", "主要领导与部门负责人"
    VICE_WITH_HEADS = "vice_with_heads", "分管领导与部门负责人"
    REQUEST = "request", "本人申请"
    OTHER = "other", "其他日常沟通"


# Which event of the common contract sets off which rule; the rest are reckoned here or asked for.
BY_OCCASION = {
    OccasionCode.JOINED: TriggerCode.JOINED,
    OccasionCode.POST_CHANGED: TriggerCode.POST_CHANGED,
    OccasionCode.PROMOTED: TriggerCode.PROMOTED,
    OccasionCode.PASSED_OVER: TriggerCode.PASSED_OVER,
    OccasionCode.SECONDMENT_BEGUN: TriggerCode.SECONDMENT_BEFORE,
    OccasionCode.SECONDMENT_ENDED: TriggerCode.SECONDMENT_END,
    OccasionCode.COMMENDED: TriggerCode.COMMENDED,
    OccasionCode.DISCIPLINED: TriggerCode.DISCIPLINED,
    OccasionCode.APPRAISED: TriggerCode.APPRAISED,
    OccasionCode.ABSENCES: TriggerCode.ABSENCES,
    OccasionCode.KEY_TASK_OVERDUE: TriggerCode.KEY_TASK_OVERDUE,
    OccasionCode.CHECKUP_MISSED: TriggerCode.CHECKUP_MISSED,
    OccasionCode.HARDSHIP: TriggerCode.HARDSHIP,
    OccasionCode.RETIRING: TriggerCode.RETIRING,
}
REGULAR_CODES = (
    TriggerCode.YEARLY,
    TriggerCode.TOP_WITH_VICE,
    TriggerCode.TOP_WITH_HEADS,
    TriggerCode.VICE_WITH_HEADS,
)
# Set off by something that happened, which may turn out not to have.
EVENT_CODES = (*BY_OCCASION.values(), TriggerCode.SECONDMENT_MID)
# An ordinary talk is nobody's duty.
WITHOUT_RULE = (TriggerCode.OTHER,)


class TalkerRelation(TextChoices):
    DIRECT = "direct", "直接上级"
    HEAD = "head", "部门负责人"
    VICE = "vice", "分管领导"
    TOP = "top", "主要领导"
    OFFICE = "office", "组织人事"


class DutyState(TextChoices):
    OPEN = "open", "待谈"
    PLANNED = "planned", "已约"
    DONE = "done", "已谈"
    WAIVED = "waived", "免谈"
    LAPSED = "lapsed", "过期未谈"
    REVOKED = "revoked", "已撤销"  # what happened was taken back before anybody had begun to answer it


UNMET_STATES = (DutyState.OPEN, DutyState.PLANNED)
DUTY_COLOURS = {
    DutyState.OPEN: "yellow",
    DutyState.PLANNED: "blue",
    DutyState.DONE: "green",
    DutyState.WAIVED: "grey",
    DutyState.LAPSED: "red",
    DutyState.REVOKED: "grey",
}


class WaiveReason(TextChoices):
    JUST_TALKED = "just_talked", "近期已就同一事由谈过"
    LEFT = "left", "干部已调出或退休"
    AWAY = "away", "长期在外，待返岗后另行安排"
    MISTAKE = "mistake", "事由登记有误"
    EVENT_GONE = "event_gone", "事由已撤销或更正"


# What a planner may choose; the last one is found by the rules themselves.
BY_HAND = tuple(reason for reason in WaiveReason if reason != WaiveReason.EVENT_GONE)
