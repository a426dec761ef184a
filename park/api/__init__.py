"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from park.api.tasks import IndicatorViewSet, PlanViewSet, ReadingViewSet, ReportViewSet, TaskViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    ("plans", PlanViewSet, "api-plans"),
    ("tasks", TaskViewSet, "api-tasks"),
    ("task-reports", ReportViewSet, "api-task-reports"),
    ("indicators", IndicatorViewSet, "api-indicators"),
    ("indicator-readings", ReadingViewSet, "api-indicator-readings"),
)
