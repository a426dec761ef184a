"""The bar at the foot of a phone, its collections, and what lets a phone install the product."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from core.access import Role
from core.web.install import ICON_SIZES
from tests.factories.people import make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db


def signed_in(*roles: Role, cadre: bool = True) -> Client:
    own = make_cadre("许示例", unit=make_unit("招商局")) if cadre else None
    client = Client()
    client.force_login(make_account(*roles, cadre=own))
    return client


def test_a_cadre_has_five_places_and_sees_where_they_are() -> None:
    tabs = signed_in().get("/menu/mine/").context["phone_tabs"]
    assert [(tab.label, current) for tab, _, current in tabs] == [
        ("首页", False),
        ("学习", False),
        ("签到", False),
        ("任务", False),
        ("我的", True),
    ]
    assert [tab.label for tab, _, current in signed_in().get("/").context["phone_tabs"] if current] == [
        "首页"
    ]


def test_every_place_of_the_bar_and_its_collections_opens() -> None:
    client = signed_in()
    for _, url, _ in client.get("/").context["phone_tabs"]:
        assert client.get(url).status_code == 200
    for key in ("study", "mine"):
        for link in client.get(f"/menu/{key}/").context["places"]:
            assert client.get(link.url).status_code == 200, link.url
    assert client.get("/menu/nonsense/").status_code == 404


def test_an_account_without_a_record_has_no_bar() -> None:
    answer = signed_in(Role.SYSADMIN, cadre=False).get("/")
    assert list(answer.context["phone_tabs"]) == []
    assert "tabbar" not in answer.content.decode()


def test_the_own_collection_holds_the_settings_and_the_way_out() -> None:
    page = signed_in().get("/menu/mine/").content.decode()
    assert "通知设置" in page
    assert "/logout/" in page


def test_a_phone_can_install_the_product() -> None:
    client = Client()
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert manifest["display"] == "standalone"
    assert [icon["sizes"] for icon in manifest["icons"]] == ["192x192", "512x512"]
    for size in ICON_SIZES:
        with Image.open(finders.find(f"icons/seal-{size}.png")) as icon:
            assert icon.size == (size, size)
    worker = client.get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "caches" not in worker.content.decode()  # nothing of a reader's is kept on the device
