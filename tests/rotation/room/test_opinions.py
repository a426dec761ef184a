"""Who speaks when, who stays out, and who may see what others said."""

import pytest

from core.access import Role
from core.errors import DomainError
from people.choices import KinRelation
from people.models import KinTie
from rotation.choices.decisions import Stance
from rotation.choices.plans import PlanState
from rotation.models import Case, LeaderOpinion
from rotation.plan_states import PlanAction
from rotation.queries.room.cases import cases_waiting_for, counts_of, next_speaker, table_of
from rotation.services.room.cases import mark_absent, move_speaker
from rotation.services.room.opinions import give_opinion, register_written_opinion, withdraw_opinion
from rotation.services.room.stepping import step
from tests.factories.people import make_cadre, make_unit
from tests.factories.room import (
    NOW,
    PASSWORD,
    holder_of,
    make_case,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    make_post,
    seen_by,
    speak,
    speaker,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter():
    return make_drafter()


@pytest.fixture
def leaders():
    return [make_leader("甲"), make_leader("乙"), make_leader("丙", Role.TOP_LEADER)]


@pytest.fixture
def plan(drafter):
    plan = make_plan(drafter)
    make_move(plan, holder_of(make_post()), make_post())
    return plan


@pytest.fixture
def case(plan, drafter, leaders):
    return make_case(plan, drafter, leaders, main=leaders[2])


def refused(code, act, **values):
    with pytest.raises(DomainError) as refusal:
        act(**values)
    assert refusal.value.code == code


def test_the_main_leader_speaks_last_wherever_listed(plan, drafter, leaders):
    case = make_case(plan, drafter, [leaders[2], leaders[0], leaders[1]], main=leaders[2])
    assert [s.user.name for s in case.speakers.all()] == ["甲", "乙", "丙"]
    opinion = {"case": case, "stance": Stance.AGREE, "password": PASSWORD, "at": NOW}
    refused("main_is_last", give_opinion, **opinion, by=seen_by(leaders[2]))
    refused("not_your_turn", give_opinion, **opinion, by=seen_by(leaders[1]))
    speak(case, *leaders)
    assert next_speaker(case) is None
    assert LeaderOpinion.objects.count() == 3


def test_the_order_of_the_others_can_be_changed(case, drafter, leaders):
    move_speaker(speaker=speaker(case, leaders[1]), up=True, by=seen_by(drafter))
    assert next_speaker(case).user == leaders[1]
    refused("main_is_last", move_speaker, speaker=speaker(case, leaders[2]), up=True, by=seen_by(drafter))


def test_only_the_own_password_signs(case, leaders):
    values = {"case": case, "stance": Stance.AGREE, "by": seen_by(leaders[0]), "at": NOW}
    refused("wrong_password", give_opinion, **values, password="wrong")
    assert not LeaderOpinion.objects.exists()


def test_against_and_defer_need_words_which_lie_encrypted(case, leaders):
    values = {"case": case, "by": seen_by(leaders[0]), "at": NOW, "password": PASSWORD}
    refused("no_words", give_opinion, **values, stance=Stance.AGAINST)
    give_opinion(**values, stance=Stance.DEFER, words="再听听部门意见")
    opinion = LeaderOpinion.objects.get()
    assert (opinion.stance, str(opinion.words)) == ("defer", "再听听部门意见")


def test_withdrawn_until_the_meeting_and_kept(case, leaders):
    speak(case, leaders[0])
    refused(
        "spoken",
        give_opinion,
        case=case,
        stance=Stance.AGREE,
        password=PASSWORD,
        by=seen_by(leaders[0]),
        at=NOW,
    )
    withdraw_opinion(case=case, by=seen_by(leaders[0]), at=NOW)
    assert next_speaker(case).user == leaders[0]
    refused("nothing", withdraw_opinion, case=case, by=seen_by(leaders[0]), at=NOW)
    speak(case, leaders[0], stance=Stance.AGAINST, words="任期未满")
    assert LeaderOpinion.objects.count() == 2
    Case.objects.filter(pk=case.pk).update(closed_at=NOW)
    case.refresh_from_db()
    refused("closed", withdraw_opinion, case=case, by=seen_by(leaders[0]), at=NOW)


def test_what_others_said_is_shown_after_the_own_opinion(case, drafter, leaders):
    speak(case, leaders[0], words="同意调整")

    def shown(user):
        return [line.opinion is not None for line in table_of(case, seen_by(user)).lines]

    assert shown(leaders[0]) == [True, False, False]
    assert shown(leaders[1]) == [False, False, False]
    assert shown(drafter) == [False, False, False]
    assert [line.words for line in table_of(case, seen_by(drafter)).lines] == [
        "已发表意见",
        "轮到其发表意见",
        "待发表意见",
    ]
    speak(case, leaders[1])
    assert shown(leaders[1]) == [True, True, False]
    assert shown(leaders[2]) == [False, False, False]
    speak(case, leaders[2])
    assert shown(leaders[2]) == shown(drafter) == [True, True, True]


def test_who_is_absent_does_not_hold_up_and_writes(case, drafter, leaders):
    refused(
        "not_absent",
        register_written_opinion,
        speaker=speaker(case, leaders[0]),
        stance=Stance.AGREE,
        words="同意",
        by=seen_by(drafter),
        at=NOW,
    )
    mark_absent(speaker=speaker(case, leaders[0]), reason="出差", by=seen_by(drafter))
    assert next_speaker(case).user == leaders[1]
    register_written_opinion(
        speaker=speaker(case, leaders[0]), stance=Stance.AGAINST, words="不同意", by=seen_by(drafter), at=NOW
    )
    speak(case, leaders[1], leaders[2])
    (count,) = counts_of(case).values()
    assert (count.agree, count.against) == (2, 0)  # an opinion in writing is not a vote


def test_subjects_and_relatives_stay_out(plan, drafter, leaders):
    moved = plan.variants.get().moves.get().cadre
    kin = make_cadre()
    KinTie.objects.create(cadre=moved, relative=kin, relation=KinRelation.SPOUSE)
    relative, subject = make_leader("丁", cadre=kin), make_leader("戊", cadre=moved)
    case = make_case(plan, drafter, [leaders[0], relative, subject], main=leaders[2])
    assert [s.user.name for s in case.speakers.filter(excluded=True)] == ["丁", "戊"]
    for user in (relative, subject):
        assert not Case.objects.visible_to(seen_by(user)).exists()
        refused(
            "excluded",
            give_opinion,
            case=case,
            stance=Stance.AGREE,
            password=PASSWORD,
            by=seen_by(user),
            at=NOW,
        )
    assert next_speaker(case).user == leaders[0]


def test_a_case_is_for_those_in_it(case, drafter, leaders):
    assert Case.objects.visible_to(seen_by(leaders[0])).exists()
    assert Case.objects.visible_to(seen_by(drafter)).exists()
    assert Case.objects.visible_to(seen_by(make_leader("己", Role.TOP_LEADER))).exists()
    for outsider in (make_leader("庚", unit=make_unit()), make_drafter()):
        assert not Case.objects.visible_to(seen_by(outsider)).exists()


def test_for_one_post_the_leader_says_whom(drafter, leaders):
    plan, post = make_plan(drafter), make_post("局长")
    first = make_move(plan, holder_of(make_post(), "王一"), post)
    second = make_move(plan, holder_of(make_post(), "丁二"), post, letter="B")
    case = make_case(plan, drafter, leaders[:2], post=post)
    assert [c.move for c in case.candidates.all()] == [second, first]  # 姓氏笔画
    values = {
        "case": case,
        "stance": Stance.AGREE,
        "password": PASSWORD,
        "by": seen_by(leaders[0]),
        "at": NOW,
    }
    refused("no_choice", give_opinion, **values)
    give_opinion(**values, choice=first)
    speak(case, leaders[1], choice=second)
    assert {pk: c.agree for pk, c in counts_of(case).items()} == {first.pk: 1, second.pk: 1}


def test_whose_turn_it_is_has_it_on_the_list(case, leaders, drafter):
    def waits(user):
        return cases_waiting_for(seen_by(user)).count()

    assert [waits(leader) for leader in leaders] == [1, 0, 0]
    mark_absent(speaker=speaker(case, leaders[0]), reason="学习", by=seen_by(drafter))
    assert [waits(leader) for leader in leaders] == [0, 1, 0]
    speak(case, leaders[1])
    assert [waits(leader) for leader in leaders] == [0, 0, 1]


def test_a_plan_that_was_returned_is_spoken_of_anew(case, plan, drafter, leaders):
    speak(case, leaders[0])
    refused("exists", make_case, plan=plan, drafter=drafter, leaders=leaders)
    for action in (PlanAction.RETURN, PlanAction.SUBMIT, PlanAction.PASS):
        step(plan=plan, action=action, by=seen_by(drafter), at=NOW)
    plan.variants.get().moves.all().delete()
    move = make_move(plan, holder_of(make_post()), make_post())
    again = make_case(plan, drafter, leaders[:2])
    assert (again.pk, again.number) == (case.pk, case.number)
    assert [c.move for c in again.candidates.all()] == [move]
    assert not LeaderOpinion.objects.standing().exists()
    assert next_speaker(again).user == leaders[0]


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.PRECHECK, PlanState.DECIDED])
def test_no_case_before_the_check_or_after_the_decision(plan, drafter, leaders, state):
    plan.state = state
    plan.save()
    refused("wrong_state", make_case, plan=plan, drafter=drafter, leaders=leaders)


def test_who_may_not_decide_is_no_speaker(plan, drafter):
    refused("no_right", make_case, plan=plan, drafter=drafter, leaders=[make_leader("辛", Role.PARTY)])
    refused("no_leaders", make_case, plan=plan, drafter=drafter, leaders=[])
