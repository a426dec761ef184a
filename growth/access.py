"""Who may read and who may make which edition of whose file (security.md 1.3, rows 17–19)."""

from core.access import Permission, Viewer
from growth.contracts import Edition
from growth.models import EDITION_PERMISSIONS, readable_cadres
from people.models import Cadre


def readable_editions(viewer: Viewer, cadre: Cadre) -> tuple[Edition, ...]:
    return tuple(edition for edition in Edition if _reads(viewer, cadre, edition))


def makeable_editions(viewer: Viewer, cadre: Cadre) -> tuple[Edition, ...]:
    """Editions the viewer may make: those readable, where the right to make files reaches the cadre."""
    if not _reaches(viewer, cadre, Permission.MAKE_GROWTH):
        return ()
    return readable_editions(viewer, cadre)


def _reads(viewer: Viewer, cadre: Cadre, edition: Edition) -> bool:
    if not viewer.can(EDITION_PERMISSIONS[edition]):
        return False
    return readable_cadres(viewer, edition).filter(pk=cadre.pk).exists()


def _reaches(viewer: Viewer, cadre: Cadre, permission: Permission) -> bool:
    if not viewer.can(permission):
        return False
    return Cadre.objects.visible_to(viewer, permission).filter(pk=cadre.pk).exists()
