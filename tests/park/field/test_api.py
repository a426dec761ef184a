"""Projects, enterprises, visits and 包干 over HTTP."""

from datetime import date

import pytest
from django.utils.timezone import localdate as today

from core.access import Role
from park.models import Assignment, Enterprise, Handover, Visit
from people.choices import LeadershipLevel
from tests.factories.api import client_of
from tests.factories.field import credit_code, hold, make_enterprise, make_project
from tests.factories.people import make_account, make_cadre, make_unit

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def hr():
    return client_of(make_account(Role.HR))


def test_an_enterprise_is_written_and_read_without_its_telephone(hr):
    sent = {"name": "海川电器有限公司", "state": "operating", "credit_code": credit_code(9), "is_key": True}
    answer = hr.post(f"{API}enterprises/", sent, format="json")
    assert answer.status_code == 201, answer.json()
    make_enterprise()
    changed = hr.patch(f"{API}enterprises/{answer.json()['id']}/", {"grid": "第3网格"}, format="json")
    assert (changed.status_code, changed.json()["grid"]) == (200, "第3网格")
    assert "contact_phone" not in changed.json()
    wrong = hr.post(f"{API}enterprises/", {**sent, "name": "又一家", "credit_code": "123"}, format="json")
    assert wrong.status_code == 422
    assert Enterprise.objects.count() == 2


def test_a_head_writes_only_in_the_own_department():
    mine, other = make_unit(), make_unit()
    head = client_of(make_account(Role.DEPARTMENT_HEAD, unit=mine))
    sent = {"name": "路网", "kind": "infrastructure"}
    assert head.post(f"{API}projects/", sent, format="json").status_code == 400
    assert (
        head.post(f"{API}projects/", {**sent, "lead_department": other.pk}, format="json").status_code == 400
    )
    assert (
        head.post(f"{API}projects/", {**sent, "lead_department": mine.pk}, format="json").status_code == 201
    )
    foreign = make_project(lead_department=other)
    assert head.patch(f"{API}projects/{foreign.pk}/", {"note": "改"}, format="json").status_code == 404


def test_a_steward_registers_a_visit_of_the_own_enterprise_only():
    cadre = make_cadre()
    mine, other = make_enterprise(), make_enterprise()
    hold(cadre, mine, since=date(2020, 1, 1))
    own = client_of(make_account(cadre=cadre))
    sent = {"on": today().isoformat(), "visitors": [cadre.pk], "situation": "满产"}
    assert own.post(f"{API}visits/", {**sent, "enterprise": other.pk}, format="json").status_code == 400
    answer = own.post(f"{API}visits/", {**sent, "enterprise": mine.pk}, format="json")
    assert answer.status_code == 201, answer.json()
    assert Visit.objects.get().people.get().cadre == cadre


def test_an_assignment_is_given_and_listed(hr):
    guide = make_cadre(leadership_level=LeadershipLevel.COUNTY_DEPUTY)
    cadre, project = make_cadre(), make_project()
    sent = {"cadre": cadre.pk, "lead_official": guide.pk}
    assert hr.post(f"{API}assignments/", sent, format="json").status_code == 400
    answer = hr.post(f"{API}assignments/", {**sent, "project": project.pk}, format="json")
    assert answer.status_code == 201, answer.json()
    assert Assignment.objects.get().lead_official == guide
    rows = hr.get(f"{API}assignments/?holding=1&cadre={cadre.pk}").json()["results"]
    assert [row["project"] for row in rows] == [project.pk]


def test_handovers_are_listed_with_their_state(hr):
    before, after = make_cadre(), make_cadre()
    held = hold(before, make_project(), make_cadre(leadership_level=LeadershipLevel.COUNTY_DEPUTY))
    Handover.objects.create(assignment=held, to=after, offered_on=today(), reason="岗位调整")
    rows = hr.get(f"{API}handovers/?state=offered").json()["results"]
    assert [(row["cadre"], row["to"], row["reason"]) for row in rows] == [(before.pk, after.pk, "岗位调整")]
    assert hr.get(f"{API}handovers/?state=accepted").json()["results"] == []


def test_a_handover_is_answered_by_whose_turn_it_is(hr):
    before, after = make_cadre(), make_cadre()
    guide = make_cadre(leadership_level=LeadershipLevel.COUNTY_DEPUTY)
    held, other = (hold(before, make_project(), guide) for _ in range(2))
    row, second = (Handover.objects.create(assignment=a, to=after, offered_on=today()) for a in (held, other))
    giver, taker = (client_of(make_account(Role.CADRE, cadre=who)) for who in (before, after))
    path = f"{API}handovers/{row.pk}"
    assert giver.post(f"{path}/accept/", {}, format="json").status_code == 404
    assert taker.post(f"{path}/withdraw/", {}, format="json").status_code == 404
    assert taker.post(f"{path}/decline/", {}, format="json").status_code == 422
    done = taker.post(f"{path}/accept/", {"note": "材料已交清"}, format="json")
    assert (done.status_code, done.json()["state"], done.json()["note"]) == (200, "accepted", "材料已交清")
    assert Assignment.objects.get(ends_on=None, project=held.project).cadre == after
    assert taker.post(f"{path}/accept/", {}, format="json").status_code == 422
    back = hr.post(f"{API}handovers/{second.pk}/withdraw/", {}, format="json")
    assert back.json()["state"] == "withdrawn"


def test_gaps_and_loads_are_one_list(hr, django_assert_max_num_queries):
    guide = make_cadre(leadership_level=LeadershipLevel.COUNTY_DEPUTY)
    guided, idle = make_cadre(), make_cadre()
    hold(guided, make_project(), guide)
    with django_assert_max_num_queries(6):
        rows = hr.get(f"{API}cadre-loads/").json()["results"]
    found = {row["id"]: (row["projects"], row["load"], row["lead_officials"], row["gap"]) for row in rows}
    assert found == {guided.pk: (1, 1, 1, ""), idle.pk: (0, 0, 0, "nothing")}
    rows = hr.get(f"{API}cadre-loads/?gap=nothing").json()["results"]
    assert [row["id"] for row in rows] == [idle.pk]
    rows = hr.get(f"{API}leader-loads/").json()["results"]
    assert [(row["id"], row["people"], row["items"]) for row in rows] == [(guide.pk, 1, 1)]


def test_a_leader_notes_on_whom_they_guide_and_nobody_else():
    guide = make_cadre(leadership_level=LeadershipLevel.COUNTY_DEPUTY)
    guided, other = make_cadre(), make_cadre()
    hold(guided, make_project(), guide)
    own = client_of(make_account(Role.VICE_LEADER, cadre=guide))
    for text in ("跟班学习两周", "独立办结一项"):
        answer = own.post(f"{API}leader-notes/", {"cadre": guided.pk, "text": text}, format="json")
        assert answer.status_code == 201, answer.json()
    assert [row["text"] for row in own.get(f"{API}leader-notes/").json()["results"]] == ["独立办结一项"]
    refused = own.post(f"{API}leader-notes/", {"cadre": other.pk, "text": "无"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_guided")
    assert client_of(make_account(cadre=guided)).get(f"{API}leader-notes/").status_code == 404
    hr = client_of(make_account(Role.HR))
    assert hr.post(f"{API}leader-notes/", {"cadre": guided.pk, "text": "x"}, format="json").status_code == 404
