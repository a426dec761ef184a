"""登录超时: a session left alone ends by itself (security.md S01); polls of an open page do not keep it."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from core.access import EXCLUSIVE_ROLES, Viewer
from core.audit import record
from core.choices import AuditAction
from people.models import User

SEEN, ADMINISTRATORS = "seen_at", 15 * 60
STEP = 60  # how often the time is written, not at every request
POLL = "X-Poll"  # sent by what a page asks for by itself


def limit_of(viewer: Viewer) -> int:
    """Seconds; the three administrators have the shorter time."""
    limit: int = settings.IDLE_MINUTES * 60
    return min(limit, ADMINISTRATORS) if viewer.roles & EXCLUSIVE_ROLES else limit


def seen(request: HttpRequest, at: float | None = None) -> None:
    request.session[SEEN] = int(at or timezone.now().timestamp())


def ended(request: HttpRequest, user: User, viewer: Viewer) -> bool:
    """Ends what was left alone for too long, else takes note that somebody is there."""
    now, last = timezone.now().timestamp(), _last(request, user)
    if now - last > limit_of(viewer):
        record(action=AuditAction.LOGOUT, by=user, subject=user, label=f"{user}（超时）")
        logout(request)
        return True
    if now - last > STEP and POLL not in request.headers:
        seen(request, now)
    return False


def _last(request: HttpRequest, user: User) -> float:
    """A session without a time has just been made by a login."""
    known: float | None = request.session.get(SEEN)
    return known or (user.last_login.timestamp() if user.last_login else 0.0)
