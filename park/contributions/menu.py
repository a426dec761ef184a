"""Places in the navigation, and the kinds of notifications in words."""

from typing import Any

from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from core.web.phone import Tab, register_tab
from park.queries.duties import overdue_tasks

GROUP = "外塑形象"


def _waiting(viewer: Viewer) -> QuerySet[Any]:
    return overdue_tasks(viewer)


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
