"""The base of every endpoint over rows: whatever it does begins with what the viewer may see."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from core.access import Viewer
from core.api.permissions import Declaration, viewer_of


class ScopedViewSet(GenericViewSet[Any]):
    """`model.objects` has `visible_to(viewer)`; a subclass joins in `rows` what it shows."""

    model: ClassVar[type[Model]]
    permission: ClassVar[Declaration]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {}
    lookup_value_regex = "[0-9]{1,18}"  # anything longer is no row, and would overflow the database

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.request)

    def get_queryset(self) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        if getattr(self, "swagger_fake_view", False):
            return manager.none()  # type: ignore[no-any-return]
        return self.rows(manager.visible_to(self.viewer))

    def rows(self, visible: QuerySet[Any]) -> QuerySet[Any]:
        return visible

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.save(by=self.viewer)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        serializer.save(by=self.viewer)
