"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from training.api.catalogue import ClassViewSet, HoursViewSet, ParticipationViewSet
from training.api.slots import AttendanceViewSet, CheckInViewSet, SlotViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    ("classes", ClassViewSet, "api-classes"),
    ("participations", ParticipationViewSet, "api-participations"),
    ("hours", HoursViewSet, "api-hours"),
    ("slots", SlotViewSet, "api-slots"),
    ("attendances", AttendanceViewSet, "api-attendances"),
    ("check-ins", CheckInViewSet, "api-check-ins"),
)
