"""The OpenAPI document: every operation says which refusals it may answer, all in one shape."""

from typing import Any

from drf_spectacular.authentication import SessionScheme
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_parameter_type
from rest_framework import serializers

ACTS = {"list": "列出", "retrieve": "查看", "create": "新增", "partial_update": "修改", "destroy": "删除"}


class Problem(serializers.Serializer):
    """Every refusal: a stable code, a Chinese sentence, and the sentences per field."""

    code = serializers.CharField()
    message = serializers.CharField()
    request_id = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]


class CookieScheme(SessionScheme):  # type: ignore[no-untyped-call]
    target_class = "core.api.authentication.SessionAuthentication"


class FilterScheme(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """The filters as they are, and the orders that the view allows."""

    target_class = "core.api.filters.StrictFilterBackend"
    priority = 1

    def get_schema_operation_parameters(
        self, auto_schema: AutoSchema, *args: Any, **kwargs: Any
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]]
        found = super().get_schema_operation_parameters(auto_schema, *args, **kwargs)  # type: ignore[no-untyped-call]
        if orders := getattr(auto_schema.view, "ordering_fields", {}):
            words = f"排序：{'、'.join(orders)}；前加减号为倒序，多项以逗号分隔"
            found.append(build_parameter_type("ordering", {"type": "string"}, "query", description=words))
        return found


class Schema(AutoSchema):
    """Adds the refusals that every operation shares; views name only what is special about them."""

    def get_response_serializers(self) -> Any:
        answers: Any = {204: None} if self.method == "DELETE" else super().get_response_serializers()
        if self._writes() and hasattr(self.view, "shown_class"):
            answers = self.view.shown_class()
        if not isinstance(answers, dict):
            answers = {201 if self.method == "POST" else 200: answers}
        return answers | {code: Problem for code in self._refusals() if code not in answers}

    def get_tags(self) -> list[str]:
        label: str = getattr(self.view, "label", "")
        return [label] if label else list(super().get_tags())

    def get_summary(self) -> str | None:
        label, act = getattr(self.view, "label", ""), ACTS.get(getattr(self.view, "action", ""))
        return f"{act}{label}" if label and act else super().get_summary()

    def _writes(self) -> bool:
        return getattr(self.view, "action", "") in {"create", "partial_update"}

    def _refusals(self) -> list[int]:
        reading = self.method == "GET"
        return [400, 401, 404] if reading else [400, 401, 403, 404, 409, 415, 422]
