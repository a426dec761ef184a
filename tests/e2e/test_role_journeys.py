"""From the home page to the deed for each role without a long journey of its own, counted in steps.

A step is one press of a link or a button; filling in a form between two presses is none.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page
from pytest_django.fixtures import Settings

from core.access import Role
from core.audit import record
from core.choices import AuditAction
from core.models import AuditEvent
from core.models.audit import AuditResult
from growth.contracts import Edition
from growth.models import GrowthReading
from growth.services import make_growth_file
from park.choices import SupervisionKind
from park.models import Supervision
from people.models import RoleGrant, Unit, User
from tests.e2e.test_training_journey import PASSWORD, log_in, says
from tests.factories.park import make_task
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.factories.training import attend, default_rules, make_class
from training.choices import ClassState, EnrolmentWay, ParticipationState
from training.models import ClassQuota, HourRule, Participation

HEAD, CADRE, OTHER = "单海涛", "向静", "罗云峰"
DAY = timedelta(days=1)
MANY = 900  # hours a year: so many that who has none is behind on the first of January

pytestmark = pytest.mark.django_db(transaction=True)
Starts = Callable[[User], "Journey"]


@dataclass
class Journey:
    """A hand that counts, beginning on the home page."""

    page: Page
    steps: int = 0

    def press(self, *names: str) -> None:
        """The links and buttons one after the other, each on the page that the last one led to."""
        main = self.page.locator("#main")
        for name in names:
            link = main.get_by_role("link", name=name, exact=True)
            self.step(link.or_(main.get_by_role("button", name=name, exact=True)).first)

    def figure(self, label: str) -> None:
        """One of the five numbers on top of the home page."""
        self.step(self.page.get_by_label("关键数据").get_by_role("link", name=label))

    def menu(self, name: str) -> None:
        """A place of the side navigation; its section is opened first where it is folded."""
        place = self.page.locator("#nav").get_by_role("link", name=name, include_hidden=True)
        if not place.is_visible():
            self.step(self.page.locator("#nav details", has=place).locator("summary"))
        self.step(place)

    def step(self, what: Locator) -> None:
        what.click()
        self.page.wait_for_load_state()
        self.steps += 1

    def fill(self, label: str, text: str) -> None:
        self.page.locator("#main form").get_by_label(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.locator("#main form").get_by_label(label).select_option(label=option)

    def says(self, *words: str) -> None:
        for text in words:
            says(self.page, text)


@pytest.fixture
def starts(browser_page: Page, settings: Settings, tmp_path: Path) -> Starts:
    """Logs in; what counts begins with the first press on the home page."""
    settings.MEDIA_ROOT = tmp_path / "media"

    def as_(user: User) -> Journey:
        log_in(browser_page, user)
        says(browser_page, f"{user.name}，你好")
        return Journey(browser_page)

    return as_


def demand(hours: int) -> None:
    default_rules()
    HourRule.objects.update(required_hours=hours, required_days=0)


def account(role: Role, unit: Unit | None = None, name: str = HEAD) -> User:
    return make_account(role, unit=unit, name=name, password=PASSWORD)


def test_a_department_head_sees_who_is_behind_and_nominates_one(starts: Starts) -> None:
    unit, today = make_unit("应急管理局"), timezone.localdate()
    demand(MANY)
    behind, met = make_cadre(CADRE, unit=unit), make_cadre(OTHER, unit=unit)
    attend(met, today.replace(month=1, day=1), MANY)
    held = make_class(
        "示例专题班",
        starts_on=today + 14 * DAY,
        state=ClassState.PUBLISHED,
        enrolment_way=EnrolmentWay.NOMINATED,
    )
    ClassQuota.objects.create(training_class=held, unit=unit, seats=1)
    journey = starts(account(Role.DEPARTMENT_HEAD, unit))

    journey.figure("学时滞后")
    journey.says("共 1 人", behind.name)
    journey.press("首页", f"推荐参训人选 1 名：{held.name}", "推荐人选")
    journey.fill("粘贴姓名", behind.name)
    journey.press("推荐")
    journey.says("已推荐 1 人")

    assert journey.steps <= 5
    row = Participation.objects.get(training_class=held)
    assert (row.cadre, row.state) == (behind, ParticipationState.NOMINATED)


def test_a_deputy_leader_supervises_an_overdue_task_of_the_own_part(starts: Starts) -> None:
    part, today = make_unit("经济发展局"), timezone.localdate()
    late = make_task("推进示例园区建设", unit=part, owner=make_cadre(CADRE, unit=part), due_on=today - DAY)
    make_task("别处的任务", due_on=today - DAY)
    leader = account(Role.VICE_LEADER, part)
    journey = starts(leader)

    journey.figure("逾期任务")
    journey.says("共 1 项")
    assert journey.page.get_by_role("link", name="别处的任务").count() == 0
    journey.press(late.name)
    journey.step(journey.page.locator("#main summary", has_text="更多"))
    journey.press("转督办")
    journey.fill("督办要求", "请在三日内报明进度和困难。")
    journey.fill("回复期限", f"{today + 3 * DAY:%Y-%m-%d}")
    journey.press("发出督办")
    journey.says("已发出督办")

    assert journey.steps <= 5
    order = Supervision.objects.get()
    assert (order.task, order.kind, order.by, order.answer_due_on) == (
        late,
        SupervisionKind.SUPERVISE,
        leader,
        today + 3 * DAY,
    )


def test_the_main_leader_goes_from_a_number_to_the_growth_file(starts: Starts) -> None:
    unit, today = make_unit("管委会"), timezone.localdate()
    cadre = make_cadre(CADRE, unit=unit)
    made = make_growth_file(
        cadre=cadre, edition=Edition.ARCHIVE, as_of=today, by=make_viewer(Role.HR, on=today)
    )
    leader = account(Role.TOP_LEADER)
    journey = starts(leader)

    journey.menu("统计报表")
    journey.step(journey.page.locator(".stat-table tr.grp a").first)
    journey.says("统计名单", unit.name)
    journey.press(cadre.name, "归档版")
    journey.fill("查阅事由", "研究招商局副局长人选")
    journey.press("打开档案")
    journey.says(f"{cadre.name}成长档案", "下载 PDF")
    journey.page.wait_for_load_state()  # the pages are images, and looking at them is recorded

    assert journey.steps <= 5
    reading = GrowthReading.objects.get()
    assert (reading.file, reading.reader, reading.purpose) == (made, leader, "研究招商局副局长人选")


def test_the_system_administrator_sees_what_stands_still_and_opens_an_account(
    starts: Starts, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_DIR = old_backup(tmp_path / "backups")
    journey = starts(account(Role.SYSADMIN))

    journey.says("备份没有按时做")
    journey.press("后台执行进程没有运行")
    journey.says("后台任务")
    journey.menu("用户与授权")
    journey.press("新建账号")
    journey.fill("登录名", "xiangjing")
    journey.fill("姓名", CADRE)
    journey.press("新建账号")
    journey.says("一次性密码", "xiangjing")

    assert journey.steps <= 4
    opened = User.objects.get(username="xiangjing")
    assert (opened.name, opened.must_change_password, opened.is_active) == (CADRE, True, True)
    assert not RoleGrant.objects.filter(user=opened).exists()


def old_backup(folder: Path) -> str:
    """A folder whose newest file is five days old."""
    folder.mkdir()
    file = folder / "cadre.dump"
    file.touch()
    then = (timezone.now() - 5 * DAY).timestamp()
    os.utime(file, (then, then))
    return str(folder)


def test_the_security_administrator_gives_a_role_with_an_end(starts: Starts) -> None:
    unit, ends_on = make_unit("应急管理局"), timezone.localdate() + 180 * DAY
    waiting = make_account(name=CADRE)
    admin = account(Role.SECADMIN)
    journey = starts(admin)

    journey.figure("还没有授权")
    journey.press(waiting.name, "授予角色")
    journey.choose("角色", Role.DEPARTMENT_HEAD.label)
    journey.choose("管辖范围", unit.name)
    journey.fill("结束日期", f"{ends_on:%Y-%m-%d}")
    journey.fill("依据", "任职文件")
    journey.press("授予角色")
    journey.says("已授予角色")

    assert journey.steps <= 4
    grant = RoleGrant.objects.get(user=waiting)
    assert (grant.role, grant.unit, grant.ends_on, grant.granted_by) == (
        Role.DEPARTMENT_HEAD,
        unit,
        ends_on,
        admin,
    )


def test_the_auditor_verifies_the_log_and_reads_the_exports_of_the_week(starts: Starts) -> None:
    exporter = make_viewer(Role.HR, on=timezone.localdate())
    record(action=AuditAction.EXPORTED, by=exporter, label="干部名册，12 行")
    auditor = account(Role.AUDITOR)
    journey = starts(auditor)

    journey.press("现在校验：还没有校验过审计日志")
    journey.says("日志校验通过")
    journey.figure("本周导出")
    journey.says("共 1 条", exporter.name, "干部名册，12 行")

    assert journey.steps <= 2
    checked = AuditEvent.objects.get(action=AuditAction.AUDIT_CHECKED)
    assert (checked.actor_name, checked.result) == (auditor.name, AuditResult.OK)
