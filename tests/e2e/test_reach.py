"""The keyboard alone, large print on a phone, and the product on the home screen."""

import pytest
from playwright.sync_api import Page, expect

from core.access import Role
from people.models import Cadre
from tests.e2e.test_people import PHONE, log_in, office, people

__all__ = ["office", "people"]

FOCUSED = "document.activeElement.id || document.activeElement.innerText"
# How far to the right the bar's places reach that the reader can see
REACH = """Math.max(...[...document.querySelectorAll('.top .icb, .top .user')]
    .filter(e => e.offsetWidth).map(e => e.getBoundingClientRect().right))"""
WIDE = """[...document.querySelectorAll('main *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 90))"""
LIVES = "navigator.serviceWorker.ready.then(found => found.active.scriptURL)"


def test_the_keyboard_alone(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    log_in(page, Role.HR)
    page.goto("/cadres/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "跳到主要内容"
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "main"

    menu = page.locator("main details.dd").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")

    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) == "gq"


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("with_record", [True, False], ids=["cadre", "staff"])
def test_the_largest_print_keeps_the_bar_of_a_phone_in_sight(
    browser_page: Page, people: list[Cadre], width: int, with_record: bool
) -> None:
    page = browser_page
    page.set_viewport_size(PHONE | {"width": width})
    log_in(page, *([] if with_record else [Role.HR]), cadre=people[0] if with_record else None)
    for _ in range(2):
        page.evaluate("document.querySelector('[data-act=text]').click()")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "19px"
    assert page.evaluate(REACH) <= width
    assert page.evaluate(WIDE) == []


def test_the_worker_of_the_installed_product_lives(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    log_in(page, cadre=people[0])
    assert page.evaluate(LIVES).endswith("/sw.js")
