"""Pages of training: what is on them, for whom they exist, and what they cost."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.access import Role
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.training import attend, credit, make_class
from training.choices import HourRegime
from training.models import HourRule, Participation, TrainingClass

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
BACKEND = "people.backends.AccountBackend"
LAST_YEAR = timezone.localdate().year - 1
MOST_QUERIES = 12


def client_of(*roles, **values):
    client = Client()
    client.force_login(make_account(*roles, **values), backend=BACKEND)
    return client


@pytest.fixture
def hr():
    return client_of(Role.HR)


@pytest.fixture
def office():
    return make_unit("党政办公室")


def text_of(response):
    return " ".join(response.content.decode().split())


def cost(client, url):
    client.get(url)  # the first request may write the session
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# Classes


def test_the_list_filters_and_sorts(hr):
    make_class("安全班", starts_on=date(LAST_YEAR, 3, 1), theme="safety", hours=8)
    make_class("写作班", starts_on=date(LAST_YEAR, 4, 1), theme="writing", hours=16)
    make_class("去年前", starts_on=date(LAST_YEAR - 1, 4, 1), organiser="市委党校")
    url = reverse("training:classes")

    def names(query):
        return [row.name for row, _ in hr.get(f"{url}?{query}").context["rows"]]

    assert names("") == ["写作班", "安全班", "去年前"]
    assert names(f"year={LAST_YEAR}&sort=hours") == ["安全班", "写作班"]
    assert names("theme=safety") == ["安全班"]
    assert names("q=党校") == ["去年前"]
    assert names("state=upcoming") == []


def test_a_class_is_made_changed_and_deleted_in_the_browser(hr):
    day = f"{LAST_YEAR}-03-02"
    sent = {"name": "专题班", "kind": "topical", "theme": "safety", "starts_on": day, "ends_on": day}
    response = hr.post(reverse("training:class_new"), sent)
    found = TrainingClass.objects.get()
    assert response.url == reverse("training:class", args=[found.pk])
    assert (found.days, found.hours) == (1, 8)
    row = credit(make_cadre("甲"), found)
    edit = reverse("training:class_edit", args=[found.pk])
    assert 'value="8"' in text_of(hr.get(edit))
    hr.post(edit, {**sent, "days": "1", "hours": "6.5", "recredit": "on"})
    assert Participation.objects.get().hours == Decimal("6.5")
    delete = reverse("training:class_delete", args=[found.pk])
    assert "名单中还有 1 人" in text_of(hr.post(delete))
    hr.post(reverse("training:participation_remove", args=[found.pk, row.pk]))
    assert hr.post(delete).url == reverse("training:classes")
    assert not TrainingClass.objects.exists()


def test_a_refusal_keeps_what_was_typed_and_stands_at_its_field(hr):
    sent = {"name": "专题班", "kind": "topical", "theme": "safety"}
    sent |= {"starts_on": "2026-03-02", "ends_on": "2026-03-01"}
    response = hr.post(reverse("training:class_new"), sent)
    assert response.status_code == 422
    assert response.context["form"].errors == {"ends_on": ["结束日期不能早于开始日期。"]}
    assert 'value="专题班"' in text_of(response)


def test_people_are_found_ticked_and_pasted(hr, office):
    found = make_class(starts_on=date(LAST_YEAR, 3, 1))
    ticked, pasted, present = (make_cadre(name, unit=office) for name in ("张甲", "李乙", "王丙"))
    credit(present, found)
    url = reverse("training:people_add", args=[found.pk])
    assert [c.name for c in hr.get(f"{url}?unit={office.pk}").context["found"]] == ["李乙", "王丙", "张甲"]
    assert [c.name for c in hr.get(f"{url}?q=zj").context["found"]] == ["张甲"]
    sent = {"cadres": [ticked.pk], "names": "李乙、张甲", "hours": "4", "days": "0.5", "result": "good"}
    assert hr.post(url, sent).status_code == 302
    rows = Participation.objects.exclude(cadre=present).order_by("cadre__name")
    assert [(r.cadre.name, r.hours, r.result) for r in rows] == [("张甲", 4, "good"), ("李乙", 4, "good")]
    assert "王丙 已在本班次名单中" in text_of(hr.post(url, {**sent, "cadres": [], "names": "王丙"}))


def test_pasted_names_that_are_not_one_person_are_all_told(hr):
    found = make_class(starts_on=date(LAST_YEAR, 3, 1))
    for number in ("A1", "A2"):
        make_cadre("王伟", staff_no=number)
    response = hr.post(
        reverse("training:people_add", args=[found.pk]), {"names": "王伟，无此人", "hours": "8", "days": "1"}
    )
    assert response.context["form"].errors["names"] == [
        "“王伟”有 2 人（工号 A1、A2），请用上面的查找勾选其中一人。",
        "没有找到“无此人”，请核对姓名；一个人的姓名中间不要留空格。",
    ]
    assert response.status_code == 422


def test_the_class_page_names_only_whom_the_viewer_sees(office):
    found = make_class(starts_on=date(LAST_YEAR, 3, 1))
    credit(make_cadre("本部门", unit=office), found)
    credit(make_cadre("外部门", unit=make_unit()), found)
    page = text_of(
        client_of(Role.DEPARTMENT_HEAD, unit=office).get(reverse("training:class", args=[found.pk]))
    )
    assert "本部门" in page
    assert "外部门" not in page
    assert "其中管辖范围以外的 1 人" in page


def test_the_own_row_offers_no_credit(office):
    own = make_cadre("本人", unit=office)
    found = make_class(starts_on=date(LAST_YEAR, 3, 1))
    row = credit(own, found)
    client = client_of(Role.HR, cadre=own)
    edit = reverse("training:participation_edit", args=[found.pk, row.pk])
    assert edit not in text_of(client.get(reverse("training:class", args=[found.pk])))
    assert client.get(edit).status_code == 404


def test_a_row_of_another_class_does_not_exist_here(hr):
    one, other = (make_class(starts_on=date(LAST_YEAR, 3, day)) for day in (1, 2))
    row = credit(make_cadre(), one)
    assert hr.get(reverse("training:participation_edit", args=[other.pk, row.pk])).status_code == 404


# Hours


@pytest.fixture
def ledger(office):
    """Of the last year: who met the requirement, who missed it, and one under the five-year rule."""
    people = {
        "达": make_cadre("达标者", unit=office, rank="一级科员"),
        "缺": make_cadre("未达者", unit=office, rank="一级科员"),
        "处": make_cadre("处级者", unit=make_unit("规划局"), rank="二级调研员"),
    }
    for key, hours in (("达", 96), ("缺", 40), ("处", 550)):
        attend(people[key], date(LAST_YEAR, 3, 1), hours)
    return people


def ledger_rows(client, query=""):
    response = client.get(f"{reverse('training:ledger')}?year={LAST_YEAR}&{query}")
    return [(row.name, str(row.hours), row.hours.status_words) for row, _ in response.context["rows"]]


def test_the_ledger_of_a_closed_year(hr, ledger):
    assert ledger_rows(hr, "sort=-gap") == [
        ("未达者", "40", "未达标"),
        ("达标者", "96", "达标"),
        ("处级者", "550", "达标"),
    ]
    assert [row[0] for row in ledger_rows(hr, "status=behind")] == ["未达者"]
    assert [row[0] for row in ledger_rows(hr, "status=met&regime=five_year")] == ["处级者"]
    assert [
        row[0] for row in ledger_rows(hr, f"unit={ledger['达'].appointments.get().unit_id}&status=met")
    ] == ["达标者"]


def test_the_tabs_count_under_the_other_filters(hr, ledger):
    unit = ledger["达"].appointments.get().unit_id
    response = hr.get(f"{reverse('training:ledger')}?year={LAST_YEAR}&unit={unit}&status=met")
    assert [(words, n) for _, words, n in response.context["tabs"]] == [
        ("全部", 2),
        ("达标", 1),
        ("达到进度", 0),
        ("未达标", 1),
    ]


def test_the_ledger_as_a_workbook(hr, ledger):
    response = hr.get(f"{reverse('training:ledger')}?year={LAST_YEAR}&sort=name&export=xlsx")
    sheet = load_workbook(BytesIO(response.getvalue())).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(index for index, row in enumerate(rows) if row[0] == "姓名")
    names = rows[head]
    figures = {row[0]: dict(zip(names, row, strict=True)) for row in rows[head + 1 :] if row[0]}
    found = figures["未达者"]
    assert [found[key] for key in ("已学学时", "应学学时", "还差学时", "状态")] == [40, 90, 50, "未达标"]


def test_units_count_those_below(hr, office):
    section = make_unit("文秘科", parent=office)
    attend(make_cadre(unit=section), date(LAST_YEAR, 3, 1), 96)
    make_cadre(unit=office)
    page = hr.get(f"{reverse('training:ledger_units')}?year={LAST_YEAR}")
    rows = [(str(o.unit), o.depth, o.people, o.met, o.met_percent) for o in page.context["overviews"]]
    assert rows == [("党政办公室", 0, 2, 1, 50), ("文秘科", 1, 1, 1, 100)]
    assert page.context["people"] == 2


def test_a_statement_explains_its_number(hr, ledger):
    page = hr.get(f"{reverse('training:statement', args=[ledger['缺'].pk])}?year={LAST_YEAR}")
    words = text_of(page)
    assert page.context["statement"].summary.verdict == "未达标，差 50 学时"
    assert "+40 学时" in words
    assert "每年不少于 90 学时或 12 天，满足其一即达标；网络培训另计" in words
    assert "依据：测试规则" in words


def test_a_cadre_opens_the_own_statement_and_no_other(ledger):
    client = client_of(cadre=ledger["达"])
    assert "我的学时" in text_of(client.get(reverse("training:my_hours")))
    assert client.get(reverse("training:statement", args=[ledger["达"].pk])).status_code == 200
    assert client.get(reverse("training:statement", args=[ledger["缺"].pk])).status_code == 404
    assert [row[0] for row in ledger_rows(client)] == ["达标者"]
    assert client.get(f"{reverse('training:ledger')}?export=xlsx").status_code == 404


def test_without_an_own_record_there_are_no_own_hours(hr):
    assert hr.get(reverse("training:my_hours")).status_code == 404


def test_a_year_nobody_can_ask_for_is_today(hr, ledger):
    for wrong in ("3000", "abc", "1", "-1", "9" * 40):
        response = hr.get(f"{reverse('training:ledger')}?year={wrong}")
        assert (response.status_code, response.context["is_today"]) == (200, True)


# Rules


def test_a_new_rule_from_a_day_on(hr):
    url = reverse("training:rule_new", args=["annual"])
    assert 'value="90"' in text_of(hr.get(url))
    sent = {"starts_on": "2027-01-01", "required_hours": "100", "required_days": "13", "source": "某文件"}
    sent |= {"cycle_starts_in": "2023", "cycle_years": "1", "hours_per_day": "8"}
    assert hr.post(url, sent).url == reverse("training:rules")
    annual = HourRule.objects.filter(regime=HourRegime.ANNUAL).order_by("starts_on")
    assert [rule.ends_on for rule in annual] == [date(2026, 12, 31), None]
    assert "已有一版规则" in text_of(hr.post(url, sent))
    assert hr.get(reverse("training:rule_new", args=["other"])).status_code == 404


def test_rules_are_read_by_all_and_changed_by_the_office_alone(ledger):
    client = client_of(cadre=ledger["达"])
    page = client.get(reverse("training:rules"))
    assert (page.status_code, reverse("training:rule_new", args=["annual"]) in text_of(page)) == (200, False)
    assert client.get(reverse("training:rule_new", args=["annual"])).status_code == 404


# Cost


@pytest.mark.parametrize(
    "query", ["", "?sort=-gap", "?status=behind&sort=-gap", f"?year={LAST_YEAR}&status=met", "?q=张"]
)
def test_the_ledger_costs_the_same_at_one_and_three_rows(hr, office, query):
    found = make_class(starts_on=date(LAST_YEAR, 12, 30), ends_on=date(LAST_YEAR + 1, 1, 3))
    url = reverse("training:ledger") + query
    credit(make_cadre("张一", unit=office), found)
    one = cost(hr, url)
    for rank in ("二级调研员", "一级科员"):
        credit(make_cadre("张多", unit=make_unit(), rank=rank), found)
    assert one == cost(hr, url) <= MOST_QUERIES


@pytest.mark.parametrize("name", ["classes", "class", "statement", "ledger_units"])
def test_other_pages_cost_the_same_at_one_and_three_rows(hr, office, name):
    cadre, found = make_cadre(unit=office), make_class(starts_on=date(LAST_YEAR + 1, 1, 3))
    credit(cadre, found)
    args = {"class": [found.pk], "statement": [cadre.pk]}.get(name, [])
    url = reverse(f"training:{name}", args=args)
    one = cost(hr, url)
    for _ in range(2):
        credit(make_cadre(unit=make_unit()), found)
        attend(cadre, date(LAST_YEAR + 1, 1, 4), 8)
    assert one == cost(hr, url) <= MOST_QUERIES
