"""The personnel register over HTTP: the same rows, filters and services as the pages."""

from people.api.auth import Login, Logout
from people.api.statistics import StatisticsView
from people.api.views import AppointmentViewSet, CadreViewSet, KinTieViewSet, PostViewSet, UnitViewSet

__all__ = [
    "AppointmentViewSet",
    "CadreViewSet",
    "KinTieViewSet",
    "Login",
    "Logout",
    "PostViewSet",
    "StatisticsView",
    "UnitViewSet",
]
