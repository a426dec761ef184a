"""Whom a form about one cadre offers as talker, superior or owner: those with a say where the cadre works."""

from datetime import date

from django.db.models import QuerySet

from core.access import Viewer
from people.models import Cadre, User
from wellbeing.queries.organisation import Organisation, Placements


def people_around(cadre_id: int, *, on: date) -> QuerySet[User]:
    """Accounts whose talk-holding role covers the cadre's unit today, never the cadre's own."""
    path = Placements([cadre_id]).on(cadre_id, on).path
    users = {holder.user_id for holder in Organisation.on(on).holders if holder.covers(path)}
    return _ordered(users).exclude(cadre_id=cadre_id)


def talk_holders(*, on: date) -> QuerySet[User]:
    """Everyone who may hold talks somewhere today."""
    return _ordered(Organisation.on(on).users)


def account_of(viewer: Viewer) -> User:
    """The viewer's own account."""
    return User.objects.get(pk=viewer.user_id)


def _ordered(users: "set[int] | frozenset[int]") -> QuerySet[User]:
    return User.objects.filter(pk__in=users).order_by("name", "pk")


def colleagues(viewer: Viewer) -> QuerySet[User]:
    """Accounts in use of the cadres whom the viewer may know of, by name."""
    known = Cadre.objects.visible_to(viewer)
    return User.objects.filter(cadre__in=known, is_active=True).order_by("name", "pk")
