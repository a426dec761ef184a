"""Bases of pages: for staff only, and a button that calls one service and comes back."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from core.access import Permission
from core.errors import DomainError
from core.web.views import FramePage, ObjectMixin


class StaffOnly(FramePage):
    """For those who answer for others' training: nobody else finds the page."""

    permission: ClassVar[Any] = Permission.VIEW_TRAINING

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.viewer.paths(Permission.VIEW_TRAINING):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class ActView(ObjectMixin):
    """Subclasses write `act()`, which calls the service and returns what to say."""

    http_method_names = ["post"]

    def act(self) -> str:
        raise NotImplementedError

    def get_success_url(self) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _ = self.object  # a row that may not be known answers 404 before anything is done
        try:
            message = self.act()
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            if message:
                messages.success(request, message)
        return HttpResponseRedirect(self.get_success_url())
