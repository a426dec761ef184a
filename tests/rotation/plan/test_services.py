"""Drafting: who may write, what is refused, what can be taken back, how the plan gets to the meeting."""

import pytest
from django.db import IntegrityError, transaction

from core.access import Role
from core.errors import DomainError
from core.models import AuditEvent
from people.choices import KinRelation, LeadershipLevel
from people.models import KinTie
from rotation.checking import key_of
from rotation.choices.plans import CaseDuty, ConsultStance, MoveKind, Origin, PlanState
from rotation.models import ConsultOpinion, Move, PlanMember, PlanStep, RotationPlan, Variant
from rotation.plan_states import PlanAction
from rotation.queries.checks import check_variant
from rotation.services import plans, variants
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
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


def refused(code, act, **values):
    with pytest.raises(DomainError) as caught:
        act(**values)
    assert caught.value.code == code
    return caught.value


@pytest.fixture
def drafter():
    return make_office()


@pytest.fixture
def plan(drafter):
    return draft_plan(drafter)


@pytest.fixture
def variant(plan):
    return variant_of(plan)


def moves_of(variant):
    return [(m.cadre.name, m.to_post and m.to_post.title, m.kind) for m in variant.moves.all()]


def step(plan, action, user, note=""):
    plans.take(plan=plan, action=action, by=seen_by(user), at=NOW, note=note)
    plan.refresh_from_db()


# Moves


def test_a_move_keeps_what_was_held_and_finds_its_kind(variant, drafter):
    unit = make_unit("招商局")
    clerk = make_post("招商专员", unit=unit)
    head = make_post("局长", unit=unit, level=LeadershipLevel.TOWNSHIP_CHIEF)
    cadre = seat(clerk, "王甲")
    made = move(variant, cadre, head, drafter)
    assert (made.from_post, made.from_text, made.kind) == (clerk, "招商局招商专员", MoveKind.PROMOTION)
    assert move(variant, cadre, make_post("文秘岗"), drafter).kind == MoveKind.ROTATION
    assert move(variant, cadre, None, drafter).kind == MoveKind.REMOVAL
    assert move(variant, make_cadre("新人"), clerk, drafter).kind == MoveKind.ASSIGNMENT
    assert Move.objects.filter(variant=variant, cadre=cadre).count() == 1


def test_what_cannot_be_a_move_is_refused(variant, drafter):
    post = make_post()
    cadre = seat(post)
    assert refused("same_post", move, variant=variant, cadre=cadre, to=post, drafter=drafter)
    refused("nothing_held", move, variant=variant, cadre=make_cadre(), to=None, drafter=drafter)
    gone = make_cadre(status="retired")
    refused("not_active", move, variant=variant, cadre=gone, to=post, drafter=drafter)
    closed = make_post("旧岗", abolished_on=TODAY)
    refused("abolished", move, variant=variant, cadre=cadre, to=closed, drafter=drafter)


def test_scope_holds_for_people_and_posts():
    mine, other = make_unit(), make_unit()
    drafter = make_office(unit=mine)
    variant = variant_of(draft_plan(drafter))
    here, there = make_post("甲", unit=mine), make_post("乙", unit=other)
    refused("out_of_scope", move, variant=variant, cadre=seat(there), to=here, drafter=drafter)
    refused("out_of_scope", move, variant=variant, cadre=seat(here), to=there, drafter=drafter)


def test_nobody_edits_a_case_of_their_own():
    me = make_cadre("本人")
    wife = seat(make_post(), "爱人")
    KinTie.objects.create(cadre=me, relative=wife, relation=KinRelation.SPOUSE)
    drafter, other = make_office(cadre=me), make_office()
    plan = draft_plan(drafter)
    variant, post = variant_of(plan), make_post()
    for cadre in (me, wife):
        refused("own_case", move, variant=variant, cadre=cadre, to=post, drafter=drafter)
    let_in(plan, drafter, other, CaseDuty.DRAFTER)
    move(variant, wife, post, other)
    refused("own_case", move, variant=variant, cadre=seat(post), to=make_post(), drafter=drafter)
    assert not RotationPlan.objects.visible_to(seen_by(drafter)).exists()
    third = make_office(cadre=seat(make_post()))
    KinTie.objects.create(cadre=third.cadre, relative=wife, relation=KinRelation.SIBLING)
    assert refused("own_case", let_in, plan=plan, drafter=other, user=third, duty=CaseDuty.REVIEWER)


def test_only_drafters_write_and_only_a_draft(plan, variant, drafter):
    reader = make_office("预审人")
    let_in(plan, drafter, reader, CaseDuty.REVIEWER)
    post = make_post()
    cadre = seat(make_post())
    refused("not_drafter", move, variant=variant, cadre=cadre, to=post, drafter=reader)
    RotationPlan.objects.filter(pk=plan.pk).update(state=PlanState.OPINIONS)
    refused("not_editable", move, variant=variant, cadre=cadre, to=post, drafter=drafter)


def test_edits_are_taken_back_one_after_the_other(variant, drafter):
    first, second = make_post("一岗"), make_post("二岗")
    cadre = seat(make_post("原岗"), "王甲")
    by = seen_by(drafter)
    made = move(variant, cadre, first, drafter, reason="工作需要")
    move(variant, cadre, second, drafter)
    variants.remove_move(move=Move.objects.get(variant=variant), by=by, at=NOW)
    assert moves_of(variant) == []
    variants.undo_edit(variant=variant, by=by, at=NOW)
    assert moves_of(variant) == [("王甲", "二岗", "rotation")]
    variants.undo_edit(variant=variant, by=by, at=NOW)
    back = Move.objects.get(variant=variant)
    assert (back.uid, back.to_post, back.reason) == (made.uid, first, "工作需要")
    variants.undo_edit(variant=variant, by=by, at=NOW)
    assert moves_of(variant) == []
    refused("nothing_to_undo", variants.undo_edit, variant=variant, by=by, at=NOW)


# Variants


def test_variants_are_copied_renamed_chosen_and_removed(plan, variant, drafter):
    by = seen_by(drafter)
    refused("empty", variants.choose_variant, variant=variant, by=by)
    move(variant, seat(make_post(), "王甲"), make_post("新岗"), drafter, origin=Origin.MACHINE)
    copy = variants.copy_variant(variant=variant, by=by, at=NOW)
    assert (copy.letter, moves_of(copy), copy.moves.get().origin) == ("B", moves_of(variant), "machine")
    variants.rename_variant(variant=copy, title="少动人", note="", by=by)
    variants.choose_variant(variant=copy, by=by)
    plan.refresh_from_db()
    assert (plan.chosen, copy.title) == (copy, "少动人")
    variants.remove_variant(variant=copy, by=by)
    plan.refresh_from_db()
    assert plan.chosen is None
    machine = variants.add_variant(
        plan=plan, by=by, at=NOW, origin=Origin.MACHINE, weights={"pressure": 6}, gives_up=["留有空岗"]
    )
    assert (machine.letter, machine.weights, machine.gives_up) == ("B", {"pressure": 6}, ["留有空岗"])


# The case


def test_the_case_is_opened_and_closed_on_the_log(plan, drafter):
    head = make_account(Role.DEPARTMENT_HEAD, name="李局长")
    assert not RotationPlan.objects.visible_to(seen_by(head)).exists()
    let_in(plan, drafter, head, CaseDuty.CONSULTED)
    assert RotationPlan.objects.visible_to(seen_by(head)).exists()
    refused("invalid", let_in, plan=plan, drafter=drafter, user=head, duty=CaseDuty.REVIEWER)
    plans.remove_member(member=PlanMember.objects.get(user=head), by=seen_by(drafter))
    assert not RotationPlan.objects.visible_to(seen_by(head)).exists()
    said = [e.label for e in AuditEvent.objects.filter(action="plan.change").order_by("pk")]
    assert [label for label in said if "李局长" in label] == [
        f"方案 {plan.pk} 知悉范围加入李局长（被征求意见）",
        f"方案 {plan.pk} 知悉范围移出李局长（被征求意见）",
    ]
    last = PlanMember.objects.get(plan=plan)
    refused("last_drafter", plans.remove_member, member=last, by=seen_by(drafter))


# The way


@pytest.fixture
def ready(plan, variant, drafter):
    """A variant without a red check, and everybody in the case."""
    post = make_post("文秘岗", unit=make_unit("办公室"))
    move(variant, seat(make_post("科员岗", unit=make_unit("经发局"), headcount=5), "王甲"), post, drafter)
    reviewer, consulted = make_office("预审人"), make_account(Role.DEPARTMENT_HEAD, name="李局长")
    let_in(plan, drafter, reviewer, CaseDuty.REVIEWER)
    let_in(plan, drafter, consulted, CaseDuty.CONSULTED)
    return plan, reviewer, consulted


def opine(plan, user, stance=ConsultStance.AGREE, words=""):
    opinion = ConsultOpinion.objects.select_related("plan").filter(plan=plan, user=user).first()
    plans.give_opinion(opinion=opinion, stance=stance, words=words, by=seen_by(user), at=NOW)
    return opinion


def test_from_draft_to_meeting(ready, drafter):
    plan, reviewer, consulted = ready
    step(plan, PlanAction.SUBMIT, drafter)
    assert plan.chosen == variant_of(plan)
    refused("not_reviewer", step, plan=plan, action=PlanAction.PASS, user=drafter)
    step(plan, PlanAction.PASS, reviewer)
    refused("opinions_open", step, plan=plan, action=PlanAction.TO_MEETING, user=drafter)
    opine(plan, consulted, ConsultStance.SUGGEST, "建议先交接重点项目")
    refused("given", opine, plan=plan, user=consulted)
    step(plan, PlanAction.TO_MEETING, drafter)
    assert plan.state == PlanState.MEETING
    assert [s.action for s in PlanStep.objects.filter(plan=plan)] == [
        "提交预审",
        "预审通过，征求意见",
        "提请上会",
    ]


def test_back_with_a_reason_and_asked_anew(ready, drafter):
    plan, reviewer, consulted = ready
    step(plan, PlanAction.SUBMIT, drafter)
    refused("reason", step, plan=plan, action=PlanAction.RETURN, user=reviewer)
    step(plan, PlanAction.RETURN, reviewer, "补充人选")
    assert plan.state == PlanState.DRAFT
    step(plan, PlanAction.SUBMIT, drafter)
    step(plan, PlanAction.PASS, reviewer)
    refused("words", opine, plan=plan, user=consulted, stance=ConsultStance.DISAGREE)
    opine(plan, consulted, ConsultStance.DISAGREE, "人手不足")
    step(plan, PlanAction.RETURN, drafter, "按意见修改")
    step(plan, PlanAction.SUBMIT, drafter)
    step(plan, PlanAction.PASS, reviewer)
    assert list(ConsultOpinion.objects.values_list("round", "stance")) == [(2, ""), (1, "disagree")]
    assert ConsultOpinion.objects.get(round=1).words == "人手不足"


def test_a_failing_check_needs_a_reason_before_the_meeting(ready, drafter):
    plan, reviewer, consulted = ready
    variant = variant_of(plan)
    full = make_post("满员岗", headcount=1)
    seat(full)
    move(variant, seat(make_post("来处", headcount=9)), full, drafter)
    step(plan, PlanAction.SUBMIT, drafter)
    step(plan, PlanAction.PASS, reviewer)
    opine(plan, consulted)
    refused("fails", step, plan=plan, action=PlanAction.TO_MEETING, user=drafter)
    check = check_variant(variant, on=TODAY).failing[0]
    assert check.code == "post.overfilled"
    values = {"variant": variant, "key": key_of(check), "by": seen_by(drafter), "at": NOW}
    refused("reason", plans.waive, reason=" ", **values)
    plans.waive(reason="一名同志下月到龄，经编办同意临时超配。", **values)
    refused("no_failure", plans.waive, reason="x", **values | {"key": "post.filled|||"})
    step(plan, PlanAction.TO_MEETING, drafter)
    assert plan.state == PlanState.MEETING


def test_what_is_missing_is_said_before_the_review(plan, variant, drafter):
    refused("no_variant", step, plan=plan, action=PlanAction.SUBMIT, user=drafter)
    move(variant, seat(make_post()), make_post(), drafter)
    refused("no_reviewer", step, plan=plan, action=PlanAction.SUBMIT, user=drafter)
    refused("wrong_state", step, plan=plan, action=PlanAction.TO_MEETING, user=drafter)
    refused("reason", step, plan=plan, action=PlanAction.CANCEL, user=drafter)
    step(plan, PlanAction.CANCEL, drafter, "改到明年")
    assert plan.state == PlanState.CANCELLED
    stranger = make_office("外人")
    refused("not_member", step, plan=plan, action=PlanAction.CANCEL, user=stranger, note="x")


def test_the_log_of_a_plan_is_not_rewritten(plan, variant, drafter):
    step(plan, PlanAction.CANCEL, drafter, "改到明年")
    row = PlanStep.objects.get()
    for act in (row.delete, lambda: PlanStep.objects.update(note="")):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert Variant.objects.filter(plan=plan).exists()
