"""The decision room and what follows it, over HTTP: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

from rotation.api.room.cases import CaseViewSet, GrantViewSet, OpinionViewSet, SpeakerViewSet
from rotation.api.room.results import DecisionViewSet, ObjectionViewSet, ResultViewSet, RevisitViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = (
    ("rotation-cases", CaseViewSet, "api-rotation-cases"),
    ("rotation-speakers", SpeakerViewSet, "api-rotation-speakers"),
    ("leader-opinions", OpinionViewSet, "api-leader-opinions"),
    ("reading-grants", GrantViewSet, "api-reading-grants"),
    ("rotation-decisions", DecisionViewSet, "api-rotation-decisions"),
    ("rotation-objections", ObjectionViewSet, "api-rotation-objections"),
    ("rotation-results", ResultViewSet, "api-rotation-results"),
    ("rotation-revisits", RevisitViewSet, "api-rotation-revisits"),
)
