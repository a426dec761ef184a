"""Every kind of page, walked to from the home page: it opens, fits, says nothing in the console, passes axe.

The suite walks what is nearest to the home page of every role, pages that several have only once, at both
widths, with print twice as large and on the narrowest phone. `docs/screens/make` walks all of them for every
role and keeps the pictures (SCREENS=<folder>).
"""

import os
from io import BytesIO
from pathlib import Path

import axe_playwright_python
import pytest
from PIL import Image
from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.crawl import Visit, walk
from tests.e2e.test_pages import OFFICE, demo, log_in

__all__ = ["demo"]

SCREENS = os.environ.get("SCREENS", "")
WIDTHS = {1366: 768, 390: 844, 320: 640}
READ_BY_AXE = (1366, 390)
ROLES = ("hr", "party", "dh", "vl", "tl", "jj", "cadre", "sys", "sec", "aud")
NEAREST = 24  # pages of one role in the suite, beside those that an earlier role has seen
WALKS = [(role,) for role in ROLES] if SCREENS else [ROLES]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"

pytestmark = pytest.mark.django_db(transaction=True)


# What stays in sight while the page is scrolled covers now this, now that: it is no fault of what is below.
UNSTICK = "document.querySelectorAll('.tabbar, .stick, .top').forEach(e => { e.style.position = 'static'; })"


def violations(page: Page) -> list[str]:
    """What axe-core holds against the page: rule and place."""
    page.evaluate(UNSTICK)
    page.evaluate(AXE)
    found = page.evaluate(LOOK, RULES)["violations"]
    return [f"{rule['id']}: {node['target'][0]}" for rule in found for node in rule["nodes"]]


# Letters of twice the size, as the reader may have set them in the browser.
LARGE = "size => { document.documentElement.style.fontSize = size }"


def wide(page: Page, words: str) -> list[str]:
    """Whether the page as a whole scrolls sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"is {width} px wide {words}"] if width > page.viewport_size["width"] else []


def faults_of(page: Page, visit: Visit, said: list[str]) -> list[str]:
    found = [] if visit.status == 200 else [f"answers {visit.status}, linked from {visit.came_from}"]
    page.evaluate(LARGE, "200%")
    found += wide(page, "in large print")
    page.evaluate(LARGE, "")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        found += wide(page, f"at {width} px")
        if width in READ_BY_AXE:
            found += [f"{fault} at {width} px" for fault in violations(page)]
    return found + said


def keep(page: Page, visit: Visit, role: str) -> None:
    name = visit.kind.replace(":", "-").replace("?", "-").replace("=", "-")
    for width, height in WIDTHS.items():
        folder = Path(SCREENS) / f"{role}-{width}"
        folder.mkdir(parents=True, exist_ok=True)
        page.set_viewport_size({"width": width, "height": height})
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(64)
        picture.save(folder / f"{name}.png", optimize=True)
    page.set_viewport_size(OFFICE)


@pytest.mark.parametrize("roles", WALKS, ids="-".join)
def test_every_page_opens_fits_and_passes_axe(demo, browser_page, roles):
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"console: {message.text}")

    browser_page.on("console", hear)
    faults: dict[str, list[str]] = {}
    known: set[str] = set()
    for role in roles:
        browser_page.context.clear_cookies()
        log_in(browser_page, role)
        passed = frozenset(known)
        for visit in walk(browser_page, most=400 if SCREENS else NEAREST, known=passed):
            if SCREENS:
                keep(browser_page, visit, role)
            if found := faults_of(browser_page, visit, said):
                faults[f"{role} {visit.path}"] = found
            known.add(visit.kind)
            browser_page.set_viewport_size(OFFICE)
            said.clear()
    assert faults == {}
