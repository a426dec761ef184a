"""Whether a viewer of a cadre's page may also see that cadre's training."""

from core.access import Permission, Viewer
from people.models import Cadre

SEES = Permission.VIEW_TRAINING


def looks_after_others(viewer: Viewer) -> bool:
    return bool(viewer.paths(SEES))


def may_see(cadre: Cadre, viewer: Viewer) -> bool:
    """The page shows only cadres the viewer sees; the database is asked where training reaches less far."""
    shown = Permission.VIEW_CADRE
    if viewer.paths(SEES) == viewer.paths(shown) and viewer.on_own_record(SEES) == viewer.on_own_record(
        shown
    ):
        return True
    return Cadre.objects.visible_to(viewer, SEES).filter(pk=cadre.pk).exists()
