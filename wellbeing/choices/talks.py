"""Closed lists about talks. The title of a talk is a kind and a reason from here: free titles leak."""

from django.db.models import TextChoices


class TalkKind(TextChoices):
    DAILY = "daily", "日常谈话"
    FIRST = "first", "首谈"
    PROBATION = "probation", "转正前谈话"
    APPOINTMENT = "appointment", "任前谈话"
    INTEGRITY = "integrity", "廉政谈话"
    SECONDMENT = "secondment", "挂职谈话"
    ENCOURAGE = "encourage", "勉励谈话"
    CARE = "care", "关爱谈话"
    REMINDER = "reminder", "提醒谈话"
    FEEDBACK = "feedback", "反馈谈话"
    RETIREMENT = "retirement", "离退谈话"
    ADMONITION = "admonition", "诫勉谈话"


KIND_HINTS = {
    TalkKind.DAILY: "每年至少一次",
    TalkKind.FIRST: "新进干部一个月内",
    TalkKind.PROBATION: "试用期满前",
    TalkKind.APPOINTMENT: "任职公示后",
    TalkKind.INTEGRITY: "任前、节前",
    TalkKind.SECONDMENT: "派出前、中期、期满",
    TalkKind.ENCOURAGE: "提拔、受表彰",
    TalkKind.CARE: "困难、患病等",
    TalkKind.REMINDER: "苗头性问题",
    TalkKind.FEEDBACK: "考核结果、未获提拔",
    TalkKind.RETIREMENT: "退休、离任",
    TalkKind.ADMONITION: "须有书面依据",
}


class TalkWay(TextChoices):
    INDIVIDUAL = "individual", "个别面谈"
    GROUP = "group", "集体谈话"
    PHONE = "phone", "电话"


class TalkState(TextChoices):
    PLANNED = "planned", "待谈"
    DRAFT = "draft", "草稿"
    FINAL = "final", "已定稿"
    SIGNING = "signing", "本人签阅"
    ARCHIVED = "archived", "已归档"
    CANCELLED = "cancelled", "已取消"


# A talk counts as held once its record is final; a plan, a draft or a cancelled one does not.
HELD_STATES = (TalkState.FINAL, TalkState.SIGNING, TalkState.ARCHIVED)
WRITABLE_STATES = (TalkState.PLANNED, TalkState.DRAFT)
STATE_COLOURS = {
    TalkState.PLANNED: "blue",
    TalkState.DRAFT: "yellow",
    TalkState.FINAL: "blue",
    TalkState.SIGNING: "yellow",
    TalkState.ARCHIVED: "green",
    TalkState.CANCELLED: "grey",
}


class Mood(TextChoices):
    """Kept sealed, as text, with the rest of what was said."""

    STEADY = "steady", "平稳"
    UNSETTLED = "unsettled", "有波动"
    CONCERN = "concern", "需重点关心"


class Right(TextChoices):
    """As what someone may open a talk; the order is from the widest to the narrowest."""

    TALKER = "talker", "谈话人"
    SUPERIOR = "superior", "指定上级"
    EMERGENCY = "emergency", "紧急调阅"
    SUBJECT = "subject", "本人（只看签阅摘要）"


class GlassReason(TextChoices):
    SAFETY = "safety", "人身安全"
    COMPLAINT = "complaint", "核查举报投诉"
    HANDOVER = "handover", "谈话人无法履职，急需接续"
    CASE = "case", "配合组织调查"


class GlassState(TextChoices):
    ASKED = "asked", "待审批"
    OPEN = "open", "已批准"
    REFUSED = "refused", "未批准"
    STOPPED = "stopped", "已中止"
    EXPIRED = "expired", "已到期"
    REVIEWED = "reviewed", "已复核"


class GlassVerdict(TextChoices):
    PROPER = "proper", "调阅正当"
    IMPROPER = "improper", "调阅不当，已报告"
