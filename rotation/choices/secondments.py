"""Closed lists of 挂职 (domain.md 2.3)."""

from django.db.models import TextChoices


class SchemeState(TextChoices):
    """A yearly plan of secondments."""

    DRAFT = "draft", "拟订中"
    OPEN = "open", "执行中"
    CLOSED = "closed", "已总结"


class Direction(TextChoices):
    OUT = "out", "派出挂职"
    IN = "in", "来区挂职"


class PartnerKind(TextChoices):
    """What the organisation on the other side is: the host, or the home of somebody who comes to us."""

    ADVANCED = "advanced", "先进地区"
    MUNICIPAL = "municipal", "省市直机关"
    TOWNSHIP = "township", "乡镇"
    ENTERPRISE = "enterprise", "企业"


class SecondmentState(TextChoices):
    RECOMMENDED = "recommended", "推荐"
    APPROVED = "approved", "已批准"
    DISPATCHED = "dispatched", "已派函"
    ACTIVE = "active", "在挂"
    EXTENDED = "extended", "延期在挂"
    ENDED = "ended", "期满"
    APPRAISED = "appraised", "已鉴定"
    RETURNED = "returned", "已返岗"
    KEPT = "kept", "留任"
    REFUSED = "refused", "未批准"
    CANCELLED = "cancelled", "撤销"


class SecondmentAct(TextChoices):
    """What moves a secondment on; stored in its log."""

    RECOMMEND = "recommend", "推荐"
    APPROVE = "approve", "批准"
    REFUSE = "refuse", "不批准"
    DISPATCH = "dispatch", "出具派遣函"
    REPORT_IN = "report_in", "报到"
    EXTEND = "extend", "延期"
    END = "end", "期满"
    APPRAISE = "appraise", "完成鉴定"
    RETURN = "return", "返岗"
    KEEP = "keep", "留任"
    CANCEL = "cancel", "撤销"


class OpinionStage(TextChoices):
    MIDTERM = "midterm", "中期考核"
    FINAL = "final", "期满鉴定"


class OpinionParty(TextChoices):
    """Whose words, in the order of the 挂职干部鉴定表."""

    SELF = "1_self", "个人总结"
    HOST = "2_host", "接收单位意见"
    HOME = "3_home", "派出单位意见"
    ORGANISATION = "4_organisation", "组织部门意见"


class SecondmentGrade(TextChoices):
    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "称职"
    BASICALLY_COMPETENT = "basically_competent", "基本称职"
    INCOMPETENT = "incompetent", "不称职"


class Outcome(TextChoices):
    RETURN = "return", "返回派出单位"
    KEEP = "keep", "留接收单位任职"
