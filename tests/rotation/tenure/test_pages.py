"""Pages of tenure: what they show as of a day, what they cost, extensions decided by somebody else."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from core.access import Role
from core.errors import DomainError
from people.choices import PostClass
from people.models import Post
from rotation.choices.tenure import ExtensionState, TenureState
from rotation.models import PostRequirement, PostSuccessor, TenureExtension, TenureRule, UnitStaffing
from rotation.queries.forecast import forecast
from rotation.queries.tenure import tenures
from rotation.services import posts as post_services
from rotation.services import tenure as services
from tests.factories.people import TODAY, make_account, make_appointment, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db
BACKEND = "people.backends.AccountBackend"


def client_of(*roles, **scope):
    client = Client()
    client.force_login(make_account(*roles, **scope), backend=BACKEND)
    return client


@pytest.fixture
def hr():
    return client_of(Role.HR)


def make_post(unit, title="科长", **values):
    return Post.objects.create(unit=unit, title=title, post_class=PostClass.KEY, **values)


def holder(post, since, name="", **values):
    cadre = make_cadre(name, **values)
    make_appointment(cadre, unit=post.unit, post=post, title=post.title, starts_on=since)
    return cadre


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "url",
    [
        "/rotation/tenure/",
        "/rotation/tenure/?state=late",
        "/rotation/tenure/?state=due",
        "/rotation/tenure/posts/",
        "/rotation/tenure/posts/?situation=vacant",
        "/rotation/tenure/staffing/",
        "/rotation/tenure/forecast/",
        "/rotation/tenure/extensions/",
    ],
)
def test_a_page_costs_the_same_at_one_and_three(hr, url):
    def one_more(number):
        post = make_post(make_unit())
        cadre = holder(post, date(2015, 1, 1))
        make_post(post.unit, f"空岗{number}", headcount=1)
        PostSuccessor.objects.create(post=post, cadre=make_cadre(), starts_on=date(2026, 1, 1))
        UnitStaffing.objects.create(unit=post.unit, minimum=2, starts_on=date(2026, 1, 1))
        asked = timezone.now()
        TenureExtension.objects.create(cadre=cadre, until=date(2030, 1, 1), reason="项目", requested_at=asked)

    one_more(0)
    one = cost(hr, url)
    one_more(1)
    one_more(2)
    assert (cost(hr, url), one <= 12) == (one, True)


def test_the_list_finds_who_is_over_as_of_a_day(hr):
    post = make_post(make_unit())
    holder(post, date(2018, 5, 1), "陈甲")
    holder(post, date(2024, 5, 1), "陈乙")
    late = hr.get("/rotation/tenure/?state=late").content.decode()
    assert "陈甲" in late
    assert "陈乙" not in late
    assert "陈甲" not in hr.get("/rotation/tenure/?state=late&on=2022-01-01").content.decode()
    assert "陈乙" in hr.get("/rotation/tenure/?state=late&on=2030-01-01").content.decode()


def test_the_export_says_the_same_as_the_page(hr):
    holder(make_post(make_unit("招商局")), date(2018, 5, 1), "陈甲")
    book = load_workbook(BytesIO(hr.get("/rotation/tenure/?export=xlsx&on=2026-11-02").content))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    for value in ("陈甲", "招商局", "8年6个月", "超过年限", "2023年5月1日"):
        assert value in cells


def test_a_head_sees_no_tenures_of_others_and_a_leader_those_of_the_own_part():
    mine, other = make_unit(), make_unit()
    holder(make_post(mine), date(2018, 5, 1), "陈甲")
    holder(make_post(other), date(2018, 5, 1), "陈乙")
    assert client_of(Role.DEPARTMENT_HEAD, unit=mine).get("/rotation/tenure/").status_code == 404
    page = client_of(Role.VICE_LEADER, unit=mine).get("/rotation/tenure/").content.decode()
    assert ("陈甲" in page, "陈乙" in page) == (True, False)


def test_a_post_shows_holders_successors_and_conditions(hr):
    post = make_post(make_unit("招商局"), headcount=1)
    holder(post, date(2018, 5, 1), "陈甲")
    PostSuccessor.objects.create(post=post, cadre=make_cadre("陈乙"), starts_on=date(2026, 1, 1))
    PostRequirement.objects.create(post=post, criterion="age_below", value="45")
    page = hr.get(f"/rotation/tenure/posts/{post.pk}/").content.decode()
    for words in ("陈甲", "陈乙", "只有一名后备", "年龄不超过45周岁", "2018年5月1日"):
        assert words in page


def test_conditions_and_successors_are_written_on_the_page_of_the_post(hr):
    post = make_post(make_unit())
    make_cadre("陈乙", unit=post.unit)
    url = f"/rotation/tenure/posts/{post.pk}/"
    wrong = hr.post(f"{url}requirements/new/", {"strength": "hard", "criterion": "age_below", "value": "老"})
    assert (wrong.status_code, "请填 20 到 65 之间的整数" in wrong.content.decode()) == (422, True)
    hr.post(f"{url}requirements/new/", {"strength": "hard", "criterion": "age_below", "value": "45"})
    named = {"cadre": "陈乙", "readiness": "now", "note": "", "starts_on": "2026-01-01"}
    assert hr.post(f"{url}successors/new/", named).status_code == 302
    assert (PostRequirement.objects.get().value, PostSuccessor.objects.get().cadre.name) == ("45", "陈乙")
    again = hr.post(f"{url}successors/new/", named)
    assert "已经是这个岗位的后备人选" in again.content.decode()


def test_the_holder_is_no_successor_of_the_own_post():
    post = make_post(make_unit())
    cadre = holder(post, date(2018, 5, 1))
    with pytest.raises(DomainError) as refusal:
        post_services.name_successor(
            post=post, cadre=cadre, values={"starts_on": TODAY}, by=make_viewer(Role.HR)
        )
    assert refusal.value.code == "holds_it"


class TestExtensions:
    @pytest.fixture
    def cadre(self):
        return holder(make_post(make_unit()), date(2018, 5, 1), "陈甲")

    def ask(self, cadre, by, until=date(2027, 12, 31)):
        at = timezone.make_aware(timezone.datetime(2026, 11, 2, 9))
        return services.request_extension(cadre=cadre, until=until, reason="重点项目", by=by, at=at)

    def decide(self, found, by, approved=True, **values):
        at = timezone.make_aware(timezone.datetime(2026, 11, 2, 10))
        services.decide_extension(extension=found, approved=approved, by=by, at=at, **values)

    def test_approved_by_a_leader_it_settles_the_limit(self, cadre):
        found = self.ask(cadre, make_viewer(Role.HR))
        self.decide(found, make_viewer(Role.TOP_LEADER), document_no="组任〔2026〕1号")
        assert tenures([cadre.pk], TODAY)[cadre.pk].status == TenureState.WARN

    def test_neither_who_asked_nor_the_person_decides(self, cadre):
        both = make_viewer(Role.HR, Role.TOP_LEADER)
        found = self.ask(cadre, both)
        for by, code in ((both, "own_request"), (make_viewer(Role.TOP_LEADER, cadre=cadre), "own_case")):
            with pytest.raises(DomainError) as refusal:
                self.decide(found, by)
            assert refusal.value.code == code

    def test_nobody_asks_for_themselves_nor_beyond_the_hard_limit(self, cadre):
        with pytest.raises(DomainError) as own:
            self.ask(cadre, make_viewer(Role.HR, cadre=cadre))
        with pytest.raises(DomainError) as far:
            self.ask(cadre, make_viewer(Role.HR), until=date(2028, 5, 1))
        assert (own.value.code, far.value.code) == ("own_case", "beyond_hard_limit")

    def test_one_request_at_a_time_and_decided_once(self, cadre):
        hr, boss = make_viewer(Role.HR), make_viewer(Role.TOP_LEADER)
        found = self.ask(cadre, hr)
        with pytest.raises(DomainError, match="已有一份延长任职的申请"):
            self.ask(cadre, hr)
        self.decide(found, boss, approved=False, answer="应当交流")
        with pytest.raises(DomainError) as refusal:
            self.decide(found, boss)
        assert refusal.value.code == "conflict"
        assert TenureExtension.objects.get().state == ExtensionState.REFUSED


def test_a_new_rule_ends_the_old_one_the_day_before():
    values = {"basis": "same_post", "post_class": "key", "limit_years": 4, "source": "本区规定"}
    services.open_tenure_rule(values={**values, "starts_on": date(2027, 1, 1)}, by=None)
    rows = TenureRule.objects.filter(basis="same_post", post_class="key", level="").order_by("starts_on")
    assert [(r.limit_years, r.starts_on, r.ends_on) for r in rows] == [
        (5, date(2020, 1, 1), date(2026, 12, 31)),
        (4, date(2027, 1, 1), None),
    ]
    with pytest.raises(DomainError, match="已有一版"):
        services.open_tenure_rule(values={**values, "starts_on": date(2027, 1, 1)}, by=None)


def test_the_forecast_puts_everybody_where_their_day_falls():
    post = make_post(make_unit())
    late = holder(post, date(2018, 5, 1))
    due = holder(post, date(2023, 2, 1))
    old = holder(post, date(2025, 2, 1), retirement_month=date(2027, 5, 1))
    rows = type(late).objects.all().as_of(TODAY)
    found = forecast(rows, TODAY, "quarter")
    assert [one.cadre_id for one in found.late] == [late.pk]
    assert {b.label: [n.cadre_id for n in b.due] for b in found.buckets if b.due} == {
        "2028年1季度": [due.pk],
        "2030年1季度": [old.pk],
    }
    assert {b.label: [n.cadre_id for n in b.retiring] for b in found.buckets if b.retiring} == {
        "2027年2季度": [old.pk]
    }
    by_year = forecast(rows, TODAY, "year")
    assert [b.label for b in by_year.buckets] == [f"{year}年" for year in range(2026, 2031)]


def test_the_forecast_is_a_picture_and_a_table(hr):
    holder(make_post(make_unit()), date(2023, 2, 1), "陈甲")
    page = hr.get("/rotation/tenure/forecast/?on=2026-11-02").content.decode()
    assert 'aria-label="今后五年到任职年限和到龄人数：2028年1季度到任职年限1人、到龄0人"' in page
    assert "2028年1季度" in page
    assert ">陈甲</a>" in page


def test_the_tab_of_a_cadre_and_the_duty_of_the_office(hr):
    cadre = holder(make_post(make_unit()), date(2018, 5, 1), "陈甲")
    page = hr.get(f"/cadres/{cadre.pk}/?tab=tenure").content.decode()
    assert "超过年限" in page
    home = hr.get("/").content.decode()
    assert "1 名干部超过任职年限" in home


def test_the_command_prints_the_list_of_a_day(capsys):
    holder(make_post(make_unit("招商局")), date(2018, 5, 1), "陈甲")
    holder(make_post(make_unit()), date(2025, 5, 1), "陈乙")
    call_command("tenure_report", "--on", "2026-11-02")
    printed = capsys.readouterr().out
    assert "陈甲\t招商局科长\t2018-05-01\t8年6个月\t超过年限\t2023-05-01" in printed
    assert "陈乙" not in printed
    call_command("tenure_report", "--on", "2026-11-02", "--all")
    assert "陈乙" in capsys.readouterr().out


def test_the_command_gives_the_same_as_json(capsys):
    holder(make_post(make_unit("招商局")), date(2018, 5, 1), "陈甲")
    call_command("tenure_report", "--on", "2026-11-02", "--json")
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["姓名"], row["已任"], row["年限"]) == ("陈甲", "8年6个月", "超过年限")
    with pytest.raises(CommandError, match="日期请写成"):
        call_command("tenure_report", "--on", "11月2日")
