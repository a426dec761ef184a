"""What a cadre agrees to, and how long what is kept."""

from django.db.models import TextChoices


class ConsentPurpose(TextChoices):
    """Sensitive processing that is not owed by law needs an own consent (PIPL 29)."""

    TALK_FOLLOW_UP = "talk_follow_up", "把谈话中的困难交有关部门办理"
    HEALTH_LOCKER = "health_locker", "在系统中保管本人体检报告"
    HARDSHIP_AID = "hardship_aid", "为救助帮扶收集家庭经济情况"


class KeptKind(TextChoices):
    TALK_CONTENT = "talk_content", "谈话内容和附件"
    TALK_DUTIES = "talk_duties", "应谈事项和预约时段"
    FOLLOW_UPS = "follow_ups", "跟进事项的内容"
    EMERGENCY = "emergency", "紧急调阅申请"
    INSPECTIONS = "inspections", "督查问题和处理的内容"
    CARE_REASONS = "care_reasons", "慰问救助帮扶的事由和签收单"
    CHECKUPS = "checkups", "体检的复查标记和缓检、移出记录"
    RECREATION = "recreation", "文体活动未参加的报名"
    CONSENTS = "consents", "已撤回的单独同意"
    HOLDS = "holds", "已解除的暂缓清除"
