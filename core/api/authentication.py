"""Session login for the API: the cookie of the pages, with the same guard against forged requests."""

from rest_framework import authentication, exceptions
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """Answers 401 to strangers, where DRF's own would answer 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as refused:
            raise exceptions.PermissionDenied(
                "请求缺少防伪标记：请在请求头 X-CSRFToken 中带上页面给出的值，或改用令牌登录。",
                code="csrf_failed",
            ) from refused
