"""Where a rotation plan may go from where it stands: a state machine without a database.

草案→预审→征求意见→上会→已决定→任前公示→任职生效→交接→已回访办结. What has taken effect can be taken
back until it is confirmed (交接 begins with that); a plan that promotes nobody may do without 公示.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from rotation.choices.plans import PlanState


class PlanAction(TextChoices):
    SUBMIT = "submit", "提交预审"
    PASS = "pass", "预审通过，征求意见"
    RETURN = "return", "退回修改"
    TO_MEETING = "to_meeting", "提请上会"
    DECIDE = "decide", "研究决定"
    ANNOUNCE = "announce", "任前公示"
    TAKE_EFFECT = "take_effect", "任职生效"
    REVERT = "revert", "撤回生效"
    CONFIRM = "confirm", "确认生效，开始交接"
    CLOSE = "close", "回访办结"
    CANCEL = "cancel", "终止方案"


@dataclass(frozen=True, slots=True)
class Arrow:
    sources: frozenset[PlanState]
    target: PlanState


S, A = PlanState, PlanAction
ARROWS: dict[PlanAction, Arrow] = {
    A.SUBMIT: Arrow(frozenset({S.DRAFT}), S.PRECHECK),
    A.PASS: Arrow(frozenset({S.PRECHECK}), S.OPINIONS),
    A.RETURN: Arrow(frozenset({S.PRECHECK, S.OPINIONS, S.MEETING}), S.DRAFT),
    A.TO_MEETING: Arrow(frozenset({S.OPINIONS}), S.MEETING),
    A.DECIDE: Arrow(frozenset({S.MEETING}), S.DECIDED),
    A.ANNOUNCE: Arrow(frozenset({S.DECIDED}), S.NOTICE),
    A.TAKE_EFFECT: Arrow(frozenset({S.DECIDED, S.NOTICE}), S.EFFECTIVE),
    A.REVERT: Arrow(frozenset({S.EFFECTIVE}), S.DECIDED),
    A.CONFIRM: Arrow(frozenset({S.EFFECTIVE}), S.HANDOVER),
    A.CLOSE: Arrow(frozenset({S.HANDOVER}), S.CLOSED),
    A.CANCEL: Arrow(
        frozenset({S.DRAFT, S.PRECHECK, S.OPINIONS, S.MEETING, S.DECIDED, S.NOTICE}), S.CANCELLED
    ),
}
# Variants and moves may be written only here; later the paper that was read would no longer be the plan.
EDITABLE = frozenset({S.DRAFT, S.PRECHECK})


def actions_from(state: PlanState) -> list[PlanAction]:
    return [action for action, arrow in ARROWS.items() if state in arrow.sources]


def after(state: PlanState, action: PlanAction) -> PlanState | None:
    """The state that the action leads to, or None where it cannot be taken."""
    arrow = ARROWS[action]
    return arrow.target if state in arrow.sources else None
