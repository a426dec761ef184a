"""From an account to a Viewer: which grants hold on a day, and where."""

from datetime import date

from core.access import OWN_RECORD_ROLE, Role, ScopedGrant, Viewer
from people.models import User


def viewer_for(user: User, *, on: date) -> Viewer:
    """The viewer that `user` is on the day; one query. A disabled account holds nothing."""
    return Viewer(user_id=user.pk, name=user.name, on=on, cadre_id=user.cadre_id, grants=_grants(user, on))


def viewer_by_id(user_id: int, *, on: date) -> Viewer:
    """For what runs later on someone's behalf: the rights of the moment, not of the order."""
    return viewer_for(User.objects.get(pk=user_id), on=on)


def _grants(user: User, on: date) -> tuple[ScopedGrant, ...]:
    if not user.is_active:
        return ()
    known = user.known_grants
    if known is None:
        known = list(user.grants.covering(on).select_related("unit"))
    rows = [(g.role, g.unit_id, g.unit.path if g.unit else None) for g in known if g.holds(on)]
    # Only a grant without a unit reaches the whole tree; a unit without a path reaches nothing.
    granted = [ScopedGrant(Role(role), path or "") for role, unit_id, path in rows if unit_id is None or path]
    return tuple(grant for grant in granted if user.cadre_id or grant.role != OWN_RECORD_ROLE)
