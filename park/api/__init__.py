"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from park.api.deeds import DeedViewSet, GroupMemberViewSet, GroupViewSet
from park.api.field import (
    AssignmentViewSet,
    EnterpriseViewSet,
    HandoverViewSet,
    ProjectViewSet,
    RequestViewSet,
    VisitViewSet,
)
from park.api.people import CadreLoadViewSet, LeaderLoadViewSet, LeaderNoteViewSet
from park.api.tasks import IndicatorViewSet, PlanViewSet, ReadingViewSet, ReportViewSet, TaskViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    ("plans", PlanViewSet, "api-plans"),
    ("tasks", TaskViewSet, "api-tasks"),
    ("task-reports", ReportViewSet, "api-task-reports"),
    ("indicators", IndicatorViewSet, "api-indicators"),
    ("indicator-readings", ReadingViewSet, "api-indicator-readings"),
    ("projects", ProjectViewSet, "api-projects"),
    ("enterprises", EnterpriseViewSet, "api-enterprises"),
    ("visits", VisitViewSet, "api-visits"),
    ("enterprise-requests", RequestViewSet, "api-enterprise-requests"),
    ("assignments", AssignmentViewSet, "api-assignments"),
    ("handovers", HandoverViewSet, "api-handovers"),
    ("cadre-loads", CadreLoadViewSet, "api-cadre-loads"),
    ("leader-loads", LeaderLoadViewSet, "api-leader-loads"),
    ("leader-notes", LeaderNoteViewSet, "api-leader-notes"),
    ("deeds", DeedViewSet, "api-deeds"),
    ("leading-groups", GroupViewSet, "api-leading-groups"),
    ("leading-group-members", GroupMemberViewSet, "api-leading-group-members"),
)
