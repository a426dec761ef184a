"""The pages of checkups: booked on the phone, arranged by the office, asked over the API, told to others."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.access import Role
from growth.contracts import Edition, SectionContext, sections_for
from people.contracts import duties_of
from people.models import Cadre
from tests.factories.api import client_of
from tests.factories.checkups import line_of, make_campaign, make_slot, organiser
from tests.factories.people import TODAY, make_account, make_cadre
from tests.factories.wellbeing import viewer_of
from tests.wellbeing.conftest import browser, text_of
from wellbeing.models import CheckupCampaign, CheckupMember, CheckupSlot
from wellbeing.services.checkups.members import record_results
from wellbeing.services.checkups.slots import book_slot

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"wellbeing:{name}", args=args)


def test_two_presses_book_move_and_give_up_a_place(cadre, own):
    campaign = make_campaign()
    first, second = make_slot(campaign), make_slot(campaign, place="二号楼")
    line, client = line_of(campaign, cadre), browser(own)
    page = text_of(client.get(url("my_checkups")))
    assert "还没有预约" in page
    assert "余 5 个名额" in page
    client.post(url("checkup_book_own", line.pk, first.pk))
    page = text_of(client.get(url("my_checkups")))
    assert "改约其他时段" in page
    client.post(url("checkup_book_own", line.pk, second.pk))
    assert line_of(campaign, cadre).slot == second
    client.post(url("checkup_cancel_own", line.pk))
    assert line_of(campaign, cadre).slot is None


def test_a_stranger_books_nothing_for_me(cadre, own, office):
    campaign = make_campaign()
    slot = make_slot(campaign)
    stranger = make_account(cadre=make_cadre("旁人", unit=office))
    line = line_of(campaign, cadre)
    assert browser(stranger).post(url("checkup_book_own", line.pk, slot.pk)).status_code == 404


def test_the_office_takes_a_campaign_from_draft_to_end(cadre, own):
    client = browser(organiser())
    client.post(
        url("checkup_new"),
        {
            "year": TODAY.year, "title": "年度体检", "institution": "示例医院", "package": "套餐",
            "starts_on": TODAY, "ends_on": TODAY + timedelta(days=90),
            "budget_per_head": 500, "budget_total": 100000,
        },
    )  # fmt: skip
    row = CheckupCampaign.objects.get()
    assert "按规则应检" in text_of(client.get(url("checkup_publish", row.pk)))
    client.post(url("checkup_publish", row.pk))
    client.post(url("checkup_start", row.pk))
    day = timezone.localdate() + timedelta(days=3)
    client.post(
        url("checkup_slots_new", row.pk),
        {"first": day, "last": day, "weekends": "on", "begins": "08:00", "ends": "10:00",
         "place": "体检中心", "capacity": 4},
    )  # fmt: skip
    slot = CheckupSlot.objects.get()
    line = line_of(row, cadre)
    page = client.post(url("checkup_book", row.pk), {"chosen": line.pk})
    client.post(page["Location"], {"slot": slot.pk})
    page = client.post(url("checkup_results", row.pk), {"chosen": line.pk})
    client.post(page["Location"], {"result": "recheck"})
    line = line_of(row, cadre)
    assert (line.state, line.recheck_needed, line.slot) == ("done", True, slot)
    assert "需复查 1 人" in text_of(client.get(url("checkup", row.pk)))
    client.post(url("checkup_end", row.pk), {"spent": "480.00"})
    row.refresh_from_db()
    assert (row.state, row.spent) == ("ended", 480)


def test_the_export_holds_states_and_no_more(cadre):
    campaign = make_campaign()
    record_results(members=[line_of(campaign, cadre)], result="recheck", by=viewer_of(organiser()))
    response = browser(organiser()).get(url("checkup", campaign.pk) + "?export=xlsx")
    sheet = load_workbook(BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if "姓名" in row)
    assert set(filter(None, head)) == {"姓名", "工号", "时任部门", "体检时间", "状态", "复查", "名单依据"}


def queries_of(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)


def test_lists_cost_the_same_for_one_row_and_for_three(cadre, office, own):
    campaign = make_campaign()
    make_slot(campaign)
    office_pages = [url("checkup", campaign.pk), url("checkups"), url("checkup_slots", campaign.pk)]
    asked = [*((browser(organiser()), page) for page in office_pages), (browser(own), url("my_checkups"))]

    def cost():
        return [queries_of(client, page) for client, page in asked]

    before = cost()
    for number in range(3):
        CheckupMember.objects.create(campaign=campaign, cadre=make_cadre(unit=office))
        make_slot(campaign, place=f"{number}号楼")
        make_campaign(state="draft", title=f"另{number}", year=2030 + number)
    assert cost() == before
    assert max(before) <= 14


def test_the_file_says_done_or_not_by_year(cadre):
    campaign = make_campaign()
    record_results(members=[line_of(campaign, cadre)], result="recheck", by=viewer_of(organiser()))

    def section(edition):
        placed = Cadre.objects.with_position(TODAY).get(pk=cadre.pk)
        found = sections_for(SectionContext(placed, TODAY, edition))
        return next((one for one in found if one.key == "wellbeing.checkups"), None)

    for edition in Edition:
        cells = section(edition).blocks[0].rows[0].cells
        assert cells[:2] == (f"{TODAY.year}年", "已完成")
        assert "复查" not in str(cells)
    assert len(section(Edition.SELF).blocks[0].rows[0].cells) == 3


def test_duties_of_the_cadre_and_of_the_office(cadre, own):
    campaign = make_campaign()
    slot = make_slot(campaign)
    hr = organiser()
    own_due = [d for d in duties_of(viewer_of(own)) if d.key.startswith("wellbeing.checkup")]
    assert [(d.title, d.due_on) for d in own_due] == [(f"{TODAY.year}年度体检还没有预约", campaign.ends_on)]
    assert "体检未预约 1 人" in [d.title for d in duties_of(viewer_of(hr))]
    book_slot(member=line_of(campaign, cadre), slot=slot, by=viewer_of(own), at=timezone.now())
    record_results(members=[line_of(campaign, cadre)], result="recheck", by=viewer_of(hr))
    assert "体检请安排复查" in [d.title for d in duties_of(viewer_of(own))]
    assert "体检需复查、还没有复查 1 人" in [d.title for d in duties_of(viewer_of(hr))]


def test_the_api_books_and_enters_results(cadre, own, office):
    campaign = make_campaign()
    slot, line = make_slot(campaign), line_of(campaign, cadre)
    me, hr = client_of(own), client_of(organiser())
    path = f"/api/v1/checkup-people/{line.pk}/"
    assert me.post(path + "booking/", {"slot": slot.pk}, format="json").data["state"] == "booked"
    assert me.post(path + "booking/", {"slot": None}, format="json").data["state"] == "open"
    assert me.post(path + "result/", {"result": "done"}, format="json").status_code == 403
    assert hr.post(path + "result/", {"result": "recheck"}, format="json").data["recheck_needed"] is True
    assert hr.post(path + "result/", {"result": "高血压"}, format="json").status_code == 400
    assert client_of(make_account(Role.DEPARTMENT_HEAD, unit=office)).get(path).status_code == 404


def test_a_leader_gets_figures_and_no_names(cadre, office):
    make_campaign()
    leader = browser(make_account(Role.TOP_LEADER))
    page = text_of(leader.get(url("checkup_coverage")))
    assert cadre.name not in page
    assert leader.get(url("checkups")).status_code == 404
