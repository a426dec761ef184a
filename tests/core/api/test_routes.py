"""What holds for every route of the API, whichever app it belongs to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from rest_framework.test import APIClient

from cadre_dev import api_urls
from core.access import Role
from core.api.permissions import Open, need_of
from tests.factories.api import client_of
from tests.factories.people import make_account

pytestmark = pytest.mark.django_db
PUBLIC = {"api-login"}
PAGES = {"api-docs"}


def routes(patterns: list[URLPattern | URLResolver] = api_urls.urlpatterns) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


def address(pattern: URLPattern) -> str:
    names = pattern.pattern.converters or re.compile(str(pattern.pattern)).groupindex
    samples = {"pk": "1", "cadre": "1", "uid": "00000000-0000-0000-0000-000000000000"}
    return reverse(pattern.name, kwargs={name: samples[name] for name in names})


EVERY = [pytest.param(route, id=route.name) for route in routes()]
PRIVATE = [pytest.param(route, id=route.name) for route in routes() if route.name not in PUBLIC | PAGES]


@pytest.mark.parametrize("route", PRIVATE)
@pytest.mark.parametrize("verb", ["get", "post", "patch", "put", "delete"])
def test_a_stranger_gets_401(route: URLPattern, verb: str) -> None:
    answer = getattr(APIClient(), verb)(address(route), {} if verb != "get" else None, format="json")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("route", EVERY)
def test_every_action_declares_what_it_needs(route: URLPattern) -> None:
    view = getattr(route.callback, "cls", None)
    if view is None:  # an ordinary page
        assert route.name in PAGES
        return
    actions = list(getattr(route.callback, "actions", {}).values()) or ["get"]
    needs = {action: need_of(view.permission, action) for action in actions}
    if route.name in PUBLIC | {"api-logout"}:
        needs = view.permission
    assert None not in needs.values(), needs
    assert (Open.PUBLIC in needs.values()) == (route.name in PUBLIC)


@pytest.mark.parametrize("route", PRIVATE)
def test_an_account_without_any_grant_sees_nothing(route: URLPattern) -> None:
    answer = client_of(make_account()).get(address(route))
    if answer.status_code == 200 and route.name != "api-schema":
        body = answer.json()
        assert body.get("results", body.get("groups")) == []
    else:
        assert answer.status_code in {200, 404, 405, 401}  # 401: only a token can be handed back


def test_the_document_is_complete_and_clean(tmp_path: Path) -> None:
    target = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(target))
    text = target.read_text()
    paths = ["cadres", "units", "posts", "appointments", "classes", "participations", "hours", "growth-files"]
    assert [name for name in paths if f"/api/v1/{name}/:" not in text] == []
    assert "#/components/schemas/Problem" in text


def test_the_documentation_page_loads_nothing_from_outside() -> None:
    page = Client()
    page.force_login(make_account(Role.HR), backend="people.backends.AccountBackend")
    answer = page.get(reverse("api-docs"))
    text = answer.content.decode()
    assert 'data-schema="/api/v1/schema/"' in text
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", text) == []
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert APIClient().get(reverse("api-docs")).status_code == 302


def test_a_wrong_address_under_api_is_refused_in_json() -> None:
    answer = Client().get("/api/v1/nonsense/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["request_id"] == answer["X-Request-Id"]


def test_a_fault_of_ours_is_json_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("people.api.views.UnitViewSet.get_queryset", broken)
    client = client_of(make_account(Role.HR))
    client.raise_request_exception = False
    answer = client.get("/api/v1/units/")
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
    assert answer.json()["request_id"] == answer["X-Request-Id"]


def test_a_session_with_a_one_time_password_opens_nothing() -> None:
    answer = client_of(make_account(Role.HR, must_change_password=True)).get("/api/v1/units/")
    assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")
    assert answer.json()["fields"] == {}
