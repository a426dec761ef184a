"""Who a token belongs to. Apart from the endpoints, because DRF loads this while it loads itself."""

from django.utils import timezone
from knox import auth as knox
from knox.models import AuthToken
from rest_framework import exceptions
from rest_framework.request import Request

from people.access import viewer_for
from people.models import User
from people.passwords import password_is_due

MUST_CHANGE = "密码是一次性的或已到期，请先登录网页修改，然后再使用接口。"


class TokenAuthentication(knox.TokenAuthentication):
    """knox's token, and the viewer that a session gets from the middleware.

    A token given before the last change of password is worth nothing.
    """

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | None:
        found: tuple[User, AuthToken] | None = super().authenticate(request)
        if found is None:
            return None
        user, token = found
        if user.password_changed_at and token.created < user.password_changed_at:
            raise exceptions.AuthenticationFailed
        if password_is_due(user, timezone.now()):
            raise exceptions.PermissionDenied(MUST_CHANGE, code="password_change_required")
        request._request.viewer = viewer_for(user, on=timezone.localdate())  # type: ignore[attr-defined]
        return found

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        if not token.isalnum():  # what is no token need not reach the database, which may choke on it
            raise exceptions.AuthenticationFailed
        found: tuple[User, AuthToken] = super().authenticate_credentials(token)
        return found
