"""A contrast theme takes away backgrounds and shadows, and everything is still told apart."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page
from pytest_django.live_server_helper import LiveServer

from core.access import Role
from people.models import Cadre
from tests.e2e.conftest import OFFICE_SCREEN
from tests.e2e.test_people import log_in, office, people

__all__ = ["office", "people"]

STYLE = "(element, name) => getComputedStyle(element)[name]"


@pytest.fixture
def themed(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, viewport=OFFICE_SCREEN, locale="zh-CN", forced_colors="active"
    )
    yield context.new_page()
    context.close()


def style(found: Locator, name: str) -> str:
    return found.evaluate(STYLE, name)


def outlined(found: Locator) -> bool:
    return style(found, "outlineStyle") == "solid" and style(found, "outlineWidth") == "2px"


def bordered(page: Page, selector: str) -> list[bool]:
    found = page.locator(selector).locator("visible=true").all()
    assert found, selector
    return [
        style(one, "borderTopWidth") != "0px" and style(one, "borderTopStyle") == "solid" for one in found
    ]


def test_what_is_chosen_and_what_can_be_pressed_have_lines(themed: Page, people: list[Cadre]) -> None:
    log_in(themed, Role.HR)
    themed.goto("/cadres/")
    assert outlined(themed.locator(".side a[aria-current]"))
    assert outlined(themed.locator(".tabs a[aria-current]"))
    themed.locator("tbody .cb-row").first.check()
    assert outlined(themed.locator("tbody tr[aria-selected=true]"))
    for selector in (".btn", ".in", ".sel", ".av", ".bulk", ".card"):
        assert all(bordered(themed, selector)), selector

    pressed = themed.locator(".rows-toggle [aria-pressed=true]")
    other = themed.locator(".rows-toggle [aria-pressed=false]")
    assert style(pressed, "backgroundColor") != style(other, "backgroundColor")


def test_the_focus_can_be_seen(themed: Page, people: list[Cadre]) -> None:
    log_in(themed, Role.HR)
    themed.goto("/cadres/")
    for selector in (".side summary", "main .btn", "main a.b", "#id_q"):
        themed.keyboard.press("Tab")  # the ring is for who moves with the keyboard
        themed.locator(selector).first.focus()
        assert outlined(themed.locator(":focus")), selector


def test_states_are_a_shape_and_a_word_and_bars_have_an_edge(themed: Page, people: list[Cadre]) -> None:
    log_in(themed, Role.HR)
    themed.goto(f"/cadres/{people[0].pk}/?tab=training")
    for light in themed.locator(".light").all():
        assert light.locator("svg").count() == 1
        assert light.inner_text().strip()
    bars = bordered(themed, ".pg")
    assert all(bars)
    themed.goto(f"/cadres/{people[0].pk}/")
    assert outlined(themed.locator("[role=tab][aria-selected=true], .tabs [aria-current]").first)
    assert style(themed.locator(".lanes svg").first, "outlineStyle") == "solid"
