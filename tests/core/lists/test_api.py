"""Saved views over HTTP."""

import pytest
from django.test import Client

from core.access import Role
from core.models import SavedView
from tests.factories.people import make_account

pytestmark = pytest.mark.django_db
NEW = {"list_key": "people:cadres", "name": "示例", "query": "q=A&page=2", "columns": ["name", "sex"]}


def browser(*roles: Role) -> Client:
    client = Client()
    client.force_login(make_account(*roles))
    return client


def make(client: Client, **values):
    return client.post("/api/v1/saved-views/", NEW | values, content_type="application/json")


def test_a_view_is_made_read_and_deleted() -> None:
    client = browser(Role.HR)
    made = make(client, roles=["DH"]).json()
    assert (made["query"], made["columns"], made["roles"], made["mine"]) == (
        "q=A",
        ["name", "sex"],
        ["DH"],
        True,
    )
    listed = client.get("/api/v1/saved-views/?list_key=people:cadres").json()["results"]
    assert [one["id"] for one in listed] == [made["id"]]
    assert client.delete(f"/api/v1/saved-views/{made['id']}/").status_code == 204
    assert not SavedView.objects.exists()


def test_a_shared_view_is_read_and_not_deleted() -> None:
    made = make(browser(Role.HR), roles=["DH"]).json()
    head = browser(Role.DEPARTMENT_HEAD)
    assert head.get(f"/api/v1/saved-views/{made['id']}/").json()["mine"] is False
    assert head.delete(f"/api/v1/saved-views/{made['id']}/").status_code == 403
    assert browser(Role.VICE_LEADER).get(f"/api/v1/saved-views/{made['id']}/").status_code == 404


def test_sharing_needs_the_right() -> None:
    refused = make(browser(Role.VICE_LEADER), roles=["DH"])
    assert refused.status_code == 403
    assert "没有共享视图的权限" in refused.content.decode()
