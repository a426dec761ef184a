"""The floor: the least that Django itself takes for a list, a page, an answer and an export of the same rows.

Sessions and accounts as in the product, nothing else: no rights, no filters, no frame around the page.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template import Context, Engine
from django.urls import path

from people.models import Appointment, Cadre

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "benchmarks.pages.floor.own_urls",
]
PAGE_SIZE = 15
FIELDS = ("staff_no", "name", "sex", "birth_month", "rank", "staff_type", "status", "post_title", "unit_name")
LIST = """<!doctype html><title>干部</title><table>
{% for row in page %}<tr><td><a href="{{ row.pk }}/">{{ row.name }}</a>
<td>{{ row.unit_name }}{{ row.post_title }}<td>{{ row.rank }}<td>{{ row.birth_month|date:"Y-m" }}
<td>{{ row.get_staff_type_display }}</tr>{% endfor %}
</table>{{ page.number }}/{{ page.paginator.num_pages }}"""
DETAIL = """<!doctype html><title>{{ row.name }}</title><h1>{{ row.name }}</h1>
<p>{{ row.get_sex_display }} {{ row.rank }} {{ row.birth_month|date:"Y-m" }}</p>
<ul>{% for held in posts %}<li>{{ held.starts_on|date:"Y-m" }} {{ held.unit.name }}{{ held.title }}</li>
{% endfor %}</ul>"""
_list, _detail = Engine().from_string(LIST), Engine().from_string(DETAIL)


def own_urls(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = "benchmarks.pages.floor"  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _rows() -> QuerySet[Any]:
    """The one open post of each, as the seeded rows have it."""
    held = Appointment.objects.filter(cadre=OuterRef("pk"), ends_on=None).order_by("-starts_on")
    rows = Cadre.objects.annotate(
        unit_name=Subquery(held.values("unit__name")[:1]), post_title=Subquery(held.values("title")[:1])
    )
    return rows.order_by("display_order", "name_pinyin", "pk")


@login_required
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(_rows(), PAGE_SIZE).get_page(request.GET.get("page"))
    return HttpResponse(_list.render(Context({"page": page})))


@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Cadre, pk=pk)
    posts = row.appointments.select_related("unit")
    return HttpResponse(_detail.render(Context({"row": row, "posts": posts})))


@login_required
def api(request: HttpRequest) -> JsonResponse:
    page = Paginator(_rows().values("pk", *FIELDS), 50).get_page(request.GET.get("page"))
    return JsonResponse({"count": page.paginator.count, "results": list(page)})


@login_required
def api_detail(request: HttpRequest, pk: int) -> JsonResponse:
    return JsonResponse(_rows().values("pk", *FIELDS).get(pk=pk))


@login_required
def export(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(_lines(), content_type="text/csv")


def _lines() -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    for row in _rows().values_list(*FIELDS).iterator():
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


urlpatterns = [
    path("cadres/", index),
    path("cadres/<int:pk>/", detail),
    path("api/", api),
    path("api/<int:pk>/", api_detail),
    path("cadres.csv", export),
]
