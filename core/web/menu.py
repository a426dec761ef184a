"""The side navigation: apps register their places in contributions.py, nobody else knows them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from core.access import Permission, Viewer
from core.web.counts import count_together

# The order of the seed document: the office reports on its plan under these heads.
OWN = "本人"
GROUPS = ("", OWN, "内强素质·学习", "内强素质·锻炼", "内强素质·关爱", "外塑形象", "干部", "管理")
# So many lines stand below each other on an office screen 768 px high.
ROOM = 21


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A place in the navigation.

    `permission` None means everyone who is logged in. `audience` "staff" asks for it on part of the unit
    tree, not just on the own record; "own" is for those who have an own record. `args` gives the arguments
    of the URL. `count` gives the things there that wait for this viewer, best as a queryset: those of all
    items are counted with one query. A number costs the page a query of its own.
    """

    group: str
    order: int
    label: str
    icon: str
    url_name: str
    permission: Permission | tuple[Permission, ...] | None
    count: Callable[[Viewer], int | QuerySet[Any]] | None = None
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


@dataclass(frozen=True, slots=True)
class Section:
    """A group of the side navigation; one without a label is always open."""

    label: str
    links: tuple[Link, ...]
    open: bool

    @property
    def count(self) -> int:
        """What waits in it: said beside the label as long as the links are folded away."""
        return sum(link.count for link in self.links)


_items: list[MenuItem] = []


def register(item: MenuItem) -> None:
    """Add a place; registering the same one twice (autoreload) changes nothing."""
    if item not in _items:
        _items.append(item)


def _current(urls: list[str], path: str) -> str:
    """The longest address that the current path lies under."""
    return max((url for url in urls if path.startswith(url) and url != "/"), key=len, default=path)


# A number of the frame that stands at no place of the menu: name → what is counted for the viewer.
_frame_counts: dict[str, Callable[[Viewer], QuerySet[Any]]] = {}


def register_frame_count(name: str, rows: Callable[[Viewer], QuerySet[Any]]) -> None:
    _frame_counts[name] = rows


def frame_counts(viewer: Viewer) -> dict[str, int]:
    """The frame's own numbers by name and those of the open menu items by address, once per request."""
    return viewer.remember("frame_counts", lambda: _count(viewer))


def _count(viewer: Viewer) -> dict[str, int]:
    waiting: dict[str, int | QuerySet[Any]] = {name: rows(viewer) for name, rows in _frame_counts.items()}
    for item in _items:
        if item.count and (url := item.url_for(viewer)):
            waiting[url] = item.count(viewer)
    rows = {key: found for key, found in waiting.items() if isinstance(found, QuerySet)}
    numbers = {key: found for key, found in waiting.items() if not isinstance(found, QuerySet)}
    return numbers | count_together(rows)


def menu_for(viewer: Viewer, path: str) -> list[tuple[str, list[Link]]]:
    """(group, links) in order, only what the viewer may open and what this installation serves."""
    return _grouped([(item.group, link) for item, link in _open_links(viewer, path)])


def sections_for(viewer: Viewer, path: str) -> list[Section]:
    """The side navigation: what concerns oneself apart from the office, and folded so that it fits."""
    links = _open_links(viewer, path)
    groups = _grouped([(_section(item), link) for item, link in links])
    unfolded = _unfolded(groups, office=any(item.audience == "staff" for item, _ in links))
    return [Section(group, tuple(found), open=group in unfolded) for group, found in groups]


def _unfolded(groups: list[tuple[str, list[Link]]], *, office: bool) -> set[str]:
    """The section of the page; on the home page, and of a short menu, as many as the screen has room for."""
    here = {group for group, found in groups if any(link.current for link in found)} - {""}
    heads = sum(1 if group else len(found) for group, found in groups)
    fits = heads + sum(len(found) for group, found in groups if group) <= ROOM
    if here and not fits:
        return here | {""}
    unfolded, left = {""}, ROOM - heads
    for group, size in _small_first(groups, office=office):
        if size <= left:
            unfolded.add(group)
            left -= size
    return unfolded


def _small_first(groups: list[tuple[str, list[Link]]], *, office: bool) -> list[tuple[str, int]]:
    """Of equals the later; what is one's own comes first for whoever has nothing else to do here."""
    sizes = [(group, len(found)) for group, found in reversed(groups) if group]
    return sorted(sizes, key=lambda each: (each[0] != OWN or office, each[1]))


def _section(item: MenuItem) -> str:
    return OWN if item.audience == "own" else item.group


def _grouped(links: list[tuple[str, Link]]) -> list[tuple[str, list[Link]]]:
    groups: dict[str, list[Link]] = {group: [] for group in GROUPS}
    for group, link in links:
        groups.setdefault(group, []).append(link)
    return [(group, found) for group, found in groups.items() if found]


def _open_links(viewer: Viewer, path: str) -> list[tuple[MenuItem, Link]]:
    places = [(item, item.url_for(viewer)) for item in sorted(_items, key=lambda item: item.order)]
    open_items = [(item, url) for item, url in places if url]
    current = _current([url for _, url in open_items], path)
    counts = frame_counts(viewer)
    return [
        (item, Link(item.label, item.icon, url, url == current, counts.get(url, 0)))
        for item, url in open_items
    ]
