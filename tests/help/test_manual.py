"""The manual inside the product: every part opens, every link and picture in it leads somewhere."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import resolve

from cadre_dev.help.manual import MAIN, anchor_of, part, parts, picture, slugs
from cadre_dev.help.places import PLACES, place_of
from core.search import search
from tests.factories.people import make_account, make_cadre, make_viewer

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.anchors: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        values = dict(attrs)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "img":
            self.pictures.append(values["src"])
        if "id" in values:
            self.anchors.add(values["id"])


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_account(cadre=make_cadre()))
    return client


@pytest.mark.parametrize("slug", slugs())
def test_every_part_opens_with_its_headings(client: Client, slug: str) -> None:
    page = client.get(part(slug).url)
    assert page.status_code == 200
    assert page.context["part"].title
    assert part(slug).headings


def test_every_link_inside_the_manual_leads_somewhere() -> None:
    anchors = {unquote(found.url): Links(found.html).anchors for found in parts()}
    lost = []
    for found in parts():
        for href in Links(found.html).links:
            path, _, anchor = unquote(href).partition("#")
            if re.match(r"https?:", path):
                continue
            page = path or unquote(found.url)
            if page not in anchors or (anchor and anchor not in anchors[page]):
                lost.append((found.slug, href))
    assert lost == []


def test_every_picture_is_there_and_nothing_else_is_given_out(client: Client) -> None:
    sources = [source for found in parts() for source in Links(found.html).pictures]
    assert sources
    for source in sources:
        assert resolve(source).url_name == "help_picture"
        assert client.get(source).status_code == 200
    for name in ("..%2Fapi.md", "nothing.png", "%2Fetc%2Fpasswd"):
        assert client.get(f"/help/pictures/{name}").status_code == 404
    assert picture("../images/home.png") is None


def test_an_unknown_part_does_not_exist(client: Client) -> None:
    assert client.get("/help/nothing/").status_code == 404
    assert part("../api") is None


def test_markup_in_the_text_is_text() -> None:
    assert "<script" not in "".join(found.html for found in parts())


def test_anchors_are_those_that_the_contents_use() -> None:
    assert anchor_of("导入：花名册、台账、任免审批表") == "导入花名册台账任免审批表"
    assert anchor_of("Full Page (A4)") == "full-page-a4"


@pytest.mark.parametrize("prefix", PLACES)
def test_every_page_has_a_part_that_is_there(prefix: str) -> None:
    slug, anchor = PLACES[prefix]
    assert part(slug) is not None
    assert not anchor or anchor in {heading.anchor for heading in part(slug).headings}


def test_help_opens_at_the_part_of_the_page(client: Client) -> None:
    assert place_of("/training/hours/12/") == ("学时", "")
    assert client.get("/help/?page=/training/hours/12/")["Location"] == part("学时").url
    assert client.get("/help/?page=/nowhere/")["Location"] == part(MAIN).url
    assert client.get("/help/?page=//evil.example/")["Location"] == part(MAIN).url


def test_the_manual_is_found_by_the_search_box() -> None:
    from core.search import rebuild

    rebuild()
    groups = {group.key: group for group in search(make_viewer(cadre=make_cadre()), "填报自学")}
    assert "help" in groups
    assert any("填报自学" in hit.title for hit in groups["help"].hits)
