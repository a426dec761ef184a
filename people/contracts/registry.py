"""Contributions by key, kept in order: what every question of this package is gathered with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.urls import reverse

from core.access import Permission, Viewer


@dataclass(frozen=True, slots=True)
class Link:
    """Where something is done or shown: a URL name with its arguments, resolved by the page."""

    url_name: str
    args: tuple[object, ...] = ()
    query: str = ""

    @property
    def url(self) -> str:
        address = reverse(self.url_name, args=self.args)
        return f"{address}?{self.query}" if self.query else address


Source = TypeVar("Source", bound=Callable[..., object])
Waits = Callable[[Viewer], QuerySet[Any]]


@dataclass(frozen=True)
class Contribution(Generic[Source]):
    """`waits` gives the rows a duty is about: where there are none, its source is not asked at all.

    Where a source gives several duties, the home page gathers them under its `label`; `listed` is the list
    of them all.

    `later` says, without asking the database, whether a viewer has the panel of the home page that is so dear
    that it comes after the page.
    """

    key: str
    order: int
    source: Source
    permission: Permission | None = None
    label: str = ""
    template: str = ""
    waits: Waits | None = None
    later: Callable[[Viewer], bool] | None = None
    listed: Link | None = None


class Registry(Generic[Source]):
    """Contributions by key, kept in order. Registering a key again replaces it, so reloads are harmless."""

    def __init__(self) -> None:
        self._contributions: dict[str, Contribution[Source]] = {}

    def register(
        self,
        key: str,
        *,
        order: int = 100,
        permission: Permission | None = None,
        label: str = "",
        template: str = "",
        waits: Waits | None = None,
        later: Callable[[Viewer], bool] | None = None,
        listed: Link | None = None,
    ) -> Callable[[Source], Source]:
        def decorate(source: Source) -> Source:
            self._contributions[key] = Contribution(
                key, order, source, permission, label, template, waits, later, listed
            )
            return source

        return decorate

    def for_viewer(self, viewer: Viewer) -> list[Contribution[Source]]:
        """What the viewer's permissions allow, in order."""
        return [c for c in self.all() if c.permission is None or viewer.can(c.permission)]

    def all(self) -> list[Contribution[Source]]:
        return sorted(self._contributions.values(), key=lambda c: (c.order, c.key))
