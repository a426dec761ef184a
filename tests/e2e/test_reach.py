"""The keyboard alone, large print on a phone, and the product on the home screen."""

import re

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


def test_a_folded_section_of_the_menu_opens_by_key(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    log_in(page, Role.HR)
    page.goto("/cadres/")
    place = page.locator("#nav").get_by_role("link", name="学时台账")
    expect(place).to_be_hidden()
    page.locator("#nav summary", has_text="内强素质·学习").focus()
    page.keyboard.press("Enter")
    expect(place).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#nav a[aria-current]")).to_have_text(re.compile("培训日历"))


def test_columns_are_moved_by_key_and_the_focus_stays(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    log_in(page, Role.HR)
    page.goto("/cadres/")
    page.locator(".cols > summary").focus()
    page.keyboard.press("Enter")
    first = page.locator(".cols-m a[aria-label$=右移]").first
    name = first.get_attribute("aria-label")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cols-m li").nth(1)).to_contain_text(name.removesuffix("右移"))
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == name

    page.locator(".cols-m a[aria-label$=右移]").last.focus()
    page.keyboard.press("Enter")  # now it is the last and cannot be moved further: the link is gone
    expect(page.locator("#results")).to_be_focused()


def test_what_a_toast_says_waits_for_the_keyboard(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    log_in(page, Role.HR)
    page.clock.install()
    page.goto(f"/cadres/{people[0].pk}/edit/")
    page.locator("form .btn-p").focus()
    page.keyboard.press("Enter")
    toast = page.locator(".toast")
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="知道了").focus()
    page.clock.run_for(60_000)
    expect(toast).to_be_visible()
    page.keyboard.press("Enter")
    expect(toast).to_have_count(0)


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
