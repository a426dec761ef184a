"""From the forecast to the growth file: plan, proposal, a red check, three leaders, decision, handover."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from core.access import Role
from core.jobs.services import fetch_result
from core.jobs.tasks import run_job
from core.models import Job
from growth.models import GrowthFile
from park.models import Handover
from people.access import viewer_for
from people.choices import KinRelation, LeadershipLevel, PostClass, UnitKind
from people.models import Appointment, Cadre, KinTie, User
from rotation.choices.plans import PlanState
from rotation.models import Case, DecidedMove, Decision, RotationPlan, Variant
from tests.e2e.test_training_journey import PASSWORD, log_in, press, says
from tests.factories.field import hold, make_enterprise
from tests.factories.people import make_account, make_unit
from tests.factories.plans import make_post, seat

OFFICE, REVIEWER, FIRST, SECOND, MAIN = "周敏", "何静", "冯建国", "孙立", "陈志远"
WANG, LI, ZHOU = "王示例", "李示例", "周示例"
LONG_AGO, LATELY = date(2012, 3, 1), date(2024, 3, 1)
PLAN = "重点岗位轮岗"
COMPANY = "鼎新材料有限公司"

pytestmark = pytest.mark.django_db(transaction=True)
Desk = Callable[[str], Page]


@pytest.fixture
def people() -> dict[str, User]:
    """Two holders of key posts far beyond the limit, a third whose spouse leads a bureau; five accounts."""
    zone = make_unit("管委会", kind=UnitKind.ZONE)
    finance, projects = make_unit("财政局", parent=zone), make_unit("项目局", parent=zone)
    values = {"since": LONG_AGO, "retirement_month": date(2046, 1, 1), "birth_month": date(1984, 1, 1)}
    wang = seat(make_post("综合岗", unit=finance, post_class=PostClass.KEY, headcount=1), WANG, **values)
    seat(make_post("统筹岗", unit=projects, post_class=PostClass.KEY, headcount=1), LI, **values)
    values["since"] = LATELY
    zhou = seat(make_post("文秘岗", unit=make_unit("党政办", parent=zone)), ZHOU, **values)
    chief = seat(
        make_post("局长", unit=projects, level=LeadershipLevel.TOWNSHIP_CHIEF, headcount=1),
        "赵示例",
        **values,
    )
    make_post("服务岗", unit=projects, headcount=1)
    KinTie.objects.create(
        cadre=zhou, relative=chief, relation=KinRelation.SPOUSE, confirmed_at=timezone.now()
    )
    hold(wang, make_enterprise(COMPANY))
    accounts = {OFFICE: (Role.HR,), REVIEWER: (Role.HR,), FIRST: (Role.VICE_LEADER,)}
    accounts |= {SECOND: (Role.VICE_LEADER,), MAIN: (Role.TOP_LEADER,)}
    found = {name: make_account(*roles, name=name, password=PASSWORD) for name, roles in accounts.items()}
    for cadre in (wang, Cadre.objects.get(name=LI)):
        found[cadre.name] = make_account(cadre=cadre, name=cadre.name, password=PASSWORD)
    return found


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, people: dict[str, User]) -> Iterator[Desk]:
    """Everybody has a desk of the own; the first look at it logs in."""
    pages: dict[str, Page] = {}

    def of(name: str) -> Page:
        if name not in pages:
            context = browser.new_context(base_url=live_server.url, locale="zh-CN")
            pages[name] = context.new_page()
            log_in(pages[name], people[name])
        return pages[name]

    yield of
    for page in pages.values():
        page.context.close()


def work() -> Job:
    """The worker does what was asked for last."""
    job = Job.objects.latest("created_at")
    run_job.func(str(job.uid))
    job.refresh_from_db()
    assert (job.state, job.failures) == ("done", [])
    return job


def test_from_the_forecast_to_the_growth_file(
    browser_page: Page, desk: Desk, people: dict[str, User], tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    office = browser_page
    log_in(office, people[OFFICE])

    forecast(office)
    plan = draft(office)
    proposal(office, plan)
    red_check(office)
    review(office, desk(REVIEWER), plan)
    case = lay_before(office, plan)
    opinions(desk)
    pages = pack(office, case)
    decide(office, plan)
    before = GrowthFile.objects.get(cadre__name=WANG)
    effect(plan)
    handover(office, desk, plan)
    growth_file(office, before)

    plan.refresh_from_db()
    assert plan.state == PlanState.HANDOVER
    assert DecidedMove.objects.filter(decision__plan=plan).count() == 2
    assert pages > 4
    held = Appointment.objects.filter(cadre__name__in=(WANG, LI), ends_on=None)
    assert set(held.values_list("cadre__name", "title")) == {(WANG, "统筹岗"), (LI, "综合岗")}


def forecast(page: Page) -> None:
    page.goto("/rotation/tenure/")
    says(page, WANG)
    says(page, "必须交流")


def draft(page: Page) -> RotationPlan:
    page.goto("/rotation/plans/new/")
    page.locator("#main").get_by_label("方案名称").fill(PLAN)
    page.locator("#main").get_by_label("拟任职日期").fill(f"{timezone.localdate():%Y-%m-%d}")
    page.locator("#main").get_by_label("调整缘由").fill("两名干部任现岗均已超过十年。")
    press(page, "新建方案")
    return RotationPlan.objects.get()


def proposal(page: Page, plan: RotationPlan) -> None:
    """The machine finds the swap and says why."""
    page.goto(f"/rotation/plans/{plan.pk}/")
    press(page, "系统建议", "开始计算")
    page.wait_for_url("**/jobs/*/")
    work()
    best = Variant.objects.get(plan=plan, letter="B")
    page.goto(f"/rotation/plans/variants/{best.pk}/")
    says(page, "系统建议")
    assert set(best.moves.values_list("cadre__name", "to_post__title")) == {(WANG, "统筹岗"), (LI, "综合岗")}


def red_check(page: Page) -> None:
    """A third move that brings husband and wife under one roof is red at once, and taken back."""
    variant = Variant.objects.get(letter="B")
    page.goto(f"/rotation/plans/variants/{variant.pk}/moves/new/")
    page.locator("#main").get_by_label("干部").fill(ZHOU)
    page.locator("#main").get_by_label("拟任岗位").fill("项目局服务岗")
    press(page, "安排并核对")
    says(page, "与亲属有直接上下级领导关系")
    expect(page.locator(".plchk .is-red").first).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("body")).not_to_contain_text("与亲属有直接上下级领导关系")
    page.get_by_role("button", name="选定方案B").click()
    says(page, "已选定。")


def review(office: Page, reviewer: Page, plan: RotationPlan) -> None:
    office.goto(f"/rotation/plans/{plan.pk}/members/new/")
    office.locator("#main").get_by_label("人员").select_option(label=REVIEWER)
    office.locator("#main").get_by_label("参与方式").select_option(label="预审")
    press(office, "加入", "提交预审", "提交预审")
    reviewer.goto(f"/rotation/plans/{plan.pk}/")
    press(reviewer, "预审通过，征求意见", "预审通过，征求意见")
    office.goto(f"/rotation/plans/{plan.pk}/")
    press(office, "提请上会", "提请上会")


def lay_before(page: Page, plan: RotationPlan) -> Case:
    page.goto(f"/rotation/cases/new/{plan.pk}/")
    for name in (FIRST, SECOND, MAIN):
        page.locator("#main").get_by_label(name).first.check()
    page.locator("#main").get_by_label("末位表态的主要领导").select_option(label=MAIN)
    page.locator("#main").get_by_label("意见截止").fill(
        f"{timezone.localdate() + timedelta(days=3):%Y-%m-%d}"
    )
    press(page, "提出议题", "准备上会档案", "开始准备")
    says(page, "已经开始准备")
    work()
    return Case.objects.get()


def opinions(desk: Desk) -> None:
    """In order, each under the own password; the main leader last."""
    case = Case.objects.get()
    for name in (FIRST, SECOND, MAIN):
        page = desk(name)
        page.goto(f"/rotation/cases/{case.uid}/")
        press(page, "签批")
        page.locator("#main").get_by_label("同意", exact=True).check()
        page.locator("#main").get_by_label("登录密码").fill(PASSWORD)
        press(page, "签批")
        says(page, "已发表意见")


def pack(page: Page, case: Case) -> int:
    page.goto(f"/rotation/cases/{case.uid}/pack/")
    press(page, "生成会议材料")
    page.wait_for_url("**/jobs/*/")
    job = work()
    by = viewer_for(User.objects.get(name=OFFICE), on=timezone.localdate())
    reader = PdfReader(BytesIO(fetch_result(job=job, by=by)))
    assert reader.outline
    return len(reader.pages)


def decide(page: Page, plan: RotationPlan) -> None:
    page.goto(f"/rotation/plans/{plan.pk}/decide/")
    page.locator("#main").get_by_label("会议编号").fill("党工委会议〔2026〕15次")
    page.locator("#main").get_by_label("会议日期").fill(f"{timezone.localdate():%Y-%m-%d}")
    page.locator("#main").get_by_label("主持人").fill(MAIN)
    press(page, "登记决定")
    says(page, PLAN)
    assert Decision.objects.filter(plan=plan).exists()


def effect(plan: RotationPlan) -> None:
    """The day comes, and the clock does it; a second time changes nothing."""
    for _ in range(2):
        call_command("apply_rotations", verbosity=0)
    plan.refresh_from_db()
    assert plan.state == PlanState.EFFECTIVE


def handover(office: Page, desk: Desk, plan: RotationPlan) -> None:
    office.goto(f"/rotation/plans/{plan.pk}/confirm/")
    press(office, "确认生效，开始交接")
    office.goto(f"/rotation/plans/{plan.pk}/handover/")
    says(office, COMPANY)
    [offered] = Handover.objects.all()
    page = desk(offered.to.name)
    page.goto(f"/park/handovers/{offered.pk}/")
    press(page, "接收", "接收")
    office.reload()
    says(office, "已接收")


def growth_file(page: Page, before: GrowthFile) -> None:
    """The new post is in the file; the version that the meeting saw still verifies."""
    before.refresh_from_db()
    page.goto("/growth/verify/")
    page.locator("#main").get_by_label("核验码").fill(before.code)
    press(page, "核验")
    says(page, before.number)
    says(page, WANG)
