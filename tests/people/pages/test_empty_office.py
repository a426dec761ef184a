"""An office on its first day: nothing is there yet, every page opens and says what to do next."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from cadre_dev.help.manual import MAIN
from cadre_dev.help.places import place_of
from core.access import Role
from tests.factories.people import make_account, make_cadre

pytestmark = pytest.mark.django_db

LEAST_WORDS = 6  # fewer characters say no next step


class Page(HTMLParser):
    """The links of a page, and what stands in each of its empty places."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.empty: list[str] = []
        self._depth = 0
        self._hint = False
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        values = dict(attrs)
        if tag == "a" and "download" not in values:
            self.links.append(values.get("href") or "")
        if tag == "div" and (self._depth or "empty" in (values.get("class") or "").split()):
            self._depth += 1
            if self._depth == 1:
                self.empty.append("")
        self._hint = self._depth > 0 and tag in ("p", "a", "button")

    def handle_endtag(self, tag) -> None:
        if tag == "div" and self._depth:
            self._depth -= 1

    def handle_data(self, data) -> None:
        if self._depth and self._hint:
            self.empty[-1] += data.strip()


def kind_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def walk(client: Client) -> dict[str, list[str]]:
    """What is amiss on each kind of page that links lead to, from the home page on."""
    waiting, seen, faults = ["/"], {"home"}, {}
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        if "html" not in answer.headers.get("Content-Type", "html"):
            continue
        page = Page(answer.content.decode())
        if found := list(faults_of(path, answer.status_code, page)):
            faults[path] = found
        for href in page.links:
            target = re.sub(r"[?#].*", "", href)
            if target.startswith("/") and (kind := kind_of(target)) and kind not in seen:
                seen.add(kind)
                waiting.append(href.partition("#")[0])
    assert len(seen) > 20  # the walk came somewhere
    return faults


def faults_of(path: str, status: int, page: Page):
    if status not in (200, 302):
        yield f"answers {status}"
    if any(len(words) < LEAST_WORDS for words in page.empty):
        yield f"an empty place without the next step: {page.empty}"
    if place_of(path) == (MAIN, "") and not path.startswith("/help/"):
        yield "no part of the manual tells of it"


@pytest.mark.parametrize(
    "roles", [(Role.HR,), (Role.PARTY,), (Role.DISCIPLINE,), ()], ids=["hr", "party", "jj", "cadre"]
)
def test_every_page_of_an_empty_office_says_what_to_do_next(roles: tuple[Role, ...]) -> None:
    client = Client()
    client.force_login(make_account(*roles, cadre=None if roles else make_cadre("许示例")))
    assert walk(client) == {}
