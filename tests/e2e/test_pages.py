"""Every page of the menu, looked at on an office screen and on a phone.

With SHOTS=<folder> the pictures are kept there; `SHOTS=docs/images ./dev test tests/e2e/test_pages.py` renews
the ones that the documents show.
"""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from people.models import Cadre, User

PASSWORD = "Yanshi-2026-mima"  # noqa: S105 - of a demo account in a test database
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1366, "height": 768}
SHOTS = os.environ.get("SHOTS", "")

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def demo(transactional_db):
    """The demo zone, with passwords that a test knows."""
    call_command("seed_demo", cadres=60, seed=7, stdout=StringIO(), stderr=StringIO())
    for user in User.objects.all():
        user.set_password(PASSWORD)
        user.must_change_password = False
        user.save()


def log_in(page: Page, username: str) -> None:
    page.goto("/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("你好")


def keep(page: Page, name: str) -> None:
    """The page as the reader has it, and the rule that it never scrolls sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{name} is {width}px wide"
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.mark.parametrize(("size", "suffix"), [(OFFICE, ""), (PHONE, "-phone")], ids=["office", "phone"])
def test_the_pages_of_a_personnel_officer(demo, browser_page, size, suffix):
    browser_page.set_viewport_size(size)
    log_in(browser_page, "hr")
    keep(browser_page, f"home{suffix}")
    cadre = Cadre.objects.filter(appointments__kind="secondment").order_by("pk").first()
    pages = {
        "roster": "/cadres/",
        "cadre": f"/cadres/{cadre.pk}/",
        "units": "/units/",
        "import": "/imports/",
        "classes": "/training/classes/",
        "hours": "/training/hours/",
        "growth": "/growth/",
        "jobs": "/jobs/",
    }
    for name, address in pages.items():
        response = browser_page.goto(address)
        assert response.status == 200, address
        expect(browser_page.get_by_role("heading", level=1)).to_be_visible()
        keep(browser_page, f"{name}{suffix}")


def test_the_pages_of_a_cadre_on_a_phone(demo, browser_page):
    browser_page.set_viewport_size(PHONE)
    log_in(browser_page, "cadre")
    keep(browser_page, "own-home-phone")
    own = User.objects.get(username="cadre").cadre_id
    assert browser_page.goto(f"/cadres/{own}/").status == 200
    keep(browser_page, "own-record-phone")
    other = Cadre.objects.exclude(pk=own).first()
    assert browser_page.goto(f"/cadres/{other.pk}/").status == 404
    keep(browser_page, "not-found-phone")
