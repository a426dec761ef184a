"""Walks through the product as one account: from the home page along every link, each kind of page once."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page, Response

LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(a => a.href)"
# Addresses of the same view that show another page: the choice of a tab is part of the page's kind.
TABS = ("tab=", "view=")


@dataclass(frozen=True, slots=True)
class Visit:
    kind: str
    path: str
    status: int
    came_from: str


def kind_of(address: str) -> str:
    """The view, with its tab: what makes one kind of page; "" for what is no page of ours."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return ""
    tab = next((pair for pair in parts.query.split("&") if pair.startswith(TABS)), "")
    return f"{name}?{tab}" if tab else name


def walk(
    page: Page, *, start: str = "/", most: int = 400, known: frozenset[str] = frozenset()
) -> Iterator[Visit]:
    """Yields while the browser stands on the page, so that the caller may look at it.

    Kinds in `known` have been walked as somebody else and are passed by.
    """
    waiting, seen = [(start, "")], {kind_of(start), *known}
    while waiting and most:
        (path, came_from), most = waiting.pop(0), most - 1
        response = _open(page, path)
        if response is None:
            continue
        yield Visit(kind_of(path), path, response.status, came_from)
        for href in page.evaluate(LINKS):
            kind = kind_of(href)
            if kind and kind not in seen and href.startswith(_origin(page)):
                seen.add(kind)
                waiting.append((href.removeprefix(_origin(page)), path))


def _origin(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"


def _open(page: Page, path: str) -> Response | None:
    """None for what is a file and no page."""
    try:
        response = page.goto(path)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return None
        raise
    html = response is not None and "html" in response.headers.get("content-type", "")
    return response if html else None
