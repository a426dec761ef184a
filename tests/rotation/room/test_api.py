"""The room over HTTP: the same rows and the same refusals as on the pages."""

import pytest
from django.utils import timezone

from core.access import Role
from rotation.models import DecidedMove, EffectLine, LeaderOpinion, ReadingGrant, RotationPlan
from rotation.services.room.effects import confirm, take_effect
from tests.factories.api import client_of
from tests.factories.people import make_account, make_unit
from tests.factories.room import (
    NOW,
    PASSWORD,
    holder_of,
    make_case,
    make_decided,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    make_post,
    seen_by,
    show_files,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def drafter():
    return make_drafter()


@pytest.fixture
def leaders():
    return [make_leader("陈甲", unit=make_unit()), make_leader("高乙", Role.TOP_LEADER)]


@pytest.fixture
def case(drafter, leaders):
    plan = make_plan(drafter)
    make_move(plan, holder_of(make_post(), "王一"), make_post("局长"))
    case = make_case(plan, drafter, leaders, main=leaders[1])
    show_files(case, drafter)
    return case


def test_a_case_with_its_comparison_for_those_in_it(case, leaders):
    found = client_of(leaders[0]).get(f"{API}rotation-cases/{case.pk}/").data
    assert (found["people"], found["speaking"], found["spoken"]) == (1, 2, 0)
    assert found["comparison"]["people"][0]["name"] == "王一"
    assert client_of(make_drafter()).get(f"{API}rotation-cases/{case.pk}/").status_code == 404
    assert client_of(make_drafter()).get(f"{API}rotation-cases/").data["results"] == []


def test_an_opinion_is_given_with_the_password_and_is_the_own_until_the_meeting(case, leaders, drafter):
    api = client_of(leaders[0])
    data = {"case": case.pk, "stance": "agree", "password": "no"}
    assert api.post(f"{API}leader-opinions/", data, format="json").status_code == 422
    answer = api.post(f"{API}leader-opinions/", {**data, "password": PASSWORD}, format="json")
    assert (answer.status_code, LeaderOpinion.objects.get().stance) == (201, "agree")
    assert "password" not in answer.data
    assert len(api.get(f"{API}leader-opinions/").data["results"]) == 1
    for other in (leaders[1], drafter):
        assert client_of(other).get(f"{API}leader-opinions/").data["results"] == []


def test_permits(case, leaders, drafter):
    api, data = client_of(drafter), {"case": case.pk, "reader": leaders[0].pk, "purpose": "研究", "days": 3}
    assert client_of(leaders[0]).post(f"{API}reading-grants/", data, format="json").status_code == 403
    assert api.post(f"{API}reading-grants/", {**data, "reader": 99999}, format="json").status_code == 400
    made = api.post(f"{API}reading-grants/", data, format="json")
    assert made.status_code == 201
    revoked = api.post(f"{API}reading-grants/{made.data['id']}/revoke/")
    assert revoked.status_code == 200
    assert ReadingGrant.objects.get().revoked_at is not None


def test_decisions_results_and_visits(drafter, leaders):
    plan = make_plan(drafter)
    cadre = holder_of(make_post())
    make_decided([make_move(plan, cadre, make_post())], drafter, leaders)
    plan = RotationPlan.objects.get()
    subject = client_of(make_account(cadre=cadre))
    assert client_of(leaders[0]).get(f"{API}rotation-decisions/").data["results"][0]["state"] == "decided"
    assert subject.get(f"{API}rotation-results/").data["results"] == []
    take_effect(plan=plan, by=None, at=NOW)
    confirm(plan=plan, by=seen_by(drafter), at=NOW)
    assert subject.get(f"{API}rotation-results/").data["results"][0]["outcome"] == "passed"
    line, today = EffectLine.objects.get(), timezone.localdate().isoformat()
    data = {"held_on": today, "words": "适应"}
    api = client_of(drafter)
    assert api.patch(f"{API}rotation-revisits/{line.pk}/", data, format="json").status_code == 200
    assert str(EffectLine.objects.get().words) == "适应"
    assert DecidedMove.objects.count() == 1
