"""/help/: the contents, a part, its pictures; `?page=` opens the part that tells of that page."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views import View

from cadre_dev.help.manual import MAIN, Part, part, parts, picture
from cadre_dev.help.places import place_of
from core.web.views import FramePage, ViewerMixin

INSIDE = (2, 3)  # levels of the headings that the side shows


class HelpPage(FramePage):
    template_name = "help/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if path := request.GET.get("page"):
            slug, anchor = place_of(path)
            found = part(slug) or part(MAIN)
            if found:
                return HttpResponseRedirect(f"{found.url}#{anchor}" if anchor else found.url)
        return super().get(request, *args, **kwargs)

    def get_part(self) -> Part:
        found = part(self.kwargs.get("slug", MAIN))
        if found is None:
            raise Http404
        return found

    def get_title(self) -> str:
        return self.get_part().title

    def get_crumbs(self) -> Sequence[tuple[str, str]]:
        here = self.get_part()
        if here.slug == MAIN:
            return [("首页", reverse("home")), (here.title, "")]
        return [("首页", reverse("home")), ("操作手册", reverse("help")), (here.title, "")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = self.get_part()
        inside = [heading for heading in here.headings if heading.level in INSIDE]
        return super().get_context_data(part=here, inside=inside, parts=list(parts()), **kwargs)


class HelpPicture(ViewerMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        file = picture(kwargs["name"])
        if file is None:
            raise Http404
        return HttpResponse(file.read_bytes(), content_type="image/png")
