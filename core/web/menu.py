"""The side navigation: apps register their places in contributions.py, nobody else knows them all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from core.access import Permission, Viewer

# The order of the seed document: the office reports on its plan under these heads.
GROUPS = ("", "内强素质", "外塑形象", "干部", "管理")


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place in the navigation.

    `permission` None means everyone who is logged in. `count` returns how many things there wait for
    this viewer to act; it runs on every page, so it must be one cheap query.
    """

    group: str
    order: int
    label: str
    icon: str
    url_name: str
    permission: Permission | tuple[Permission, ...] | None
    count: Callable[[Viewer], int] | None = None

    def open_to(self, viewer: Viewer) -> bool:
        """Whether any of the item's permissions is held."""
        if self.permission is None:
            return True
        wanted = (self.permission,) if isinstance(self.permission, Permission) else self.permission
        return any(viewer.can(permission) for permission in wanted)


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


def _url(item: MenuItem) -> str:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _current(urls: list[str], path: str) -> str:
    """The longest address that the current path lies under."""
    return max((url for url in urls if path.startswith(url) and url != "/"), key=len, default=path)


def menu_for(viewer: Viewer, path: str) -> list[tuple[str, list[Link]]]:
    """(group, links) in order, only what the viewer may open and what this installation serves."""
    open_items = [(item, _url(item)) for item in sorted(_items, key=lambda item: item.order)]
    open_items = [(item, url) for item, url in open_items if url and item.open_to(viewer)]
    current = _current([url for _, url in open_items], path)
    groups: dict[str, list[Link]] = {group: [] for group in GROUPS}
    for item, url in open_items:
        count = item.count(viewer) if item.count else 0
        groups.setdefault(item.group, []).append(Link(item.label, item.icon, url, url == current, count))
    return [(group, links) for group, links in groups.items() if links]
