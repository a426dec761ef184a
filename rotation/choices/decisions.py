"""Closed lists of the decision room and of what follows a decision."""

from django.db.models import TextChoices

from rotation.choices.plans import PlanState


class Stance(TextChoices):
    AGREE = "agree", "同意"
    AGAINST = "against", "不同意"
    DEFER = "defer", "暂缓"


class Outcome(TextChoices):
    PASSED = "passed", "通过"
    DEFERRED = "deferred", "缓议"
    REJECTED = "rejected", "未通过"


class ObjectionState(TextChoices):
    OPEN = "open", "核查中"
    UNFOUNDED = "unfounded", "不影响任职"
    UPHELD = "upheld", "影响任职，暂缓"


class EffectState(TextChoices):
    APPLIED = "applied", "已生效"
    REVERTED = "reverted", "已撤回"
    CONFIRMED = "confirmed", "已确认"


# Leaders read and speak between these; a decision closes the case.
OPEN_FOR_OPINIONS = frozenset({PlanState.OPINIONS, PlanState.MEETING})
DECIDED_STATES = frozenset(
    {PlanState.DECIDED, PlanState.NOTICE, PlanState.EFFECTIVE, PlanState.HANDOVER, PlanState.CLOSED}
)
IN_EFFECT = frozenset({PlanState.EFFECTIVE, PlanState.HANDOVER, PlanState.CLOSED})
