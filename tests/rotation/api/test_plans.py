"""A plan drafted, reviewed and put forward over HTTP alone; what the others get to hear; what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access import Role
from core.models import Job
from people.choices import KinRelation, PostClass
from people.models import KinTie
from rotation.choices.plans import CaseDuty, PlanState
from rotation.models import Move, PlanMember, RotationPlan, Variant, Waiver
from tests.factories.api import client_of
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.plans import EFFECTIVE, make_post, seat

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def zone():
    unit = make_unit("招商局")
    posts = [make_post(f"岗{n}", unit=unit, headcount=2) for n in range(3)]
    return posts, [seat(posts[n], f"王{n}") for n in range(2)]


@pytest.fixture
def api():
    return client_of(make_account(Role.HR, name="承办人"))


def send(api, path, data=None, status=200):
    answer = api.post(f"{API}{path}", data or {}, format="json")
    assert answer.status_code == status, answer.data
    return answer.data


def drafted(api, **values):
    data = {"title": "年度轮岗", "effective_on": EFFECTIVE.isoformat(), "purpose": "到限轮岗", **values}
    plan = send(api, "rotation-plans/", data, 201)
    return plan, Variant.objects.get(plan=plan["id"])


def test_from_the_draft_to_the_meeting(api, zone):
    posts, people = zone
    plan, variant = drafted(api)
    path = f"rotation-plans/{plan['id']}/"
    assert (plan["state"], plan["purpose"]) == ("draft", "到限轮岗")
    changed = api.patch(f"{API}{path}", {"title": "重点岗位轮岗"}, format="json")
    assert changed.data["title"] == "重点岗位轮岗"
    to = {"variant": variant.pk, "cadre": people[0].pk, "to_post": posts[2].pk}
    made = send(api, "rotation-moves/", to, 201)
    assert (made["kind"], made["origin"]) == ("rotation", "person")
    reviewer = make_account(Role.DEPARTMENT_HEAD, unit=posts[0].unit, name="预审人")
    asked = make_account(Role.DEPARTMENT_HEAD, unit=posts[0].unit, name="部门负责人")
    for user, duty in ((reviewer, "reviewer"), (asked, "consulted")):
        send(api, "rotation-members/", {"plan": plan["id"], "user": user.pk, "duty": duty}, 201)
    steps = f"{path}steps/"
    assert send(api, steps, {"action": "submit"})["state"] == "precheck"
    refused = send(api, steps, {"action": "pass"}, 422)
    assert "不能预审自己拟订的方案" in refused["message"]
    send(client_of(reviewer), steps, {"action": "pass"})
    assert "还有 1 人没有反馈" in send(api, steps, {"action": "to_meeting"}, 422)["message"]
    own = client_of(asked)
    row = own.get(f"{API}rotation-consultations/").data["results"][0]
    give = f"rotation-consultations/{row['id']}/give/"
    assert "请写明" in send(own, give, {"stance": "disagree"}, 422)["message"]
    assert send(own, give, {"stance": "agree"})["stance"] == "agree"
    assert "不能再改" in send(own, give, {"stance": "agree"}, 422)["message"]
    assert send(api, steps, {"action": "to_meeting"})["state"] == "meeting"
    assert "退回修改" in send(api, "rotation-moves/", to, 422)["message"]
    assert send(api, steps, {"action": "cancel"}, 422)["fields"] == {"note": ["请写明终止方案的原因。"]}
    assert send(api, steps, {"action": "cancel", "note": "机构调整"})["state"] == PlanState.CANCELLED


def test_variants_and_moves_are_edited_and_taken_back(api, zone):
    posts, people = zone
    plan, variant = drafted(api)
    first = {"variant": variant.pk, "cadre": people[0].pk, "to_post": posts[2].pk}
    move = send(api, "rotation-moves/", first, 201)
    other = send(api, f"rotation-variants/{variant.pk}/copy/", status=201)
    assert (other["letter"], Move.objects.filter(variant=other["id"]).count()) == ("B", 1)
    path = f"{API}rotation-moves/{move['id']}/"
    assert api.patch(path, {"to_post": posts[1].pk}, format="json").data["to_post"] == posts[1].pk
    assert api.patch(path, {"reason": "到限"}, format="json").data["reason"] == "到限"
    assert api.delete(path).status_code == 204
    for left in (1, 1, 1):
        send(api, f"rotation-variants/{variant.pk}/undo/")
        assert Move.objects.filter(variant=variant).count() == left
    assert Move.objects.get(variant=variant).to_post == posts[2]
    named = {"title": "少动人", "note": ""}
    assert api.patch(f"{API}rotation-variants/{other['id']}/", named, format="json").data["title"] == "少动人"
    send(api, f"rotation-variants/{other['id']}/choose/")
    assert RotationPlan.objects.get().chosen_id == other["id"]
    third = send(api, "rotation-variants/", {"plan": plan["id"], "title": "空"}, 201)
    assert api.delete(f"{API}rotation-variants/{third['id']}/").status_code == 204
    removal = {"variant": variant.pk, "cadre": people[1].pk, "to_post": None}
    assert send(api, "rotation-moves/", removal, 201)["kind"] == "removal"


def test_a_check_that_fails_is_explained_by_its_key(api, zone):
    posts, _ = zone
    key = make_post("采购岗", unit=posts[0].unit, post_class=PostClass.KEY)
    alone = seat(key, "李示例")
    _, variant = drafted(api)
    send(api, "rotation-moves/", {"variant": variant.pk, "cadre": alone.pk, "to_post": posts[2].pk}, 201)
    checks = api.get(f"{API}rotation-variants/{variant.pk}/checks/").data
    failing = next(check for check in checks if check["verdict"] == "fails")
    assert failing["code"] == "post.emptied"
    assert failing["basis"]
    data = {"variant": variant.pk, "key": failing["key"], "reason": "已商定由副局长兼管"}
    assert send(api, "rotation-waivers/", data, 201)["message"] == failing["message"]
    assert "不用说明理由" in send(api, "rotation-waivers/", {**data, "key": "probation|1||"}, 422)["message"]
    assert Waiver.objects.count() == 1


def test_proposals_are_a_job_with_its_address(api, zone):
    posts, people = zone
    plan, _ = drafted(api)
    path = f"rotation-plans/{plan['id']}/proposals/"
    told = send(api, path, {"choice": "all", "promote": True, "stability": 3}, 202)
    job = Job.objects.get(uid=told["job"])
    assert told["address"] == f"/api/v1/jobs/{job.uid}/"
    assert api.get(told["address"]).data["key"] == "rotation.proposals"
    assert job.params["wish"]["people"] == sorted(c.pk for c in people)
    assert (job.params["wish"]["promote"], job.params["wish"]["weights"]["stability"]) == (True, 3)
    assert set(send(api, path, {"stability": 99}, 400)["fields"]) == {"stability"}
    assert set(send(api, path, {"speed": 1}, 400)["fields"]) == {"speed"}


def test_a_plan_is_nothing_to_its_subject_to_relatives_and_to_strangers(api, zone):
    posts, people = zone
    plan, variant = drafted(api)
    send(api, "rotation-moves/", {"variant": variant.pk, "cadre": people[0].pk, "to_post": posts[2].pk}, 201)
    spouse = make_cadre("王嫂")
    KinTie.objects.create(cadre=people[0], relative=spouse, relation=KinRelation.SPOUSE)
    row = Move.objects.get()
    member = PlanMember.objects.get(duty=CaseDuty.DRAFTER)
    paths = (
        f"rotation-plans/{plan['id']}/",
        f"rotation-variants/{variant.pk}/",
        f"rotation-variants/{variant.pk}/checks/",
        f"rotation-moves/{row.pk}/",
        f"rotation-members/{member.pk}/",
    )
    strangers = (
        make_account(Role.HR),
        make_account(Role.TOP_LEADER, cadre=people[0]),
        make_account(Role.TOP_LEADER, cadre=spouse),
    )
    for user in strangers:
        client = client_of(user)
        assert [client.get(f"{API}{path}").status_code for path in paths] == [404] * 5
        assert client.get(f"{API}rotation-plans/").data["results"] == []
        assert client.patch(f"{API}{paths[0]}", {"title": "x"}, format="json").status_code in (403, 404)
        assert client.post(f"{API}{paths[0]}steps/", {"action": "submit"}, format="json").status_code == 404
    send(
        client_of(strangers[0]), "rotation-moves/", {"variant": variant.pk, "cadre": 1, "to_post": None}, 400
    )
    leader = client_of(make_account(Role.TOP_LEADER))
    assert [leader.get(f"{API}{path}").status_code for path in paths] == [200] * 5
    assert leader.delete(f"{API}{paths[3]}").status_code == 403
    brother = make_cadre("王弟")
    KinTie.objects.create(cadre=brother, relative=people[0], relation=KinRelation.SIBLING)
    kin = {"plan": plan["id"], "user": make_account(Role.HR, cadre=brother).pk, "duty": "reviewer"}
    assert send(api, "rotation-members/", kin, 422)["code"] == "own_case"


def test_what_the_drafter_may_not_touch_does_not_exist(api, zone):
    posts, people = zone
    mine = client_of(make_account(Role.HR, unit=make_unit("别局")))
    plan, variant = drafted(mine)
    wanted = {"variant": variant.pk, "cadre": people[0].pk, "to_post": posts[2].pk}
    assert set(send(mine, "rotation-moves/", wanted, 400)["fields"]) == {"cadre"}
    assert set(send(mine, "rotation-plans/", {"title": "x", "unit": posts[0].unit_id}, 400)["fields"]) == {
        "effective_on",
        "unit",
    }
    member = PlanMember.objects.get(plan=plan["id"])
    assert mine.delete(f"{API}rotation-members/{member.pk}/").status_code == 422  # the last drafter


@pytest.mark.parametrize(
    "path", ["rotation-plans", "rotation-variants", "rotation-moves", "rotation-members"]
)
def test_one_row_costs_what_three_cost(api, zone, path):
    posts, people = zone

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{API}{path}/").status_code == 200
        return len(queries)

    drafted(api)
    variant = Variant.objects.get()
    send(api, "rotation-moves/", {"variant": variant.pk, "cadre": people[0].pk, "to_post": posts[2].pk}, 201)
    one = cost()
    for n in range(2):
        drafted(api, title=f"第{n}")
        row = Variant.objects.latest("pk")
        send(api, "rotation-moves/", {"variant": row.pk, "cadre": people[n].pk, "to_post": posts[2].pk}, 201)
    assert cost() == one <= 12
