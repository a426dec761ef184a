"""What of the park the global search finds."""

from core import search
from core.access import Permission
from park.models import Enterprise, Project, Task

search.register(
    search.Source(
        key="park.task",
        label="任务",
        icon="list-checks",
        order=40,
        model=Task,
        url_name="park:task",
        title=("name",),
        codes=("no",),
        detail=("plan__title", "no"),
        permission=Permission.VIEW_PARK,
        list_url="park:tasks",
    )
)
search.register(
    search.Source(
        key="park.project",
        label="项目",
        icon="building",
        order=50,
        model=Project,
        url_name="park:project",
        title=("name",),
        codes=("code",),
        detail=("kind", "place"),
        permission=Permission.VIEW_PARK,
        list_url="park:projects",
    )
)
search.register(
    search.Source(
        key="park.enterprise",
        label="企业",
        icon="factory",
        order=60,
        model=Enterprise,
        url_name="park:enterprise",
        title=("name",),
        names=("short_name",),
        codes=("credit_code",),
        detail=("industry", "grid"),
        permission=Permission.VIEW_PARK,
        list_url="park:enterprises",
    )
)
