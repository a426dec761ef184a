"""信息核对: who is asked, part by part to the end, who is behind, more time, the close."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from growth.campaigns import coverage_by_unit, coverage_of, parts_for
from growth.models import CheckCampaign, CheckMember, CheckState, CorrectionRequest
from growth.services import (
    add_newcomers,
    add_people,
    apply_correction,
    ask_correction,
    close_campaign,
    confirm_part,
    excuse_member,
    extend_campaign,
    finish,
    remind,
    report_missing,
    restore_member,
    tell_of_begun,
)
from people.access import viewer_for
from people.contracts import duties_of
from people.models import Cadre, Honour
from tests.factories.checks import AT, later, make_campaign, member_of
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_unit("党政办公室")


@pytest.fixture
def one(office) -> Cadre:
    cadre = make_cadre("张示例", unit=office)
    Honour.objects.create(cadre=cadre, title="先进工作者", awarded_on=TODAY - timedelta(days=400))
    return cadre


@pytest.fixture
def me(one):
    return make_viewer(cadre=one)


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


def honour_key(cadre: Cadre) -> str:
    return f"people.honour:{Honour.objects.get(cadre=cadre).pk}"


# Who is asked


def test_everyone_in_office_is_asked_with_the_unit_of_the_day(one, hr) -> None:
    make_cadre("退休示例", unit=one.appointments.get().unit, status="retired")
    campaign = make_campaign(by=hr)
    rows = campaign.members.values_list("cadre__name", "unit__name")
    assert list(rows) == [("张示例", "党政办公室")]
    assert campaign.audience == "全部在职干部"


def test_a_unit_with_all_below_it_and_a_kind_of_staff(one, office, hr) -> None:
    below = make_unit("秘书科", parent=office)
    make_cadre("李示例", unit=below, staff_type="civil_servant")
    make_cadre("王示例", unit=make_unit("招商局"), staff_type="civil_servant")
    campaign = make_campaign(by=hr, unit=office, staff_types=["civil_servant"])
    assert [row.cadre.name for row in campaign.members.all()] == ["李示例"]
    assert campaign.audience == "党政办公室（含下级），公务员"


def test_who_opens_looks_after_the_whole_zone(one, office) -> None:
    with pytest.raises(DomainError, match="全区范围"):
        make_campaign(by=make_viewer(Role.HR, unit=office))


def test_refusals_say_what_to_change(one, hr) -> None:
    with pytest.raises(DomainError, match="至少选择一部分"):
        make_campaign(by=hr, parts=("nothing",))
    with pytest.raises(DomainError, match="已经过去"):
        make_campaign(by=hr, starts_on=later(-20), ends_on=later(-1))
    with pytest.raises(DomainError, match="没有在职干部"):
        make_campaign(by=hr, staff_types=["worker"])
    make_campaign(by=hr)
    with pytest.raises(DomainError, match="已有同名"):
        make_campaign(by=hr)


def test_those_asked_are_told_once_at_once_or_on_the_first_day(one, hr) -> None:
    user = make_account(cadre=one)
    make_campaign(by=hr)
    assert [n.title for n in Notification.objects.filter(recipient=user)] == [
        "请核对本人信息：2026年度干部信息核对"
    ]
    make_campaign(by=hr, title="下月核对", starts_on=later(3))
    assert Notification.objects.filter(recipient=user).count() == 1
    assert (tell_of_begun(on=later(3)), tell_of_begun(on=later(3))) == (1, 0)


# The cadre's way through it


def test_part_by_part_to_the_end(one, me, hr) -> None:
    campaign = make_campaign(by=hr, parts=("basic", "merit"))
    member = member_of(campaign, one)
    assert [part.title for part in parts_for(member)] == ["基本情况", "年度考核与奖惩"]
    with pytest.raises(DomainError, match="还有 2 部分没有核对：“基本情况”、“年度考核与奖惩”"):
        finish(member=member, by=me, at=AT)
    confirm_part(member=member, part="basic", by=me, at=AT)
    assert member_of(campaign, one).state == CheckState.BEGUN
    confirm_part(member=member, part="merit", by=me, at=AT)
    finish(member=member_of(campaign, one), by=me, at=AT)
    done = member_of(campaign, one)
    assert (done.state, done.done_at, done.lines) == (CheckState.DONE, AT, 2)
    assert AuditEvent.objects.filter(label="2026年度干部信息核对：核对完毕，共 2 条").count() == 1
    with pytest.raises(DomainError, match="已经确认过"):
        finish(member=done, by=me, at=AT)


def test_what_changed_since_is_looked_at_once_more(one, me, hr) -> None:
    campaign = make_campaign(by=hr)
    member = member_of(campaign, one)
    confirm_part(member=member, part="merit", by=me, at=AT)
    Honour.objects.filter(cadre=one).update(title="改过的荣誉")
    with pytest.raises(DomainError, match="“年度考核与奖惩”在您核对后有变化"):
        finish(member=member, by=me, at=AT)
    confirm_part(member=member, part="merit", by=me, at=AT)
    finish(member=member, by=me, at=AT)


def test_a_wrong_line_becomes_a_correction_and_does_not_hold_up_the_rest(one, me, hr) -> None:
    campaign = make_campaign(by=hr)
    member = member_of(campaign, one)
    request = ask_correction(cadre=one, key=honour_key(one), wanted="名称应为优秀工作者", by=me, at=AT)
    assert member_of(campaign, one).state == CheckState.BEGUN
    confirm_part(member=member, part="merit", by=me, at=AT)
    finish(member=member, by=me, at=AT)
    assert coverage_of([campaign], hr)[campaign.pk].disputed == 1
    Honour.objects.filter(cadre=one).update(title="优秀工作者")
    apply_correction(request=request, by=hr, at=AT)
    assert coverage_of([campaign], hr)[campaign.pk].disputed == 0


def test_what_is_missing_is_asked_for_once_and_marked_when_entered(one, me, hr) -> None:
    request = report_missing(cadre=one, part="merit", wanted="2024年度考核优秀", by=me, at=AT)
    assert (request.label, request.line) == ("补录：年度考核与奖惩", "档案里没有这一条")
    with pytest.raises(DomainError, match="已有待处理的补录申请"):
        report_missing(cadre=one, part="merit", wanted="还有一条", by=me, at=AT)
    with pytest.raises(DomainError, match="没有这一部分"):
        report_missing(cadre=one, part="nothing", wanted="还有一条", by=me, at=AT)
    apply_correction(request=request, by=hr, at=AT)
    assert request.new_line == "已补录"


def test_only_the_cadre_and_only_while_it_runs(one, me, hr) -> None:
    campaign = make_campaign(by=hr, starts_on=later(1))
    member = member_of(campaign, one)
    with pytest.raises(DomainError, match="还没有开始"):
        confirm_part(member=member, part="merit", by=me, at=AT)
    CheckCampaign.objects.update(starts_on=TODAY)
    with pytest.raises(DomainError, match="只有本人"):
        confirm_part(member=member_of(campaign, one), part="merit", by=hr, at=AT)
    close_campaign(campaign=campaign, by=hr, at=AT)
    with pytest.raises(DomainError, match="已经结束"):
        confirm_part(member=member_of(campaign, one), part="merit", by=me, at=AT)
    with pytest.raises(DomainError, match="已经结束"):
        close_campaign(campaign=campaign, by=hr, at=AT)


def test_late_is_taken_until_it_is_closed(one, hr) -> None:
    campaign = make_campaign(by=hr)
    late = viewer_for(make_account(cadre=one), on=later(30))
    confirm_part(member=member_of(campaign, one), part="merit", by=late, at=AT)
    finish(member=member_of(campaign, one), by=late, at=AT)


# Those behind


def test_coverage_by_unit_leaves_out_who_has_left(one, me, office, hr) -> None:
    other = make_unit("招商局")
    second, gone = make_cadre("李示例", unit=other), make_cadre("王示例", unit=other)
    campaign = make_campaign(by=hr)
    confirm_part(member=member_of(campaign, one), part="merit", by=me, at=AT)
    finish(member=member_of(campaign, one), by=me, at=AT)
    Cadre.objects.filter(pk=gone.pk).update(status="left")
    rows = {row.unit.name: row for row in coverage_by_unit(campaign, hr)}
    assert (rows["党政办公室"].done, rows["党政办公室"].light(late=True)) == (1, ("green", "全部核对"))
    assert (rows["招商局"].expected, rows["招商局"].open) == (1, 1)
    assert rows["招商局"].light(late=True) == ("red", "逾期 1 人")
    assert rows["招商局"].light(late=False) == ("grey", "未开始")
    assert second.pk in campaign.members.values_list("cadre", flat=True)


def test_an_officer_of_a_unit_sees_and_reminds_only_there(one, office, hr) -> None:
    elsewhere = make_cadre("李示例", unit=make_unit("招商局"))
    users = [make_account(cadre=one), make_account(cadre=elsewhere)]
    campaign = make_campaign(by=hr)
    Notification.objects.all().delete()
    officer = make_viewer(Role.HR, unit=office)
    assert coverage_of([campaign], officer)[campaign.pk].expected == 1
    assert remind(campaign=campaign, by=officer, at=AT) == 1
    assert remind(campaign=campaign, by=officer, at=AT) == 0  # once a day
    assert remind(campaign=campaign, by=hr, at=AT) == 1  # the other one
    assert {n.recipient_id for n in Notification.objects.all()} == {user.pk for user in users}


def test_nobody_counts_or_reminds_themselves(office, hr) -> None:
    own = make_cadre("办事示例", unit=office)
    officer = make_viewer(Role.HR, cadre=own)
    campaign = make_campaign(by=hr)
    assert coverage_of([campaign], officer) == {}
    Notification.objects.all().delete()
    assert remind(campaign=campaign, by=officer, at=AT) == 0


def test_more_time_is_told_and_only_ever_later(one, hr) -> None:
    make_account(cadre=one)
    campaign = make_campaign(by=hr)
    with pytest.raises(DomainError, match="要晚于现在的"):
        extend_campaign(campaign=campaign, ends_on=later(5), by=hr, at=AT)
    extend_campaign(campaign=campaign, ends_on=later(40), by=hr, at=AT)
    assert Notification.objects.filter(title__startswith="信息核对延长到2026年12月12日").count() == 1


def test_newcomers_are_added_once_and_by_the_same_measure(one, office, hr) -> None:
    campaign = make_campaign(by=hr, unit=office)
    make_cadre("新来示例", unit=office)
    make_cadre("别处示例", unit=make_unit("招商局"))
    assert add_newcomers(campaign=campaign, by=hr, at=AT) == 1
    assert add_newcomers(campaign=campaign, by=hr, at=AT) == 0


# What is due


def test_the_cadre_has_a_duty_until_it_is_done_and_the_office_when_it_is_over(one, me, hr) -> None:
    campaign = make_campaign(by=hr)
    duty = next(d for d in duties_of(me) if d.key == f"growth.check:{campaign.pk}")
    assert (duty.title, duty.due_on, duty.escalates) == ("待核对：2026年度干部信息核对", later(20), True)
    assert duty.above.args == (one.pk,)
    assert not [d for d in duties_of(hr) if d.key.startswith("growth.check")]
    after = make_viewer(Role.HR, on=later(21))
    due = next(d for d in duties_of(after) if d.key == f"growth.check.overdue:{campaign.pk}")
    assert due.title == "2026年度干部信息核对已到期，还有 1 人没有核对完"
    confirm_part(member=member_of(campaign, one), part="merit", by=me, at=AT)
    finish(member=member_of(campaign, one), by=me, at=AT)
    fresh = viewer_for(make_account(cadre=None), on=TODAY)
    assert not [d for d in duties_of(fresh) if d.key.startswith("growth.check")]


def test_requests_to_decide_are_a_duty(one, me, hr) -> None:
    ask_correction(cadre=one, key=honour_key(one), wanted="名称不对", by=me, at=AT)
    assert [d.title for d in duties_of(make_viewer(Role.HR)) if d.key == "growth.corrections"] == [
        "1 份更正申请待处理"
    ]


# Pages


def own_client(cadre: Cadre) -> Client:
    client = Client()
    client.force_login(make_account(cadre=cadre))
    return client


def running(cadre: Cadre, parts=("basic", "merit")) -> CheckCampaign:
    today = timezone.localdate()
    by = make_viewer(Role.HR, on=today)
    return make_campaign(by=by, parts=parts, starts_on=today, ends_on=today + timedelta(days=9))


def test_the_phone_from_the_first_part_to_the_end(one) -> None:
    campaign = running(one)
    client = own_client(one)
    here = f"/growth/check/{campaign.pk}/"
    assert "开始核对" in client.get(here).content.decode()
    assert client.post(f"{here}basic/").headers["Location"] == f"{here}merit/"
    page = client.get(f"{here}merit/").content.decode()
    assert "第 2/2 部分" in page
    key = honour_key(one)
    assert f"/growth/mine/correct/?key={key.replace(':', '%3A')}&amp;part=merit&amp;next={here}merit/" in page
    wrong = f"/growth/mine/correct/?key={key}&part=merit&next={here}merit/"
    answer = client.post(wrong, {"wanted": "名称应为优秀工作者"})
    assert answer.headers["Location"] == f"{here}merit/"
    assert "其余无误，完成" in client.get(f"{here}merit/").content.decode()
    assert client.post(f"{here}merit/").headers["Location"] == here
    assert "确认核对完毕" in client.get(here).content.decode()
    client.post(here)
    assert "您已于" in client.get(here).content.decode()
    assert CheckMember.objects.get().state == CheckState.DONE
    assert CorrectionRequest.objects.get().wanted == "名称应为优秀工作者"


def test_an_address_elsewhere_is_not_followed(one) -> None:
    client = own_client(one)
    answer = client.post(
        "/growth/mine/missing/?part=merit&next=https://example.com/", {"wanted": "2024年度考核优秀"}
    )
    assert answer.headers["Location"] == "/growth/mine/"


def test_whom_it_does_not_ask_does_not_know_of_it(one, office) -> None:
    campaign = running(one)
    client = own_client(make_cadre("后来示例", unit=office))
    assert client.get(f"/growth/check/{campaign.pk}/").status_code == 404
    assert client.get(f"/growth/check/{campaign.pk}/merit/").status_code == 404
    assert own_client(one).get(f"/growth/check/{campaign.pk}/posts/").status_code == 404


def test_the_office_opens_follows_extends_and_closes(one) -> None:
    client = Client()
    client.force_login(make_account(Role.HR))
    today = timezone.localdate()
    sent = {
        "title": "年度核对",
        "year": today.year,
        "starts_on": today,
        "ends_on": today + timedelta(days=10),
        "parts": ["basic", "merit"],
    }
    answer = client.post("/growth/campaigns/new/", sent)
    campaign = CheckCampaign.objects.get()
    here = f"/growth/campaigns/{campaign.pk}/"
    assert answer.headers["Location"] == here
    page = client.get(here).content.decode()
    assert "党政办公室" in page
    assert "提醒没有核对完的 1 人" in page
    assert client.post(f"{here}remind/").status_code == 302
    assert client.post(f"{here}add/").status_code == 302
    client.post(f"{here}extend/", {"ends_on": today + timedelta(days=20)})
    assert CheckCampaign.objects.get().ends_on == today + timedelta(days=20)
    assert client.post(f"{here}extend/", {"ends_on": today}).status_code == 422
    client.post(f"{here}close/")
    assert not CheckCampaign.objects.get().is_open
    assert "已结束" in client.get("/growth/campaigns/").content.decode()


def test_people_picked_in_the_roster_are_asked(one, office) -> None:
    make_cadre("李示例", unit=office)
    client = Client()
    client.force_login(make_account(Role.HR))
    page = client.post("/growth/campaigns/new/", {"chosen": [one.pk]}).content.decode()
    assert "名册中选定的 1 人" in page
    today = timezone.localdate()
    sent = {
        "title": "抽查核对",
        "year": today.year,
        "starts_on": today,
        "ends_on": today,
        "parts": ["merit"],
        "chosen": [one.pk],
    }
    client.post("/growth/campaigns/new/", sent)
    campaign = CheckCampaign.objects.get()
    assert [row.cadre_id for row in campaign.members.all()] == [one.pk]
    with pytest.raises(DomainError, match="在名册中选定"):
        add_newcomers(campaign=campaign, by=make_viewer(Role.HR), at=AT)


def test_the_export_is_the_view(one, office) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    make_cadre("李示例", unit=office)
    campaign = running(one)
    own_client(one).post(f"/growth/check/{campaign.pk}/basic/")
    client = Client()
    client.force_login(make_account(Role.HR))
    query = "state=begun&col=unit&col=name&col=state&sort=-name&export=xlsx"
    sheet = load_workbook(BytesIO(client.get(f"/growth/campaigns/{campaign.pk}/?{query}").content)).active
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in ("时任部门", "党政办公室")]
    assert rows == [("时任部门", "姓名", "进度"), ("党政办公室", "张示例", "核对中")]


@pytest.mark.parametrize("path", ["list", "page", "own", "overview", "part"])
def test_pages_cost_the_same_for_one_and_three(path) -> None:
    counts = []
    for number in (1, 3):
        office = make_unit()
        cadres = [make_cadre(unit=office) for _ in range(number)]
        for cadre in cadres:
            Honour.objects.create(cadre=cadre, title="荣誉", awarded_on=TODAY - timedelta(days=9))
            Honour.objects.bulk_create(
                Honour(cadre=cadre, title=f"荣誉{n}", awarded_on=TODAY) for n in range(number)
            )
        today = timezone.localdate()
        values = {"starts_on": today, "ends_on": today, "unit": office}
        by = make_viewer(Role.HR, on=today)
        for n in range(number):
            campaign = make_campaign(by=by, title=f"核对{number}-{n}", parts=("basic", "merit"), **values)
        client = own_client(cadres[0])
        pages = {
            "own": "/growth/check/",
            "overview": f"/growth/check/{campaign.pk}/",
            "part": f"/growth/check/{campaign.pk}/merit/",
        }
        if path not in pages:
            client.force_login(make_account(Role.HR))
        where = pages.get(path) or (
            "/growth/campaigns/" if path == "list" else f"/growth/campaigns/{campaign.pk}/"
        )
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12, "\n".join(q["sql"][:200] for q in queries)


# Single people


def test_who_is_excused_is_not_waited_for_and_can_be_taken_back(one, office, hr, me) -> None:
    make_cadre(unit=office)
    campaign = make_campaign(by=hr)
    member = member_of(campaign, one)
    with pytest.raises(DomainError, match="免核对的原因"):
        excuse_member(member=member, reason=" ", by=hr, at=AT)
    excuse_member(member=member, reason="长期病假", by=hr, at=AT)
    covered = coverage_of([campaign], hr)[campaign.pk]
    assert (covered.expected, covered.excused) == (1, 1)
    assert [(unit.expected, unit.excused) for unit in coverage_by_unit(campaign, hr)] == [(1, 1)]
    assert not [duty for duty in duties_of(me) if duty.key.startswith("growth.check")]
    with pytest.raises(DomainError, match="免核对"):
        confirm_part(member=member, part="merit", by=me, at=AT)
    with pytest.raises(DomainError, match="已免核对"):
        excuse_member(member=member, reason="重复", by=hr, at=AT)
    restore_member(member=member, by=hr, at=AT)
    covered = coverage_of([campaign], hr)[campaign.pk]
    assert (covered.expected, covered.excused) == (2, 0)
    trail = AuditEvent.objects.filter(action="growth.campaign").exclude(reason="").order_by("pk")
    assert [event.reason for event in trail] == ["长期病假", "原免核对原因：长期病假"]


def test_who_came_later_joins_even_a_chosen_list_once(one, office, hr) -> None:
    campaign = make_campaign(by=hr, chosen=True)
    late = make_cadre("晚示例", unit=office)
    account = make_account(Role.CADRE, cadre=late)
    assert add_people(campaign=campaign, cadres=[late, one], by=hr, at=AT) == 1
    assert coverage_of([campaign], hr)[campaign.pk].expected == 2
    assert Notification.objects.filter(recipient=account, kind="growth.check").count() == 1
    with pytest.raises(DomainError, match="都已在名单中"):
        add_people(campaign=campaign, cadres=[late], by=hr, at=AT)


def test_the_pages_of_single_people(one, office, hr) -> None:
    campaign = make_campaign(by=hr, ends_on=timezone.localdate() + timedelta(days=9))
    late = make_cadre("晚示例", unit=office)
    client = Client()
    client.force_login(make_account(Role.HR))
    here = f"/growth/campaigns/{campaign.pk}/"
    assert client.post(f"{here}people/", {"names": "查无此人"}).status_code == 422
    assert client.post(f"{here}people/", {"names": "晚示例"}).status_code == 302
    row = member_of(campaign, late)
    excuse = f"{here}people/{row.pk}/excuse/"
    assert excuse in client.get(here).content.decode()
    assert client.post(excuse, {"reason": ""}).status_code == 422
    assert client.post(excuse, {"reason": "已调出"}).status_code == 302
    assert excuse not in client.get(here).content.decode()
    shown = client.get(f"{here}?excused=yes").content.decode()
    assert "免核对：已调出" in shown
    assert client.post(f"{here}people/{row.pk}/restore/").status_code == 302
    assert member_of(campaign, late).excused_at is None
