"""The mark of a browser that checks in, and where the result of a check-in stands."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from training.choices import CheckInResult
from training.services.checkin import Outcome

DEVICE_COOKIE = "device"
YEAR = 365 * 24 * 3600


def device_of(request: HttpRequest) -> str:
    """This browser's own random mark; a new one when it has none."""
    known = request.COOKIES.get(DEVICE_COOKIE, "")
    return known if 20 <= len(known) <= 64 else secrets.token_urlsafe(24)


def keep_device(response: HttpResponse, device: str) -> HttpResponse:
    response.set_cookie(
        DEVICE_COOKIE, device, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response


def done_url(outcome: Outcome) -> str:
    if outcome.attendance is None:
        return reverse("training:checkin")
    again = "?again=1" if outcome.result == CheckInResult.ALREADY else ""
    return reverse("training:checkin_done", args=[outcome.attendance.pk]) + again
