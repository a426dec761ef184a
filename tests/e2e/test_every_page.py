"""Every kind of page, walked to from the home page: it opens, fits, says nothing in the console, passes axe.

The suite walks the nearest pages of two roles; `docs/screens/make` walks all of them, for every role and at
three widths, and keeps the pictures (SCREENS=<folder>).
"""

import os
from io import BytesIO
from pathlib import Path

import axe_playwright_python
import pytest
from PIL import Image
from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.crawl import Visit, walk
from tests.e2e.test_pages import demo, log_in

__all__ = ["demo"]

SCREENS = os.environ.get("SCREENS", "")
WIDTHS = {1366: 768, 390: 844, 320: 640}
ROLES = ("hr", "party", "dh", "vl", "tl", "jj", "cadre", "sys", "sec", "aud")
NEAREST = 30  # pages of one walk in the suite: the menu and what it leads to at once
WALKS = [(role, width) for role in ROLES for width in WIDTHS] if SCREENS else [("hr", 1366), ("cadre", 390)]
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


def faults_of(page: Page, visit: Visit, said: list[str]) -> list[str]:
    found = [] if visit.status == 200 else [f"answers {visit.status}, linked from {visit.came_from}"]
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > page.viewport_size["width"]:
        found.append(f"is {width} px wide")
    return [*found, *violations(page), *said]


def keep(page: Page, visit: Visit, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = visit.kind.replace(":", "-").replace("?", "-").replace("=", "-")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(64)
    picture.save(folder / f"{name}.png", optimize=True)


@pytest.mark.parametrize(("role", "width"), WALKS)
def test_every_page_opens_fits_and_passes_axe(demo, browser_page, role, width):
    browser_page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"console: {message.text}")

    browser_page.on("console", hear)
    log_in(browser_page, role)
    faults: dict[str, list[str]] = {}
    for visit in walk(browser_page, most=400 if SCREENS else NEAREST):
        if SCREENS:
            keep(browser_page, visit, Path(SCREENS) / f"{role}-{width}")
        if found := faults_of(browser_page, visit, said):
            faults[visit.path] = found
        said.clear()
    assert faults == {}
