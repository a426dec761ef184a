"""Refusals outside any view: JSON under /api/, the page of the product elsewhere."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from core.api.errors import MESSAGES, problem_body
from core.web import errors as pages

API = "/api/"
SERVER_ERROR = "服务器没能完成这次请求，已保存的内容没有丢失。请稍后重试；再次出现时请记下请求编号。"
Handler = Callable[..., HttpResponse]


def _aware(page: Handler, status: int, code: str, message: str) -> Handler:
    def handler(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.path.startswith(API):
            return page(request, *args, **kwargs)
        return JsonResponse(problem_body(code, message), status=status, headers={"Cache-Control": "no-store"})

    return handler


bad_request = _aware(pages.bad_request, 400, "invalid", "请求的内容无法识别，请检查地址和参数。")
forbidden = _aware(pages.forbidden, 403, "permission_denied", MESSAGES["permission_denied"])
not_found = _aware(pages.not_found, 404, "not_found", MESSAGES["not_found"])
server_error = _aware(pages.server_error, 500, "server_error", SERVER_ERROR)
