"""From the form to variants marked as the machine's: scope, refusals, the job, who may ask."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.access import Role
from core.errors import DomainError
from core.jobs.tasks import run_job
from core.models import Job
from people.choices import KinRelation, PostClass
from people.models import Cadre, KinTie
from rotation.choices.plans import CaseDuty, Origin
from rotation.models import RotationPlan, Variant
from rotation.proposer import DEFAULT_WEIGHTS
from rotation.proposer.framing import Wish
from rotation.queries.proposals import people_in
from rotation.services.proposals import (
    ask_for_proposals,
    make_proposals,
    wish_from_json,
    wish_to_json,
)
from tests.factories.people import make_account, make_unit
from tests.factories.plans import NOW, draft_plan, let_in, make_office, make_post, seat, seen_by

pytestmark = pytest.mark.django_db
LONG_AGO = date(2012, 3, 1)


@pytest.fixture
def drafter():
    return make_office()


@pytest.fixture
def plan(drafter) -> RotationPlan:
    return draft_plan(drafter)


@pytest.fixture
def places():
    """Two key posts whose holders have been there far too long, and a vacant one."""
    unit, other = make_unit("财政局"), make_unit("项目局")
    return [
        make_post("综合岗", unit=unit, post_class=PostClass.KEY, headcount=1),
        make_post("统筹岗", unit=other, post_class=PostClass.KEY, headcount=1),
        make_post("服务岗", unit=other, headcount=1),
    ]


@pytest.fixture
def holders(places) -> list[Cadre]:
    values = {"since": LONG_AGO, "retirement_month": date(2045, 1, 1), "birth_month": date(1984, 1, 1)}
    return [seat(places[0], "王示例", **values), seat(places[1], "李示例", **values)]


def wish(holders, places, **values) -> Wish:
    return Wish(people=tuple(c.pk for c in holders), posts=tuple(p.pk for p in places), **values)


def made(plan, drafter, wanted):
    return make_proposals(plan=plan, wish=wanted, by=seen_by(drafter), at=NOW)


def moves_of(variant):
    return {(m.cadre.name, m.to_post.title, m.origin) for m in variant.moves.select_related("to_post")}


def test_the_proposals_are_variants_marked_as_the_machines(plan, drafter, holders, places) -> None:
    answer = made(plan, drafter, wish(holders, places, must_move=tuple(c.pk for c in holders)))
    best = answer.variants[0]
    assert (best.letter, best.origin, best.title) == ("B", Origin.MACHINE, "系统建议 1")
    assert best.weights == {criterion.value: weight for criterion, weight in DEFAULT_WEIGHTS.items()}
    assert moves_of(best) == {("王示例", "统筹岗", Origin.MACHINE), ("李示例", "综合岗", Origin.MACHINE)}
    reason = best.moves.get(cadre=holders[0]).reason
    assert reason.startswith("任财政局综合岗14年9个月，必须交流")
    assert best.gives_up[0] == "留有空岗 1 个：项目局服务岗"
    assert answer.unmeetable == ()


def test_what_cannot_be_had_is_named_and_the_rest_is_still_proposed(plan, drafter, holders, places) -> None:
    retired = seat(make_post("老岗"), "赵示例", retirement_month=date(2026, 1, 1))
    people = [*holders, retired]
    answer = made(plan, drafter, wish(people, places, must_move=(retired.pk, holders[0].pk)))
    assert answer.unmeetable == ("做不到“调整赵示例”：任职时已到龄 3 项。",)
    assert ("王示例", "统筹岗", Origin.MACHINE) in moves_of(answer.variants[0])
    assert "未满足：调整赵示例" in answer.variants[0].gives_up


def test_whoever_is_in_the_case_and_their_relatives_are_not_moved(plan, drafter, holders, places) -> None:
    member = make_account(Role.VICE_LEADER, cadre=holders[0])
    let_in(plan, drafter, member, CaseDuty.DECIDER)
    KinTie.objects.create(cadre=holders[0], relative=holders[1], relation=KinRelation.SPOUSE)
    third = seat(make_post("第三岗"), "周示例")
    assert set(people_in(seen_by(drafter), plan, None)) == {third}
    assert made(plan, drafter, wish(holders, places)).variants == ()


def test_the_job_writes_the_variants_and_tells_what_was_not_possible(plan, drafter, holders, places) -> None:
    job = ask_for_proposals(
        plan=plan, wish=wish(holders, places, must_move=(holders[0].pk,)), by=seen_by(drafter)
    )
    run_job.func(str(job.uid))
    job.refresh_from_db()
    assert job.result["variants"][0] == "B"
    assert set(plan.variants.values_list("letter", flat=True)) == {"A", *job.result["variants"]}
    assert job.failures == []


def test_a_wish_survives_the_queue(holders, places) -> None:
    wanted = wish(holders, places, must_fill=(places[2].pk,), most_moves=3, promote=True)
    assert wish_from_json(wish_to_json(wanted)) == wanted


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"people": ()}, "no_people"),
        ({"posts": ()}, "no_posts"),
        ({"people": tuple(range(1, 500))}, "too_many"),
        ({"weights": {}}, "no_weight"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_the_way_out(plan, drafter, changes, code) -> None:
    wanted = Wish(**{"people": (1,), "posts": (1,), **changes})
    with pytest.raises(DomainError) as caught:
        ask_for_proposals(plan=plan, wish=wanted, by=seen_by(drafter))
    assert caught.value.code == code
    assert not Job.objects.exists()


def test_only_a_drafter_may_ask(plan, holders, places) -> None:
    with pytest.raises(DomainError):
        ask_for_proposals(plan=plan, wish=wish(holders, places), by=seen_by(make_office("旁人")))


def test_the_page_asks_and_leads_to_the_progress(plan, drafter, holders, places) -> None:
    client = Client()
    client.force_login(drafter)
    url = f"/rotation/plans/{plan.pk}/propose/"
    page = client.get(url)
    assert page.status_code == 200
    assert "不给人打分" in page.content.decode()
    answer = client.post(
        url,
        {
            "choice": "pressing",
            "posts_choice": "all",
            "late": "on",
            "most_moves": 4,
            **{criterion.value: 3 for criterion in DEFAULT_WEIGHTS},
        },
    )
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.uid}/"
    wanted = wish_from_json(job.params["wish"])
    assert set(wanted.people) == set(wanted.must_move) == {c.pk for c in holders}
    assert set(wanted.posts) == {p.pk for p in places}


def test_a_weight_beyond_the_scale_is_refused_at_its_field(plan, drafter, holders, places) -> None:
    client = Client()
    client.force_login(drafter)
    data = {"choice": "all", "posts_choice": "all", **{criterion.value: 99 for criterion in DEFAULT_WEIGHTS}}
    answer = client.post(f"/rotation/plans/{plan.pk}/propose/", data)
    assert answer.status_code == 422
    assert "pressure" in answer.context["form"].errors


def test_outsiders_do_not_find_the_page(plan) -> None:
    client = Client()
    client.force_login(make_office("旁人"))
    assert client.get(f"/rotation/plans/{plan.pk}/propose/").status_code == 404
    assert Variant.objects.count() == 1


def test_the_command_does_the_same(plan, drafter, holders, places, capsys) -> None:
    call_command("propose_rotation", plan.pk, by=drafter.username, json=True)
    answer = json.loads(capsys.readouterr().out)
    assert answer["variants"][0]["letter"] == "B"
    assert {m["cadre"] for m in answer["variants"][0]["moves"]} == {"王示例", "李示例"}
    call_command("propose_rotation", plan.pk, by=drafter.username, most=1)
    assert "做不到“调整王示例”" in capsys.readouterr().out  # both posts must stay held: one alone cannot move


def test_the_command_says_what_is_wrong(plan, drafter) -> None:
    with pytest.raises(CommandError, match="没有登录名"):
        call_command("propose_rotation", plan.pk, by="nobody")
    with pytest.raises(CommandError, match="没有这份方案"):
        call_command("propose_rotation", 999999, by=drafter.username)
