"""The main job in one journey: a new office logs in, brings its workbooks, and reads a growth file."""

from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from core.access import Role
from people.models import Cadre
from people.services.accounts import create_account, grant_role
from tests.factories.people import TODAY
from tests.factories.training import default_rules
from tests.people.imports.books import id_number, xlsx

NEW_PASSWORD = "Kaishi-2026-yong"
HAI_TAO, XIANG_JING = id_number(), id_number("19850301", 2, male=False)
ROSTER = xlsx(
    [
        ["示例经济开发区干部花名册"],
        ["工号", "姓名", "性别", "出生年月", "部门", "职务", "任现职时间", "身份证号"],
        ["JK1", "单  海涛", "男", "1980.05", "招商发展局", "局长", "2021.03", HAI_TAO],
        ["JK2", "向静", "女", "1985年3月", "财政金融局", "科员", "2022/6", XIANG_JING],
    ],
    merged=["A1:H1"],
)
LEDGER = xlsx(
    [
        ["培训班名称", "主办单位", "培训类别", "起止时间", "天数", "参训人员", "学时", "考核结果"],
        ["招商引资专题班", "县委组织部", "专题培训班", "2026.3.2-3.6", 5, "单海涛、向静", "40学时", "合格"],
    ]
)


@pytest.fixture
def password(transactional_db: None) -> str:
    default_rules()
    user, password = create_account(username="hr", name="周敏", by=None)
    grant_role(user=user, role=Role.HR, starts_on=TODAY, by=None)
    return password


def bring(page: Page, kind: str, name: str, data: bytes, folder: Path) -> None:
    file = folder / name
    file.write_bytes(data)
    page.goto("/imports/new/")
    page.get_by_label(kind).check()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="核对文件").click()
    page.get_by_role("button", name="导入").click()
    expect(page.get_by_text("已导入：")).to_be_visible()


def test_from_the_offices_workbooks_to_a_growth_file(
    browser_page: Page, password: str, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    page = browser_page
    page.goto("/login/")
    page.get_by_label("账号").fill("hr")
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="登录").click()

    # The one-time password opens only the page that replaces it.
    page.get_by_label("现在的密码").fill(password)
    page.get_by_label("新密码", exact=False).first.fill(NEW_PASSWORD)
    page.get_by_label("再输一遍新密码").fill(NEW_PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("heading", name="周敏，你好")).to_be_visible()

    bring(page, "干部花名册", "花名册.xlsx", ROSTER, tmp_path)
    bring(page, "培训台账", "台账.xlsx", LEDGER, tmp_path)

    page.goto("/cadres/?q=sht")
    page.get_by_role("link", name="单海涛").click()
    page.get_by_role("link", name="生成成长档案").click()
    page.get_by_label("版本").select_option(label="领导版")
    page.get_by_role("button", name="生成成长档案").click()
    expect(page.get_by_role("heading", name="单海涛成长档案")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 PDF").click()
    text = "".join(
        sheet.extract_text() for sheet in PdfReader(BytesIO(download.value.path().read_bytes())).pages
    )
    for words in ("单海涛", "招商发展局局长", "招商引资专题班", "40"):
        assert words in text
    assert HAI_TAO not in text
    assert Cadre.objects.count() == 2
