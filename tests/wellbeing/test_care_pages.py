"""The pages of care and activities: the whole way by pressing buttons, filters, files, queries."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from core.access import Role
from tests.factories.care import clerk, leader, make_activity, make_budget, make_event, make_support, start
from tests.factories.people import make_account, make_cadre, make_unit
from tests.wellbeing.conftest import browser, text_of
from wellbeing.models import Activity, CareCase, CareEvent

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"wellbeing:{name}", args=args)


@pytest.fixture
def today():
    day = timezone.localdate()
    make_budget(year=day.year)
    return day


def test_from_the_report_on_the_phone_to_the_signature(cadre, own, today):
    phone, desk, chief = browser(own), browser(clerk()), browser(leader())
    values = {"cause": "hospital", "happened_on": today.isoformat(), "detail": "手术"}
    assert phone.post(url("own_report"), values).status_code == 302
    event = CareEvent.objects.get()
    assert "手术" not in text_of(desk.get(url("care_event", event.pk)))
    desk.post(url("care_take", event.pk))
    assert "手术" in text_of(desk.get(url("care_event", event.pk)))
    wish = {"kind": "hospital", "amount": "1200", "reason": "", "hardship": ""}
    assert "每次不超过 1000 元" in text_of(desk.post(url("care_start", event.pk), wish))
    desk.post(url("care_start", event.pk), wish | {"amount": "800", "reason": "术后休养"})
    case = CareCase.objects.get()
    page = text_of(chief.get(url("care_case", case.pk)))
    assert "王示例" in page
    assert "术后休养" not in page
    chief.post(url("care_approve_chosen"), {"chosen": [case.pk]})
    desk.post(url("care_give_chosen"), {"chosen": [case.pk]})
    assert "签收" in text_of(phone.get(url("my_care")))
    phone.post(url("care_sign", case.pk))
    case.refresh_from_db()
    assert case.state == "closed"
    assert chief.get(url("care_case", case.pk)).status_code == 200
    assert browser(leader()).get(url("care_case", case.pk)).status_code == 404


def test_the_list_filters_exports_and_starts_in_bulk(office, today):
    desk = browser(clerk())
    make_cadre("张示例", unit=office, birth_month=today.replace(day=1, year=1980))
    page = text_of(desk.get(url("care_owed") + "?cause=birthday"))
    assert "张示例" in page
    assert "王示例" not in page
    assert "没有符合条件" in text_of(desk.get(url("care_owed") + "?q=无此人"))
    rows = desk.get(url("care_owed") + "?cause=birthday").context["page"].object_list
    desk.post(url("care_bulk"), {"chosen": [row.pk for row in rows]})
    assert CareCase.objects.get().amount == Decimal(300)
    book = load_workbook(BytesIO(desk.get(url("care_owed") + "?export=xlsx").content))
    heads = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert next(row for row in heads if "对象" in row)[:4] == ["对象", "部门", "类别", "事由"]


def test_exports_hold_the_columns_of_the_office_and_no_reason(cadre, today):
    party = clerk()
    start(make_event(cadre, happened_on=today), party, on=today, reason="术后休养")
    body = browser(party).get(url("care_cases") + "?export=csv")
    text = b"".join(body.streaming_content).decode()
    assert "对象" in text
    assert "慰问人" in text
    assert "术后休养" not in text
    assert browser(leader()).get(url("care_cases") + "?export=csv").status_code == 404


def test_the_sheet_for_signatures_shows_nobody_what_happened_to_a_colleague(cadre, office, today):
    """Birthdays go round on one page; whoever was in hospital has a page of their own."""
    party, chief = clerk(), browser(leader())
    desk = browser(party)
    assert "没有待发放" in text_of(desk.get(url("care_sheet"), follow=True))
    for name in ("张示例", "李示例"):
        make_cadre(name, unit=office, birth_month=today.replace(day=1, year=1980))
    rows = desk.get(url("care_owed") + "?cause=birthday").context["page"].object_list
    desk.post(url("care_bulk"), {"chosen": [row.pk for row in rows]})
    start(make_event(cadre, happened_on=today), party, on=today, reason="术后休养")
    cases = [case.pk for case in CareCase.objects.all()]
    chief.post(url("care_approve_chosen"), {"chosen": cases})
    desk.post(url("care_give_chosen"), {"chosen": cases[:1]})
    answer = desk.get(url("care_sheet"))
    assert answer["Content-Type"] == "application/pdf"
    pages = ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages]
    assert ["张示例" in page and "李示例" in page for page in pages] == [True, False]
    assert [cadre.name in page for page in pages] == [False, True]
    assert ["领取人签字" in page and "合计" in page for page in pages] == [True, True]
    assert "600.00" in pages[0]
    assert "术后休养" not in "".join(pages)
    assert browser(leader()).get(url("care_sheet")).status_code == 404


def test_what_was_reported_says_how_far_it_is(cadre, own, today):
    party, desk = clerk(), browser(clerk())
    made = [make_event(cadre, cause, happened_on=today) for cause in ("birth", "marriage", "hospital")]
    for event in made[:2]:
        start(event, party, on=today, kind=event.cause, amount=Decimal(300), distinct=True)
    CareCase.objects.filter(event=made[1]).update(state="withdrawn")

    def shown(stage):
        return [
            row.pk for row in desk.get(url("care_events") + f"?state={stage}").context["page"].object_list
        ]

    assert (shown("going"), set(shown("open"))) == ([made[0].pk], {made[1].pk, made[2].pk})
    assert "办理中" in text_of(desk.get(url("care_event", made[0].pk)))
    CareCase.objects.filter(event=made[0]).update(
        state="closed", approver=leader(), decided_on=today, giver="工会", given_on=today,
        receipt_kind="signed", received_on=today, closed_at=timezone.now(),
    )  # fmt: skip
    CareEvent.objects.filter(pk=made[2].pk).update(state="settled")
    assert [shown(stage) for stage in ("done", "settled", "going")] == [[made[0].pk], [made[2].pk], []]


def test_activities_are_signed_up_for_with_one_press(cadre, own, today):
    activity = make_activity(capacity=1)
    phone = browser(own)
    assert "我要报名" in text_of(phone.get(url("activity", activity.pk)))
    phone.post(url("activity_sign_up", activity.pk))
    assert "您已报名" in text_of(phone.get(url("activity", activity.pk)))
    phone.post(url("activity_leave", activity.pk))
    assert Activity.objects.get().seats_taken == 0


def test_the_office_sets_rules_and_budgets_and_others_do_not(today):
    hr, party = browser(make_account(Role.HR)), browser(clerk())
    address = url("care_budget", "party") + f"?year={today.year}"
    assert hr.post(address, {"total": "500"}).status_code == 302
    assert "500" in text_of(party.get(url("care_budgets")))
    assert party.get(address).status_code == 404
    assert "张" not in text_of(hr.get(url("care_totals")))


@pytest.mark.parametrize("name", ["care_owed", "care_cases", "care_events", "supports", "activities"])
def test_pages_cost_the_same_at_one_and_three_rows(name, office, today):
    party = clerk()
    client = browser(party)

    def more():
        cadre = make_cadre(unit=office)
        start(make_event(cadre, happened_on=today), party, on=today)
        make_event(cadre, "marriage", happened_on=today - timedelta(days=1))
        make_support(cadre)
        make_activity()

    def cost():
        client.get(url(name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name)).status_code == 200
        return len(queries)

    more()
    first = cost()
    more()
    more()
    assert cost() == first <= 12


@pytest.mark.parametrize("whole_zone", [True, False])
def test_the_budget_is_offered_to_whoever_may_open_it(whole_zone, today):
    unit = None if whole_zone else make_unit("经济发展局")
    client = browser(make_account(Role.VICE_LEADER, unit=unit))
    offered = f'href="{url("care_budgets")}"' in client.get(url("care_cases")).content.decode()
    opens = client.get(url("care_budgets")).status_code == 200
    assert (offered, opens) == (whole_zone, whole_zone)
