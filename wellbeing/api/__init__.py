"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from wellbeing.api.care import (
    ActivityViewSet,
    CareCaseViewSet,
    CareEventViewSet,
    CareRuleViewSet,
    CareSupportViewSet,
)
from wellbeing.api.checkups import (
    CampaignViewSet,
    CheckupRuleViewSet,
    MemberViewSet,
    SlotViewSet,
)
from wellbeing.api.inspections import FindingViewSet, InspectionViewSet
from wellbeing.api.talks import DutyViewSet, FollowUpViewSet, RuleViewSet, TalkSlotViewSet, TalkViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    ("talks", TalkViewSet, "api-talks"),
    ("talk-duties", DutyViewSet, "api-talk-duties"),
    ("talk-rules", RuleViewSet, "api-talk-rules"),
    ("talk-slots", TalkSlotViewSet, "api-talk-slots"),
    ("follow-ups", FollowUpViewSet, "api-follow-ups"),
    ("inspections", InspectionViewSet, "api-inspections"),
    ("findings", FindingViewSet, "api-findings"),
    ("checkups", CampaignViewSet, "api-checkups"),
    ("checkup-slots", SlotViewSet, "api-checkup-slots"),
    ("checkup-people", MemberViewSet, "api-checkup-people"),
    ("checkup-rules", CheckupRuleViewSet, "api-checkup-rules"),
    ("care-cases", CareCaseViewSet, "api-care-cases"),
    ("care-events", CareEventViewSet, "api-care-events"),
    ("care-rules", CareRuleViewSet, "api-care-rules"),
    ("care-supports", CareSupportViewSet, "api-care-supports"),
    ("activities", ActivityViewSet, "api-activities"),
)
