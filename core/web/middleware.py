"""The outer and the inner frame of a request: who asks from where, and what a refusal looks like."""

import ipaddress
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from core.audit import note_damage
from core.context import RequestContext, within
from core.errors import DomainError
from core.web.context import viewer_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestContextMiddleware:
    """Gives each request an id (header X-Request-Id, audit events, error answers) and forbids caching.

    The id is always our own: one from outside could be made to collide in the audit log.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request.META["HTTP_X_REQUEST_ID"] = uuid4().hex  # the 500 page has only the request
        context = RequestContext(request_id=request_id, ip=client_ip(request))
        with within(context):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        # Static files are answered before the account is looked at; all else may be about a person.
        if hasattr(request, "user"):
            response["Cache-Control"] = "no-store"
        return response


class DomainErrorMiddleware:
    """A refusal by a service that the view did not turn into a form error becomes a calm page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if exception.code == "decryption":  # damage, not a refusal
            note_damage(exception, by=viewer_of(request), where=f"{request.method} {request.path}")
        context = {"message": exception.message, "field": exception.field, "code": exception.code}
        return render(request, "errors/refused.html", context, status=422)


def client_ip(request: HttpRequest) -> str:
    """The caller's address; behind a proxy the one that the proxy itself appended, not what came to it."""
    if settings.BEHIND_PROXY:
        last_hop = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if _is_address(last_hop):
            return last_hop
    address: str = request.META.get("REMOTE_ADDR", "")
    return address if _is_address(address) else ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
