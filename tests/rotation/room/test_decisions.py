"""What a decision keeps, what it refuses, and that nothing changes it afterwards."""

import json

import pytest
from django.db import DatabaseError, transaction

from core.errors import DomainError
from growth.models import GrowthFile
from people.models import Appointment
from rotation.choices.decisions import Outcome
from rotation.choices.plans import PlanState
from rotation.models import DecidedMove, Decision, Move, RotationPlan
from rotation.services.room.deciding import Attendance, Ruling, decide, is_genuine
from tests.factories.people import make_account, make_unit
from tests.factories.room import (
    NOW,
    holder_of,
    make_case,
    make_decided,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    make_post,
    meeting_of,
    seen_by,
    show_files,
    speak,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter():
    return make_drafter()


@pytest.fixture
def leaders():
    return [make_leader(name, unit=make_unit()) for name in ("甲", "乙", "丙")]


@pytest.fixture
def move(drafter):
    return make_move(make_plan(drafter), holder_of(make_post("科长"), "王一"), make_post("局长"))


@pytest.fixture
def case(move, drafter, leaders):
    case = make_case(move.variant.plan, drafter, leaders)
    show_files(case, drafter)
    return case


def decided(case, drafter, outcome=Outcome.PASSED, agree=3, **values):
    rulings = {c.move_id: Ruling(outcome, agree=agree) for c in case.candidates.all()}
    return decide(
        plan=RotationPlan.objects.get(pk=case.plan_id),
        meeting=meeting_of(case, **values),
        rulings=rulings,
        by=seen_by(drafter),
        at=NOW,
    )


def test_bound_to_what_the_meeting_saw(case, move, drafter, leaders):
    speak(case, *leaders, words="同意")
    decision = decided(case, drafter)
    file, row = GrowthFile.objects.get(), DecidedMove.objects.get()
    assert (row.file, row.file_sha256, row.data_digest) == (file, file.sha256, file.data_digest)
    assert (row.outcome, row.agree, row.from_text) == ("passed", 3, move.from_text)
    kept = json.loads(decision.record)
    assert [m["name"] for v in kept["variants"] for m in v["moves"]] == ["王一"]
    assert [(o["leader"], o["stance"], o["words"]) for o in kept["opinions"]] == [
        (user.name, "agree", "同意") for user in leaders
    ]
    assert kept["files"][0]["sha256"] == file.sha256
    plan = RotationPlan.objects.get()
    assert (plan.state, plan.chosen) == (PlanState.DECIDED, move.variant)
    assert plan.steps.get().action == "研究决定"
    assert is_genuine(decision)


def test_a_later_move_never_alters_what_the_decision_saw(case, move, drafter):
    decision = decided(case, drafter)
    kept = Decision.objects.get().record
    Move.objects.filter(pk=move.pk).update(from_text="别处", kind="promotion")
    Appointment.objects.all().delete()
    GrowthFile.objects.update(sha256="0" * 64)
    again = Decision.objects.get()
    assert (again.record, again.digest) == (kept, decision.digest)
    assert is_genuine(again)
    assert (DecidedMove.objects.get().from_text, DecidedMove.objects.get().file_sha256) != ("别处", "0" * 64)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Decision.objects.update(digest="0" * 64),
        lambda: Decision.objects.update(attendance=[]),
        lambda: Decision.objects.all().delete(),
        lambda: DecidedMove.objects.update(outcome="rejected"),
        lambda: DecidedMove.objects.update(file_sha256=""),
        lambda: DecidedMove.objects.all().delete(),
    ],
)
def test_the_database_refuses_to_change_a_decision(case, drafter, change):
    decided(case, drafter)
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_a_record_written_over_shows(case, drafter):
    decision = decided(case, drafter)
    decision.record = decision.record.replace("王一", "王二")
    decision.save(update_fields=["record"])
    assert not is_genuine(Decision.objects.get())


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"agree": 1}, "no_majority"),
        ({"agree": 4}, "too_many_votes"),
        ({"attendance": (Attendance("甲"), Attendance("乙", present=False, reason="病假"))}, "no_quorum"),
        ({"held_on": NOW.date().replace(day=3)}, "future"),
    ],
)
def test_refused(case, drafter, values, code):
    with pytest.raises(DomainError) as refusal:
        decided(case, drafter, **values)
    assert refusal.value.code == code
    assert RotationPlan.objects.get().state == PlanState.MEETING


def test_nothing_is_decided_without_the_files(move, drafter, leaders):
    case = make_case(move.variant.plan, drafter, leaders)
    with pytest.raises(DomainError, match="王一的上会档案还没有准备"):
        decided(case, drafter)


def test_one_person_passes_once(drafter, leaders):
    plan, cadre = make_plan(drafter), holder_of(make_post())
    moves = [make_move(plan, cadre, make_post(), letter=letter) for letter in "AB"]
    with pytest.raises(DomainError, match="一人只能通过一项"):
        make_decided(moves, drafter, leaders)


def test_not_more_than_the_post_takes(drafter, leaders):
    plan, post = make_plan(drafter), make_post(headcount=1)
    moves = [make_move(plan, holder_of(make_post()), post, letter=letter) for letter in "AB"]
    with pytest.raises(DomainError, match="职数 1，通过了 2 人"):
        make_decided(moves, drafter, leaders)


def test_decided_once_and_by_whoever_drafts(case, drafter):
    with pytest.raises(DomainError, match="只有这份方案的承办人"):
        decided(case, make_drafter())
    decided(case, drafter)
    with pytest.raises(DomainError):
        decided(case, drafter)


def test_only_who_passed_is_ever_public(drafter, leaders):
    plan = make_plan(drafter)
    cadres = [holder_of(make_post()) for _ in range(2)]
    moves = [make_move(plan, cadre, make_post()) for cadre in cadres]
    make_decided(moves, drafter, leaders, **{f"m{moves[1].pk}": Outcome.REJECTED})
    subjects = [make_account(cadre=cadre) for cadre in cadres]

    def seen():
        return [DecidedMove.objects.visible_to(seen_by(user)).count() for user in subjects]

    assert seen() == [0, 0]
    RotationPlan.objects.update(state=PlanState.EFFECTIVE)
    assert seen() == [1, 0]
    assert not RotationPlan.objects.visible_to(seen_by(subjects[0])).exists()
