"""包干到人: exactly the planted gaps, and a move after which nothing is left without a holder."""

from datetime import date, timedelta

import pytest

from core.access import Permission, Role
from core.errors import DomainError
from park.choices import AssignmentEnd, HandoverState
from park.models import Assignment, Handover, LeaderNote
from park.queries import assignments as queries
from park.services import assignments as services
from park.services import handovers
from park.services.enterprises import update_enterprise
from park.services.projects import set_project_state
from people.choices import CadreStatus, LeadershipLevel
from people.models import Cadre
from people.services.appointments import appoint
from tests.factories.field import SPRING, hold, make_enterprise, make_project
from tests.factories.park import make_task
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db
BEFORE = TODAY - timedelta(days=1)


def leader(name=""):
    return make_cadre(name, leadership_level=LeadershipLevel.COUNTY_DEPUTY)


def found_gaps(on=TODAY):
    return {row.name: row.gap for row in queries.gaps(Cadre.objects.all(), on)}


def test_exactly_the_planted_gaps_are_listed():
    one, two, gone = leader("甲领导"), leader("乙领导"), leader("退休领导")
    gone.status = CadreStatus.RETIRED
    gone.save()
    project, other, enterprise = make_project(), make_project(), make_enterprise()
    finished, left = make_project(), make_enterprise()
    hold(make_cadre("有项目"), project, one)
    hold(make_cadre("有企业"), enterprise, two)
    both = make_cadre("两项同一领导")
    hold(both, project, one)
    hold(both, enterprise, one)
    make_cadre("什么也没有")
    hold(make_cadre("只有过去的"), other, one, ends_on=BEFORE, end_reason=AssignmentEnd.RELEASED)
    hold(make_cadre("项目已完成"), finished, one)
    hold(make_cadre("企业已退出"), left, one)
    hold(make_cadre("没有领导"), other, None)
    hold(make_cadre("领导已退休"), other, gone)
    torn = make_cadre("两名领导")
    hold(torn, project, one)
    hold(torn, other, two)
    make_task(owner=make_cadre("只有任务"), official=one)
    make_cadre("已调出", status=CadreStatus.LEFT)
    set_project_state(project=finished, state="done", by=None, on=TODAY)
    update_enterprise(enterprise=left, values={"state": "left"}, by=None, on=TODAY)
    planted = {
        "什么也没有": queries.NOTHING,
        "只有过去的": queries.NOTHING,
        "项目已完成": queries.NOTHING,
        "企业已退出": queries.NOTHING,
        "只有任务": queries.NOTHING,
        "没有领导": queries.UNGUIDED,
        "领导已退休": queries.UNGUIDED,
        "两名领导": queries.DIVIDED,
    }
    assert found_gaps() == planted


def test_a_gap_is_closed_in_place():
    cadre, guide, project = make_cadre("新人"), leader(), make_project()
    hr = make_viewer(Role.HR)
    assert found_gaps() == {"新人": queries.NOTHING}
    row = services.assign(cadre=cadre, subject=project, lead_official=guide, by=hr, on=TODAY)
    assert found_gaps() == {}
    assert (row.role, row.assigned_by_id) == ("steward", hr.user_id)
    assert found_gaps(BEFORE) == {"新人": queries.NOTHING}  # yesterday was as it was


def test_the_guide_comes_from_the_subject_and_changes_by_a_new_row():
    one, two, cadre = leader(), leader(), make_cadre()
    project = make_project(lead_official=one)
    row = services.assign(cadre=cadre, subject=project, by=None, on=SPRING)
    assert row.lead_official == one
    new = services.change_guide(assignment=row, lead_official=two, by=None, on=TODAY)
    rows = Assignment.objects.order_by("pk").values_list("lead_official", "starts_on", "ends_on")
    assert list(rows) == [(one.pk, SPRING, BEFORE), (two.pk, TODAY, None)]
    assert new.cadre == cadre


def test_what_cannot_be_assigned_is_refused():
    cadre, guide, project = make_cadre(), leader(), make_project()
    services.assign(cadre=cadre, subject=project, lead_official=guide, by=None, on=TODAY)
    task = make_task(official=guide)
    cases = [
        {"cadre": cadre, "subject": project},
        {"cadre": guide, "subject": make_project(), "lead_official": guide},
        {"cadre": make_cadre(status=CadreStatus.LEFT), "subject": project},
        {"cadre": cadre, "subject": make_enterprise(state="left")},
        {"cadre": cadre, "subject": task, "role": "owner"},
    ]
    for case in cases:
        with pytest.raises(DomainError):
            services.assign(by=None, on=TODAY, **case)
    assert services.assign(cadre=cadre, subject=task, by=None, on=TODAY).lead_official == guide


def test_load_of_cadres_and_leaders():
    guide, busy, free = leader("带教"), make_cadre("忙"), make_cadre("闲")
    hold(busy, make_project(), guide)
    hold(busy, make_enterprise(), guide)
    hold(free, make_enterprise(), guide)
    make_task(owner=busy, official=guide)
    rows = queries.with_load(Cadre.objects.filter(pk__in=(busy.pk, free.pk)), TODAY)
    got = {c.name: (c.projects_n, c.enterprises_n, c.tasks_n, c.load_n) for c in rows}
    assert got == {"忙": (1, 1, 1, 3), "闲": (0, 1, 0, 1)}
    of_leaders = queries.leaders_with_load(Cadre.objects.all(), TODAY).filter(pk=guide.pk)
    assert [(c.people_n, c.items_n, c.tasks_n) for c in of_leaders] == [(2, 3, 1)]


# -- a move --


@pytest.fixture
def move():
    """A cadre with a project, an enterprise and two tasks goes from one department to another."""
    one, two, guide = make_unit("一局"), make_unit("二局"), leader()
    head, mover = make_cadre("局长", unit=one, title="局长"), make_cadre("调动", unit=one)
    project = make_project(lead_department=one)
    enterprise = make_enterprise(lead_department=one)
    hold(mover, project, guide)
    hold(mover, enterprise, guide)
    own = make_task(owner=mover, unit=one, official=guide)
    helped = make_task(owner=head, unit=one, official=guide)
    services.assign(cadre=mover, subject=helped, by=None, on=SPRING)
    appoint(
        cadre=mover,
        values={"kind": "post", "unit": two, "title": "科员", "is_main": True, "starts_on": TODAY},
        by=make_viewer(Role.HR),
    )
    return head, mover, project, enterprise, own, helped


def test_a_move_leaves_no_orphan(move):
    head, mover, project, enterprise, own, helped = move
    done = handovers.open_handovers_of_movers(on=TODAY)
    assert (done.opened, done.unplaced) == (4, 0)
    assert handovers.open_handovers_of_movers(on=TODAY).opened == 0  # once
    assert {row.to for row in Handover.objects.all()} == {head}
    assert queries.orphans(TODAY) == []
    successor = make_viewer(cadre=head)
    for row in Handover.objects.all():
        handovers.accept(handover=row, by=successor, on=TODAY)
    assert list(queries.held_by([mover.pk], TODAY)) == []
    held = queries.held_by([head.pk], TODAY)
    assert {row.subject for row in held} == {project, enterprise, own, helped}
    own.refresh_from_db()
    assert own.owner == head
    assert queries.orphans(TODAY) == []
    # What was so before stays so.
    earlier = {row.subject for row in queries.held_by([mover.pk], BEFORE)}
    assert earlier == {project, enterprise, own, helped}
    assert handovers.open_handovers_of_movers(on=TODAY + timedelta(days=1)).opened == 0


def test_who_leaves_the_zone_hands_over_too(move):
    head, mover, *_ = move
    left = make_cadre("退休", status=CadreStatus.RETIRED)
    lone = make_project("无人接的", lead_department=make_unit())
    hold(left, lone, None)
    assert lone in queries.orphans(TODAY)
    done = handovers.open_handovers_of_movers(on=TODAY)
    assert (done.opened, done.unplaced) == (4, 1)
    assert queries.orphans(TODAY) == [lone]  # told, not hidden
    row = lone.assignments.get()
    handovers.offer(assignment=row, to=head, reason="退休", by=None, on=TODAY)
    assert queries.orphans(TODAY) == []


def test_declined_redirected_withdrawn(move):
    head, mover, project, *_ = move
    handovers.open_handovers_of_movers(on=TODAY)
    row = Handover.objects.get(assignment__project=project)
    with pytest.raises(DomainError):
        handovers.decline(handover=row, by=None, on=TODAY, note=" ")
    other = make_cadre("接手")
    new = handovers.redirect(handover=row, to=other, by=None, on=TODAY)
    row.refresh_from_db()
    assert row.state == HandoverState.WITHDRAWN
    handovers.accept(handover=new, by=make_viewer(cadre=other), on=TODAY)
    with pytest.raises(DomainError):
        handovers.accept(handover=new, by=None, on=TODAY)
    assert [row.cadre for row in project.assignments.filter(ends_on=None)] == [other]
    kept = Handover.objects.filter(state=HandoverState.OFFERED).first()
    handovers.withdraw(handover=kept, by=None, on=TODAY)
    assert handovers.open_handovers_of_movers(on=TODAY).opened == 0
    assert kept.assignment.ends_on is None


def test_new_work_in_the_new_department_is_not_handed_over(move):
    _, mover, *_ = move
    fresh = make_project()
    services.assign(cadre=mover, subject=fresh, by=None, on=TODAY)
    handovers.open_handovers_of_movers(on=TODAY)
    assert not Handover.objects.filter(assignment__project=fresh).exists()


# -- the leader's note --


def test_leaders_note_on_whom_they_guide_each_quarter():
    guide, mine, other = leader(), make_cadre("我带的"), make_cadre("别人带的")
    hold(mine, make_project(), guide)
    assert list(queries.without_note(guide.pk, TODAY)) == [mine]
    with pytest.raises(DomainError):
        services.write_leader_note(leader=guide, cadre=other, text="很好", by=None, on=TODAY)
    for text in ("参加了三次调度", "参加了四次调度"):
        note = services.write_leader_note(leader=guide, cadre=mine, text=text, by=None, on=TODAY)
    assert LeaderNote.objects.count() == 1
    assert (note.year, note.quarter, note.text) == (2026, 4, "参加了四次调度")
    assert list(queries.without_note(guide.pk, TODAY)) == []
    assert list(queries.without_note(guide.pk, date(2027, 1, 5))) == [mine]


def test_the_gap_list_keeps_to_the_viewers_part():
    one, two = make_unit(), make_unit()
    here, there = make_cadre("这里", unit=one), make_cadre("那里", unit=two)
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=one)
    assert {c.name for c in queries.gaps_in_sight(head)} == {"这里"}
    assert {c.name for c in queries.gaps_in_sight(make_viewer(Role.HR))} == {"这里", "那里"}
    assert {c.name for c in queries.gaps_in_sight(make_viewer(cadre=there))} == {"那里"}
    assert not make_viewer(Role.SYSADMIN).can(Permission.VIEW_PARK)
    assert here != there
