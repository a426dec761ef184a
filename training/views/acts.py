"""Bases of pages: for staff only, and a button that calls one service and comes back."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.access import Permission
from core.web.views import FramePage, ObjectMixin, PressMixin


class StaffOnly(FramePage):
    """For those who answer for others' training: nobody else finds the page."""

    permission: ClassVar[Any] = Permission.VIEW_TRAINING

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.viewer.paths(Permission.VIEW_TRAINING):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class ActView(PressMixin, ObjectMixin):
    """A button about one row: a row that may not be known answers 404 before anything is done."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _ = self.object
        return super().post(request, *args, **kwargs)
