"""Inspections: from the plan to 销号, who sees what of it, and what the rest of the product hears."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.access import Role
from core.asking import answered
from core.errors import DomainError
from core.models import AuditEvent, StoredFile
from growth.contracts import Edition, SectionContext, sections_for
from people.access import viewer_for
from people.contracts import Transfer, duties_of, obstacles, occasions_of
from people.models import Cadre
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.wellbeing import (
    decide,
    inspector,
    make_finding,
    make_inspection,
    viewer_of,
)
from tests.wellbeing.conftest import browser, text_of
from wellbeing.choices.inspections import FindingState, InspectionState
from wellbeing.models import Finding, FindingFile, Inspection
from wellbeing.services.findings import (
    add_evidence,
    add_finding,
    decide_outcome,
    hand_in,
    link_repeat,
    order_rectification,
    review_rectification,
)
from wellbeing.services.inspections import cancel_inspection, close_inspection, plan_inspection

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=10)


def url(name, *args):
    return reverse(f"wellbeing:{name}", args=args)


@pytest.fixture
def jj(zone):
    return inspector(cadre=make_cadre("纪示例", unit=zone))


@pytest.fixture
def finding(office, talker, jj):
    """Of a department, to be put right by its head."""
    return make_finding(office, by=jj, owner=talker)


@pytest.fixture
def personal(office, cadre, talker, jj):
    return make_finding(office, cadre=cadre, by=jj, owner=talker, problem="多次迟到")


# The way to 销号


def test_a_finding_goes_from_order_to_settlement(finding, talker, jj):
    assert finding.state == FindingState.RECTIFYING
    hand_in(finding=finding, progress="已建立登记", by=viewer_of(talker), on=LATER)
    assert (finding.state, finding.submitted_on) == (FindingState.SUBMITTED, LATER)
    by = viewer_of(jj)
    review_rectification(finding=finding, settled=False, review="未见台账", by=by, on=LATER)
    assert finding.state == FindingState.RECTIFYING
    hand_in(finding=finding, progress="台账已补", by=viewer_of(talker), on=LATER)
    review_rectification(finding=finding, settled=True, review="", by=by, on=LATER)
    fresh = Finding.objects.get(pk=finding.pk)
    assert (fresh.state, fresh.closed_on, fresh.closed_by_id) == (FindingState.CLOSED, LATER, jj.pk)
    assert (fresh.problem, fresh.measure, fresh.progress) == ("上班时间脱岗", "建立去向登记", "台账已补")


def test_nothing_is_stored_in_clear(personal, jj):
    decide(personal, by=jj)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wellbeing_finding")
        stored = str(cursor.fetchall())
    for text in ("多次迟到", "建立去向登记", "经研究予以通报"):
        assert text not in stored
    events = str(list(AuditEvent.objects.values_list("label", "changes", "reason")))
    assert not [text for text in ("王示例", "多次迟到", "建立去向登记", "通报") if text in events]


def test_an_inspection_ends_when_all_is_settled(finding, talker, jj):
    by = viewer_of(jj)
    with pytest.raises(DomainError, match="还有 1 个问题没有销号"):
        close_inspection(inspection=finding.inspection, by=by)
    hand_in(finding=finding, progress="已整改", by=viewer_of(talker), on=LATER)
    review_rectification(finding=finding, settled=True, review="", by=by, on=LATER)
    close_inspection(inspection=finding.inspection, by=by)
    assert Inspection.objects.get().state == InspectionState.CLOSED


def test_each_step_has_its_place(finding, talker, jj, office):
    by = viewer_of(jj)
    with pytest.raises(DomainError, match="状态已经变化"):
        review_rectification(finding=finding, settled=True, review="", by=by, on=TODAY)
    with pytest.raises(DomainError, match="只有责任人和责任领导"):
        hand_in(finding=finding, progress="好了", by=by, on=TODAY)
    planned = make_inspection(jj, checked_on=None)
    with pytest.raises(DomainError, match="先登记检查日期"):
        add_finding(inspection=planned, unit=office, cadre=None, problem="无", by=by, on=TODAY)
    with pytest.raises(DomainError, match="状态已经变化"):
        cancel_inspection(inspection=finding.inspection, by=by)


def test_who_may_be_named(personal, talker, jj, cadre, office):
    by = viewer_of(jj)
    values = {"measure": "谈话", "due_on": LATER, "by": by, "on": TODAY, "lead": talker}
    keeper = make_account(Role.HR, cadre=make_cadre(unit=office))
    for owner in (keeper, make_account(cadre=cadre), make_account(Role.DEPARTMENT_HEAD, unit=make_unit())):
        with pytest.raises(DomainError, match="请在列出的人员中选择"):
            order_rectification(finding=personal, owner=owner, **values)


def test_nobody_inspects_themselves_or_reviews_the_own_work(office, jj, zone):
    by = viewer_of(jj)
    row = make_inspection(jj)
    with pytest.raises(DomainError, match="本人的问题"):
        add_finding(inspection=row, unit=zone, cadre=jj.cadre, problem="无", by=by, on=TODAY)
    mine = make_finding(zone, by=jj, owner=jj)
    hand_in(finding=mine, progress="已整改", by=by, on=TODAY)
    with pytest.raises(DomainError, match="自己负责的整改"):
        review_rectification(finding=mine, settled=True, review="", by=by, on=TODAY)


def test_an_inspector_of_one_department_stays_there(office, zone):
    local = viewer_of(inspector(unit=office))
    with pytest.raises(DomainError, match="只有负责该范围的纪检专员"):
        plan_inspection(values={"title": "全区", "kind": "meeting", "planned_on": TODAY}, by=local)
    plan_inspection(
        values={"title": "本室", "kind": "meeting", "planned_on": TODAY, "unit": office}, by=local
    )
    other = make_finding(make_unit("财政局", parent=zone))
    assert not Finding.objects.visible_to(local).filter(pk=other.pk).exists()


def test_a_person_is_found_where_they_work(jj, cadre, zone):
    other = make_unit("财政局", parent=zone)
    with pytest.raises(DomainError, match="不在这个部门任职"):
        make_finding(other, cadre=cadre, by=jj)


def test_repeats_are_linked_to_the_same_kind_and_person(office, cadre, jj):
    by = viewer_of(jj)
    first = make_finding(office, cadre=cadre, by=jj, on=TODAY - timedelta(days=60))
    other = make_finding(office, by=jj, on=TODAY - timedelta(days=60))
    again = make_finding(office, cadre=cadre, by=jj)
    link_repeat(finding=again, earlier=first, by=by)
    assert Finding.objects.get(pk=again.pk).repeat_of == first
    for wrong in (other, again):
        with pytest.raises(DomainError, match="只能关联"):
            link_repeat(finding=again, earlier=wrong, by=by)


def test_effect_periods_are_of_persons_and_whole(finding, personal, jj):
    with pytest.raises(DomainError, match="影响期只对个人"):
        decide(finding, by=jj, effect_from=TODAY, effect_to=LATER)
    with pytest.raises(DomainError, match="影响期的起止日期"):
        decide(personal, by=jj, effect_to=None)
    values = {"outcome": "notice", "decided_on": LATER, "decision": "无"}
    with pytest.raises(DomainError, match="不能晚于今天"):
        decide_outcome(finding=personal, values=values, by=viewer_of(jj), on=TODAY)


# Who sees it


def test_who_opens_a_finding_about_a_person(personal, talker, jj, cadre, office):
    subject = make_account(Role.TOP_LEADER, cadre=cadre)
    address = url("finding", personal.pk)
    for user in (jj, talker, make_account(Role.TOP_LEADER)):
        assert "多次迟到" in text_of(browser(user).get(address))
    others = (Role.HR, Role.PARTY, Role.VICE_LEADER, Role.DEPARTMENT_HEAD, Role.AUDITOR, Role.SECADMIN)
    for user in (subject, *(make_account(role) for role in others)):
        assert browser(user).get(address).status_code == 404
        assert "王示例" not in text_of(browser(user).get(url("findings") + "?state="))


def test_a_vice_leader_sees_the_cases_that_name_them(office, cadre, jj):
    vice = make_account(Role.VICE_LEADER)
    case = make_finding(office, cadre=cadre, by=jj, owner=vice)
    other = make_finding(office, by=jj)
    assert set(Finding.objects.visible_to(viewer_of(vice))) == {case}
    assert browser(vice).get(url("finding", other.pk)).status_code == 404


def test_the_file_keeps_no_telling_name(personal, jj, talker):
    upload = SimpleUploadedFile("王示例迟到.txt", "打卡记录".encode())
    row = add_evidence(finding=personal, upload=upload, by=viewer_of(jj), at=timezone.now())
    assert StoredFile.objects.get().name == "佐证1.txt"
    address = url("finding_file", personal.pk, row.pk)
    response = browser(talker).get(address)
    assert (
        b"".join(response.streaming_content if response.streaming else [response.content]).decode()
        == "打卡记录"
    )
    assert browser(make_account(Role.HR)).get(address).status_code == 404
    assert FindingFile.objects.count() == 1


# Pages


def test_the_pages_lead_through_the_whole_way(office, talker, jj):
    client = browser(jj)
    today = timezone.localdate()
    values = {"title": "会风督查", "kind": "other", "kind_name": "", "planned_on": today.isoformat()}
    assert "请填写类别名称" in text_of(client.post(url("inspection_new"), values))
    client.post(url("inspection_new"), values | {"kind_name": "窗口服务"})
    row = Inspection.objects.get()
    client.post(url("inspection_check", row.pk), {"checked_on": today.isoformat()})
    client.post(url("finding_new", row.pk), {"unit": office.pk, "cadre": "", "problem": "窗口无人"})
    found = Finding.objects.get()
    due = (today + timedelta(days=5)).isoformat()
    order = {"measure": "排班", "lead": talker.pk, "owner": talker.pk, "due_on": due}
    client.post(url("finding_order", found.pk), order)
    assert browser(talker).get(url("finding", found.pk)).status_code == 200
    browser(talker).post(url("finding_hand_in", found.pk), {"progress": "已排班"})
    client.post(url("finding_review", found.pk), {"settled": "1", "review": ""})
    client.post(url("inspection_close", row.pk))
    row.refresh_from_db()
    assert row.state == InspectionState.CLOSED


def test_the_ledger_has_the_columns_of_the_office(finding, jj):
    client = browser(jj)
    page = text_of(client.get(url("findings")))
    assert "上班时间脱岗" not in page
    book = load_workbook(BytesIO(client.get(url("findings") + "?export=xlsx").content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    heads = next(row for row in rows if "序号" in row)
    assert heads == (
        ["序号", "检查时间", "类别", "问题", "涉及部门/人", "整改措施"]
        + ["责任领导", "责任人", "时限", "整改情况", "是否销号", "处理方式"]
    )
    line = rows[rows.index(heads) + 1]
    assert (line[0], line[3], line[4], line[10]) == (1, "上班时间脱岗", "党政办公室", "否")
    assert browser(make_account(Role.TOP_LEADER)).get(url("findings") + "?export=xlsx").status_code == 404


def test_lists_filter(finding, personal, jj):
    client = browser(jj)

    def count(query):
        return len(client.get(f"{url('findings')}?{query}").context["rows"])

    assert count("") == 2
    assert count("q=王示例") == 1
    assert count("state=unsettled") == 2
    assert count("state=closed") == 0
    assert count("kind=meeting") == 0


@pytest.mark.parametrize("name", ["inspections", "findings", "inspection"])
def test_pages_cost_the_same_at_one_and_three_rows(name, office, talker, jj):
    row = make_finding(office, by=jj, owner=talker)
    address = url(name, row.inspection_id) if name == "inspection" else url(name)
    client = browser(jj)

    def cost():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    first = cost()
    for _ in range(2):
        same = {"inspection": row.inspection} if name == "inspection" else {}
        make_finding(office, by=jj, owner=talker, **same)
    assert cost() == first <= 12


# What the rest of the product hears


def section(cadre, edition, as_of=TODAY):
    placed = Cadre.objects.with_position(as_of).get(pk=cadre.pk)
    found = sections_for(SectionContext(placed, as_of, edition))
    return next((one for one in found if one.key == "wellbeing.decisions"), None)


def test_the_growth_file_holds_decisions_in_effect_by_edition(personal, cadre, jj):
    decide(personal, by=jj, effect_to=date(2027, 5, 1))
    assert section(cadre, Edition.LEADER).blocks[0].rows[0].value == "处于影响期，至2027年5月"
    assert "通报" not in str(section(cadre, Edition.LEADER))
    for edition in (Edition.SELF, Edition.ARCHIVE):
        assert section(cadre, edition).blocks[0].rows[0].cells[0] == "通报"
        assert "多次迟到" not in str(section(cadre, edition))
    for day in (TODAY - timedelta(days=1), date(2027, 5, 2)):
        assert section(cadre, Edition.ARCHIVE, as_of=day) is None


def heard(cadre, on):
    ours = (c for c in obstacles.all() if c.key.startswith("wellbeing."))
    found = [o for c in ours for o in answered(c.source(moves=[Transfer(cadre, None)], on=on))[0]]
    return {obstacle.code: obstacle.message for obstacle in found}


def test_rotation_hears_flag_and_open_rectification(personal, cadre, jj):
    assert set(heard(cadre, TODAY)) == {"open_rectification"}
    decide(personal, by=jj, effect_to=date(2027, 5, 1))
    assert heard(cadre, TODAY)["effect_period"] == "处于影响期 至 2027-05"
    assert "effect_period" not in heard(cadre, date(2027, 5, 2))


def test_hr_sees_the_flag_and_no_more(personal, cadre, jj):
    today = timezone.localdate()
    decide(personal, by=jj, effect_to=today + timedelta(days=400))
    page = text_of(browser(make_account(Role.HR)).get(reverse("people:cadre", args=[cadre.pk])))
    assert "处于影响期" in page
    assert "通报" not in page
    head = text_of(browser(make_account(Role.DEPARTMENT_HEAD)).get(reverse("people:cadre", args=[cadre.pk])))
    assert "处于影响期" not in head


def test_a_decision_raises_a_talk_and_stands_in_no_timeline(personal, cadre, jj):
    span = {"since": TODAY - timedelta(days=9), "until": TODAY}
    assert not [o for o in occasions_of([cadre.pk], **span) if o.code == "disciplined"]
    decide(personal, by=jj)
    found = [o for o in occasions_of([cadre.pk], **span) if o.code == "disciplined"]
    assert [(o.key, o.title, o.happened_on) for o in found] == [(f"finding:{personal.pk}", "", TODAY)]
    page = text_of(browser(make_account(Role.HR)).get(reverse("people:timeline", args=[cadre.pk])))
    assert "处理决定" not in page


def test_who_is_late_is_told(finding, talker, jj):
    def titles(user, on):
        return {duty.key: duty.title for duty in duties_of(viewer_for(user, on=on))}

    assert titles(talker, TODAY)["wellbeing.findings"] == "督查整改 1 项"
    late = finding.due_on + timedelta(days=1)
    assert titles(talker, late)["wellbeing.findings"] == "督查整改 1 项，逾期 1 项"
    hand_in(finding=finding, progress="已整改", by=viewer_of(talker), on=late)
    assert titles(jj, late)["wellbeing.reviews"] == "督查整改待复核 1 项"
    assert "wellbeing.findings" not in titles(talker, late)
