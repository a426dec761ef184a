"""From the case to the end of the plan over HTTP: opened, spoken to, decided, announced, closed."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import Role
from core.models import Job
from rotation.choices.plans import MoveKind, PlanState
from rotation.models import Case, Decision, EffectLine, LeaderOpinion, RotationPlan, Speaker
from tests.factories.api import client_of
from tests.factories.documents import blank_pdf
from tests.factories.people import make_unit
from tests.factories.room import (
    PASSWORD,
    holder_of,
    make_case,
    make_decided,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    make_post,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/"
PDF = blank_pdf()


@pytest.fixture
def drafter():
    return make_drafter()


@pytest.fixture
def leaders():
    return [make_leader("陈甲"), make_leader("高乙", Role.TOP_LEADER)]


def send(user, path, data=None, status=200):
    answer = client_of(user).post(f"{API}{path}", data or {}, format="json")
    assert answer.status_code == status, answer.data
    return answer.data


def day(offset: int) -> str:
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def test_from_the_case_to_the_end(drafter, leaders):
    plan = make_plan(drafter, effective_on=timezone.localdate() + timedelta(days=30))
    cadre = holder_of(make_post("副局长"))
    move = make_move(plan, cadre, make_post("局长"), kind=MoveKind.PROMOTION)
    case = {"plan": plan.pk, "leaders": [u.pk for u in leaders], "main": leaders[1].pk}
    opened = send(drafter, "rotation-cases/", {**case, "opinions_due_on": day(3)}, 201)
    assert (opened["people"], opened["speaking"]) == (1, 2)
    for leader in leaders:
        spoken = {"case": opened["id"], "stance": "agree", "password": PASSWORD}
        send(leader, "leader-opinions/", spoken, 201)
    first = LeaderOpinion.objects.get(speaker__user=leaders[1])
    assert send(leaders[1], f"leader-opinions/{first.pk}/withdraw/")["withdrawn_at"]
    meeting = {"plan": plan.pk, "number": "15次", "held_on": day(0), "chair": "高乙"}
    rulings = [{"move": move.pk, "outcome": "passed", "agree": 2}]
    data = {**meeting, "rulings": rulings, "on_paper": "会上查阅纸质档案", "minutes": "同意"}
    refused = send(drafter, "rotation-decisions/", {**data, "absent": [{"user": leaders[0].pk}]}, 422)
    assert "不足三分之二" in refused["message"]
    assert send(drafter, "rotation-decisions/", {**data, "absent": [{"user": 1}]}, 400)["fields"]["absent"]
    paper = SimpleUploadedFile("会议记录.pdf", PDF, "application/pdf")
    sent = {**data, "rulings": json.dumps(rulings), "absent": "[]", "minutes_file": paper}
    answer = client_of(drafter).post(f"{API}rotation-decisions/", sent, format="multipart")
    assert answer.status_code == 201, answer.data
    decided = answer.data
    kept = client_of(drafter).get(f"{API}rotation-decisions/{decided['id']}/minutes/")
    assert (kept.status_code, b"".join(kept) if kept.streaming else kept.content) == (200, PDF)
    assert decided["state"] == "decided"
    path = f"rotation-plans/{plan.pk}/"
    assert (
        "须在公示期满"
        in send(drafter, f"{path}announce/", {"starts_on": day(0), "effective_on": day(1)}, 422)["message"]
    )
    told = send(drafter, f"{path}announce/", {"starts_on": day(0), "effective_on": day(20)})
    assert (told["state"], told["effective_on"]) == ("notice", day(20))
    assert send(drafter, f"{path}effective-day/", {"effective_on": day(25)})["effective_on"] == day(25)
    result = client_of(drafter).get(f"{API}rotation-results/").data["results"][0]
    said = {"decided": result["id"], "received_on": day(0), "content": "反映问题", "source": "来信"}
    objection = send(drafter, "rotation-objections/", said, 201)
    settled = {"state": "unfounded", "answer": "经核查不属实"}
    answer = client_of(drafter).patch(f"{API}rotation-objections/{objection['id']}/", settled, format="json")
    assert (answer.status_code, answer.data["state"]) == (200, "unfounded")
    assert "还没有到" in send(drafter, f"{path}steps/", {"action": "take_effect"}, 422)["message"]
    assert Decision.objects.count() == 1


def test_in_effect_taken_back_confirmed_and_closed(drafter, leaders):
    plan = make_plan(drafter)
    make_decided([make_move(plan, holder_of(make_post()), make_post())], drafter, leaders)
    steps = f"rotation-plans/{plan.pk}/steps/"
    assert send(drafter, steps, {"action": "take_effect"})["state"] == "effective"
    assert send(drafter, steps, {"action": "revert"}, 422)["fields"] == {"reason": ["请写明撤回的原因。"]}
    assert send(drafter, steps, {"action": "revert", "note": "日期有误"})["state"] == "decided"
    send(drafter, steps, {"action": "take_effect"})
    assert send(drafter, steps, {"action": "confirm"})["state"] == "handover"
    assert "还有 1 人没有回访" in send(drafter, steps, {"action": "close"}, 422)["message"]
    line = EffectLine.objects.get()
    visit = {"held_on": day(0), "words": "适应较快"}
    client_of(drafter).patch(f"{API}rotation-revisits/{line.pk}/", visit, format="json")
    assert send(drafter, steps, {"action": "close"})["state"] == PlanState.CLOSED
    assert send(leaders[1], steps, {"action": "close"}, 422)["code"] == "not_drafter"


def test_the_list_of_speakers_is_kept_by_the_drafter(drafter, leaders):
    plan = make_plan(drafter)
    make_move(plan, holder_of(make_post()), make_post())
    third = make_leader("刘丙")
    case = make_case(plan, drafter, [third, *leaders], main=leaders[1])
    rows = {s.user_id: s for s in Speaker.objects.filter(case=case)}
    path = f"rotation-speakers/{rows[third.pk].pk}/"
    assert send(drafter, f"{path}place/", {"up": False})["position"] == 2
    written = {"stance": "agree", "words": "同意"}
    assert "没有请假" in send(drafter, f"{path}written/", written, 422)["message"]
    answer = client_of(drafter).patch(f"{API}{path}", {"absence": "出差"}, format="json")
    assert answer.data["absence"] == "出差"
    send(drafter, f"{path}written/", written)
    assert LeaderOpinion.objects.get().in_writing
    send(leaders[0], f"{path}place/", {"up": True}, 403)
    main = f"rotation-speakers/{rows[leaders[1].pk].pk}/place/"
    assert "末位表态" in send(drafter, main, {"up": True}, 422)["message"]


def test_files_and_papers_are_jobs(drafter, leaders):
    plan = make_plan(drafter)
    make_move(plan, holder_of(make_post()), make_post())
    case = make_case(plan, drafter, leaders)
    told = send(drafter, f"rotation-cases/{case.pk}/files/", status=202)
    assert Job.objects.get(uid=told["job"]).params == {"case": case.pk}
    assert "阅档授权" in send(leaders[0], f"rotation-cases/{case.pk}/pack/", {"kind": "pdf"}, 403)["message"]
    send(leaders[0], f"rotation-cases/{case.pk}/files/", status=403)


def test_a_case_needs_leaders_who_may_decide(drafter, leaders):
    plan = make_plan(drafter)
    make_move(plan, holder_of(make_post()), make_post())
    data = {"plan": plan.pk, "leaders": [make_drafter().pk], "opinions_due_on": day(1)}
    assert "没有可以研究决定的账号" in str(send(drafter, "rotation-cases/", data, 400)["fields"]["leaders"])
    other = make_drafter()
    assert set(send(other, "rotation-cases/", {**data, "leaders": [leaders[0].pk]}, 400)["fields"]) == {
        "plan"
    }
    assert Case.objects.count() == 0


@pytest.mark.parametrize("path", ["rotation-speakers", "rotation-objections", "rotation-decisions"])
def test_one_row_costs_what_three_cost(drafter, leaders, path):
    api = client_of(drafter)

    def more():
        plan = make_plan(drafter)
        unit = make_unit()
        move = make_move(plan, holder_of(make_post(unit=unit)), make_post("副科长", unit=unit))
        decision = make_decided([move], drafter, leaders)
        said = {"received_on": timezone.localdate(), "content": "x", "recorded_by": drafter}
        decision.moves.get().objections.create(**said, recorded_at=timezone.now())

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{API}{path}/").status_code == 200
        return len(queries)

    more()
    one = cost()
    more()
    more()
    assert cost() == one <= 12
    assert RotationPlan.objects.count() == 3
