"""任职生效: all at once, once, on the planned day; taken back exactly until it is confirmed."""

import json
import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import Role
from core.errors import DomainError
from core.models import Delivery, Notification
from growth.models import GrowthReading
from park.models import Assignment, Handover
from people.models import Appointment, RoleGrant
from people.services.appointments import change_appointment
from rotation.choices.decisions import EffectState, ObjectionState, Outcome
from rotation.choices.plans import MoveKind, PlanState
from rotation.journal import plain
from rotation.models import CaseFile, DecidedMove, Effect, EffectLine, RotationPlan
from rotation.queries.room.effects import givers_of, role_gaps
from rotation.queries.room.reading import matter_of
from rotation.services.room.closing import close, record_revisit
from rotation.services.room.effects import apply_due, confirm, revert, take_effect
from rotation.services.room.notices import (
    announce,
    change_effective_day,
    last_day_of_notice,
    record_objection,
    settle_objection,
)
from tests.core.jobs.test_killed import database_url
from tests.factories.field import hold, make_enterprise, make_project
from tests.factories.people import TODAY, make_account, make_appointment, make_unit
from tests.factories.room import (
    NOW,
    at,
    holder_of,
    make_decided,
    make_drafter,
    make_leader,
    make_move,
    make_plan,
    make_post,
    seen_by,
)
from wellbeing.choices.triggers import DutyState
from wellbeing.models import TalkDuty
from wellbeing.services.duties import raise_talk_duties

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafter():
    return make_drafter()


@pytest.fixture
def leaders():
    return [make_leader("甲", unit=make_unit()), make_leader("乙", unit=make_unit())]


def dump():
    """Every row of what a decision may change, as it lies in the database."""
    tables = (Appointment, Assignment, Handover, RoleGrant, GrowthReading, Notification, Delivery)
    return {m._meta.label: [plain(row) for row in m.objects.order_by("pk").values()] for m in tables}


def swap(drafter, leaders, **values):
    """Two heads change places; the plan is decided."""
    posts = [make_post("局长", headcount=1), make_post("主任", headcount=1)]
    cadres = [holder_of(post) for post in posts]
    plan = make_plan(drafter, **values)
    moves = [make_move(plan, cadres[0], posts[1]), make_move(plan, cadres[1], posts[0])]
    make_decided(moves, drafter, leaders)
    return RotationPlan.objects.get(pk=plan.pk), posts, cadres


def held(cadre, on=TODAY):
    return Appointment.objects.get(cadre=cadre, starts_on__lte=on, ends_on__isnull=True).post


def test_all_moves_at_once_on_the_planned_day(drafter, leaders):
    plan, posts, cadres = swap(drafter, leaders, effective_on=TODAY - timedelta(days=20))
    done = apply_due(on=TODAY, at=NOW)
    assert (done.applied, done.refused) == ([plan], [])
    assert [held(cadre) for cadre in cadres] == [posts[1], posts[0]]
    begun = Appointment.objects.filter(starts_on=plan.effective_on)
    assert {(a.document_no, a.title, a.is_main) for a in begun} == {
        ("云党任〔2026〕9号", "主任", True),
        ("云党任〔2026〕9号", "局长", True),
    }
    ended = Appointment.objects.filter(ends_on__isnull=False).values_list("ends_on", flat=True)
    assert set(ended) == {plan.effective_on - timedelta(days=1)}
    plan.refresh_from_db()
    assert plan.state == PlanState.EFFECTIVE
    assert [line.due_on for line in EffectLine.objects.all()] == [date(2027, 1, 13)] * 2


def test_done_once(drafter, leaders):
    plan, _, _ = swap(drafter, leaders)
    apply_due(on=TODAY, at=NOW)
    before = dump()
    assert apply_due(on=TODAY, at=NOW).applied == []
    with pytest.raises(DomainError, match="不能任职生效"):
        take_effect(plan=RotationPlan.objects.get(), by=None, at=NOW)
    assert dump() == before
    assert Effect.objects.count() == 1


def test_not_before_its_day(drafter, leaders):
    plan, _, _ = swap(drafter, leaders, effective_on=TODAY + timedelta(days=1))
    assert apply_due(on=TODAY, at=NOW).applied == []
    with pytest.raises(DomainError, match="还没有到"):
        take_effect(plan=plan, by=seen_by(drafter), at=NOW)
    tomorrow = TODAY + timedelta(days=1)
    assert apply_due(on=tomorrow, at=at(tomorrow, 0)).applied == [plan]


def test_a_removal_ends_the_post_and_nothing_begins(drafter, leaders):
    cadre = holder_of(make_post())
    plan = make_plan(drafter)
    make_decided([make_move(plan, cadre, None)], drafter, leaders)
    take_effect(plan=RotationPlan.objects.get(), by=None, at=NOW)
    assert [a.ends_on for a in Appointment.objects.all()] == [plan.effective_on - timedelta(days=1)]


def test_who_has_not_passed_stays(drafter, leaders):
    plan, cadres = make_plan(drafter), [holder_of(make_post()) for _ in range(2)]
    moves = [make_move(plan, cadre, make_post()) for cadre in cadres]
    make_decided(moves, drafter, leaders, **{f"m{moves[0].pk}": Outcome.REJECTED})
    take_effect(plan=RotationPlan.objects.get(), by=None, at=NOW)
    assert [held(c) == m.to_post for c, m in zip(cadres, moves, strict=True)] == [False, True]


def test_a_world_that_has_changed_is_refused_whole(drafter, leaders):
    plan, _, cadres = swap(drafter, leaders)
    appointment = Appointment.objects.get(cadre=cadres[1])
    change_appointment(appointment=appointment, values={"ends_on": date(2026, 6, 30)}, by=seen_by(drafter))
    elsewhere = make_appointment(cadres[1], unit=make_unit(), title="调研员", starts_on=date(2026, 7, 1))
    before = dump()
    done = apply_due(on=TODAY, at=NOW)
    assert done.applied == []
    assert str(elsewhere) in done.refused[0][1]
    assert "与研究时的" in done.refused[0][1]
    assert dump() == before
    assert RotationPlan.objects.get().state == PlanState.DECIDED


def test_a_post_that_has_filled_up_is_refused(drafter, leaders):
    post = make_post(headcount=1)
    plan = make_plan(drafter)
    make_decided([make_move(plan, holder_of(make_post()), post)], drafter, leaders)
    holder_of(post)
    with pytest.raises(DomainError, match="就超职数了"):
        take_effect(plan=RotationPlan.objects.get(), by=None, at=NOW)


# -- what they hold goes to who comes after them --


def test_offered_item_by_item_to_the_successor(drafter, leaders):
    plan, posts, cadres = swap(drafter, leaders)
    rows = [
        hold(cadres[0], make_project()),
        hold(cadres[0], make_enterprise()),
    ]
    take_effect(plan=plan, by=None, at=NOW)
    offers = Handover.objects.order_by("pk")
    assert {(h.assignment, h.to, h.reason) for h in offers} == {
        (row, cadres[1], "任" + str(posts[1])) for row in rows
    }
    (first, second) = givers_of(Effect.objects.get(), TODAY)
    assert sorted([first.open, second.open]) == [0, 2]


def test_within_the_department_nothing_is_handed_over(drafter, leaders):
    unit = make_unit()
    cadre = holder_of(make_post("副科长", unit=unit))
    hold(cadre, make_project())
    plan = make_plan(drafter)
    make_decided([make_move(plan, cadre, make_post("科长", unit=unit))], drafter, leaders)
    take_effect(plan=RotationPlan.objects.get(), by=None, at=NOW)
    assert not Handover.objects.exists()


# -- taken back --


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    targets=st.lists(st.integers(0, 5), min_size=1, max_size=4),
    items=st.lists(st.integers(0, 3), max_size=4),
    kinds=st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_applied_and_taken_back_is_as_it_was(drafter, leaders, targets, items, kinds):
    units = [make_unit() for _ in range(2)]
    posts = [make_post(f"岗位{n}", unit=units[n % 2]) for n in range(6)]
    plan = make_plan(drafter)
    cadres = [holder_of(posts[n], since=date(2020, 1, 1) + timedelta(days=n)) for n in range(len(targets))]
    moves = [
        make_move(plan, cadre, None if kinds[n] else posts[targets[n]]) for n, cadre in enumerate(cadres)
    ]
    for n in items:
        hold(cadres[n % len(cadres)], make_project())
    for cadre in cadres:
        make_account(cadre=cadre)
    decision = make_decided(moves, drafter, leaders)
    reading_of(decision, leaders[0])
    plan.refresh_from_db()
    before = dump()
    take_effect(plan=plan, by=None, at=NOW)
    assert dump() != before
    revert(plan=plan, reason="任免文件有误", by=seen_by(drafter), at=NOW)
    assert dump() == before
    assert plan.state == PlanState.DECIDED
    assert not EffectLine.objects.filter(decided__decision__plan=plan).exists()
    take_effect(plan=plan, by=seen_by(drafter), at=NOW)  # and it can take effect again


def test_who_was_reached_hears_that_it_was_taken_back(drafter, leaders):
    plan, _, cadres = swap(drafter, leaders)
    row = hold(cadres[0], make_project())
    read, unread = (make_account(cadre=cadre) for cadre in cadres)
    take_effect(plan=plan, by=None, at=NOW)
    told = Notification.objects.filter(recipient__in=(read, unread)).values_list("recipient", "kind")
    both = [(user.pk, "rotation.result") for user in (read, unread)]
    assert sorted(told) == sorted([*both, (unread.pk, "park.handover")])
    Notification.objects.filter(recipient=read).update(read_at=NOW)
    revert(plan=plan, reason="日期有误", by=seen_by(drafter), at=NOW)
    assert not Notification.objects.filter(recipient=unread).exists()
    titles = Notification.objects.filter(recipient=read).order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["您的任职已生效", "任职生效已撤回，此前的任职和移交通知不再有效"]
    assert not Handover.objects.filter(assignment=row).exists()
    take_effect(plan=plan, by=seen_by(drafter), at=NOW)
    assert Notification.objects.filter(recipient=unread).count() == 2


def test_talk_duties_of_what_was_taken_back_end_with_it(drafter, leaders):
    plan, posts, _ = swap(drafter, leaders)
    for post in posts:
        make_account(Role.DEPARTMENT_HEAD, unit=post.unit)
    raise_talk_duties(on=TODAY)
    before = states_of_duties()
    take_effect(plan=plan, by=None, at=NOW)
    raise_talk_duties(on=TODAY)
    raised = {pk: state for pk, state in states_of_duties().items() if pk not in before}
    assert raised
    assert set(raised.values()) == {DutyState.OPEN}
    revert(plan=plan, reason="日期有误", by=seen_by(drafter), at=NOW)
    raise_talk_duties(on=TODAY)
    after = states_of_duties()
    assert {pk: after[pk] for pk in before} == before
    assert {after[pk] for pk in raised} == {DutyState.REVOKED}


def states_of_duties():
    return dict(TalkDuty.objects.values_list("pk", "state"))


def reading_of(decision, leader):
    """A leader has read the file of the first mover for the case."""
    shown = CaseFile.objects.filter(case__plan=decision.plan).earliest("pk")
    return GrowthReading.objects.create(
        file=shown.file,
        reader=leader,
        reader_name=leader.name,
        way="pages",
        at=NOW,
        until=NOW,
        matter=matter_of(shown.case),
        withheld=True,
    )


def test_what_was_taken_back_waits_for_somebody(drafter, leaders):
    plan, _, _ = swap(drafter, leaders)
    take_effect(plan=plan, by=None, at=NOW)
    revert(plan=plan, reason="日期有误", by=seen_by(drafter), at=NOW)
    assert apply_due(on=TODAY, at=NOW).applied == []
    assert Effect.objects.get().state == EffectState.REVERTED


def test_not_taken_back_once_somebody_built_on_it(drafter, leaders):
    plan, _, cadres = swap(drafter, leaders)
    take_effect(plan=plan, by=None, at=NOW)
    begun = Appointment.objects.get(cadre=cadres[0], ends_on__isnull=True)
    change_appointment(appointment=begun, values={"note": "兼任"}, by=seen_by(drafter))
    before = dump()
    with pytest.raises(DomainError, match="又有变动"):
        revert(plan=plan, reason="日期有误", by=seen_by(drafter), at=NOW)
    assert dump() == before


def test_not_taken_back_after_it_was_confirmed(drafter, leaders):
    plan, _, _ = swap(drafter, leaders)
    take_effect(plan=plan, by=None, at=NOW)
    confirm(plan=plan, by=seen_by(drafter), at=NOW)
    with pytest.raises(DomainError, match="不能撤回生效"):
        revert(plan=plan, reason="日期有误", by=seen_by(drafter), at=NOW)


# -- notice --


def promoted(drafter, leaders, **values):
    plan = make_plan(drafter, **values)
    cadre = holder_of(make_post("副局长"))
    make_decided([make_move(plan, cadre, make_post("局长"), kind=MoveKind.PROMOTION)], drafter, leaders)
    return RotationPlan.objects.get(pk=plan.pk)


def test_five_working_days():
    monday = date(2026, 11, 2)
    assert last_day_of_notice(monday, 5) == date(2026, 11, 6)
    assert last_day_of_notice(date(2026, 11, 5), 5) == date(2026, 11, 11)  # over a weekend
    assert last_day_of_notice(date(2026, 11, 7), 5) == date(2026, 11, 13)  # begun on a Saturday


def test_nobody_is_promoted_without_notice(drafter, leaders):
    plan = promoted(drafter, leaders)
    with pytest.raises(DomainError, match="公示不少于 5 个工作日"):
        take_effect(plan=plan, by=None, at=NOW)
    values = {"plan": plan, "starts_on": TODAY, "by": seen_by(drafter), "at": NOW}
    with pytest.raises(DomainError, match="任职日期须在公示期满"):
        announce(**values)
    with pytest.raises(DomainError, match="最早到2026年11月6日"):
        announce(**values, ends_on=date(2026, 11, 5), effective_on=date(2026, 11, 9))
    announce(**values, effective_on=date(2026, 11, 9))
    assert apply_due(on=date(2026, 11, 8), at=at(date(2026, 11, 8))).applied == []
    assert apply_due(on=date(2026, 11, 9), at=at(date(2026, 11, 9))).applied == [plan]


def test_an_objection_holds_it_up_and_may_end_it(drafter, leaders):
    plan = promoted(drafter, leaders)
    announce(plan=plan, starts_on=TODAY, by=seen_by(drafter), at=NOW, effective_on=date(2026, 11, 9))
    decided, monday = DecidedMove.objects.get(), date(2026, 11, 9)
    values = {"decided": decided, "source": "来信", "content": "反映问题", "at": NOW}
    with pytest.raises(DomainError, match="收到日期"):
        record_objection(**values, received_on=TODAY - timedelta(days=1), by=seen_by(drafter))
    row = record_objection(**values, received_on=TODAY, by=seen_by(drafter))
    assert "还在核查" in apply_due(on=monday, at=at(monday)).refused[0][1]
    settle_objection(objection=row, state=ObjectionState.UPHELD, answer="属实", by=seen_by(drafter), at=NOW)
    assert "没有通过的人员" in apply_due(on=monday, at=at(monday)).refused[0][1]


def test_the_day_is_put_off(drafter, leaders):
    plan = promoted(drafter, leaders)
    announce(plan=plan, starts_on=TODAY, by=seen_by(drafter), at=NOW, effective_on=date(2026, 11, 9))
    with pytest.raises(DomainError, match="公示期满"):
        change_effective_day(plan=plan, on=date(2026, 11, 6), by=seen_by(drafter))
    change_effective_day(plan=plan, on=date(2026, 11, 16), by=seen_by(drafter))
    assert RotationPlan.objects.get().effective_on == date(2026, 11, 16)


# -- roles, visits, the end --


def test_rights_of_heads_follow_the_post(drafter, leaders):
    plan, posts, cadres = swap(drafter, leaders)
    user = make_account(Role.DEPARTMENT_HEAD, unit=posts[0].unit, cadre=cadres[0], name="张局")
    take_effect(plan=plan, by=None, at=NOW)
    assert [gap.words for gap in role_gaps(TODAY)] == [
        f"收回张局“部门负责人”（{posts[0].unit.name}）",
        f"授予张局“部门负责人”（{posts[1].unit.name}）",
    ]
    RoleGrant.objects.filter(user=user, role=Role.DEPARTMENT_HEAD).update(unit=posts[1].unit)
    assert role_gaps(TODAY) == []


def test_closed_when_handed_over_and_visited(drafter, leaders):
    plan, _, cadres = swap(drafter, leaders)
    row = hold(cadres[0], make_project())
    take_effect(plan=plan, by=None, at=NOW)
    confirm(plan=plan, by=seen_by(drafter), at=NOW)
    with pytest.raises(DomainError, match="还有 1 项工作没有交接完"):
        close(plan=RotationPlan.objects.get(), by=seen_by(drafter), at=NOW)
    Handover.objects.filter(assignment=row).update(state="accepted", answered_on=TODAY)
    Assignment.objects.filter(pk=row.pk).update(ends_on=TODAY, end_reason="handed_over")
    with pytest.raises(DomainError, match="还有 2 人没有回访"):
        close(plan=RotationPlan.objects.get(), by=seen_by(drafter), at=NOW)
    for line in EffectLine.objects.all():
        record_revisit(line=line, held_on=TODAY, words="适应较快", by=seen_by(drafter), at=NOW)
    close(plan=RotationPlan.objects.get(), by=seen_by(drafter), at=NOW)
    assert RotationPlan.objects.get().state == PlanState.CLOSED


# -- the command --


def test_the_command_says_what_is_in_effect_and_what_is_not(drafter, leaders, capsys):
    plan, _, _ = swap(drafter, leaders)
    late = promoted(drafter, leaders)
    with pytest.raises(CommandError, match="有 1 份决定没有生效"):
        call_command("apply_rotations", on=TODAY.isoformat(), json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["applied"] == [{"plan": plan.pk, "effective_on": plan.effective_on.isoformat()}]
    assert told["refused"][0]["plan"] == late.pk
    assert "先公示" in told["refused"][0]["reason"]
    RotationPlan.objects.filter(pk=late.pk).update(state=PlanState.CANCELLED)
    call_command("apply_rotations", on=TODAY.isoformat())
    assert capsys.readouterr().out.strip() == "没有到任职日期的决定。"
    with pytest.raises(CommandError, match="日期请写成"):
        call_command("apply_rotations", on="11月2日")


# -- killed half way --


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_and_run_again_it_is_done_once(drafter, leaders, tmp_path):
    plan, posts, cadres = swap(drafter, leaders)
    hold(cadres[0], make_project())
    before = dump()
    process = start_slow()
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "half"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert dump() == before
    for _ in range(2):
        call_command("apply_rotations", on=TODAY.isoformat(), stdout=StringIO())
    assert [held(cadre) for cadre in cadres] == [posts[1], posts[0]]
    assert (Effect.objects.count(), Handover.objects.count()) == (1, 1)
    assert Appointment.objects.count() == 4


def start_slow() -> "subprocess.Popen[str]":
    """A process of its own on this test's database."""
    env = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "cadre_dev.settings"}
    command = [sys.executable, "-m", "tests.rotation.room.process", TODAY.isoformat()]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, cwd=project.BASE_DIR)
