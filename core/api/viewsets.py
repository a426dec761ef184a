"""The base of every endpoint over rows: whatever it does begins with what the viewer may see."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from core.access import Viewer
from core.api.permissions import Declaration, viewer_of


class ScopedViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """Lists and shows. `model.objects` has `visible_to(viewer)`; `rows` joins what the serializers show."""

    model: ClassVar[type[Model]]
    permission: ClassVar[Declaration]
    ordering_fields: ClassVar[dict[str, tuple[str, ...]]] = {}
    detail_serializer_class: ClassVar[type[BaseSerializer] | None] = None
    lookup_value_regex = "[0-9]{1,18}"  # anything longer is no row, and would overflow the database

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.request)

    def get_queryset(self) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        if getattr(self, "swagger_fake_view", False):
            return manager.none()  # type: ignore[no-any-return]
        return self.rows(manager.visible_to(self.viewer))

    def rows(self, rows: Any) -> QuerySet[Any]:
        return rows  # type: ignore[no-any-return]

    def shown_class(self) -> Any:
        return self.detail_serializer_class or self.serializer_class

    def get_serializer_class(self) -> Any:
        return self.shown_class() if self.action == "retrieve" else self.serializer_class


class _Writing(ScopedViewSet):
    """What creating and changing share: the serializer checks the form, its methods call services."""

    create_serializer_class: ClassVar[type[BaseSerializer] | None] = None
    change_serializer_class: ClassVar[type[BaseSerializer] | None] = None
    http_method_names = ["get", "post", "patch", "head", "options"]

    def get_serializer_class(self) -> Any:
        own = {"create": self.create_serializer_class, "partial_update": self.change_serializer_class}
        return own.get(self.action) or super().get_serializer_class()

    def _write(self, serializer: Any, *, status: int) -> Response:
        serializer.is_valid(raise_exception=True)
        written = serializer.save(by=self.viewer)
        return Response(self.shown(written), status=status)

    def shown(self, written: Model) -> Any:
        """The row as a reader gets it, read afresh: whoever has just written it may see it."""
        fresh = self.rows(self.model._default_manager.filter(pk=written.pk)).get()
        return self.shown_class()(fresh, context=self.get_serializer_context()).data


class CreatableViewSet(_Writing):
    """Also creates."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._write(self.get_serializer(data=request.data), status=201)


class ChangeableViewSet(_Writing):
    """Also changes."""

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._write(
            self.get_serializer(self.get_object(), data=request.data, partial=True), status=200
        )


class WritableViewSet(CreatableViewSet, ChangeableViewSet):
    """Also creates and changes."""
