"""A button that calls one service and comes back: no page of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core.errors import DomainError
from core.web.views import ObjectMixin


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
