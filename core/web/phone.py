"""The bar at the foot of a phone: five places for whoever has an own record (ui.md 5).

首页 and the places that apps register go straight there; 学习 and 我的 gather what the side menu holds.
"""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from core.access import Permission, Viewer
from core.web.menu import Link, menu_for
from core.web.views import FramePage

# Collections: slug → (title, groups of the menu gathered there).
GATHERED = {
    "study": ("学习", ("内强素质·学习", "内强素质·锻炼", "内强素质·关爱")),
    "mine": ("我的", ("干部", "管理")),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """`gathers` names a collection of GATHERED instead of a place."""

    order: int
    label: str
    icon: str
    url_name: str = "phone_menu"
    permission: Permission | None = None
    gathers: str = ""
    main: bool = False  # the round one in the middle

    def url(self) -> str:
        return reverse(self.url_name, args=[self.gathers] if self.gathers else [])


_tabs: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    _tabs[tab.label] = tab


register_tab(Tab(1, "首页", "house", "home"))
register_tab(Tab(2, "学习", "graduation-cap", gathers="study"))
register_tab(Tab(5, "我的", "user", gathers="mine"))


def tabs_for(viewer: Viewer, path: str) -> list[tuple[Tab, str, bool]]:
    """(tab, address, whether the reader is there), in order; none for an account without a record."""
    if viewer.cadre_id is None:
        return []
    found = []
    for tab in sorted(_tabs.values(), key=lambda tab: tab.order):
        if tab.permission is None or viewer.can(tab.permission):
            try:
                url = tab.url()
            except NoReverseMatch:
                continue
            found.append((tab, url, path == url if url == "/" else path.startswith(url)))
    return found


class PhoneMenuPage(FramePage):
    """学习、我的: the places of the menu as large rows, with what waits at each."""

    template_name = "web/phone_menu.html"

    def get_title(self) -> str:
        return self._gathered()[0]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(places=self._places(), mine=self.kwargs["key"] == "mine", **kwargs)

    def _gathered(self) -> tuple[str, tuple[str, ...]]:
        if self.kwargs["key"] not in GATHERED:
            raise Http404
        return GATHERED[self.kwargs["key"]]

    def _places(self) -> list[Link]:
        groups = dict(menu_for(self.viewer, self.request.path))
        return [link for group in self._gathered()[1] for link in groups.get(group, [])]
