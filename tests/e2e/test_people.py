"""Journeys through the people pages in a real browser, with its CSP in force."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from core.access import Role
from core.search import rebuild
from people.models import Cadre, Honour, Unit
from tests.factories.people import TODAY, make_account, make_cadre, make_unit

PASSWORD = "Right-Horse-7"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def office(transactional_db: None) -> Unit:
    return make_unit("党政办公室")


@pytest.fixture
def people(office: Unit) -> list[Cadre]:
    names = ("王示例", "李示例", "赵示例")
    found = [make_cadre(name, unit=office, title="科员", phone="13800005527") for name in names]
    Honour.objects.create(cadre=found[0], title="先进个人", awarded_on=TODAY.replace(year=2024))
    return found


def log_in(page: Page, *roles: Role, **values: object) -> None:
    make_account(*roles, username="zhoumin", name="周敏", password=PASSWORD, **values)
    page.goto("/login/")
    page.get_by_label("账号").fill("zhoumin")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="周敏，你好")).to_be_visible()
    page.wait_for_load_state()


def test_finding_someone_without_leaving_the_page(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    log_in(page, Role.HR)
    page.get_by_role("link", name="干部名册").first.click()
    expect(page.get_by_role("status")).to_contain_text("共 3 人")
    page.get_by_role("searchbox", name="姓名、拼音首字母或工号", exact=True).fill("lsl")
    expect(page.get_by_role("status")).to_contain_text("找到 1 人")
    expect(page).to_have_url(re.compile(r"/cadres/\?q=lsl$"))
    page.get_by_role("link", name="移除条件：姓名、拼音首字母或工号：lsl").click()
    expect(page.get_by_role("status")).to_contain_text("共 3 人")
    page.get_by_role("link", name="任现岗", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("任现岗")


def test_the_slash_key_goes_to_the_search_and_finds(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    rebuild()
    log_in(page, Role.HR)
    page.keyboard.press("/")
    page.keyboard.type("赵")
    page.keyboard.press("Enter")
    page.locator("#main").get_by_role("link", name="赵示例").first.click()
    expect(page.get_by_role("heading", name="赵示例")).to_be_visible()


def test_the_cadre_page_shows_the_telephone_on_demand_and_the_timeline(
    browser_page: Page, people: list[Cadre]
) -> None:
    page = browser_page
    log_in(page, Role.HR)
    page.goto(f"/cadres/{people[0].pk}/")
    expect(page.get_by_text("先进个人").last).to_be_visible()
    page.get_by_role("button", name="显示联系电话").click()
    expect(page.get_by_text("13800005527")).to_be_visible()
    page.get_by_role("tab", name="成长轨迹").press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="基本情况")).to_be_visible()


def test_a_form_error_takes_the_focus_and_keeps_the_typing(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    log_in(page, Role.HR)
    page.goto(f"/cadres/{people[0].pk}/edit/")
    page.get_by_label("籍贯").fill("安徽宣城")
    page.locator("#id_name").fill("")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".esum")).to_be_focused()
    expect(page.get_by_label("籍贯")).to_have_value("安徽宣城")


def test_a_cadre_with_a_phone(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    page.set_viewport_size(PHONE)
    log_in(page, cadre=people[0])
    page.get_by_role("link", name="打开菜单").click()
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="我的档案", exact=True).click()
    expect(page.get_by_role("heading", name="王示例")).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for path in ("", "?tab=basic", "?tab=posts", "?tab=merit"):
        page.goto(f"/cadres/{people[0].pk}/{path}")
        assert page.evaluate(overflow) == 0, path


def test_large_print_is_remembered(browser_page: Page, people: list[Cadre]) -> None:
    page = browser_page
    log_in(page, Role.HR)
    page.get_by_role("button", name="大字").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"


def test_an_import_from_the_file_to_the_undo(
    browser_page: Page, office: Unit, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    file = tmp_path / "花名册.csv"
    file.write_text("工号,姓名,部门,职务\nT001,新示例,党政办公室,科员\n", encoding="utf-8")
    page = browser_page
    log_in(page, Role.HR)
    page.goto("/imports/new/")
    page.get_by_label("干部花名册").check()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="核对文件").click()
    expect(page.get_by_text("1 行都可以导入")).to_be_visible()
    page.get_by_role("button", name="导入 1 行").click()
    expect(page.get_by_text("已导入：新增 1，修改 0。")).to_be_visible()
    page.get_by_role("link", name="撤销整批导入").click()
    page.get_by_role("button", name="撤销整批导入").click()
    expect(page.get_by_text("数据已恢复到导入之前")).to_be_visible()
    assert not Cadre.objects.exists()
