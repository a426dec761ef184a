"""The way of a secondment: what may follow what, who may not act, what the database refuses by itself."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.access import Role
from core.errors import DomainError
from people.choices import AppointmentKind, CadreStatus, StaffType
from people.models import Appointment, ResumeEntry
from people.services.records import ResumeLine
from rotation import guards
from rotation.choices.secondments import Direction, Outcome, SecondmentAct, SecondmentState
from rotation.models import Secondment, SecondmentRule, SecondmentStep
from rotation.secondment_states import LIVE, MOVES, OVER, VOID, after
from rotation.services import secondments as services
from rotation.services.secondments.homecoming import with_interlude
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.factories.secondments import (
    END,
    START,
    S,
    extend,
    hop,
    make_secondment,
    staff,
    values_out,
)

states, acts = st.sampled_from(list(SecondmentState)), st.sampled_from(list(SecondmentAct))


@given(st.lists(acts, max_size=25))
def test_whatever_is_tried_the_way_is_legal(tried: list[SecondmentAct]) -> None:
    state, passed = SecondmentState.RECOMMENDED, [SecondmentState.RECOMMENDED]
    for act in tried:
        state = after(state, act) or state
        passed.append(state)
    order = [S.RECOMMENDED, S.APPROVED, S.DISPATCHED, *LIVE, S.ENDED, S.APPRAISED]
    places = [order.index(one) for one in passed if one in order]
    assert places == sorted(places)
    ended = [n for n, one in enumerate(passed) if one in (*VOID, S.RETURNED, S.KEPT)]
    assert all(passed[n] == passed[-1] for n in ended)


@given(states, acts)
def test_an_act_leads_where_the_table_says(state: SecondmentState, act: SecondmentAct) -> None:
    assert (after(state, act) is not None) == (state in MOVES.get(act, {}))


def test_nobody_appraised_was_never_away() -> None:
    reach: dict[SecondmentState, set[SecondmentState]] = {S.RECOMMENDED: set()}
    for _ in SecondmentState:
        for act in SecondmentAct:
            for state in list(reach):
                if goal := after(state, act):
                    reach.setdefault(goal, set()).update(reach[state] | {state})
    assert all(S.ACTIVE in reach[state] for state in OVER)
    assert set(reach) == set(SecondmentState)


@pytest.mark.django_db
class TestTheWay:
    def test_from_recommendation_to_return(self):
        row = make_secondment(S.RETURNED)
        log = [(s.act, s.state) for s in row.steps.order_by("pk")]
        assert log == [
            ("recommend", "recommended"),
            ("approve", "approved"),
            ("dispatch", "dispatched"),
            ("report_in", "active"),
            ("end", "ended"),
            ("appraise", "appraised"),
            ("return", "returned"),
        ]
        row.refresh_from_db()
        assert (row.ended_on, row.document_no) == (END, "组派〔2026〕1号")

    def test_it_is_an_appointment_meanwhile(self):
        row = make_secondment(S.ACTIVE)
        row.refresh_from_db()
        held = row.appointment
        assert (held.kind, held.organisation, held.title) == (
            AppointmentKind.SECONDMENT,
            row.organisation,
            "镇长助理",
        )
        assert (held.starts_on, held.ends_on) == (START, None)
        assert row.cadre.appointments.filter(kind="post", ends_on=None).count() == 1
        services.end(secondment=row, hop=hop(make_viewer(Role.HR), END))
        assert Appointment.objects.get(pk=held.pk).ends_on == END

    def test_the_register_is_not_told_twice(self):
        hr, boss = staff()
        row = make_secondment(S.DISPATCHED, by=hr, leader=boss)
        known = Appointment.objects.create(
            cadre=row.cadre, kind="secondment", organisation=row.organisation, starts_on=START
        )
        services.report_in(secondment=row, hop=hop(hr), appointment=known)
        assert Appointment.objects.filter(cadre=row.cadre, kind="secondment").get() == known

    def test_who_comes_in_holds_a_post_and_leaves_the_register_at_the_end(self):
        unit = make_unit("招商局")
        row = make_secondment(S.ACTIVE, direction=Direction.IN, host_unit=unit, title="副局长")
        row.refresh_from_db()
        assert (row.appointment.kind, row.appointment.unit, row.place) == ("post", unit, "招商局")
        hr, boss = staff(END)
        services.end(secondment=row, hop=hop(hr, END))
        from tests.factories.secondments import appraise

        appraise(row, hr)
        services.settle(secondment=row, outcome=Outcome.RETURN, hop=hop(hr, END))
        row.cadre.refresh_from_db()
        assert row.cadre.status == CadreStatus.LEFT
        assert not ResumeEntry.objects.filter(cadre=row.cadre).exists()

    @pytest.mark.parametrize("wrong", [Direction.IN, Direction.OUT])
    def test_direction_and_person_must_agree(self, wrong):
        unit = make_unit()
        incoming = wrong == Direction.OUT
        cadre = make_cadre(unit=unit, staff_type=StaffType.SECONDED_IN if incoming else "")
        with pytest.raises(DomainError) as refusal:
            make_secondment(cadre=cadre, direction=wrong, host_unit=unit)
        assert refusal.value.field == "cadre"

    def test_a_step_out_of_order_is_refused_and_leaves_nothing(self):
        row = make_secondment(S.APPROVED)
        with pytest.raises(DomainError, match="现为“已批准”，不能报到"):
            services.report_in(secondment=row, hop=hop(make_viewer(Role.HR)))
        assert not Appointment.objects.filter(kind="secondment").exists()
        assert row.steps.count() == 2

    def test_of_two_who_act_on_the_same_page_the_second_is_told(self):
        row = make_secondment()
        stale = Secondment.objects.get(pk=row.pk)
        boss = make_viewer(Role.TOP_LEADER)
        services.approve(secondment=row, approved=True, hop=hop(boss))
        with pytest.raises(DomainError) as refusal:
            services.approve(secondment=stale, approved=True, hop=hop(boss))
        assert refusal.value.code == "conflict"

    def test_ending_early_says_why_and_late_needs_an_extension(self):
        row, hr = make_secondment(S.ACTIVE), make_viewer(Role.HR)
        with pytest.raises(DomainError) as late:
            services.end(secondment=row, hop=hop(hr, END + timedelta(days=1)))
        with pytest.raises(DomainError) as early:
            services.end(secondment=row, hop=hop(hr, END - timedelta(days=1)))
        assert (late.value.code, early.value.code) == ("needs_extension", "no_reason")
        services.end(secondment=row, hop=hop(hr, date(2026, 9, 1), "工作需要"))
        assert row.ended_on == date(2026, 9, 1)

    def test_a_letter_fixes_where_and_when(self):
        row, hr = make_secondment(S.DISPATCHED), make_viewer(Role.HR)
        with pytest.raises(DomainError) as refusal:
            services.change(secondment=row, values={"organisation": "别处"}, by=hr)
        assert refusal.value.field == "organisation"
        row.refresh_from_db()
        services.change(secondment=row, values={"mentor": "周镇长", "study_rule": "remote"}, by=hr)
        assert (row.mentor, row.study_rule) == ("周镇长", "remote")


@pytest.mark.django_db
class TestNobodyInTheirOwnCase:
    def test_not_the_person(self):
        row = make_secondment()
        boss = make_viewer(Role.TOP_LEADER, cadre=row.cadre)
        with pytest.raises(DomainError) as refusal:
            services.approve(secondment=row, approved=True, hop=hop(boss))
        assert refusal.value.code == "own_case"

    def test_not_who_recommended(self):
        both = make_viewer(Role.HR, Role.TOP_LEADER)
        row = make_secondment(by=both, leader=both)
        with pytest.raises(DomainError) as refusal:
            services.approve(secondment=row, approved=True, hop=hop(both))
        assert refusal.value.code == "own_request"

    def test_not_who_asked_for_the_extension(self):
        both = make_viewer(Role.HR, Role.TOP_LEADER)
        row = make_secondment(S.ACTIVE)
        found = services.request_extension(
            secondment=row, until=date(2027, 6, 1), reason="收尾", hop=hop(both)
        )
        with pytest.raises(DomainError) as refusal:
            services.decide_extension(extension=found, approved=True, hop=hop(both), by=both)
        assert refusal.value.code == "own_request"


@pytest.mark.django_db
class TestExtension:
    def test_only_an_approval_moves_the_end(self):
        row = make_secondment(S.EXTENDED)
        assert (row.state, row.planned_end_on) == (S.EXTENDED, date(2027, 9, 1))

    def test_three_years_in_all(self):
        row, hr = make_secondment(S.ACTIVE), make_viewer(Role.HR)
        ask = {"secondment": row, "reason": "收尾", "hop": hop(hr)}
        with pytest.raises(DomainError, match="不得超过 36 个月"):
            services.request_extension(until=date(2029, 3, 2), **ask)
        assert services.request_extension(until=date(2029, 3, 1), **ask).until == date(2029, 3, 1)

    def test_again_and_again_up_to_the_limit(self):
        row = make_secondment(S.EXTENDED)
        hr, boss = staff()
        extend(row, date(2028, 3, 1), hr, boss)
        assert [s.act for s in row.steps.filter(act="extend")] == ["extend", "extend"]

    def test_a_refusal_says_why(self):
        row = make_secondment(S.ACTIVE)
        hr, boss = staff()
        found = services.request_extension(secondment=row, until=date(2027, 6, 1), reason="收尾", hop=hop(hr))
        with pytest.raises(DomainError) as refusal:
            services.decide_extension(extension=found, approved=False, hop=hop(boss), by=boss)
        assert refusal.value.field == "answer"
        services.decide_extension(extension=found, approved=False, hop=hop(boss, reason="岗位急需"), by=boss)
        row.refresh_from_db()
        assert (row.state, row.planned_end_on) == (S.ACTIVE, END)


@pytest.mark.django_db
class TestTheDatabase:
    def raw(self, cadre, first: date, last: date, state=S.RECOMMENDED) -> Secondment:
        """Past every service."""
        values = values_out(starts_on=first, planned_end_on=last)
        return Secondment.objects.create(cadre=cadre, state=state, **values)

    @pytest.mark.parametrize(
        ("first", "last", "clash"),
        [
            (date(2027, 3, 2), date(2027, 9, 1), False),
            (date(2027, 3, 1), date(2027, 9, 1), True),
            (date(2025, 1, 1), date(2026, 3, 1), False),
            (date(2025, 1, 1), date(2026, 3, 2), True),
            (date(2026, 5, 1), date(2026, 6, 1), True),
            (date(2025, 1, 1), date(2028, 1, 1), True),
        ],
    )
    def test_overlaps_are_refused_to_the_day(self, first, last, clash):
        cadre = make_cadre()
        self.raw(cadre, START, END)
        if not clash:
            assert self.raw(cadre, first, last).pk
            return
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            self.raw(cadre, first, last)
        assert guards.is_overlap(refused.value)
        if connection.vendor == "sqlite":
            assert str(refused.value) == guards.OVERLAP

    def test_two_people_may_be_away_at_once_and_void_ones_do_not_count(self):
        cadre = make_cadre()
        self.raw(cadre, START, END, S.CANCELLED)
        self.raw(cadre, START, END, S.REFUSED)
        self.raw(cadre, START, END)
        assert self.raw(make_cadre(), START, END).pk

    def test_an_update_is_refused_as_well(self):
        cadre = make_cadre()
        self.raw(cadre, START, END)
        void = self.raw(cadre, START, END, S.CANCELLED)
        later = self.raw(cadre, date(2027, 3, 2), date(2027, 9, 1))
        rows = Secondment.objects.filter(pk=void.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=S.APPROVED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Secondment.objects.filter(pk=later.pk).update(starts_on=END)

    def test_the_service_says_it_in_a_sentence(self):
        row = make_secondment(S.ACTIVE)
        with pytest.raises(DomainError, match="时间重叠") as refusal:
            make_secondment(cadre=row.cadre, starts_on=date(2027, 1, 1), planned_end_on=date(2027, 12, 1))
        assert refusal.value.field == "starts_on"

    def test_an_end_moved_into_the_next_one_is_refused_in_a_sentence(self):
        row = make_secondment(S.ACTIVE)
        hr, boss = staff()
        make_secondment(cadre=row.cadre, starts_on=date(2027, 4, 1), planned_end_on=date(2027, 9, 1))
        with pytest.raises(DomainError, match="起止日期不能重叠"):
            extend(row, date(2027, 6, 1), hr, boss)

    def test_the_log_is_only_added_to(self):
        row = make_secondment()
        step = SecondmentStep.objects.get(secondment=row)
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondmentStep.objects.filter(pk=step.pk).update(reason="改写")


@pytest.mark.django_db
def test_a_hard_rule_refuses_and_a_soft_one_only_tells():
    old = make_cadre("陈大龄", unit=make_unit(), birth_month=date(1970, 1, 1))
    assert make_secondment(cadre=old).pk
    services.open_secondment_rule(
        values={"starts_on": date(2026, 1, 1), "is_hard": True, "source": "本区规定"}, by=None
    )
    young = make_cadre("陈大龄", unit=make_unit(), birth_month=date(1970, 1, 1))
    with pytest.raises(DomainError, match="乡科级及以下不超过40周岁（开始时56周岁）"):
        make_secondment(cadre=young)
    rules = SecondmentRule.objects.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(rules) == [(date(2020, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), None)]


@pytest.mark.django_db
def test_it_ends_as_an_interlude_of_the_resume():
    cadre = make_cadre(unit=make_unit())
    old = ResumeEntry.objects.create(
        cadre=cadre, position=0, starts_on=date(2015, 7, 1), ends_on=date(2020, 1, 1), text="某局科员"
    )
    now = ResumeEntry.objects.create(cadre=cadre, position=1, starts_on=date(2020, 1, 1), text="某局副科长")
    make_secondment(S.RETURNED, cadre=cadre)
    inner = ResumeEntry.objects.get(cadre=cadre, parent__isnull=False)
    assert (inner.parent.text, inner.text, inner.starts_on, inner.ends_on) == (
        now.text,
        "挂职任示例县兴隆镇人民政府镇长助理",
        date(2026, 3, 1),
        date(2027, 3, 1),
    )
    assert ResumeEntry.objects.filter(cadre=cadre, text=old.text).exists()


@pytest.mark.django_db
def test_by_choice_it_stays_out_of_the_resume():
    row = make_secondment(S.RETURNED, into_resume=False)
    assert not ResumeEntry.objects.filter(cadre=row.cadre).exists()


def test_an_interlude_lies_in_the_last_period_that_holds_it():
    first, second = (
        ResumeLine(date(2015, 7, 1), date(2020, 1, 1), "甲"),
        ResumeLine(date(2020, 1, 1), None, "乙"),
    )
    entry = ResumeLine(date(2020, 1, 1), date(2020, 12, 1), "挂职")
    assert with_interlude([first, second], entry) == [
        first,
        ResumeLine(date(2020, 1, 1), None, "乙", (entry,)),
    ]
    early = ResumeLine(date(2010, 1, 1), date(2011, 1, 1), "挂职")
    assert with_interlude([first], early) == [first, early]
