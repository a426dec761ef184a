"""Pages of at most 100 rows; a page size that is none is refused, not replaced."""

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 100
    page_query_description = "第几页，从 1 起"
    page_size_query_description = "每页行数，1–100"
    invalid_page_message = "没有这一页。"

    def get_page_size(self, request: Request) -> int | None:
        wanted = request.query_params.get("page_size")
        if wanted is None:
            return self.page_size
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 3 and 1 <= int(wanted) <= 100):
            raise ValidationError({"page_size": ["每页行数请填 1–100 的整数。"]})
        return int(wanted)
