"""应谈尽谈 on a hand-made organisation with moves: each event once, the right talker, the right day."""

from datetime import date, timedelta

import pytest

from core.access import Role
from core.errors import DomainError
from core.models import Notification
from people.choices import AppointmentKind, OccasionCode
from people.contracts import Occasion, occasions
from people.models import AnnualAppraisal, Appointment, Cadre, Honour, Post, RoleGrant, Unit
from tests.factories.people import make_account, make_appointment, make_cadre, make_unit, make_viewer
from tests.factories.wellbeing import make_duty, make_talk, plan, viewer_of
from wellbeing.choices.triggers import DutyState, TalkerRelation, TriggerCode
from wellbeing.models import TalkDuty, TalkRule
from wellbeing.queries.coverage import coverage
from wellbeing.queries.organisation import Organisation
from wellbeing.services.duties import assign_duty, period_of, raise_talk_duties, waive_duty
from wellbeing.services.talks import cancel_talk

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 15)
REGULAR = ("yearly", "top_with_vice", "top_with_heads", "vice_with_heads")


class Org:
    """管委会 ▸ 办公室 (李主任) ▸ 一科 (周科长), 经发局 (王局长); 陈主任 in charge of both, 刘书记 on top."""

    def __init__(self) -> None:
        self.zone = make_unit("管委会")
        self.office, self.bureau = (
            make_unit("办公室", parent=self.zone),
            make_unit("经发局", parent=self.zone),
        )
        self.section = make_unit("一科", parent=self.office)
        self.top = self._holder("刘书记", Role.TOP_LEADER, self.zone, None)
        self.vice = self._holder("陈主任", Role.VICE_LEADER, self.zone, self.office, self.bureau)
        self.head = self._holder("李主任", Role.DEPARTMENT_HEAD, self.office, self.office)
        self.section_head = self._holder("周科长", Role.DEPARTMENT_HEAD, self.section, self.section)
        self.bureau_head = self._holder("王局长", Role.DEPARTMENT_HEAD, self.bureau, self.bureau)
        self.hr = self._holder("人事专员", Role.HR, self.office, None)

    def _holder(self, name: str, role: Role, works_in: Unit, *scopes: Unit | None):
        user = make_account(cadre=make_cadre(name, unit=works_in, post_since=date(2015, 1, 1)), name=name)
        for scope in scopes:
            RoleGrant.objects.create(user=user, role=role, unit=scope, starts_on=date(2020, 1, 1))
        return user


@pytest.fixture
def org() -> Org:
    """Without the regular talks, which would drown the events; the tests of those turn them on."""
    TalkRule.objects.filter(code__in=REGULAR).update(is_on=False)
    return Org()


def staff(org: Org, unit: Unit | None = None, **values) -> Cadre:
    values.setdefault("post_since", date(2015, 1, 1))
    return make_cadre("张示例", unit=unit or org.section, **values)


def duties_of(cadre: Cadre):
    rows = TalkDuty.objects.filter(cadre=cadre).order_by("occasion_on", "code")
    return [(row.code, row.talker.name if row.talker else None, row.due_on) for row in rows]


def run(on: date = ON):
    return raise_talk_duties(on=on)


def days(count: int, since: date = ON) -> date:
    return since + timedelta(days=count)


# Who is who


def test_the_relations_of_a_cadre_of_a_section(org):
    found = Organisation.on(ON)
    path = org.section.path
    names = {
        TalkerRelation.DIRECT: org.section_head,
        TalkerRelation.HEAD: org.head,
        TalkerRelation.VICE: org.vice,
        TalkerRelation.TOP: org.top,
        TalkerRelation.OFFICE: org.hr,
    }
    for relation, user in names.items():
        assert found.talker_for(relation, cadre_id=0, unit_path=path) == user.pk, relation


@pytest.mark.parametrize(
    ("subject", "talker"),
    [
        ("section_head", "head"),
        ("head", "vice"),
        ("bureau_head", "vice"),
        ("vice", "top"),
        ("top", None),
    ],
)
def test_heads_and_leaders_are_talked_to_from_above(org, subject, talker):
    user = getattr(org, subject)
    path = user.cadre.appointments.get().unit.path
    found = Organisation.on(ON).talker_for(TalkerRelation.DIRECT, cadre_id=user.cadre_id, unit_path=path)
    assert found == (getattr(org, talker).pk if talker else None)


def test_the_two_top_leaders_talk_to_each_other(org):
    other = make_account(Role.TOP_LEADER, cadre=make_cadre("郑主任", unit=org.zone))
    found = Organisation.on(ON)
    one = found.talker_for(TalkerRelation.TOP, cadre_id=org.top.cadre_id, unit_path=org.zone.path)
    two = found.talker_for(TalkerRelation.TOP, cadre_id=other.cadre_id, unit_path=org.zone.path)
    assert (one, two) == (other.pk, org.top.pk)


# Each trigger once


def test_a_new_cadre(org):
    cadre = staff(org, post_since=days(-3))
    run()
    assert duties_of(cadre) == [("joined", "李主任", days(27))]


def test_a_move_is_talked_about_where_the_cadre_went(org):
    cadre = staff(org)
    cadre.appointments.update(ends_on=days(-5))
    make_appointment(cadre, unit=org.bureau, title="科员", starts_on=days(-4))
    run()
    assert duties_of(cadre) == [("post_changed", "王局长", days(26))]


def test_a_promotion_and_the_rank_with_it(org):
    cadre = staff(org)
    deputy = Post.objects.create(unit=org.office, title="副主任", level="township_deputy")
    make_appointment(cadre, unit=org.office, post=deputy, title="副主任", starts_on=days(-10))
    Cadre.objects.filter(pk=cadre.pk).update(rank="二级主任科员", rank_since=days(-9))
    run()
    assert duties_of(cadre) == [("promoted", "陈主任", days(20)), ("promoted", "陈主任", days(21))]


def test_before_in_the_middle_and_at_the_end_of_a_secondment(org):
    cadre = staff(org)
    away = make_appointment(
        cadre,
        kind=AppointmentKind.SECONDMENT,
        organisation="先进园区",
        starts_on=days(40),
        ends_on=days(40 + 200),
    )
    run()
    assert duties_of(cadre) == []  # too early
    run(days(10))
    assert duties_of(cadre) == [("secondment_before", "人事专员", days(39))]
    run(days(140))
    assert duties_of(cadre)[1:] == [("secondment_mid", "周科长", days(170))]
    run(days(241))
    assert duties_of(cadre)[2:] == [("secondment_end", "人事专员", days(270))]
    Appointment.objects.filter(pk=away.pk).update(ends_on=days(245))
    run(days(250))
    assert len(duties_of(cadre)) == 3  # a corrected date is no new event


def test_honour_appraisal_and_retirement(org):
    cadre = staff(org, retirement_month=date(2026, 8, 1))
    Honour.objects.create(cadre=cadre, title="先进个人", awarded_on=days(-2))
    AnnualAppraisal.objects.create(cadre=cadre, year=2025, grade="competent")
    run()
    assert duties_of(cadre) == [
        ("appraised", "周科长", days(7)),  # due on 30 April, known only now: a week of grace
        ("commended", "李主任", days(28)),
        ("retiring", "人事专员", date(2026, 8, 1)),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (OccasionCode.PASSED_OVER, ("passed_over", "人事专员", 15)),
        (OccasionCode.DISCIPLINED, ("disciplined", "陈主任", 15)),
        (OccasionCode.ABSENCES, ("absences", "李主任", 7)),
        (OccasionCode.KEY_TASK_OVERDUE, ("key_task_overdue", "陈主任", 7)),
        (OccasionCode.CHECKUP_MISSED, ("checkup_missed", "李主任", 30)),
        (OccasionCode.HARDSHIP, ("hardship", "李主任", 15)),
    ],
)
def test_what_other_apps_report(org, code, expected, monkeypatch):
    cadre = staff(org)
    monkeypatch.setattr(occasions, "_contributions", dict(occasions._contributions))

    @occasions.register("test")
    def report(*, cadre_ids, since, until):
        yield Occasion(cadre.pk, days(-1), "事件", "事件", code=code, key="event:1")

    run()
    kind, talker, within = expected
    assert duties_of(cadre) == [(kind, talker, days(within - 1))]
    run(days(1))
    assert len(duties_of(cadre)) == 1


def test_replay_and_skipped_days_raise_nothing_twice(org):
    people = [staff(org, post_since=days(-n)) for n in range(1, 6)]
    assert run().raised == 5
    first = [duties_of(cadre) for cadre in people]
    assert run().raised == 0
    assert run(days(3)).raised == 0
    assert run(days(60)).raised == 0
    assert [duties_of(cadre) for cadre in people] == first


def states_of(cadre: Cadre) -> list[tuple[str, str, str]]:
    rows = TalkDuty.objects.filter(cadre=cadre).order_by("code", "pk")
    return [(row.code, row.state, row.waive_reason) for row in rows]


def test_a_duty_goes_with_its_event_and_comes_back_with_it(org):
    """A move that is reverted: nobody is asked to talk about it; decided anew, it is the same one duty."""
    cadre = staff(org)
    run(days(-1))
    moved = make_appointment(cadre, unit=org.bureau, starts_on=ON)
    assert run().raised == 1
    kept = Appointment.objects.filter(pk=moved.pk)
    row = kept.values().get()
    kept.delete()
    assert (run().revoked, states_of(cadre)) == (1, [("post_changed", "revoked", "event_gone")])
    assert run(days(1)).revoked == 0
    told = Notification.objects.filter(key="wellbeing.duty.revoked").values_list("recipient", "title")
    assert list(told) == [(org.bureau_head.pk, "1 项应谈事项的事由已撤销，不用再谈")]
    assert not TalkDuty.objects.unmet().exists()
    Appointment.objects.create(**row)
    done = run(days(2))
    assert (done.raised, done.revoked, states_of(cadre)) == (1, 0, [("post_changed", "open", "")])


def test_only_what_nobody_has_begun_goes_with_its_event(org):
    people = [staff(org) for _ in range(3)]
    honours = [
        Honour.objects.create(cadre=cadre, title="先进", awarding_body="管委会", awarded_on=days(-1))
        for cadre in people
    ]
    assert run().raised == 3
    duties = [TalkDuty.objects.get(cadre=cadre) for cadre in people]
    planned = plan(people[0], talker=org.head, on=ON)
    TalkDuty.objects.filter(pk=duties[0].pk).update(state=DutyState.PLANNED, talk=planned)
    TalkDuty.objects.filter(pk=duties[1].pk).update(state=DutyState.DONE, done_on=ON)
    asked = make_duty(people[2], code=TriggerCode.REQUEST, occasion_key="ask:1", due_on=days(9))
    for honour in honours:
        honour.delete()
    assert run(days(1)).revoked == 1
    assert [states_of(cadre)[0][1] for cadre in people] == ["planned", "done", "revoked"]
    asked.refresh_from_db()
    assert asked.state == DutyState.OPEN
    cancel_talk(talk=planned, by=viewer_of(org.head, days(1)))
    assert run(days(2)).revoked == 1
    assert states_of(people[0])[0][1] == "revoked"


def test_an_event_whose_date_was_corrected_is_still_the_same(org):
    cadre = staff(org)
    honour = Honour.objects.create(cadre=cadre, title="先进", awarding_body="管委会", awarded_on=days(-1))
    run()
    Honour.objects.filter(pk=honour.pk).update(awarded_on=days(-300))
    assert run(days(1)).revoked == 0
    assert states_of(cadre) == [("commended", "open", "")]


def test_a_revoked_duty_counts_nowhere_and_says_why(org):
    cadre = staff(org)
    for _ in range(5):
        staff(org)
    row = make_duty(cadre, unit=org.section, talker=org.head, due_on=days(-3), raised_on=days(-9))
    run()
    row.refresh_from_db()
    assert row.state == DutyState.REVOKED
    table = coverage(viewer_of(org.top, ON), year=2026, on=ON)
    assert {(line.due, line.done, line.late, line.ahead) for line in table.rows} == {(0, 0, 0, 0)}


def test_the_talker_is_the_one_of_the_day_of_the_event(org):
    """李主任 hands the office over on the 10th; the event of the 12th is the successor's."""
    new = make_account(
        cadre=make_cadre("孙主任", unit=org.office, post_since=date(2015, 1, 1)), name="孙主任"
    )
    RoleGrant.objects.filter(user=org.head, role=Role.DEPARTMENT_HEAD).update(ends_on=days(-6))
    RoleGrant.objects.create(user=new, role=Role.DEPARTMENT_HEAD, unit=org.office, starts_on=days(-5))
    RoleGrant.objects.create(user=org.head, role=Role.DEPARTMENT_HEAD, unit=org.bureau, starts_on=days(-5))
    before, after = staff(org), staff(org)
    Honour.objects.create(cadre=before, title="先进个人", awarded_on=days(-8))
    Honour.objects.create(cadre=after, title="先进个人", awarded_on=days(-3))
    run()
    assert duties_of(before) == [("commended", "李主任", days(22))]
    assert duties_of(after) == [("commended", "孙主任", days(27))]


def test_an_open_duty_follows_the_office_when_its_talker_leaves(org):
    cadre = staff(org, post_since=days(-3))
    run()
    RoleGrant.objects.filter(user=org.head).update(ends_on=days(1))
    new = make_account(Role.DEPARTMENT_HEAD, unit=org.office, name="孙主任")
    assert run(days(2)).handed_on == 1
    assert duties_of(cadre) == [("joined", "孙主任", days(27))]
    assert new.pk == TalkDuty.objects.get(cadre=cadre).talker_id


def test_where_nobody_stands_above_the_duty_waits_for_a_planner(org):
    Honour.objects.create(cadre=org.top.cadre, title="先进个人", awarded_on=days(-1))
    assert run().unassigned == 1
    assert duties_of(org.top.cadre) == [("commended", None, days(29))]


def test_duties_of_those_who_left_are_waived(org):
    cadre = staff(org, post_since=days(-3))
    run()
    Cadre.objects.filter(pk=cadre.pk).update(status="left")
    run(days(1))
    assert TalkDuty.objects.get(cadre=cadre).state == DutyState.WAIVED


def test_a_rule_counts_from_its_day_and_can_be_off(org):
    TalkRule.objects.filter(code="commended").update(ends_on=days(-3))
    TalkRule.objects.create(code="commended", relation="top", due_days=10, starts_on=days(-2))
    old, new = staff(org), staff(org)
    Honour.objects.create(cadre=old, title="先进个人", awarded_on=days(-4))
    Honour.objects.create(cadre=new, title="先进个人", awarded_on=days(-2))
    TalkRule.objects.filter(code="joined").update(is_on=False)
    run()
    assert duties_of(old) == [("commended", "李主任", days(26))]
    assert duties_of(new) == [("commended", "刘书记", days(8))]


def test_talkers_are_told_once_a_day_how_many(org):
    for number in (1, 2):
        staff(org, post_since=days(-number))
    run()
    run()
    told = Notification.objects.get(recipient=org.head, kind="wellbeing.duty")
    assert told.title == "有 2 项新的应谈事项"


# Regular talks


@pytest.mark.parametrize("per_year", range(1, 13))
def test_the_parts_of_a_year_cover_each_day_once(per_year):
    day, seen = date(2028, 1, 1), {}
    while day.year == 2028:
        number, first, last = period_of(day, per_year)
        assert first <= day <= last
        seen.setdefault(number, (first, last))
        assert seen[number] == (first, last)
        day += timedelta(days=1)
    assert sorted(seen) == list(range(1, per_year + 1))


def test_yearly_minimum_is_met_by_any_talk_of_the_year(org):
    TalkRule.objects.filter(code="yearly").update(is_on=True)
    talked, other = staff(org), staff(org)
    make_talk(talked, talker=org.vice, held_on=days(-30))
    make_talk(other, talker=org.vice, held_on=date(2025, 12, 30))
    run()
    assert duties_of(talked) == []
    assert duties_of(other) == [("yearly", "周科长", date(2026, 12, 31))]
    assert run(date(2027, 1, 2)).lapsed == TalkDuty.objects.filter(due_on=date(2026, 12, 31)).count()
    assert [row[0:3:2] for row in duties_of(other)] == [
        ("yearly", date(2026, 12, 31)),
        ("yearly", date(2027, 12, 31)),
    ]


def test_frequency_by_relation(org):
    TalkRule.objects.filter(code__in=("top_with_heads", "vice_with_heads", "top_with_vice")).update(
        is_on=True
    )
    run()
    assert duties_of(org.head.cadre) == [
        ("top_with_heads", "刘书记", date(2026, 6, 30)),
        ("vice_with_heads", "陈主任", date(2026, 6, 30)),
    ]
    assert duties_of(org.vice.cadre) == [("top_with_vice", "刘书记", date(2026, 6, 30))]
    run(date(2026, 7, 1))
    later = [row for row in duties_of(org.head.cadre) if row[2] > date(2026, 6, 30)]
    assert later == [
        ("top_with_heads", "刘书记", date(2026, 8, 31)),
        ("vice_with_heads", "陈主任", date(2026, 7, 31)),
    ]


# Planners


def test_a_planner_names_another_talker_or_waives(org):
    cadre = staff(org)
    duty = make_duty(cadre)
    planner = viewer_of(org.hr, ON)
    assign_duty(duty=duty, talker=org.vice, by=planner)
    assert TalkDuty.objects.get().talker == org.vice
    for talker, code in ((make_account(), "no_right"), (make_account(Role.VICE_LEADER, cadre=cadre), "self")):
        with pytest.raises(DomainError) as refusal:
            assign_duty(duty=duty, talker=talker, by=planner)
        assert refusal.value.code == code
    waive_duty(duty=duty, reason="just_talked", by=planner)
    for act in (
        lambda: waive_duty(duty=duty, reason="left", by=planner),
        lambda: waive_duty(
            duty=make_duty(cadre, occasion_key="2"), reason="left", by=viewer_of(org.head, ON)
        ),
    ):
        with pytest.raises(DomainError):
            act()


# Coverage


def test_coverage_equals_counting_by_hand(org):
    """An oracle that goes through every duty with its department of that day."""
    people = [staff(org, unit) for unit in [org.office] * 3 + [org.section] * 3 + [org.bureau] * 5]
    states = ["done", "open", "waived", "lapsed", "planned"]
    expected = {org.office.pk: [0, 0, 0], org.bureau.pk: [0, 0, 0]}
    for number, cadre in enumerate(people):
        unit = cadre.appointments.get().unit
        department = org.bureau.pk if unit == org.bureau else org.office.pk
        for key in range(5):
            state = states[(number + key) % 5]
            due = days((-1) ** key * (key + 1) * 5)
            done_on = due if state == "done" else None
            reason = "left" if state == "waived" else ""
            make_duty(
                cadre,
                occasion_key=str(key),
                state=state,
                done_on=done_on,
                due_on=due,
                unit=unit,
                waive_reason=reason,
            )
            late = state == "lapsed" or (state in ("open", "planned") and due < ON)
            ahead = state in ("open", "planned") and due >= ON
            for place, counted in enumerate((state == "done", late, ahead)):
                expected[department][place] += counted
    moved = people[0]
    moved.appointments.update(ends_on=days(-1))
    make_appointment(moved, unit=org.bureau, starts_on=ON)
    table = coverage(viewer_of(org.top, ON), year=2026, on=ON)
    got = {row.unit.pk: [row.done, row.late, row.ahead] for row in table.rows if row.unit != org.zone}
    assert got == expected
    shown = {row.unit.pk: row.people for row in table.rows}
    assert (shown[org.office.pk], shown[org.bureau.pk]) == (5 + 3, 6 + 1)


def test_small_departments_show_nothing_and_are_in_no_total(org):
    for _ in range(5):
        staff(org, org.office)
    small = [staff(org, org.bureau) for _ in range(2)]
    make_duty(small[0], unit=org.bureau, due_on=ON, state="done", done_on=ON)
    table = coverage(viewer_of(org.top, ON), year=2026, on=ON)
    rows = {row.unit.pk: row for row in table.rows}
    assert rows[org.bureau.pk].suppressed
    assert not rows[org.office.pk].suppressed
    assert (table.total.done, table.hidden) == (0, 2)


def test_coverage_stays_in_the_scope(org):
    for _ in range(6):
        staff(org, org.office), staff(org, org.bureau)
    viewer = make_viewer(Role.DEPARTMENT_HEAD, unit=org.bureau, on=ON)
    assert [row.unit for row in coverage(viewer, year=2026, on=ON).rows] == [org.bureau]


def test_a_duty_of_an_event_is_no_more_when_its_cadre_is_taken_back(org):
    cadre = staff(org, post_since=days(-1))
    run()
    Appointment.objects.filter(cadre=cadre).delete()
    cadre.delete()
    assert not TalkDuty.objects.filter(code=TriggerCode.JOINED).exists()


@pytest.mark.parametrize(("role", "sees"), [(Role.HR, True), (Role.PARTY, False)])
def test_that_somebody_was_disciplined_is_for_whoever_may_know_the_effect_period(role, sees) -> None:
    """security.md 1.3, row 14: a planner without that right learns nothing from the reason of a duty."""
    cadre = make_cadre("张示例", unit=make_unit("经发局"))
    make_duty(cadre)
    disciplined = make_duty(cadre, code=TriggerCode.DISCIPLINED, occasion_key="finding:1")
    seen = TalkDuty.objects.visible_to(make_viewer(role))
    assert seen.count() == (2 if sees else 1)
    assert seen.filter(pk=disciplined.pk).exists() is sees
