"""The page of the search, what drops down from the box, and the endpoint."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import search
from core.access import Role
from tests.factories.people import make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit("规划建设局")


def logged_in(*roles, **values) -> Client:
    client = Client()
    client.force_login(make_account(*roles, **values))
    return client


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_hits_by_kind_with_what_matched(unit) -> None:
    cadre = make_cadre("王示例", unit=unit)
    search.rebuild()
    text = page(logged_in(Role.HR), "/search/?q=wsl")
    assert f'<a href="/cadres/{cadre.pk}/"><span><mark>王示例</mark>' in text
    assert "规划建设局科员" in text


def test_an_empty_page_says_what_can_be_found() -> None:
    text = page(logged_in(Role.HR), "/search/")
    assert "输入要找的内容" in text
    assert "干部、" in text
    assert "没有找到“没有这人”" in page(logged_in(Role.HR), "/search/?q=没有这人")


def test_an_administrator_is_not_told_of_kinds_they_have_not() -> None:
    text = page(logged_in(Role.SYSADMIN), "/search/?q=王")
    assert "这里能查：机构" in text


def test_one_kind_has_a_page_of_its_own(unit) -> None:
    for number in range(23):
        make_cadre(f"赵样本{number}", unit=unit)
    search.rebuild()
    client = logged_in(Role.HR)
    all_kinds = page(client, "/search/?q=赵样本")
    assert all_kinds.count("<mark>赵样本</mark>") == 20
    assert 'href="/search/?q=%E8%B5%B5%E6%A0%B7%E6%9C%AC&amp;kind=people.cadre"' in all_kinds
    assert page(client, "/search/?q=赵样本&kind=people.cadre").count("<mark>赵样本</mark>") == 23
    assert page(client, "/search/?q=赵样本&kind=nothing").count("<mark>赵样本</mark>") == 20


def test_what_is_typed_stays_text(unit) -> None:
    text = page(logged_in(Role.HR), "/search/?q=%3Cscript%3Ex")
    assert "<script>x" not in text


def test_suggestions_are_short_and_lead_to_the_page(unit) -> None:
    for number in range(7):
        make_cadre(f"钱样本{number}", unit=unit)
    search.rebuild()
    client = logged_in(Role.HR)
    text = page(client, "/search/suggest/?q=qyb")
    assert text.count("data-hit") == 6
    assert "<html" not in text
    assert page(client, "/search/suggest/?q=").strip() == ""


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_at_any_length(unit, rows) -> None:
    for number in range(rows):
        make_cadre(f"孙样本{number}", unit=unit)
    search.rebuild()
    client = logged_in(Role.HR)
    page(client, "/search/?q=孙")
    with CaptureQueriesContext(connection) as asked:
        page(client, "/search/?q=孙")
    assert len(asked) <= 10


def test_nobody_outside_searches() -> None:
    assert Client().get("/search/suggest/?q=a").status_code == 302


def test_the_endpoint_gives_the_same(unit) -> None:
    cadre = make_cadre("李示例", unit=unit)
    search.rebuild()
    answer = logged_in(Role.HR).get("/api/v1/search/?q=lsl").json()
    assert [group["key"] for group in answer["groups"]] == ["people.cadre"]
    hit = answer["groups"][0]["hits"][0]
    assert (hit["title"], hit["path"], hit["id"]) == ("李示例", f"/cadres/{cadre.pk}/", cadre.pk)
    assert logged_in(Role.AUDITOR).get("/api/v1/search/?q=lsl").json() == {"groups": []}
    assert Client().get("/api/v1/search/?q=lsl").status_code == 401
