"""Successors, conditions, minimum staff, extensions and rules over HTTP."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.access import Role
from people.choices import KinRelation
from people.models import KinTie
from rotation.models import MoveRule, PostRequirement, PostSuccessor, TenureExtension, TenureRule
from rotation.queries.rules import NAMES
from rotation.thresholds import USUAL
from tests.factories.api import client_of
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.plans import make_post, seat

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def api():
    return client_of(make_account(Role.HR))


@pytest.fixture
def leader():
    return client_of(make_account(Role.TOP_LEADER))


def send(api, path, data=None, status=200, how="post"):
    answer = getattr(api, how)(f"{API}{path}", data or {}, format="json")
    assert answer.status_code == status, answer.data
    return answer.data


def test_successors_and_conditions_of_a_post(api, leader):
    post, cadre = make_post("局长"), make_cadre("李后备", unit=make_unit())
    data = {"post": post.pk, "cadre": cadre.pk, "readiness": "now", "starts_on": "2026-01-01"}
    made = send(api, "post-successors/", data, 201)
    path = f"post-successors/{made['id']}/"
    assert send(api, path, {"note": "跟班学习"}, how="patch")["note"] == "跟班学习"
    assert api.delete(f"{API}{path}").status_code == 204
    assert PostSuccessor.objects.get().ends_on == timezone.localdate() - timedelta(days=1)
    asked = {"post": post.pk, "criterion": "age_below", "value": "45", "strength": "hard"}
    row = send(api, "post-requirements/", asked, 201)
    changed = send(api, f"post-requirements/{row['id']}/", {"value": "50"}, how="patch")
    assert changed["value"] == "50"
    assert "value" in send(api, f"post-requirements/{row['id']}/", {"value": "老"}, 422, "patch")["fields"]
    assert leader.delete(f"{API}post-requirements/{row['id']}/").status_code == 403
    assert api.delete(f"{API}post-requirements/{row['id']}/").status_code == 204
    assert PostRequirement.objects.count() == 0
    staffing = {"unit": post.unit_id, "minimum": 3, "starts_on": "2026-01-01"}
    assert send(api, "unit-staffing/", staffing, 201)["minimum"] == 3
    assert "已有一版" in send(api, "unit-staffing/", staffing, 422)["message"]


def test_leave_to_stay_is_asked_for_and_decided_by_somebody_else(api, leader):
    cadre = seat(make_post("科长"))
    until = (timezone.localdate() + timedelta(days=200)).isoformat()
    data = {"cadre": cadre.pk, "until": until, "reason": "重点项目"}
    row = send(api, "tenure-extensions/", data, 201)
    path = f"tenure-extensions/{row['id']}/"
    assert "写明理由" in send(leader, f"{path}decide/", {"approved": False}, 422)["message"]
    assert send(leader, f"{path}decide/", {"approved": True, "document_no": "1号"})["state"] == "approved"
    assert send(leader, f"{path}decide/", {"approved": True}, 409)["code"] == "conflict"
    other = send(api, "tenure-extensions/", {**data, "cadre": seat(make_post("副科长")).pk}, 201)
    assert send(api, f"tenure-extensions/{other['id']}/withdraw/")["state"] == "withdrawn"
    assert TenureExtension.objects.count() == 2


def test_nobody_asks_or_decides_for_themselves_or_a_relative():
    mine, spouse = seat(make_post("科长")), seat(make_post("副科长"))
    KinTie.objects.create(cadre=mine, relative=spouse, relation=KinRelation.SPOUSE)
    api = client_of(make_account(Role.HR, Role.TOP_LEADER, cadre=mine))
    for cadre in (mine, spouse):
        data = {"cadre": cadre.pk, "until": "2099-01-01", "reason": "x"}
        assert set(send(api, "tenure-extensions/", data, 400)["fields"]) == {"cadre"}
        row = TenureExtension.objects.create(
            cadre=cadre, until=date(2099, 1, 1), reason="x", requested_at=timezone.now()
        )
        refused = api.post(f"{API}tenure-extensions/{row.pk}/decide/", {"approved": True}, format="json")
        assert refused.status_code in (404, 422)
        row.refresh_from_db()
        assert row.state == "requested"


def test_a_rule_is_opened_by_whoever_keeps_it_for_all(api, leader):
    values = {name: getattr(USUAL, name) for name in NAMES} | {"starts_on": "2027-01-01", "young_age": 38}
    assert send(api, "move-rules/", values, 201)["young_age"] == 38
    assert MoveRule.objects.get(starts_on=date(2020, 1, 1)).ends_on == date(2026, 12, 31)
    part = client_of(make_account(Role.HR, unit=make_unit()))
    assert send(part, "move-rules/", {**values, "starts_on": "2028-01-01"}, 403)["code"] == "out_of_reach"
    send(leader, "move-rules/", values, 403)
    limit = {"basis": "same_post", "post_class": "key", "limit_years": 6, "hard_years": 8, "min_years": 2}
    made = send(api, "tenure-rules/", {**limit, "source": "本区", "starts_on": "2027-01-01"}, 201)
    assert TenureRule.objects.get(pk=made["id"]).limit_years == 6
    send(api, "secondment-rules/", {"max_months": 24, "source": "本区", "starts_on": "2027-01-01"}, 201)
    assert len(leader.get(f"{API}secondment-rules/").data["results"]) == 2
