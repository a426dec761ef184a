"""Closed lists of rotation plans (domain.md 2)."""

from django.db.models import TextChoices


class PlanState(TextChoices):
    """草案→预审→征求意见→上会→决定→任前公示→任职生效→交接→三个月回访, or given up on the way."""

    DRAFT = "draft", "草案"
    PRECHECK = "precheck", "预审"
    OPINIONS = "opinions", "征求意见"
    MEETING = "meeting", "上会"
    DECIDED = "decided", "已决定"
    NOTICE = "notice", "任前公示"
    EFFECTIVE = "effective", "任职生效"
    HANDOVER = "handover", "交接"
    CLOSED = "closed", "已回访办结"
    CANCELLED = "cancelled", "已终止"


class CaseDuty(TextChoices):
    """What a person is in the case for; whoever is in no case does not know of it."""

    DRAFTER = "drafter", "承办"
    REVIEWER = "reviewer", "预审"
    CONSULTED = "consulted", "被征求意见"
    DECIDER = "decider", "参会研究"


class MoveKind(TextChoices):
    ROTATION = "rotation", "轮岗"
    TRANSFER = "transfer", "交流转任"
    PROMOTION = "promotion", "提任"
    ASSIGNMENT = "assignment", "新任"
    REMOVAL = "removal", "免职"


class Origin(TextChoices):
    """Who thought of it: what the machine proposed stays marked as such."""

    PERSON = "person", "人工拟定"
    MACHINE = "machine", "系统建议"


class Verdict(TextChoices):
    MEETS = "meets", "符合"
    ATTENTION = "attention", "需关注"
    FAILS = "fails", "不具备"


class ConsultStance(TextChoices):
    """What somebody who was asked (征求意见) says to a plan."""

    AGREE = "agree", "同意"
    DISAGREE = "disagree", "不同意"
    SUGGEST = "suggest", "有建议"
