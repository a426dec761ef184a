"""Every request of someone logged in knows who is looking; a one-time password opens only its own change."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from core.api.errors import problem_body
from people import idle
from people.access import viewer_for
from people.authentication import MUST_CHANGE
from people.models import User
from people.passwords import password_is_due

GetResponse = Callable[[HttpRequest], HttpResponse]


class ViewerMiddleware:
    """Sets `request.viewer`: a Viewer as of today, or None for a stranger.

    An htmx request whose login has expired gets a full-page redirect: the login page must not be swapped
    into the middle of another page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        known = isinstance(user, User) and user.is_authenticated
        viewer = viewer_for(user, on=timezone.localdate()) if known else None  # type: ignore[arg-type]
        if viewer is not None and idle.ended(request, user, viewer):  # type: ignore[arg-type]
            known, viewer = False, None
            messages.warning(request, "太久没有操作，已自动退出；登录后回到原来的页面。")
        request.viewer = viewer  # type: ignore[attr-defined]
        response = self.get_response(request)
        if not known and request.headers.get("HX-Request") and response.status_code == 302:
            return self._to_login(request)
        return response

    @staticmethod
    def _to_login(request: HttpRequest) -> HttpResponse:
        page = urlsplit(request.headers.get("HX-Current-URL", "/"))
        back = urlencode({"next": f"{page.path}?{page.query}" if page.query else page.path})
        return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{back}")


class PasswordChangeMiddleware:
    """An account with a one-time or too old password goes nowhere before it has a new one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        due = isinstance(user, User) and password_is_due(user, timezone.now())
        if not due or self._open(request.path):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse(problem_body("password_change_required", MUST_CHANGE), status=403)
        return redirect("password_change")

    @staticmethod
    def _open(path: str) -> bool:
        return path in (reverse("password_change"), reverse("logout")) or path.startswith(settings.STATIC_URL)
