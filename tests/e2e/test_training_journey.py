"""From a need to the growth file: programme, class, one clash, a full list, check-in, certificate, hours."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from core.access import Role
from core.charts import qr_svg
from people.models import Cadre, User
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.slots import make_meeting, make_slot_rule
from tests.factories.training import default_rules
from training.checkin import WINDOW, token_of, window_at
from training.choices import ClassState, Ledger, ParticipationState
from training.models import HourEntry, Participation, Slot, TrainingClass
from training.queries.checkin import secret_of

PASSWORD = "Peixun-2026-journey"  # noqa: S105 - of accounts that live for one test
PHONE = {"width": 390, "height": 844}
TOPIC = "化工企业检查要点和隐患整改闭环"
CLASS = "安全生产专题班"
PROGRAMME = "安全生产能力提升"
MEETING = "周一学习例会"
HEAD, FIRST, LATE = "单海涛", "向静", "罗云峰"
HALF_AN_HOUR = timedelta(minutes=30)
LONG_WINDOWS = {"opens_before": 60, "late_after": 80, "closes_after": 90}

pytestmark = pytest.mark.django_db(transaction=True)
Phone = Callable[[str], Page]


def soon() -> datetime:
    """In ten minutes; late in the evening a little ago, so that an hour of it stays within the day."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    return min(now + timedelta(minutes=10), now.replace(hour=22, minute=59))


@pytest.fixture
def people() -> dict[str, User]:
    """The office, the head of a department and two of its people: accounts by name."""
    default_rules()
    make_slot_rule(away_share=Decimal(1), **LONG_WINDOWS)
    unit = make_unit("应急管理局", parent=make_unit("管委会"))
    accounts = {"周敏": make_account(Role.HR, name="周敏", password=PASSWORD)}
    for name in (HEAD, FIRST, LATE):
        roles = (Role.DEPARTMENT_HEAD,) if name == HEAD else ()
        cadre = make_cadre(name, unit=unit)
        accounts[name] = make_account(*roles, unit=unit, cadre=cadre, name=name, password=PASSWORD)
    return accounts


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, people: dict[str, User]) -> Iterator[Phone]:
    """Everybody has a telephone of the own; the first look at it logs in."""
    pages: dict[str, Page] = {}

    def of(name: str) -> Page:
        if name not in pages:
            context = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="zh-CN")
            pages[name] = context.new_page()
            log_in(pages[name], people[name])
        return pages[name]

    yield of
    for page in pages.values():
        page.context.close()


def log_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.get_by_label("账号").fill(user.username)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()


def press(page: Page, *names: str) -> None:
    """The buttons and links one after the other, each on the page that the last one led to."""
    for name in names:
        target = page.locator("#main").get_by_role("link", name=name, exact=True)
        target.or_(page.locator("#main").get_by_role("button", name=name, exact=True)).first.click()


def says(page: Page, words: str) -> None:
    expect(page.locator("body")).to_contain_text(words)


def test_from_a_need_to_the_growth_file(
    browser_page: Page, phone: Phone, people: dict[str, User], tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    office, starts_at = browser_page, soon()
    make_meeting(starts_at - HALF_AN_HOUR, Cadre.objects.get(name=HEAD), hours=1, title=MEETING)
    log_in(office, people["周敏"])

    need(phone(HEAD))
    programme(office)
    draft(office, starts_at)
    solve_the_clash(office, starts_at + HALF_AN_HOUR)
    open_enrolment(office)
    enrol(phone(FIRST), "报名", "报名成功，请按时参加。")
    enrol(phone(LATE), "候补", "您排在候补第 1 位")
    check_in(office, phone)
    assess(office)
    number = certificates(office, phone(FIRST))
    hours(phone(FIRST))
    growth_file(office)

    held = TrainingClass.objects.get()
    assert (held.state, held.seats_taken, held.programme.needs.get().topic) == (
        ClassState.ARCHIVED,
        2,
        TOPIC,
    )
    assert dict(Participation.objects.values_list("cadre__name", "state")) == {
        HEAD: ParticipationState.COMPLETED,
        FIRST: ParticipationState.COMPLETED,
        LATE: ParticipationState.REJECTED,
    }
    assert number == Participation.objects.get(cadre__name=FIRST).certificate_no
    entries = HourEntry.objects.filter(ledger=Ledger.CONCENTRATED).values_list("cadre__name", "hours")
    assert dict(entries) == {HEAD: held.hours, FIRST: held.hours}


def need(page: Page) -> None:
    """The head of the department files it on the telephone."""
    page.goto("/training/needs/")
    press(page, "填报部门需求")
    page.get_by_label("部门").select_option(label="应急管理局")
    page.get_by_label("专题").select_option(label="安全生产")
    page.get_by_label("具体内容").fill(TOPIC)
    page.get_by_label("需培训人数").fill("3")
    press(page, "填报")
    says(page, "已填报，会计入需求排序。")


def programme(page: Page) -> None:
    """The office finds it in the matrix and founds a programme on it."""
    page.goto("/training/needs/")
    page.get_by_role("link", name="应急管理局安全生产 1 条").click()
    press(page, "据此立项")
    page.get_by_label("项目名称").fill(PROGRAMME)
    expect(page.get_by_label(TOPIC)).to_be_checked()
    press(page, "立项")
    expect(page.get_by_role("heading", name=PROGRAMME)).to_be_visible()
    says(page, TOPIC)


def draft(page: Page, starts_at: datetime) -> None:
    """A class of two seats with one slot; the head of the department is on its list from the start."""
    press(page, "安排班次")
    page.get_by_label("班次名称").fill(CLASS)
    page.get_by_label("地点", exact=True).first.fill("三楼报告厅")
    page.get_by_label("参训方式").select_option(label="本人报名，报上即确认")
    page.get_by_label("名额", exact=True).fill("2")
    page.get_by_label("第 1 行日期").fill(f"{starts_at:%Y-%m-%d}")
    page.get_by_label("第 1 行开始").fill(f"{starts_at:%H:%M}")
    page.get_by_label("第 1 行结束").fill(f"{starts_at + timedelta(hours=1):%H:%M}")
    press(page, "保存草稿", "添加学员")
    page.get_by_label("粘贴姓名").fill(HEAD)
    press(page, "加入名单")
    says(page, "已加入 1 人。")


def solve_the_clash(page: Page, begins: datetime) -> None:
    """The check finds the meeting and nothing else; the class begins when the meeting is over."""
    press(page, "发布班次")
    says(page, "有 1 处还没有处理")
    press(page, "先去处理")
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(HEAD)
    expect(rows).to_contain_text(MEETING)
    press(page, "改期")
    page.locator("#id_starts").fill(f"{begins:%H:%M}")
    press(page, "保存时段")
    says(page, "没有发现冲突")


def open_enrolment(page: Page) -> None:
    press(page, "发布班次")
    says(page, "没有时间冲突")
    press(page, "发布班次")
    says(page, "班次现为“已发布”")
    press(page, "开始报名", "开始报名")
    says(page, "班次现为“报名中”")


def enrol(page: Page, button: str, answer: str) -> None:
    """Two taps; the button says beforehand whether there is a seat."""
    page.goto("/training/enrol/")
    press(page, f"{button}{CLASS}", f"确认{button}")
    says(page, answer)


def check_in(page: Page, phone: Phone) -> None:
    """One scans the code on the screen, the other types it; the screen shows both."""
    page.goto(reverse("training:class", args=[TrainingClass.objects.get().pk]))
    says(page, "已满")
    says(page, LATE)
    press(page, "截止报名", "截止报名", "开班", "开班", "时段")
    page.get_by_role("link", name="签到大屏").click()

    scanning, typing = phone(HEAD), phone(FIRST)
    scanning.goto(shown_address(page))
    press(scanning, "签到")
    says(scanning, "签到成功")
    typing.goto("/training/checkin/")
    typing.get_by_label("6 位签到码").fill(page.locator(".scr-c").inner_text())
    press(typing, "签到")
    says(typing, "签到成功")
    expect(page.locator("ul.in-room li")).to_have_count(2)
    expect(page.locator("ul.in-room")).to_contain_text(HEAD)


def shown_address(page: Page) -> str:
    """Where the QR code on the screen leads: the address of this window or the one before."""
    slot, drawn = Slot.objects.get(training_class__isnull=False), drawing(page.locator(".qrbox").inner_html())
    secret, now = secret_of(slot), timezone.now()
    origin = page.evaluate("location.origin")
    for moment in (now, now - WINDOW):
        path = reverse("training:scan", args=[token_of(secret, slot.pk, window_at(moment))])
        if drawing(qr_svg(origin + path, title="签到二维码")) == drawn:
            return str(path)
    raise AssertionError("the screen shows the code of another address")


def drawing(svg: str) -> list[str]:
    return re.findall(r' d="([^"]+)"', svg)


def assess(page: Page) -> None:
    page.get_by_role("link", name="返回名单").click()
    press(page, CLASS, "结课", "结课", "登记结果")
    page.get_by_label(f"{HEAD}的结果").select_option(label="优秀")
    page.get_by_label(f"{FIRST}的结果").select_option(label="合格")
    press(page, "保存结果")
    says(page, "已登记 2 人的结果")
    press(page, "归档", "归档")
    says(page, "班次现为“已归档”")


def certificates(page: Page, phone: Page) -> str:
    """Issued by the office, fetched on the telephone, verified by the code on the paper."""
    press(page, "颁发结业证书", "颁发")
    says(page, "已颁发 2 份结业证书")
    phone.goto("/training/enrol/")
    with phone.expect_download() as download:
        press(phone, "证书")
    text = pdf_text(download.value.path())
    assert CLASS in text
    (number,) = re.findall(r"培证〔\d{4}〕第\d{4}号", text)
    (code,) = re.findall(r"\w{4}-\w{4}-\w{4}", text)
    phone.goto("/training/certificates/verify/")
    phone.get_by_label("验证码").fill(code)
    press(phone, "核验")
    found = phone.locator("section[role=status]")
    for words in (number, "证书有效", FIRST, CLASS):
        expect(found).to_contain_text(words)
    return str(number)


def hours(page: Page) -> None:
    """The line on the own statement is the class, with the hours that it counts."""
    page.goto(reverse("training:my_hours"))
    held = TrainingClass.objects.get()
    line = page.get_by_role("row").filter(has_text=CLASS)
    expect(line).to_contain_text(f"{held.hours.normalize():f}")


def growth_file(page: Page) -> None:
    page.goto(f"/cadres/?q={FIRST}")
    press(page, FIRST, "生成成长档案")
    page.get_by_label("版本").select_option(label="领导版")
    press(page, "生成成长档案")
    expect(page.get_by_role("heading", name=f"{FIRST}成长档案")).to_be_visible()
    with page.expect_download() as download:
        press(page, "下载 PDF")
    assert CLASS in pdf_text(download.value.path())


def pdf_text(path: Path) -> str:
    return "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(path.read_bytes())).pages)
