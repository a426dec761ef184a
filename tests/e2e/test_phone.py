"""What a cadre asks a phone is answered within three taps, at every width, with and without JavaScript."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from core.access import Role
from growth.contracts import Edition
from growth.models import CorrectionRequest
from growth.services import make_growth_file
from people.models import Cadre, Unit
from tests.factories.checkups import make_campaign
from tests.factories.checkups import make_slot as make_checkup_slot
from tests.factories.documents import photo_upload
from tests.factories.park import make_task
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.slots import expect as expect_at
from tests.factories.slots import make_slot
from tests.factories.training import attend, default_rules, make_class
from tests.factories.wellbeing import make_talk
from training.choices import ClassState
from training.models import Participation
from wellbeing.choices.talks import TalkState

PASSWORD = "Lianxi-2026-phone"  # noqa: S105 - of an account that lives for one test
WIDTHS = (430, 390, 360, 320)
MOST_TAPS = 3

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Phone:
    """A hand that counts: every question begins at the home page."""

    page: Page
    taps: int = 0
    wide: list[str] = field(default_factory=list)

    def ask(self) -> "Phone":
        self.page.goto("/")
        self.taps = 0
        return self

    def tap(self, *names: str) -> "Phone":
        for name in names:
            exact = self.page.get_by_role("link", name=name, exact=True).locator("visible=true")
            close = self.page.get_by_role("link", name=name).locator("visible=true")
            self._press((exact if exact.count() else close).first)
        return self

    def _press(self, what: Locator) -> None:
        what.click()
        self.page.wait_for_load_state()
        self.taps += 1
        self._measure()

    def _measure(self) -> None:
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 844})
            if (shown := self.page.evaluate("document.documentElement.scrollWidth")) > width:
                self.wide.append(f"{self.page.url} is {shown} px wide on {width}")
        self.page.set_viewport_size({"width": 390, "height": 844})

    def reads(self, *texts: str) -> None:
        """What was asked for is on the page, and it took no more than three taps."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        assert self.taps <= MOST_TAPS


@pytest.fixture
def own(transactional_db: None, settings: Settings, tmp_path: Path) -> Cadre:
    settings.MEDIA_ROOT = tmp_path / "media"
    unit = make_unit("经济发展局")
    cadre = make_cadre("王示例", unit=unit, phone="13800000001")
    make_account(cadre=cadre, username="wangshili", name="王示例", password=PASSWORD)
    learns(cadre)
    works(cadre, unit)
    return cadre


def learns(cadre: Cadre) -> None:
    default_rules()
    attend(cadre, timezone.localdate().replace(month=1, day=10), 16)
    soon = timezone.now() + timedelta(minutes=10)
    held = make_class("示例专题班", starts_on=timezone.localdate(soon), state=ClassState.PUBLISHED)
    Participation.objects.create(training_class=held, cadre=cadre, hours=0, days=0)
    expect_at(make_slot(soon, of=held), cadre)


def works(cadre: Cadre, unit: Unit) -> None:
    today = timezone.localdate()
    make_task("推进示例园区建设", unit=unit, owner=cadre, due_on=today + timedelta(days=20))
    make_talk(cadre, state=TalkState.SIGNING, held_on=today, at=timezone.now())
    make_checkup_slot(make_campaign(on=today))
    officer = make_viewer(Role.HR, unit=unit, on=today)
    make_growth_file(cadre=cadre, edition=Edition.SELF, as_of=today, by=officer)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_answer_is_three_taps_away(
    browser: Browser, live_server: LiveServer, own: Cadre, scripts: bool
) -> None:
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        java_script_enabled=scripts,
    )
    phone = Phone(context.new_page())
    log_in(phone.page)

    phone.ask().reads("今天应达", "示例专题班", "请假")  # hours, what is due, what comes next
    phone.ask().tap("签到").reads("示例专题班")
    phone.ask().tap("任务", "推进示例园区建设", "反馈进展").reads("现场照片")
    phone.ask().tap("学习", "我的谈话", "去签阅").reads("签阅")
    phone.ask().tap("学习", "我的体检").reads("可预约的时段")
    phone.ask().tap("我的", "成长档案", "王示例").reads("下载 PDF")
    phone.ask().tap("我的", "成长档案", "谁看过我的档案").reads("谁看过我的档案")
    phone.ask().tap("我的", "核对我的档案", "申请更正").reads("可以直接用手机拍")
    corrects(phone.page)

    assert CorrectionRequest.objects.filter(cadre=own, proof__isnull=False).count() == 1
    assert phone.wide == []
    context.close()


def log_in(page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("账号").fill("wangshili")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="王示例，你好")).to_be_visible()


def corrects(page: Page) -> None:
    photo = photo_upload()
    page.get_by_label("应当是什么").fill("出生年月应为 1985 年 3 月")
    page.locator("input[type=file]").set_input_files(
        {"name": photo.name, "mimeType": "image/jpeg", "buffer": photo.read()}
    )
    page.locator("main button[type=submit]").last.click()
    page.wait_for_load_state()
