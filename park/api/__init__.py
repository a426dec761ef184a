"""What this app adds to /api/v1/: (prefix, viewset, basename)."""

from rest_framework.viewsets import GenericViewSet

ROUTES: tuple[tuple[str, type[GenericViewSet], str], ...] = ()
