"""Places of the ground itself in the navigation."""

from core.access import Permission
from core.bulk import clock as _bulk_clock  # noqa: F401 - declares its job
from core.notifications import clock as _clock  # noqa: F401 - declares its jobs
from core.notifications.queries import unread
from core.search import clock as _search_clock  # noqa: F401 - declares its job
from core.web.menu import MenuItem, register, register_frame_count

# For whoever may start work that outlives a page, and for who keeps the installation running.
JOB_STARTERS = (
    Permission.IMPORT,
    Permission.EXPORT_CADRE,
    Permission.MAKE_GROWTH,
    Permission.MANAGE_ACCOUNTS,
)
# For whoever may change rows of a list in bulk: what was changed so, and the way to take it back.
BULK_CHANGERS = (
    Permission.EDIT_CADRE,
    Permission.EDIT_PARK,
    Permission.EDIT_STUDY,
    Permission.EDIT_TRAINING,
)
register(MenuItem("管理", 54, "批量修改记录", "history", "bulks", BULK_CHANGERS, audience="staff"))
register(MenuItem("管理", 55, "通知渠道", "send", "channels", Permission.MANAGE_ACCOUNTS))
register(MenuItem("管理", 60, "后台任务", "list-checks", "jobs", JOB_STARTERS))
register_frame_count("unread", unread)
