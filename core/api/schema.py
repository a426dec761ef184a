"""The OpenAPI document: every operation says which refusals it may answer, all in one shape."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework import serializers

from core.api.permissions import Open


class Problem(serializers.Serializer):
    """Every refusal: a stable code, a Chinese sentence, and the sentences per field."""

    code = serializers.CharField()
    message = serializers.CharField()
    request_id = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]


class Schema(AutoSchema):
    """Adds the refusals that any operation shares; views name only what is special about them."""

    def get_response_serializers(self) -> Any:
        answers = super().get_response_serializers()
        if not isinstance(answers, dict):
            answers = {self._success(): answers}
        return answers | {code: Problem for code in self._refusals() if code not in answers}

    def _success(self) -> int:
        return {"POST": 201, "DELETE": 204}.get(self.method, 200)

    def _refusals(self) -> list[int]:
        writing = self.method in {"POST", "PUT", "PATCH", "DELETE"}
        return [400, 401, 403, 404, 409, 415, 422] if writing else [400, 401, 404]


@extend_schema(exclude=True)
class SchemaView(SpectacularAPIView):
    permission = Open.LOGGED_IN


class SwaggerView(SpectacularSwaggerView):
    """The document to read and try, drawn by files of our own origin."""

    permission = Open.LOGGED_IN
