"""A secondment over HTTP from the recommendation to the return; nobody for themselves or a relative."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import Role
from people.access import viewer_for
from people.choices import KinRelation
from people.models import KinTie
from rotation.choices.secondments import SecondmentState
from rotation.models import MonthlyNote, Opinion, Secondment
from tests.factories.api import client_of
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.secondments import make_secondment

pytestmark = pytest.mark.django_db
API = "/api/v1/"
S = SecondmentState


@pytest.fixture
def unit():
    return make_unit("招商局")


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


def day(offset: int) -> str:
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def wish(cadre, **values):
    return {
        "cadre": cadre.pk,
        "direction": "out",
        "partner_kind": "township",
        "organisation": "示例县兴隆镇人民政府",
        "title": "镇长助理",
        "starts_on": day(-200),
        "planned_end_on": day(30),
        **values,
    }


def test_the_whole_way(api, leader, unit):
    cadre = make_cadre("王示例", unit=unit)
    own = client_of(make_account(cadre=cadre))
    head = client_of(make_account(Role.DEPARTMENT_HEAD, unit=unit))
    scheme = send(api, "secondment-plans/", {"year": 2026, "title": "挂职计划", "quota": 3}, 201)
    assert send(api, f"secondment-plans/{scheme['id']}/state/", {"state": "open"})["state"] == "open"
    row = send(api, "secondments/", wish(cadre, plan=scheme["id"]), 201)
    path = f"secondments/{row['id']}/"
    assert "时间重叠" in send(api, "secondments/", wish(cadre), 422)["message"]
    assert send(api, path, {"title": "副镇长"}, how="patch")["title"] == "副镇长"
    send(api, f"{path}acts/", {"act": "approve"}, 403)
    assert "写明理由" in send(leader, f"{path}acts/", {"act": "refuse"}, 422)["message"]
    for who, act in (
        (leader, {"act": "approve"}),
        (api, {"act": "dispatch", "document_no": "组函1号"}),
        (api, {"act": "report_in", "on": day(-200)}),
    ):
        state = send(who, f"{path}acts/", act)["state"]
    assert state == "active"
    month = (timezone.localdate() - timedelta(days=40)).replace(day=1).isoformat()
    note = send(own, "secondment-notes/", {"secondment": row["id"], "month": month, "text": "驻点"}, 201)
    assert send(head, f"secondment-notes/{note['id']}/read/", {"answer": "很好"})["answer"] == "很好"
    send(own, f"secondment-notes/{note['id']}/read/", {"answer": "x"}, 403)
    longer = send(
        api, "secondment-extensions/", {"secondment": row["id"], "until": day(90), "reason": "收尾"}, 201
    )
    send(leader, f"secondment-extensions/{longer['id']}/decide/", {"approved": True})
    assert Secondment.objects.get().planned_end_on.isoformat() == day(90)
    send(api, f"{path}return-plan/", {"outcome": "return", "position": "招商科"})
    send(own, f"{path}brought-home/", {"title": "一窗受理", "text": "做法"})
    link = send(api, f"{path}host-form/", {"stage": "midterm"}, 201)
    assert "/rotation/host/" in link["address"]
    send(api, f"{path}acts/", {"act": "end", "on": day(0), "reason": "提前完成任务"})
    parts = (
        (own, "1_self", {}),
        (api, "2_host", {"signer": "陈镇长", "signer_title": "镇长"}),
        (head, "3_home", {}),
        (api, "4_organisation", {"grade": "excellent"}),
    )
    for who, party, more in parts:
        answer = send(who, f"{path}opinions/", {"stage": "final", "party": party, "text": "内容", **more})
        assert "内容" not in str(answer)
    send(own, f"{path}opinions/", {"stage": "final", "party": "3_home", "text": "自评"}, 403)
    assert send(api, f"{path}acts/", {"act": "appraise"})["state"] == "appraised"
    assert send(api, f"{path}acts/", {"act": "return"})["state"] == "returned"
    assert Opinion.objects.count() == 4
    assert MonthlyNote.objects.get().read_by


def test_nobody_handles_the_own_one_or_a_relatives(unit):
    mine, spouse = make_cadre("王示例", unit=unit), make_cadre("李示例", unit=unit)
    KinTie.objects.create(cadre=mine, relative=spouse, relation=KinRelation.SPOUSE)
    api = client_of(make_account(Role.HR, Role.TOP_LEADER, cadre=mine))
    assert set(send(api, "secondments/", wish(spouse), 400)["fields"]) == {"cadre"}
    for cadre in (mine, spouse):
        row = make_secondment(S.DISPATCHED, cadre=cadre)
        path = f"secondments/{row.pk}/"
        assert api.get(f"{API}{path}").status_code == 200  # level L2, and the own
        for body in ({"act": "cancel", "reason": "x"}, {"act": "report_in"}, {"act": "approve"}):
            send(api, f"{path}acts/", body, 403)
        send(api, path, {"title": "x"}, 403, "patch")
        send(api, f"{path}host-form/", {"stage": "final"}, 403)
    assert not Opinion.objects.exists()


def test_the_appraisal_of_a_relative_is_not_read(unit):
    mine, spouse = make_cadre("王示例", unit=unit), make_cadre("李示例", unit=unit)
    row = make_secondment(S.APPRAISED, cadre=spouse)
    user = make_account(Role.HR, cadre=mine)
    seen = Opinion.objects.visible_to(viewer_for(user, on=TODAY))
    assert seen.filter(secondment=row).exists()
    KinTie.objects.create(cadre=spouse, relative=mine, relation=KinRelation.SPOUSE)
    assert not Opinion.objects.visible_to(viewer_for(user, on=TODAY)).exists()


def test_one_row_costs_what_three_cost(api, unit):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{API}secondments/").status_code == 200
        return len(queries)

    make_secondment(cadre=make_cadre(unit=unit))
    one = cost()
    for _ in range(2):
        make_secondment(cadre=make_cadre(unit=unit))
    assert cost() == one <= 12
