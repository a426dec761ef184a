"""From a duty on the home page to the tasks it counts."""

from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.views.generic import RedirectView

from core.access import Permission
from core.web.views import ViewerMixin

# What the list is asked for, by the duty's key; the tasks may belong to any plan.
QUERIES = {
    "sign": "state=issued",
    "overdue": "signal=red",
    "soon": "signal=blue",
    "returned": "state=returned",
    "blank": "blank=1&state=draft",
    "check": "state=closing",
    "close": "state=reviewing",
    "extend": "state=open",
}


class WaitingTasks(ViewerMixin, RedirectView):
    permission: ClassVar = Permission.VIEW_PARK

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        if kwargs["key"] not in QUERIES:
            raise Http404
        return f"{reverse('park:tasks')}?plan=all&{QUERIES[kwargs['key']]}"
