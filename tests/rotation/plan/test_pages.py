"""The pages of plans: who sees them, what an edit answers, what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.access import Role
from people.choices import KinRelation, LeadershipLevel
from people.contracts import duties_of
from people.models import KinTie
from rotation.choices.plans import CaseDuty, PlanState
from rotation.models import ConsultOpinion, Move, PlanMember, RotationPlan, Variant, Waiver
from tests.factories.people import make_account, make_unit
from tests.factories.plans import (
    NOW,
    draft_plan,
    let_in,
    make_office,
    make_post,
    move,
    seat,
    seen_by,
    variant_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter():
    return make_office()


@pytest.fixture
def variant(drafter):
    return variant_of(draft_plan(drafter))


def get(client, user, name, *args, query="", **headers):
    client.force_login(user)
    return client.get(reverse(f"rotation:{name}", args=args) + query, **headers)


def text_of(client, user, name, *args, query=""):
    answer = get(client, user, name, *args, query=query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, user, name, *args, htmx=False, **data):
    client.force_login(user)
    headers = {"HTTP_HX_REQUEST": "true"} if htmx else {}
    return client.post(reverse(f"rotation:{name}", args=args), data, **headers)


def test_a_plan_is_made_and_filled_by_form(client, drafter):
    unit = make_unit("招商局")
    head = make_post("局长", unit=unit, level=LeadershipLevel.TOWNSHIP_CHIEF)
    seat(make_post("副局长", unit=unit, level=LeadershipLevel.TOWNSHIP_DEPUTY), "王甲")
    post(client, drafter, "plan_new", title="年中轮岗", effective_on="2199-01-01", purpose="班子配备")
    variant = Variant.objects.get(plan__title="年中轮岗")
    bad = post(client, drafter, "move_new", variant.pk, cadre="王甲", to_post="没有这个岗")
    assert (bad.status_code, "没有找到岗位" in bad.content.decode()) == (422, True)
    post(
        client,
        drafter,
        "move_new",
        variant.pk,
        cadre="王甲",
        to_post="招商局局长",
        kind="",
        reason="配强班子",
    )
    made = Move.objects.get(variant=variant)
    assert (made.to_post, made.kind, made.reason) == (head, "promotion", "配强班子")
    html = text_of(client, drafter, "variant", variant.pk)
    assert "王甲" in html
    assert "规定核对" in html
    post(client, drafter, "move_edit", made.pk, to_post="", kind="removal", reason="免职")
    made.refresh_from_db()
    assert (made.to_post, made.kind) == (None, "removal")


def test_a_dropped_card_answers_with_the_variant_checked_again(client, drafter, variant):
    full = make_post("满员岗", headcount=1)
    seat(full)
    cadre = seat(make_post("来处"), "王甲")
    answer = post(client, drafter, "variant_drop", variant.pk, htmx=True, cadre=cadre.pk, to_post=full.pk)
    html = answer.content.decode()
    assert "<html" not in html
    assert "超过职数" in html
    assert "撤销：王甲" in html
    back = post(client, drafter, "variant_undo", variant.pk, htmx=True).content.decode()
    assert "超过职数" not in back
    assert not Move.objects.exists()


def test_a_refusal_leaves_the_board_and_says_why(client, variant):
    me = seat(make_post("我岗"), "本人")
    drafter = make_office(cadre=me)
    PlanMember.objects.create(plan=variant.plan, user=drafter, duty=CaseDuty.DRAFTER, added_by=drafter)
    target = make_post("去处")
    answer = post(client, drafter, "variant_drop", variant.pk, htmx=True, cadre=me.pk, to_post=target.pk)
    assert "没有改动" in answer.content.decode()
    assert not Move.objects.exists()


def test_outside_the_case_nothing_exists(client, drafter, variant):
    move(variant, seat(make_post(), "王甲"), make_post(), drafter)
    other = make_office("外人")
    for name, args in (
        ("plan", (variant.plan_id,)),
        ("plan_compare", (variant.plan_id,)),
        ("variant", (variant.pk,)),
        ("move_new", (variant.pk,)),
        ("variant_xlsx", (variant.pk,)),
    ):
        assert get(client, other, name, *args).status_code == 404
    assert "年度轮岗" not in text_of(client, other, "plans")
    assert post(client, other, "variant_choose", variant.pk).status_code == 404


def test_who_is_only_asked_reads_no_checks(client, drafter, variant):
    husband, wife = seat(make_post("甲岗"), "王甲"), seat(make_post("乙岗"), "李乙")
    KinTie.objects.create(cadre=husband, relative=wife, relation=KinRelation.SPOUSE, confirmed_at=NOW)
    move(variant, husband, make_post("丙岗"), drafter)
    head = make_account(Role.DEPARTMENT_HEAD, name="李局长")
    let_in(variant.plan, drafter, head, CaseDuty.CONSULTED)
    assert "规定核对" in text_of(client, drafter, "variant", variant.pk)
    html = text_of(client, head, "variant", variant.pk)
    assert "王甲" in html
    assert "规定核对" not in html
    assert "回避" not in html


def test_an_opinion_is_asked_for_given_and_not_read_by_other_heads(client, drafter, variant):
    move(variant, seat(make_post(headcount=9), "王甲"), make_post(), drafter)
    heads = [make_account(Role.DEPARTMENT_HEAD, name=f"局长{n}") for n in (1, 2)]
    reviewer = make_office("预审人")
    let_in(variant.plan, drafter, reviewer, CaseDuty.REVIEWER)
    for head in heads:
        let_in(variant.plan, drafter, head, CaseDuty.CONSULTED)
    post(client, drafter, "plan_step", variant.plan_id, "submit", note="")
    assert [d.title for d in duties_of(seen_by(reviewer)) if d.key.startswith("rotation.plan")] == [
        f"轮岗方案 {variant.plan_id} 等您预审"
    ]
    post(client, reviewer, "plan_step", variant.plan_id, "pass", note="")
    assert [d.title for d in duties_of(seen_by(heads[0])) if d.key.startswith("rotation.plan")] == [
        f"轮岗方案 {variant.plan_id} 征求您的意见"
    ]
    post(client, heads[0], "plan_opinion", variant.plan_id, stance="disagree", words="人手紧张")
    assert "人手紧张" in text_of(client, drafter, "plan", variant.plan_id)
    assert "人手紧张" not in text_of(client, heads[1], "plan", variant.plan_id)
    assert ConsultOpinion.objects.filter(given_at=None).count() == 1


def test_a_reason_is_given_on_the_page(client, drafter, variant):
    full = make_post("满员岗", headcount=1)
    seat(full)
    move(variant, seat(make_post(headcount=9)), full, drafter)
    html = text_of(client, drafter, "variant", variant.pk)
    address = html.split("waive/?key=")[1].split('"')[0]
    assert "超过职数" in text_of(client, drafter, "variant_waive", variant.pk, query=f"?key={address}")
    key = f"post.overfilled||{full.pk}|{full.unit_id}"
    post(client, drafter, "variant_waive", variant.pk, key=key, reason="经编办同意")
    assert Waiver.objects.get().reason == "经编办同意"
    assert "经编办同意" in text_of(client, drafter, "variant", variant.pk)


def test_variants_stand_side_by_side(client, drafter, variant):
    cadre, other = seat(make_post("甲岗"), "王甲"), seat(make_post("乙岗"), "李乙")
    same = make_post("同去")
    move(variant, cadre, make_post("去一"), drafter)
    move(variant, other, same, drafter)
    post(client, drafter, "variant_copy", variant.pk)
    second = variant_of(variant.plan, "B")
    move(second, cadre, make_post("去二"), drafter)
    html = text_of(client, drafter, "plan_compare", variant.plan_id)
    assert ("去一" in html, "去二" in html, "李乙" in html) == (True, True, True)
    only = text_of(client, drafter, "plan_compare", variant.plan_id, query="?diff=1")
    assert ("王甲" in only, "李乙" in only) == (True, False)


def test_names_are_suggested_within_reach(client):
    mine, other = make_unit("本局"), make_unit("别局")
    drafter = make_office(unit=mine)
    seat(make_post("岗一", unit=mine), "王甲")
    seat(make_post("岗二", unit=other), "王乙")
    people = text_of(client, drafter, "plan_cadre_options", query="?cadre=王")
    assert ("王甲" in people, "王乙" in people) == (True, False)
    posts = text_of(client, drafter, "plan_post_options", query="?to_post=岗")
    assert ("本局岗一" in posts, "别局岗二" in posts) == (True, False)
    assert "本局岗一" in text_of(client, drafter, "plan_post_options", query="?to_post=本局岗")


def cost(client, user, name, *args):
    client.force_login(user)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(reverse(f"rotation:{name}", args=args)).status_code == 200
    return len(asked)


def test_the_pages_cost_the_same_at_one_move_and_at_three(client, drafter, variant):
    unit, going = make_unit(), [make_post(f"去{n}") for n in range(3)]
    people = [seat(make_post(f"岗{n}", unit=unit), f"王{n}") for n in range(3)]
    move(variant, people[0], going[0], drafter)
    pages = [
        ("plans",),
        ("plan", variant.plan_id),
        ("variant", variant.pk),
        ("plan_compare", variant.plan_id),
    ]
    [cost(client, drafter, *page) for page in pages]
    first = [cost(client, drafter, *page) for page in pages]
    for cadre, to in zip(people[1:], going[1:], strict=True):
        move(variant, cadre, to, drafter)
    for n in range(2):
        let_in(variant.plan, drafter, make_office(f"预审{n}"), CaseDuty.REVIEWER)
        draft_plan(drafter, title=f"又一份{n}")
    assert [cost(client, drafter, *page) for page in pages] == first
    assert max(first) <= 12, first


def test_the_workbook_carries_the_office_columns(client, drafter, variant):
    move(variant, seat(make_post("甲岗"), "王甲"), make_post("去处"), drafter, reason="工作需要")
    answer = get(client, drafter, "variant_xlsx", variant.pk)
    assert answer.status_code == 200
    from io import BytesIO

    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if row[0] == "序号")
    line = next(row for row in rows if "王甲" in row)
    assert head[:2] == ["序号", "姓名"]
    assert line[head.index("任免理由")] == "工作需要"


def test_a_plan_beyond_the_draft_shows_no_way_to_edit(client, drafter, variant):
    move(variant, seat(make_post("甲岗"), "王甲"), make_post("去处"), drafter)
    RotationPlan.objects.filter(pk=variant.plan_id).update(state=PlanState.MEETING)
    html = text_of(client, drafter, "variant", variant.pk)
    assert "安排人员</a>" not in html
    assert "draggable" not in html
