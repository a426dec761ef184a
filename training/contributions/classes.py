"""What classes answer: the cadre's tab, engagements and occasions."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.access import Permission, Viewer
from core.web.menu import MenuItem, register
from people.contracts import Link, Occasion, Panel, cadre_tabs, occasions
from people.models import Cadre
from training.contributions.scope import SEES, may_see
from training.hours import plain
from training.queries import ENDED, class_history, hours_of, participations_between

register(MenuItem("内强素质·学习", 20, "培训班次", "graduation-cap", "training:classes", SEES))
register(MenuItem("内强素质·学习", 21, "培训项目", "folder-kanban", "training:programmes", SEES))
register(
    MenuItem(
        "内强素质·学习", 22, "报名参训", "user-plus", "training:enrol", (Permission.SIGN_UP,), audience="own"
    )
)
register(MenuItem("内强素质·学习", 23, "结业证书", "award", "training:certificates", SEES, audience="staff"))


@cadre_tabs.register("training", order=20, permission=SEES, label="学习培训")
def training_tab(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    if not may_see(cadre, viewer):
        return None
    years = class_history(cadre, upto=viewer.on)
    count = sum(len(year.rows) for year in years)
    context = {"years": years, "count": count, "statement": hours_of(cadre, on=viewer.on)}
    return Panel("training", "学习培训", "training/panels/tab.html", context, count)


@occasions.register("training.classes", order=30)
def classes_completed(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterable[Occasion]:
    for row in participations_between(cadre_ids, since, until, ENDED):
        found = row.training_class
        if found.ends_on <= until:
            result = f"，{row.get_result_display() or row.get_state_display()}"
            yield Occasion(
                cadre_id=row.cadre_id,
                happened_on=found.ends_on,
                kind=f"+{plain(row.hours)} 学时" if row.hours else row.get_state_display(),
                title=found.name,
                detail=f"{found.get_kind_display()}{result}",
                link=Link("training:class", (found.pk,)),
                icon="graduation-cap",
            )
