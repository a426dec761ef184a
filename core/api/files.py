"""Bytes as an answer: a download may be asked for under any media type."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.renderers import BaseRenderer

FILE_ANSWER = OpenApiResponse(OpenApiTypes.BINARY, description="文件内容")


class FileRenderer(BaseRenderer):
    """Never renders: the view answers with a finished response, and refusals are JSON anyway."""

    media_type = "*/*"
    format = "file"

    def render(
        self, data: object, accepted_media_type: object = None, renderer_context: object = None
    ) -> bytes:
        return b""
