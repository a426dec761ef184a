"""What the frame around every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.access import OWN_RECORD_ROLE, Permission, Role, Viewer
from core.web.menu import frame_counts, sections_for
from core.web.phone import tabs_for

MOST_COUNTED = 100  # the bell says 99+ from here on


def viewer_of(request: HttpRequest) -> Viewer | None:
    """The viewer of a request; None before the middleware ran or for someone not logged in."""
    return getattr(request, "viewer", None)


class May:
    """Permissions by name in a template: `{% if may.EDIT_CADRE %}`; false for a stranger.

    `may_everywhere` asks for the whole zone: some pages are about all of it.
    """

    def __init__(self, viewer: Viewer | None, *, everywhere: bool = False) -> None:
        self._viewer, self._everywhere = viewer, everywhere

    def __getitem__(self, name: str) -> bool:
        if self._viewer is None:
            return False
        asked = self._viewer.sees_all if self._everywhere else self._viewer.can
        return asked(Permission[name])


def _title(viewer: Viewer | None) -> str:
    """What the viewer is here as: the staff roles, or the plain cadre."""
    roles = viewer.roles if viewer else frozenset()
    staff = [role.label for role in Role if role in roles and role != OWN_RECORD_ROLE]
    return "、".join(staff) or (OWN_RECORD_ROLE.label if roles else "")


def _unread(viewer: Viewer | None) -> str:
    """The number at the bell; "" for nothing."""
    count = frame_counts(viewer).get("unread", 0) if viewer else 0
    return "" if not count else f"{count}" if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: lazy, so that a page outside the frame pays nothing."""
    viewer = viewer_of(request)
    return {
        "zone_name": settings.ZONE_NAME,
        "viewer": viewer,
        "may": May(viewer),
        "may_everywhere": May(viewer, everywhere=True),
        "viewer_title": _title(viewer),
        "unread": SimpleLazyObject(lambda: _unread(viewer)),
        "phone_tabs": SimpleLazyObject(lambda: tabs_for(viewer, request.path) if viewer else []),
        "menu": SimpleLazyObject(lambda: sections_for(viewer, request.path) if viewer else []),
    }
