"""From a move to the growth file: duty, slot, a record across a lost connection, signature on a phone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from core.access import Role
from growth.contracts import Edition, SectionContext, sections_for
from people.models import Cadre, User
from tests.factories.people import make_account, make_appointment, make_cadre, make_unit
from wellbeing.models import FollowUp, Talk, TalkDuty, TalkRule
from wellbeing.services.duties import raise_talk_duties

PASSWORD = "Lianxi-2026-journey"  # noqa: S105 - of accounts that live for one test
SECRET = "希望到先进园区挂职"
PHONE = {"width": 390, "height": 844}

pytestmark = pytest.mark.django_db(transaction=True)


def log_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_load_state()


def people() -> tuple[Cadre, User, User]:
    """A cadre who has just moved to a new department, the own account, and the head there."""
    zone = make_unit("管委会")
    before, office = make_unit("经发局", parent=zone), make_unit("办公室", parent=zone)
    today = timezone.localdate()
    cadre = make_cadre("王示例", unit=before)
    cadre.appointments.update(ends_on=today - timedelta(days=2))
    make_appointment(cadre, unit=office, title="科员", starts_on=today - timedelta(days=1))
    head = make_account(
        Role.DEPARTMENT_HEAD,
        unit=office,
        cadre=make_cadre("李示例", unit=office),
        name="李示例",
        password=PASSWORD,
    )
    return cadre, make_account(cadre=cadre, name="王示例", password=PASSWORD), head


def test_a_talk_from_the_duty_to_the_growth_file(browser: Browser, browser_page: Page, live_server) -> None:
    TalkRule.objects.get_or_create(  # the tests before may have emptied the tables
        code="post_changed", starts_on=date(2024, 1, 1), defaults={"relation": "direct"}
    )
    cadre, own, head = people()
    raise_talk_duties(on=timezone.localdate())
    assert TalkDuty.objects.get(cadre=cadre, code="post_changed").talker == head
    phone = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="zh-CN").new_page()

    log_in(browser_page, head)
    offer_a_time(browser_page)
    log_in(phone, own)
    book_it(phone)
    write_it_down(browser_page)
    send_to_be_signed(browser_page)
    sign(phone)
    follow_up(browser_page, head)

    assert TalkDuty.objects.get(cadre=cadre, code="post_changed").state == "done"
    placed = Cadre.objects.with_position(timezone.localdate()).get(pk=cadre.pk)
    file = str(sections_for(SectionContext(placed, timezone.localdate(), Edition.LEADER)))
    assert "谈心谈话" in file
    assert "1 次" in file
    assert SECRET not in file
    phone.context.close()


def offer_a_time(page: Page) -> None:
    day = timezone.localdate() + timedelta(days=1)
    page.goto("/wellbeing/talks/slots/new/")
    page.fill("#id_starts_at", f"{day}T09:00")
    page.fill("#id_ends_at", f"{day}T09:40")
    page.click("text=放出时段 >> nth=-1")
    page.wait_for_load_state()


def book_it(phone: Page) -> None:
    phone.goto("/wellbeing/talks/mine/")
    phone.click("text=预约 >> nth=-1")
    phone.wait_for_load_state()
    expect(phone.locator("h1")).to_contain_text("日常谈话")


def write_it_down(page: Page) -> None:
    talk = Talk.objects.get()
    page.goto(f"/wellbeing/talks/{talk.pk}/record/")
    page.fill("#id_thinking", "思想稳定")
    expect(page.locator("#saved")).to_contain_text("草稿已自动保存", timeout=15000)
    page.context.set_offline(True)
    page.fill("#id_wishes", SECRET)
    expect(page.locator("#saved")).to_contain_text("网络中断", timeout=15000)
    assert page.input_value("#id_wishes") == SECRET
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("草稿已自动保存", timeout=30000)
    page.reload()
    assert page.input_value("#id_wishes") == SECRET
    page.click("text=提交定稿")
    page.wait_for_load_state()
    expect(page.locator("h1")).to_contain_text("王示例")


def send_to_be_signed(page: Page) -> None:
    page.click("a:has-text('送本人签阅')")
    page.fill("#id_summary", "谈了新岗位的适应情况")
    page.click("button:has-text('送本人签阅')")
    page.wait_for_load_state()


def sign(phone: Page) -> None:
    phone.goto("/wellbeing/talks/mine/")
    phone.click("text=去签阅")
    expect(phone.locator("main")).to_contain_text("谈了新岗位的适应情况")
    assert SECRET not in phone.content()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.click("text=已阅，签名")
    phone.wait_for_load_state()
    assert Talk.objects.get().state == "archived"


def follow_up(page: Page, head: User) -> None:
    page.goto(f"/wellbeing/talks/{Talk.objects.get().pk}/")
    page.click("text=交办")
    page.select_option("#id_category", "post")
    page.select_option("#id_owner", str(head.pk))
    page.fill("#id_due_on", timezone.localdate().isoformat())
    page.fill("#id_matter", "了解挂职岗位")
    page.click("button:has-text('交办')")
    page.wait_for_load_state()
    row = FollowUp.objects.get()
    page.goto(f"/wellbeing/talks/followups/{row.pk}/")
    page.click("text=登记办理结果")
    page.fill("#id_result", "已列入下一批计划")
    page.click("button:has-text('登记')")
    page.wait_for_load_state()
    page.click("a:has-text('已反馈本人')")
    page.click("button:has-text('已反馈本人')")
    page.wait_for_load_state()
    row.refresh_from_db()
    assert (row.state, row.told_at is not None) == ("done", True)
