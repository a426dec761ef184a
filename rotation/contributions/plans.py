"""Rotation plans: the menu, and what is due in them for whom."""

from collections.abc import Iterator

from core.access import Permission, Viewer
from core.asking import asked
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from people.contracts import Duty, Link, duties
from rotation.choices.plans import PlanState
from rotation.queries.plans import waiting_for
from rotation.services.plans import PLAN_KIND

SEES = (Permission.VIEW_ROTATION, Permission.REVIEW_SECONDMENT)

register(
    MenuItem(
        "内强素质·锻炼", 73, "轮岗方案", "route", "rotation:plans", SEES, count=waiting_for, audience="staff"
    )
)
register_kind(PLAN_KIND, "轮岗方案", "route", sealed=True)


@duties.register(
    "rotation.plans", order=7, waits=waiting_for, label="轮岗方案待办", listed=Link("rotation:plans")
)
def plans_waiting(*, viewer: Viewer) -> Iterator[Duty]:
    """To review, or to answer; neither the title nor a name: duties travel outside the system."""
    for plan in (yield from asked(waiting_for(viewer).order_by("effective_on", "pk"))):
        words = "等您预审" if plan.state == PlanState.PRECHECK else "征求您的意见"
        yield Duty(
            key=f"rotation.plan:{plan.pk}:{plan.state}",
            title=f"轮岗方案 {plan.pk} {words}",
            due_on=plan.effective_on,
            link=Link("rotation:plan", (plan.pk,)),
            reason="拟任职日期以前办理。",
        )
