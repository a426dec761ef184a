"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from wellbeing.api.inspections import FindingViewSet, InspectionViewSet
from wellbeing.api.talks import DutyViewSet, FollowUpViewSet, RuleViewSet, TalkViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    ("talks", TalkViewSet, "api-talks"),
    ("talk-duties", DutyViewSet, "api-talk-duties"),
    ("talk-rules", RuleViewSet, "api-talk-rules"),
    ("follow-ups", FollowUpViewSet, "api-follow-ups"),
    ("inspections", InspectionViewSet, "api-inspections"),
    ("findings", FindingViewSet, "api-findings"),
)
