"""Tasks through their life: blanks, issuing, states, progress, supervision, extensions, transfers."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core.access import Permission, Role
from core.errors import DomainError
from core.models import AuditEvent, Notification
from park.choices import OPEN_STATES, AssignmentRole, PlanState, Signal, TaskState
from park.models import Assignment, ProgressReport, SignalRule, Supervision, Task, TaskEvent, TaskUnit
from park.queries.history import tasks_as_of
from park.queries.signals import SignalBook, with_signal
from park.services import tasks as services
from park.services.filling import fill_blanks
from park.services.rules import open_signal_rule
from park.services.tasks.moves import FOLLOWS
from park.signals import SignalTerms, Standing, scheduled_percent, signal_of
from tests.factories.documents import photo_upload
from tests.factories.park import make_draft, make_plan, make_task, moment
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db
SPRING = date(2026, 3, 2)


@pytest.fixture
def hr():
    return make_viewer(Role.HR)


def refused(code: str, run, **values):
    with pytest.raises(DomainError) as refusal:
        run(**values)
    assert refusal.value.code == code
    return refusal.value


# -- blanks --


@pytest.mark.parametrize("blank", ["lead_official", "lead_department", "owner", "due_on"])
def test_a_plan_with_one_blank_field_cannot_be_published(hr, blank) -> None:
    values = {
        "lead_official": make_cadre(),
        "lead_department": make_unit(),
        "owner": make_cadre(),
        "due_on": date(2026, 12, 31),
    }
    plan = make_plan(state=PlanState.DRAFT)
    make_draft(plan=plan, **values)
    left = make_draft(plan=plan, **{**values, blank: None})
    refused("blanks", services.publish_plan, plan=plan, by=hr, on=TODAY, at=moment(TODAY))
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.DRAFT}
    services.fill_tasks(tasks=[left], values={blank: values[blank]}, by=hr)
    assert services.publish_plan(plan=plan, by=hr, on=TODAY, at=moment(TODAY)) == 2
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.ISSUED}
    plan.refresh_from_db()
    assert plan.state == PlanState.IN_FORCE


def test_the_database_itself_refuses_an_issued_task_with_a_blank() -> None:
    task = make_task()
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(owner=None)


def test_blanks_are_filled_in_bulk_with_heads_and_the_plans_own_words(hr) -> None:
    plan, unit, official = make_plan(), make_unit(), make_cadre()
    make_cadre("副手", unit=unit, title="副局长")
    head = make_cadre("局长", unit=unit, title="局长")
    tasks = [make_draft(plan=plan, due_text="12月底前"), make_draft(plan=plan, owner=make_cadre("原定"))]
    changed = fill_blanks(
        plan=plan,
        tasks=tasks,
        values={"lead_department": unit, "lead_official": official},
        use_head=True,
        use_text=True,
        overwrite=False,
        by=hr,
        on=TODAY,
    )
    assert changed == 2
    found = Task.objects.order_by("position").values_list("owner__name", "due_on", "lead_official")
    assert list(found) == [(head.name, date(2026, 12, 31), official.pk), ("原定", None, official.pk)]


def test_issuing_opens_the_duties_and_tells_the_owner(hr) -> None:
    owner = make_cadre()
    account = make_account(cadre=owner)
    task = make_task(owner=owner, state=TaskState.ISSUED, issued_on=SPRING)
    held = Assignment.objects.get()
    assert (held.task, held.cadre, held.role, held.starts_on) == (task, owner, AssignmentRole.OWNER, SPRING)
    assert held.lead_official == task.lead_official
    assert TaskUnit.objects.get().unit == task.lead_department
    assert Notification.objects.filter(recipient=account, kind="park.issued").count() == 1


# -- states --


def test_a_task_goes_the_whole_way(hr) -> None:
    official = make_cadre()
    task = make_task(official=official, percent=100)
    leader = make_viewer(Role.TOP_LEADER, cadre=official)
    services.apply_for_closing(task=task, reason="资料齐全", by=hr, on=TODAY)
    services.start_review(task=task, by=hr, on=TODAY)
    services.close_task(task=task, by=leader, on=TODAY)
    task.refresh_from_db()
    assert (task.state, task.ended_on) == (TaskState.CLOSED, TODAY)
    assert list(TaskEvent.objects.order_by("pk").values_list("to_state", flat=True)) == [
        TaskState.ISSUED,
        TaskState.ACCEPTED,
        TaskState.RUNNING,
        TaskState.CLOSING,
        TaskState.REVIEWING,
        TaskState.CLOSED,
    ]
    assert Assignment.objects.get().ends_on == TODAY


def test_closing_needs_the_work_done_and_another_person(hr) -> None:
    owner = make_cadre()
    task = make_task(owner=owner, percent=60)
    refused("not_done", services.apply_for_closing, task=task, reason="快了", by=hr, on=TODAY)
    done = make_task(owner=owner, percent=100)
    services.apply_for_closing(task=done, reason="完成", by=hr, on=TODAY)
    own = make_viewer(Role.DEPARTMENT_HEAD, cadre=owner)
    for run in (services.start_review, services.close_task):
        refused("own_task", run, task=done, by=own, on=TODAY)


def test_a_returned_task_goes_on_and_a_refused_one_is_a_draft_again(hr) -> None:
    task = make_task(percent=100)
    services.apply_for_closing(task=task, reason="完成", by=hr, on=TODAY)
    services.return_task(task=task, reason="缺照片", by=hr, on=TODAY)
    services.report_progress(task=task, percent=100, text="补齐", by=hr, on=TODAY, at=moment(TODAY))
    assert task.state == TaskState.RUNNING
    other = make_task(state=TaskState.ISSUED, issued_on=SPRING)
    services.refuse_task(task=other, reason="职责不符", by=hr, on=TODAY)
    other.refresh_from_db()
    assert (other.state, other.issued_at) == (TaskState.DRAFT, None)
    assert not Assignment.objects.filter(task=other, ends_on__isnull=True).exists()


def test_two_clicks_move_once(hr) -> None:
    task = make_task(state=TaskState.ISSUED)
    stale = Task.objects.get(pk=task.pk)
    services.accept_task(task=task, by=hr, on=TODAY)
    with pytest.raises(DomainError):
        services.accept_task(task=stale, by=hr, on=TODAY)
    assert TaskEvent.objects.filter(to_state=TaskState.ACCEPTED).count() == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(list(TaskState)), max_size=12))
def test_no_walk_leaves_the_table_of_states(wanted: list[TaskState]) -> None:
    """Whatever is asked in whatever order, the state moves only along the table."""
    state = TaskState.DRAFT
    for to in wanted:
        if to in FOLLOWS[state]:
            state = to
    assert state in TaskState
    assert all(FOLLOWS[end] == () for end in (TaskState.CLOSED, TaskState.STOPPED))
    assert all(TaskState.STOPPED in FOLLOWS[state] for state in OPEN_STATES)


# -- progress --


def test_reports_are_append_only_and_a_correction_stands_for_its_day(hr) -> None:
    task = make_task(percent=10)
    then = task.owner
    first = services.report_progress(task=task, percent=80, text="误报", by=hr, on=SPRING, at=moment(SPRING))
    Task.objects.filter(pk=task.pk).update(owner=make_cadre())
    row = services.correct_report(
        report=first, percent=30, text="核实后更正", reason="把八写成了三", by=hr, at=moment(TODAY)
    )
    task.refresh_from_db()
    assert (task.percent, task.reported_on, task.latest_report.corrects) == (30, SPRING, first)
    assert (row.owner, row.correction_reason, row.reported_by_id) == (then, "把八写成了三", hr.user_id)
    event = AuditEvent.objects.latest("pk")
    assert (event.reason, event.changes["percent"]) == ("把八写成了三", ["80", "30"])
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressReport.objects.filter(pk=first.pk).update(percent=1)


def test_a_report_is_corrected_once_with_a_reason_and_the_correction_again(hr) -> None:
    first = make_task(percent=10).reports.get()
    say = {"percent": 20, "text": "更正", "by": hr, "at": moment(TODAY)}
    refused("no_reason", services.correct_report, report=first, reason=" ", **say)
    second = services.correct_report(report=first, reason="数字有误", **say)
    refused("corrected", services.correct_report, report=first, reason="又一次", **say)
    third = services.correct_report(report=second, reason="仍有误", **say | {"percent": 25})
    task = Task.objects.get(pk=first.task_id)
    assert (task.latest_report, task.percent) == (third, 25)
    services.stop_task(task=task, reason="不再办理", by=hr, on=TODAY)
    third.refresh_from_db()
    refused("wrong_state", services.correct_report, report=third, reason="晚了", **say)


def test_an_older_report_does_not_take_the_place_of_a_newer_one(hr) -> None:
    task = make_task(percent=10)
    services.report_progress(task=task, percent=70, text="近况", by=hr, on=TODAY, at=moment(TODAY))
    services.report_progress(task=task, percent=40, text="补报", by=hr, on=SPRING, at=moment(TODAY))
    task.refresh_from_db()
    assert task.percent == 70


def test_what_a_report_may_not_be(hr) -> None:
    task = make_task()
    late = TODAY + timedelta(days=1)
    say = {"task": task, "by": hr, "at": moment(TODAY)}
    refused("future", services.report_progress, percent=1, text="明天", on=late, **say)
    refused("no_text", services.report_progress, percent=1, text=" ", on=TODAY, **say)
    refused("before_start", services.report_progress, percent=1, text="去年", on=date(2025, 1, 1), **say)
    waiting = make_task(state=TaskState.ISSUED)
    refused(
        "not_accepted",
        services.report_progress,
        task=waiting,
        percent=1,
        text="早",
        by=hr,
        on=TODAY,
        at=moment(TODAY),
    )


def test_a_report_keeps_its_photos(hr) -> None:
    task = make_task()
    report = services.report_progress(
        task=task,
        percent=20,
        text="现场",
        by=hr,
        on=TODAY,
        at=moment(TODAY),
        photos=[photo_upload(), photo_upload()],
    )
    assert [photo.file.content_type for photo in report.photos.all()] == ["image/jpeg"] * 2


# -- supervision and extensions --


def test_reminders_are_numbered_counted_and_escalated(hr) -> None:
    task = make_task(due_on=date(2026, 12, 31))
    for number, day in enumerate((SPRING, SPRING + timedelta(days=1), SPRING + timedelta(days=2)), start=1):
        found = services.remind(task=task, by=hr, on=day)
        assert (found.number, task.reminded_times) == (f"园催〔2026〕{number}号", number)
    assert list(Supervision.objects.order_by("sequence").values_list("escalated_to", flat=True)) == [
        None,
        None,
        task.lead_official_id,
    ]
    refused("reminded_today", services.remind, task=task, by=hr, on=SPRING + timedelta(days=2))
    order = services.supervise(task=task, text="月底前报结果", by=hr, on=TODAY)
    assert (order.number, order.escalated_to, task.supervised_times) == (
        "园督〔2026〕1号",
        task.lead_official,
        1,
    )
    services.answer_supervision(supervision=order, answer="已落实", by=hr, on=TODAY)
    refused("answered", services.answer_supervision, supervision=order, answer="再来", by=hr, on=TODAY)


def test_only_a_granted_extension_moves_the_due_date_and_only_once(hr) -> None:
    task, boss = make_task(due_on=date(2026, 11, 30)), make_viewer(Role.TOP_LEADER)
    refused("due_by_extension", services.update_task, task=task, values={"due_on": TODAY}, by=hr, on=TODAY)
    task.refresh_from_db()
    asked = services.ask_extension(task=task, new_due_on=date(2026, 12, 20), reason="汛期", by=hr, on=TODAY)
    refused(
        "invalid",
        services.ask_extension,
        task=task,
        new_due_on=date(2026, 12, 30),
        reason="再",
        by=hr,
        on=TODAY,
    )
    services.decide_extension(extension=asked, granted=True, by=boss, on=TODAY)
    task.refresh_from_db()
    assert (task.due_on, task.extended_times) == (date(2026, 12, 20), 1)
    refused("decided", services.decide_extension, extension=asked, granted=True, by=boss, on=TODAY)


# -- transfers and days gone by --


def test_a_transfer_never_rewrites_last_years_report(hr) -> None:
    before, after = make_cadre("前任"), make_cadre("接任")
    old_unit, new_unit = make_unit(), make_unit()
    task = make_task(unit=old_unit, owner=before, issued_on=SPRING)
    services.report_progress(task=task, percent=40, text="三月", by=hr, on=SPRING, at=moment(SPRING))
    services.reassign_task(task=task, owner=after, lead_department=new_unit, by=hr, on=TODAY)
    services.report_progress(task=task, percent=60, text="十一月", by=hr, on=TODAY, at=moment(TODAY))
    report = ProgressReport.objects.get(text="三月")
    assert (report.owner, report.unit) == (before, old_unit)
    then, now = tasks_as_of([task], SPRING)[0], tasks_as_of([task], TODAY)[0]
    assert (then.owner, then.department, then.percent) == (before, old_unit, 40)
    assert (now.owner, now.department, now.percent) == (after, new_unit, 60)


def test_co_workers_and_supporting_departments_are_dated(hr) -> None:
    task, helper, unit = make_task(issued_on=SPRING), make_cadre(), make_unit()
    services.set_units(task=task, supporting=[unit], co_workers=[helper], by=hr, on=SPRING)
    services.set_units(task=task, supporting=[], co_workers=[], by=hr, on=TODAY)
    held = Assignment.objects.get(cadre=helper)
    assert (held.starts_on, held.ends_on) == (SPRING, TODAY - timedelta(days=1))
    assert TaskUnit.objects.get(unit=unit).ends_on == TODAY - timedelta(days=1)


# -- lights --


@given(
    state=st.sampled_from(list(TaskState)),
    starts=st.integers(-400, 10),
    length=st.integers(0, 500),
    percent=st.integers(0, 100),
    heard=st.one_of(st.none(), st.integers(-200, 0)),
    margin=st.integers(0, 60),
    soon=st.integers(0, 40),
    silent=st.one_of(st.none(), st.integers(1, 120)),
)
@settings(max_examples=60, deadline=None)
def test_the_database_sets_the_same_light_as_the_arithmetic(
    state, starts, length, percent, heard, margin, soon, silent
) -> None:
    terms = SignalTerms(soon, margin, silent)
    starts_on = TODAY + timedelta(days=starts)
    with transaction.atomic():
        task = make_draft(
            starts_on=starts_on,
            due_on=starts_on + timedelta(days=length),
            percent=percent,
            reported_on=None if heard is None else TODAY + timedelta(days=heard),
            lead_official=make_cadre(),
            owner=make_cadre(),
            lead_department=make_unit(),
            state=state,
            ended_on=TODAY if state in (TaskState.CLOSED, TaskState.STOPPED) else None,
        )
        found = with_signal(Task.objects.filter(pk=task.pk), TODAY, terms).get().signal
        transaction.set_rollback(True)
    standing = Standing(state, task.starts_on, task.due_on, percent, task.reported_on)
    assert found == signal_of(standing, TODAY, terms)


def test_the_default_rule_is_that_of_the_domain_reference() -> None:
    terms = SignalBook.load().terms(TODAY)
    assert terms == SignalTerms(due_soon_days=7, behind_margin=10, silent_days=None)
    begin, due = TODAY - timedelta(days=50), TODAY + timedelta(days=50)
    assert scheduled_percent(begin, due, TODAY) == 50
    lit = [signal_of(Standing("running", begin, due, p, None), TODAY, terms) for p in (39, 40, 100)]
    assert lit == [Signal.YELLOW, Signal.GREEN, Signal.GREEN]
    near = TODAY + timedelta(days=7)
    assert signal_of(Standing("running", begin, near, 99, None), TODAY, terms) == Signal.BLUE
    assert (
        signal_of(Standing("running", begin, TODAY - timedelta(days=1), 99, None), TODAY, terms) == Signal.RED
    )


def test_a_new_rule_leaves_earlier_days_their_own(hr) -> None:
    values = {
        "starts_on": TODAY,
        "due_soon_days": 15,
        "behind_margin": 20,
        "silent_days": 14,
        "source": "新办法",
    }
    open_signal_rule(values=values, by=hr)
    book = SignalBook.load()
    assert book.terms(TODAY) == SignalTerms(15, 20, 14)
    assert book.terms(TODAY - timedelta(days=1)) == SignalTerms(7, 10, None)
    assert SignalRule.objects.count() == 2
    with pytest.raises(DomainError):
        open_signal_rule(values=values, by=hr)


# -- who sees what --


def test_scope_decides_which_tasks_exist() -> None:
    one, other, official, owner = make_unit(), make_unit(), make_cadre(), make_cadre()
    led = make_task("一局牵头", unit=one, official=official)
    helped = make_task("一局配合", unit=other)
    own = make_task("本人承担", unit=other, owner=owner)
    make_task("无关", unit=other)
    by = make_viewer(Role.HR)
    services.set_units(task=helped, supporting=[one], co_workers=[], by=by, on=TODAY)
    draft = make_draft("草稿", lead_department=one)

    def seen(viewer, permission=Permission.VIEW_PARK):
        return set(Task.objects.visible_to(viewer, permission))

    head = make_viewer(Role.DEPARTMENT_HEAD, unit=one)
    assert seen(head) == {led, helped, draft}
    assert seen(head, Permission.EDIT_PARK) == {led, draft}
    assert seen(make_viewer(cadre=owner)) == {own}
    leader = make_viewer(Role.VICE_LEADER, unit=make_unit(), cadre=official)
    assert seen(leader) == {led}
    assert seen(leader, Permission.APPROVE_PARK) == {led}
    assert seen(make_viewer(Role.SYSADMIN)) == set()
