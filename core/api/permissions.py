"""Default deny: a view that does not say which permission an action needs answers nobody."""

from enum import Enum
from typing import TYPE_CHECKING, Any

from django.http import Http404
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core.access import Permission, Viewer

if TYPE_CHECKING:  # DRF loads this module while it loads its views
    from rest_framework.views import APIView


class Open(Enum):
    """What needs no permission of its own."""

    LOGGED_IN = "for everyone who is logged in"
    PUBLIC = "for everyone: logging in itself"


Need = Permission | tuple[Permission, ...] | Open  # any one of several
Declaration = Need | dict[str, Need]


def viewer_of(request: Request) -> Viewer:
    """The viewer that a middleware or the token's authentication has set; only behind ViewerPermission."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


class ViewerPermission(BasePermission):
    """Reads `permission` of the view: one need for all its actions, or one for each by name.

    What the viewer may not even read is answered like something that does not exist.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        declared: Declaration | None = getattr(view, "permission", None)
        action = getattr(view, "action", None) or (request.method or "").lower()
        if need_of(declared, action) is Open.PUBLIC:
            return True
        viewer: Viewer | None = getattr(request, "viewer", None)
        if viewer is None or not request.user or not request.user.is_authenticated:
            return False
        if _holds(viewer, need_of(declared, action)):
            return True
        if request.method in SAFE_METHODS or not _can_read(viewer, declared):
            raise Http404
        return False


def need_of(declared: Declaration | None, action: str) -> Need | None:
    return declared.get(action) if isinstance(declared, dict) else declared


def _holds(viewer: Viewer, need: Need | None) -> bool:
    if need is None:
        return False
    if isinstance(need, Open):
        return True
    return any(viewer.can(one) for one in (need if isinstance(need, tuple) else (need,)))


def _can_read(viewer: Viewer, declared: Any) -> bool:
    return any(_holds(viewer, need_of(declared, action)) for action in ("list", "retrieve", "get"))
