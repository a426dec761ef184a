"""Where the OpenAPI document is served, for machines and for people."""

from typing import Any

from django.urls import reverse
from drf_spectacular.views import SpectacularAPIView

from core.api.permissions import Open
from core.web.views import FramePage


class SchemaView(SpectacularAPIView):
    permission = Open.LOGGED_IN


class DocsPage(FramePage):
    """The document to read and to try out, drawn by Swagger UI from our own origin."""

    title = "接口文档"
    template_name = "core/api/docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(schema_url=reverse("api-schema"), **kwargs)
