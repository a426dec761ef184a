"""What growth adds: sections of the file, a place in the menu, and its parts of the cadre's page."""

from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.web.menu import MenuItem, register
from growth.models import EDITION_PERMISSIONS, GrowthFile
from growth.sections import basic, merit, posts, resume
from people.contracts import Panel, cadre_acts, cadre_cards, cadre_tabs, home_panels, roster_bulk
from people.models import Cadre

__all__ = ["basic", "merit", "posts", "resume"]

LATEST = 3
LATEST_AT_HOME = 6

register(MenuItem("干部", 20, "成长档案", "file-badge", "growth:files", tuple(EDITION_PERMISSIONS.values())))


@cadre_tabs.register("growth", order=90, label="成长档案")
def files_tab(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    files = list(_files_of(cadre, viewer))
    return Panel("growth", "成长档案", "growth/panels/tab.html", {"files": files}, len(files))


@cadre_cards.register("growth", order=90)
def files_card(*, cadre: Cadre, viewer: Viewer) -> Panel | None:
    files = list(_files_of(cadre, viewer)[:LATEST])
    return Panel("growth", "成长档案", "growth/panels/card.html", {"files": files}) if files else None


@home_panels.register("growth.latest", order=50, permission=Permission.VIEW_GROWTH_LEADER)
def latest_files(*, viewer: Viewer) -> Panel | None:
    """What a leader opens most: the files made last that the viewer may read."""
    files = list(GrowthFile.objects.visible_to(viewer).select_related("cadre", "made_by")[:LATEST_AT_HOME])
    return Panel("growth", "最近的成长档案", "growth/panels/home.html", {"files": files}) if files else None


@cadre_acts.register(
    "growth.make", order=90, permission=Permission.MAKE_GROWTH, template="growth/panels/make.html"
)
def make_button() -> None:
    """生成成长档案 on the cadre's page."""


@roster_bulk.register(
    "growth.make", order=10, permission=Permission.MAKE_GROWTH, template="growth/panels/make_many.html"
)
def make_many_button() -> None:
    """生成成长档案 for the people chosen in the roster."""


def _files_of(cadre: Cadre, viewer: Viewer) -> QuerySet[GrowthFile]:
    return GrowthFile.objects.visible_to(viewer).filter(cadre=cadre).select_related("made_by")
