"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from rotation.api import posts, room, rules, secondments
from rotation.api.circle import ConsultationViewSet, MemberViewSet
from rotation.api.notes import NoteViewSet
from rotation.api.plans import PlanViewSet
from rotation.api.tenure import PostSituationViewSet, TenureViewSet
from rotation.api.variants import MoveViewSet, VariantViewSet, WaiverViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    *room.ROUTES,
    ("tenures", TenureViewSet, "api-tenures"),
    ("tenure-extensions", posts.ExtensionViewSet, "api-tenure-extensions"),
    ("tenure-rules", rules.TenureRuleViewSet, "api-tenure-rules"),
    ("move-rules", rules.MoveRuleViewSet, "api-move-rules"),
    ("post-situations", PostSituationViewSet, "api-post-situations"),
    ("post-successors", posts.SuccessorViewSet, "api-post-successors"),
    ("post-requirements", posts.RequirementViewSet, "api-post-requirements"),
    ("unit-staffing", posts.StaffingViewSet, "api-unit-staffing"),
    ("rotation-plans", PlanViewSet, "api-rotation-plans"),
    ("rotation-members", MemberViewSet, "api-rotation-members"),
    ("rotation-consultations", ConsultationViewSet, "api-rotation-consultations"),
    ("rotation-variants", VariantViewSet, "api-rotation-variants"),
    ("rotation-moves", MoveViewSet, "api-rotation-moves"),
    ("rotation-waivers", WaiverViewSet, "api-rotation-waivers"),
    ("secondments", secondments.SecondmentViewSet, "api-secondments"),
    ("secondment-plans", secondments.SchemeViewSet, "api-secondment-plans"),
    ("secondment-extensions", secondments.SecondmentExtensionViewSet, "api-secondment-extensions"),
    ("secondment-rules", rules.SecondmentRuleViewSet, "api-secondment-rules"),
    ("secondment-notes", NoteViewSet, "api-secondment-notes"),
)
