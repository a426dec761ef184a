"""Pages of the ledger and of self-filed study: what they say, for whom, and what they cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate as today

from core.access import Role
from people.access import viewer_for
from tests.factories.hours import make_filing, photo
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.training import attend, make_class
from training.choices import ClassState, HourSource, SelfFiledState
from training.models import ConversionRule, HourEntry, OnlineLesson, SelfFiledStudy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
BACKEND = "people.backends.AccountBackend"


def client_of(*roles, **values):
    client = Client()
    client.force_login(make_account(*roles, **values), backend=BACKEND)
    return client


@pytest.fixture
def hr():
    return client_of(Role.HR)


@pytest.fixture
def cadre():
    return make_cadre("林示例", unit=make_unit("甲局"), rank="一级科员")


def own_filing(cadre, **values):
    return make_filing(viewer_for(make_account(cadre=cadre), on=today()), **values)


def url(name, *args):
    return reverse(f"training:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_number_leads_to_its_rule_and_its_history(hr, cadre):
    attend(cadre, date(today().year, 1, 2), 8)
    entry = HourEntry.objects.get()
    assert url("hour_entry", entry.pk) in text_of(hr.get(url("statement", cadre.pk)))
    page = text_of(hr.get(url("hour_entry", entry.pk)))
    assert "1 天 × 8 = 8 学时" in page
    assert "国家未统一规定" in page
    hr.post(url("hour_entry_reverse", entry.pk), {"reason": "代签到"})
    page = text_of(hr.get(url("statement", cadre.pk)))
    assert "冲销记录" in page
    assert "代签到" in page
    hr.post(url("hour_entry_restore", entry.pk))
    assert [e.reversed_at is None for e in HourEntry.objects.order_by("pk")] == [False, True]


def test_a_cadre_sees_the_own_entries_without_acts(cadre):
    attend(cadre, date(today().year, 1, 2), 8)
    attend(make_cadre("别人"), date(today().year, 1, 2), 8)
    client = client_of(cadre=cadre)
    mine, other = HourEntry.objects.order_by("pk")
    assert "冲销" not in text_of(client.get(url("hour_entry", mine.pk)))
    assert client.get(url("hour_entry", other.pk)).status_code == 404
    assert "别人" not in text_of(client.get(url("hour_entries")))


def test_study_is_filed_on_the_phone_checked_and_approved(hr, cadre):
    client = client_of(cadre=cadre)
    day = (today() - timedelta(days=3)).isoformat()
    sent = {
        "kind": "continuing",
        "title": "数字经济研修",
        "organiser": "示例学院",
        "starts_on": day,
        "ends_on": day,
        "measure": "day",
        "quantity": "1",
        "evidence": photo(),
    }
    answer = client.post(url("self_filed_new"), sent)
    study = SelfFiledStudy.objects.get()
    assert answer.headers["Location"] == url("self_filed", study.pk)
    assert "1 天 × 8 = 8 学时" in text_of(client.get(url("self_filed", study.pk)))
    assert hr.get(url("self_filed", study.pk)).status_code == 404  # a draft is the owner's alone
    client.post(url("self_filed_submit", study.pk))
    assert client.get(url("self_filed_evidence", study.pk)).headers["Content-Type"] == "image/jpeg"
    assert "待审批" in text_of(client.get(url("my_hours")))
    hr.post(url("self_filed_approve_chosen"), {"chosen": [study.pk]})
    study.refresh_from_db()
    assert (study.state, HourEntry.objects.get().hours) == (SelfFiledState.APPROVED, 8)


def test_a_refusal_stands_at_its_field(cadre):
    client = client_of(cadre=cadre)
    day = today().isoformat()
    sent = {"kind": "continuing", "title": "研修", "starts_on": day, "ends_on": day, "measure": "day"}
    answer = client.post(url("self_filed_new"), {**sent, "quantity": "3"})
    assert answer.status_code == 422
    assert "天数不能超过它" in text_of(answer)


def test_the_approver_is_shown_likely_duplicates(hr, cadre):
    attend(cadre, date(2026, 3, 2), 8, name="安全生产专题培训班")
    study = own_filing(cadre, title="安全生产培训")
    assert "培训班次“安全生产专题培训班”" in text_of(hr.get(url("self_filed_list")))
    assert "可能重复" in text_of(hr.get(url("self_filed", study.pk)))
    hr.post(url("self_filed_return", study.pk), {"reason": "与班次重复"})
    owner = client_of(cadre=make_cadre())
    assert owner.get(url("self_filed", study.pk)).status_code == 404
    study.refresh_from_db()
    assert (study.state, study.decision_reason) == (SelfFiledState.RETURNED, "与班次重复")


def test_online_lessons_from_a_list(hr):
    names = [make_cadre(name).name for name in ("张示例甲", "张示例乙")]
    sent = {"title": "安全生产法", "minutes": "25", "finished_on": "2026-03-02", "names": "、".join(names)}
    hr.post(url("lessons_new"), {**sent, "passed_test": "on"})
    rows = HourEntry.objects.filter(source=HourSource.ONLINE).order_by("pk")
    assert sorted(row.hours for row in rows) == [0.5, 0.5, 0.5, 0.5]
    assert OnlineLesson.objects.count() == 2
    assert "已登记过" in text_of(hr.post(url("lessons_new"), sent))


def test_who_cannot_make_it_is_listed(hr, cadre):
    first = today() + timedelta(days=1)
    if first.year != today().year:
        return  # nothing lies ahead on the last day of a year
    make_class("补课班", starts_on=first, hours=8, state=ClassState.ENROLLING)
    page = text_of(hr.get(f"{url('reach')}?verdict=short"))
    assert "林示例" in page
    assert "补课班" in page
    card = text_of(hr.get(url("reach_card", cadre.pk)))
    assert "现有班次补不齐" in card


def test_a_new_version_of_a_conversion(hr):
    rule = ConversionRule.objects.get(source="class", kind="", basis="day")
    sent = {
        "starts_on": "2027-01-01",
        "hours": "6",
        "days": "1",
        "ledger": "concentrated",
        "reference": "新办法",
    }
    hr.post(url("conversion_version", rule.pk), sent)
    assert "新办法" in text_of(hr.get(url("conversions")))
    rule.refresh_from_db()
    assert rule.ends_on == date(2026, 12, 31)
    party = client_of(Role.PARTY)
    assert party.get(url("conversion_version", rule.pk)).status_code == 404


@pytest.mark.parametrize(
    ("name", "most"),
    # Who is free is asked of every app that occupies people: each costs its own constant number.
    [("hour_entries", 12), ("self_filed_list", 12), ("reach", 23), ("conversions", 12)],
)
def test_lists_cost_the_same_at_one_and_three_rows(hr, name, most):
    make_class("补课班", starts_on=today() + timedelta(days=1), hours=8, state=ClassState.ENROLLING)
    counts = []
    for _ in range(2):
        one = make_cadre(unit=make_unit(), rank="一级科员")
        own_filing(one)
        attend(one, date(today().year, 1, 2), 8)
        counts.append(cost(hr, url(name)))
    assert counts[0] == counts[1] <= most


def test_the_own_pages_cost_little(cadre):
    client = client_of(cadre=cadre)
    own_filing_of = viewer_for(make_account(cadre=make_cadre()), on=today())
    make_filing(own_filing_of)
    attend(cadre, date(today().year, 1, 2), 8)
    assert max(cost(client, url(name)) for name in ("my_hours", "self_filed_mine")) <= 12
