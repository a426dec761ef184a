"""Error pages: calm, in Chinese, with a way back. The 500 page needs neither database nor session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

# Shown when even the templates or the static manifest are broken.
BARE_PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>页面暂时打不开</title>'
    "<h1>页面暂时打不开</h1><p>服务器没能完成这次请求，已保存的内容没有丢失。请稍后重试。</p>"
)


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    response = render(request, f"errors/{name}.html", status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404", 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, "csrf", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    try:
        html: str = render_to_string(
            "errors/500.html", {"request_id": request.headers.get("X-Request-ID", "")}
        )
    except Exception:  # the error page itself must not fail, whatever is broken
        html = BARE_PAGE
    return HttpResponse(html, status=500, headers={"Cache-Control": "no-store"})
