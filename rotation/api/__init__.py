"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from rotation.api import room
from rotation.api.plans import MoveViewSet, PlanViewSet, VariantViewSet
from rotation.api.secondments import NoteViewSet, SecondmentViewSet
from rotation.api.tenure import PostSituationViewSet, TenureViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    *room.ROUTES,
    ("tenures", TenureViewSet, "api-tenures"),
    ("post-situations", PostSituationViewSet, "api-post-situations"),
    ("rotation-plans", PlanViewSet, "api-rotation-plans"),
    ("rotation-variants", VariantViewSet, "api-rotation-variants"),
    ("rotation-moves", MoveViewSet, "api-rotation-moves"),
    ("secondments", SecondmentViewSet, "api-secondments"),
    ("secondment-notes", NoteViewSet, "api-secondment-notes"),
)
