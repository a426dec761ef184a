"""阅档授权: who does not keep the files reads the leader edition only by permit (security.md 1.3, row 18).

The app above that knows of cases (rotation) registers where permits come from. A reading by permit belongs to
its `matter` and is withheld from everybody, the cadre included, until that app makes it known: that a file
was read would tell of the case.
"""

from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet

from core.access import Permission, Viewer
from people.models import Cadre
from people.models.cadres import avoided_by


@dataclass(frozen=True, slots=True)
class Permit:
    """`purpose` is what the cadre will be told; `matter` names the case, such as "rotation.case:12"."""

    purpose: str
    matter: str


class PermitSource(Protocol):
    def open_to(self, viewer: Viewer) -> QuerySet[Cadre]:
        """Cadres whose leader edition the viewer may read now."""

    def permit(self, viewer: Viewer, cadre_id: int) -> Permit | None:
        """On what grounds the viewer reads this cadre's file now."""


_sources: list[PermitSource] = []


def register_permits(source: PermitSource) -> None:
    """Registering the same one again (autoreload) changes nothing."""
    if type(source) not in [type(known) for known in _sources]:
        _sources.append(source)


def leader_readable(viewer: Viewer) -> QuerySet[Cadre]:
    """Cadres whose leader edition the viewer may read: those whose files they keep, and those by permit.

    Never their own or a relative's, whatever the permit says: the tie may be newer than the permit.
    """
    leading = Cadre.objects.visible_to(viewer, Permission.VIEW_GROWTH_LEADER)
    # Combined and not nested: SQLite's parser has a bottom, and what asks this nests it further.
    readable = leading & Cadre.objects.visible_to(viewer, Permission.MAKE_GROWTH)
    for source in _sources:
        readable |= Cadre.objects.filter(pk__in=source.open_to(viewer).values("pk"))
    return readable.exclude(avoided_by(viewer))


def permit_for(viewer: Viewer, cadre_id: int) -> Permit | None:
    found = (source.permit(viewer, cadre_id) for source in _sources)
    return next((permit for permit in found if permit), None)
