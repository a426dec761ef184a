"""Tokens for machines and scripts: taken with name and password, hashed at rest, gone after eight hours."""

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, extend_schema
from knox.models import AuthToken
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import Open
from core.api.schema import Problem
from core.api.serializers import StrictSerializer
from core.audit import record
from core.choices import AuditAction
from people.authentication import MUST_CHANGE, TokenAuthentication
from people.login import LOCK_MINUTES, normalised_username
from people.models import User
from people.passwords import password_is_due


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token 后接一个空格和令牌",
        }


class Credentials(StrictSerializer):
    username = serializers.CharField(label="登录名", max_length=64)
    password = serializers.CharField(label="密码", max_length=128, trim_whitespace=False)


class Token(serializers.Serializer):
    token = serializers.CharField(label="令牌", help_text="只在这里显示一次")
    expires_at = serializers.DateTimeField(label="失效时间")


class Locked(exceptions.Throttled):
    """Five wrong passwords for one account from one address; the right one does not open it either."""

    def __init__(self) -> None:
        super().__init__(wait=LOCK_MINUTES * 60)
        self.detail = exceptions.ErrorDetail(
            f"密码连续输错，账号已锁定，请 {LOCK_MINUTES} 分钟后再试。", code="locked"
        )


class Login(APIView):
    """Lock-out, wording and audit are those of the login page."""

    label = "登录"
    permission = {"post": Open.PUBLIC}
    authentication_classes = ()

    def get_authenticate_header(self, request: Request) -> str:
        return "Token"  # without an authentication class DRF would make a wrong password 403

    @extend_schema(
        summary="取得令牌",
        request=Credentials,
        responses={
            200: Token,
            400: Problem,
            401: Problem,
            403: Problem,
            429: OpenApiResponse(Problem, description="账号锁定"),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        form = Credentials(data=request.data)
        form.is_valid(raise_exception=True)
        user = _check(request, **form.validated_data)
        token, text = AuthToken.objects.create(user=user)
        user_logged_in.send(sender=User, request=request._request, user=user)
        record(action=AuditAction.LOGIN, by=user, subject=user, label=f"{user}（接口）")
        return Response(Token({"token": text, "expires_at": token.expiry}).data)


def _check(request: Request, *, username: str, password: str) -> User:
    name = normalised_username(None, {"username": username})
    user = authenticate(request._request, username=name, password=password)
    if getattr(request._request, "axes_locked_out", False):
        # The middleware would answer with the login page.
        request._request.axes_locked_out = False  # type: ignore[attr-defined]
        record(action=AuditAction.LOGIN_LOCKED, by=None, label=name, result="refused")
        raise Locked
    if not isinstance(user, User):
        record(action=AuditAction.LOGIN_FAILED, by=None, label=name, result="refused")
        raise exceptions.AuthenticationFailed("账号或密码不正确。", code="wrong_credentials")
    if password_is_due(user, timezone.now()):
        raise exceptions.PermissionDenied(MUST_CHANGE, code="password_change_required")
    return user


class Logout(APIView):
    """The token used for this request is worth nothing afterwards."""

    label = "登录"
    permission = {"post": Open.LOGGED_IN}
    authentication_classes = (TokenAuthentication,)

    @extend_schema(summary="作废令牌", request=None, responses={204: None, 401: Problem})
    def post(self, request: Request) -> Response:
        token: AuthToken = request.auth
        token.delete()
        record(action=AuditAction.LOGOUT, by=token.user, subject=token.user, label=f"{token.user}（接口）")
        return Response(status=204)
