"""The search box: a page that needs no script, and a short list for the box in the top bar."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.search.finding import LONG_LIST, ONE_KIND, SHORT_LIST, Group, search
from core.search.sources import sources
from core.search.terms import MOST_TYPED
from core.web.views import FramePage, ViewerMixin


def typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:MOST_TYPED]


def search_url(query: str, kind: str = "") -> str:
    asked = {"q": query, "kind": kind} if kind else {"q": query}
    return f"{reverse('search')}?{urlencode(asked)}"


def list_link(group: Group, query: str) -> str:
    """The list of that kind with the same words, where it has one."""
    if not group.list_url:
        return ""
    rest = f"&{group.list_query}" if group.list_query else ""
    return f"{reverse(group.list_url)}?{urlencode({'q': query})}{rest}"


class SearchPage(FramePage):
    title = "查找"
    template_name = "core/search/page.html"

    def get_title(self) -> str:
        query = typed(self.request)
        return f"查找“{query}”" if query else self.title

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("首页", reverse("home")), (self.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query, kind = typed(self.request), self.request.GET.get("kind", "")
        known = {one.key: one.label for one in sources() if one.open_to(self.viewer)}
        kind = kind if kind in known else ""
        groups = search(self.viewer, query, limit=ONE_KIND if kind else LONG_LIST, kind=kind)
        links = [(group, search_url(query, group.key), list_link(group, query)) for group in groups]
        return super().get_context_data(
            query=query,
            kind=kind,
            kind_label=known.get(kind, ""),
            kinds="、".join(known.values()),
            groups=links,
            all_url=search_url(query),
            most_typed=MOST_TYPED,
            **kwargs,
        )


class SuggestPart(ViewerMixin):
    """What drops down from the box while typing; nothing for nothing typed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        query = typed(request)
        groups = search(self.viewer, query, limit=SHORT_LIST)
        context = {"query": query, "groups": groups, "all_url": search_url(query)}
        response = render(request, "core/search/suggestions.html", context)
        response["Cache-Control"] = "no-store"
        return response
