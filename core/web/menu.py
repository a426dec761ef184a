"""The side navigation: apps register their places in contributions.py, nobody else knows them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.urls import NoReverseMatch, reverse

from core.access import Permission, Viewer

# The order of the seed document: the office reports on its plan under these heads.
GROUPS = ("", "内强素质", "外塑形象", "干部", "管理")


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place in the navigation.

    `permission` None means everyone who is logged in. `audience` "staff" asks for it on part of the unit
    tree, not just on the own record; "own" is for those who have an own record. `args` gives the arguments
    of the URL. `count` returns how many things there wait for this viewer; it runs on every page, so it
    must be one cheap query.
    """

    group: str
    order: int
    label: str
    icon: str
    url_name: str
    permission: Permission | tuple[Permission, ...] | None
    count: Callable[[Viewer], int] | None = None
    audience: Literal["all", "staff", "own"] = "all"
    args: Callable[[Viewer], tuple[object, ...]] | None = None

    def open_to(self, viewer: Viewer) -> bool:
        """Whether any of the item's permissions is held where its audience needs it."""
        if self.audience == "own" and viewer.cadre_id is None:
            return False
        if self.permission is None:
            return True
        wanted = (self.permission,) if isinstance(self.permission, Permission) else self.permission
        held = viewer.paths if self.audience == "staff" else viewer.can
        return any(held(permission) for permission in wanted)

    def url_for(self, viewer: Viewer) -> str:
        """The address, or "" when the viewer or this installation has no such place."""
        if not self.open_to(viewer):
            return ""
        try:
            return reverse(self.url_name, args=self.args(viewer) if self.args else ())
        except NoReverseMatch:
            return ""


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the navigation as a template draws it."""

    label: str
    icon: str
    url: str
    current: bool
    count: int


_items: list[MenuItem] = []


def register(item: MenuItem) -> None:
    """Add a place; registering the same one twice (autoreload) changes nothing."""
    if item not in _items:
        _items.append(item)


def _current(urls: list[str], path: str) -> str:
    """The longest address that the current path lies under."""
    return max((url for url in urls if path.startswith(url) and url != "/"), key=len, default=path)


def menu_for(viewer: Viewer, path: str) -> list[tuple[str, list[Link]]]:
    """(group, links) in order, only what the viewer may open and what this installation serves."""
    places = [(item, item.url_for(viewer)) for item in sorted(_items, key=lambda item: item.order)]
    open_items = [(item, url) for item, url in places if url]
    current = _current([url for _, url in open_items], path)
    groups: dict[str, list[Link]] = {group: [] for group in GROUPS}
    for item, url in open_items:
        count = item.count(viewer) if item.count else 0
        groups.setdefault(item.group, []).append(Link(item.label, item.icon, url, url == current, count))
    return [(group, links) for group, links in groups.items() if links]
