"""Every page of the menu, looked at on an office screen and on a phone.

With SHOTS=<folder> the pictures are kept there; `SHOTS=docs/images ./dev test tests/e2e/test_pages.py` renews
the ones that the documents show.
"""

import os
import sqlite3
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from PIL import Image
from playwright.sync_api import Page, expect

from growth.models import GrowthFile
from people.models import Cadre, User
from tests.flushing import copy_of
from tests.people.imports.books import id_number, xlsx

PASSWORD = "Yanshi-2026-mima"  # noqa: S105 - of a demo account in a test database
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1366, "height": 768}
SHOTS = os.environ.get("SHOTS", "")

# One row that can be read and three faults: what the check of an import looks like.
ROSTER = xlsx(
    [
        ["示例经济开发区干部花名册"],
        ["工号", "姓名", "性别", "出生年月", "部门", "现任职务", "身份证号", "联系电话"],
        ["A001", "单  海涛", "男", "1980.05", "招商发展局", "科员", id_number(), "19900001234"],
        ["A002", "向静", "女", "1985年13月", "财政金融局", "科员", "", "19900001235"],
        ["A003", "", "男", "1988/6", "规划建设局", "科员", "", "19900001236"],
        ["A004", "查海", "男", "1990-07", "党政办公室", "科员", "", "1990000"],
    ],
    merged=["A1:H1"],
)

pytestmark = pytest.mark.django_db(transaction=True)


class Zone:
    """The demo zone of this run, once it has been made; its files stay where they are."""

    copy: sqlite3.Connection | None = None


@pytest.fixture
def demo(transactional_db):
    """The demo zone, with passwords that a test knows."""
    if Zone.copy is None:
        _seed()
        Zone.copy = copy_of(connection)
    else:
        connection.ensure_connection()
        Zone.copy.backup(connection.connection)


def _seed() -> None:
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
        # A palette of 256 colours shows the same page in a third of the bytes.
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(256)
        picture.save(Path(SHOTS) / f"{name}.png", optimize=True)


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
        "growth-file": f"/growth/{GrowthFile.objects.filter(edition='leader').first().pk}/?page=2",
        "jobs": "/jobs/",
    }
    for name, address in pages.items():
        response = browser_page.goto(address)
        assert response.status == 200, address
        expect(browser_page.get_by_role("heading", level=1)).to_be_visible()
        keep(browser_page, f"{name}{suffix}")


def test_the_check_of_an_import(demo, browser_page, tmp_path):
    file = tmp_path / "干部花名册.xlsx"
    file.write_bytes(ROSTER)
    log_in(browser_page, "hr")
    browser_page.goto("/imports/new/")
    browser_page.locator("input[type=file]").set_input_files(file)
    browser_page.get_by_role("button", name="核对文件").click()
    expect(browser_page.get_by_text("4 行中有 3 行需要修改")).to_be_visible()
    expect(browser_page.get_by_role("button", name="导入")).to_have_count(0)
    keep(browser_page, "import-check")


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
