"""Places in the navigation, and the kinds of notifications in words."""

from typing import Any

from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from core.web.phone import Tab, register_tab
from park.models import ActionPlan
from park.queries.duties import overdue_tasks
from people.contracts import FirstStep, Link, first_steps

GROUP = "外塑形象"


def _waiting(viewer: Viewer) -> QuerySet[Any]:
    return overdue_tasks(viewer)


@first_steps.register("park.plan", order=50, permission=Permission.EDIT_PARK)
def import_the_plan(*, viewer: Viewer) -> FirstStep:
    return FirstStep(
        title="导入行动方案，分解任务",
        why="把方案全文粘贴或上传，系统拆出任务、指标和时限，补齐责任领导、部门、责任人后交办。",
        link=Link("park:plan_import"),
        act="去导入",
        help="园区任务",
        section="导入行动方案",
        done=ActionPlan.objects.all(),
    )


register(MenuItem(GROUP, 10, "任务分解表", "list-checks", "park:tasks", Permission.VIEW_PARK, count=_waiting))
register_tab(Tab(4, "任务", "list-checks", "park:tasks", Permission.VIEW_PARK))
register(MenuItem(GROUP, 20, "行动方案", "scroll-text", "park:plans", Permission.VIEW_PARK))
register(MenuItem(GROUP, 30, "指标", "gauge", "park:indicators", Permission.VIEW_PARK))

for key, label, icon in (
    ("issued", "任务交办", "list-checks"),
    ("refused", "任务退回", "undo-2"),
    ("closing", "申请销号", "circle-check"),
    ("closed", "任务销号", "circle-check"),
    ("returned", "销号退回", "undo-2"),
    ("stopped", "任务终止", "ban"),
    ("extension", "任务延期", "calendar-clock"),
    ("remind", "催办", "bell-ring"),
    ("supervise", "督办", "bell-ring"),
):
    register_kind(f"park.{key}", label, icon)
