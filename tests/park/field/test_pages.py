"""Pages of projects, enterprises, visits and 包干到人: what they show, what they cost, the way through."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate as today

from core.access import Role
from growth.contracts import Edition, SectionContext, Table
from growth.wording import days_words
from park.choices import HandoverState, RequestState
from park.field_section import field_records, field_section
from park.models import Assignment, EnterpriseRequest, Handover, LeaderNote, Project, Visit
from park.services import handovers
from park.services.requests import raise_request
from park.services.visits import record_visit
from people.choices import LeadershipLevel
from people.contracts import duties_of, obstacles_to
from tests.factories.documents import photo_upload
from tests.factories.field import credit_code, hold, make_enterprise, make_project
from tests.factories.park import moment
from tests.factories.people import make_account, make_cadre, make_unit, make_viewer
from tests.training.reading_pages import MOST_QUERIES, client_of, cost, text_of

pytestmark = pytest.mark.django_db


def yesterday() -> date:
    return today() - timedelta(days=1)


@pytest.fixture
def hr():
    return client_of(Role.HR)


@pytest.fixture
def guide():
    return make_cadre("李带教", leadership_level=LeadershipLevel.COUNTY_DEPUTY)


def url_of(name, *args):
    return reverse(f"park:{name}", args=args)


def visit_of(enterprise, visitor, **values):
    return record_visit(
        enterprise=enterprise,
        on=yesterday(),
        visitors=[visitor],
        values={"situation": "生产正常，订单充足"},
        by=None,
        at=moment(today()),
        **values,
    )


# -- cost --


def fill(guide, unit):
    cadre = make_cadre(unit=unit)
    project, enterprise = make_project(lead_department=unit), make_enterprise(lead_department=unit)
    hold(cadre, project, guide)
    row = hold(cadre, enterprise, guide)
    visit_of(enterprise, cadre, requests=[("land", "扩建用地")], photos=[photo_upload()])
    Handover.objects.create(assignment=row, to=guide, offered_on=yesterday())
    make_cadre(unit=unit)  # a gap


@pytest.mark.parametrize(
    "name",
    ["projects", "enterprises", "visits", "requests", "gaps", "load", "leaders", "handovers"],
)
def test_a_list_costs_the_same_at_one_and_three(hr, guide, name):
    unit = make_unit()
    fill(guide, unit)
    one = cost(hr, url_of(name))
    for _ in range(2):
        fill(guide, unit)
    assert (cost(hr, url_of(name)), one <= MOST_QUERIES) == (one, True)


def test_one_row_costs_the_same_with_more_hanging_on_it(hr, guide):
    unit = make_unit()
    cadre = make_cadre(unit=unit)
    project, enterprise = make_project(lead_department=unit), make_enterprise(lead_department=unit)
    row = hold(cadre, project, guide)
    visit = visit_of(enterprise, cadre, requests=[("land", "扩建用地")], photos=[photo_upload()])
    urls = [
        url_of("project", project.pk),
        url_of("enterprise", enterprise.pk),
        *(f"{url_of('enterprise', enterprise.pk)}?tab={tab}" for tab in ("requests", "beauty", "grades")),
        url_of("visit", visit.pk),
        url_of("request", visit.requests.get().pk),
        url_of("cadre_items", cadre.pk),
        url_of("handover", handovers.offer(assignment=row, to=guide, reason="", by=None, on=today()).pk),
    ]
    before = [cost(hr, url) for url in urls]
    for _ in range(2):
        visit_of(enterprise, make_cadre(), requests=[("land", "扩建用地")], photos=[photo_upload()])
        hold(make_cadre(), project, guide)
        hold(cadre, make_project(lead_department=unit), guide)
    after = [cost(hr, url) for url in urls]
    assert after == before
    assert max(before) <= MOST_QUERIES


# -- the way through --


def test_a_project_is_registered_staged_and_assigned(hr, guide):
    unit = make_unit()
    make_cadre("承担人", unit=unit)
    sent = {
        "name": "青云路北延",
        "kind": "infrastructure",
        "lead_department": unit.pk,
        "lead_official": guide.pk,
    }
    hr.post(url_of("project_new"), sent)
    project = Project.objects.get()
    hr.post(
        url_of("project_stage", project.pk),
        {"stage": "listed", "reached_on": yesterday().isoformat()},
    )
    hr.post(
        url_of("project_assign", project.pk),
        {"cadre": "承担人", "role": "steward", "lead_official": guide.pk},
    )
    page = text_of(hr.get(url_of("project", project.pk)))
    assert "入库</b>" in page
    assert "承担人" in page
    assert Assignment.objects.get().lead_official == guide
    assert "承担人" in text_of(hr.get(f"{url_of('projects')}?q=承担"))
    hr.post(url_of("project_act", project.pk, "done"), {"reason": ""})
    project.refresh_from_db()
    assert (project.state, project.ended_on) == ("done", today())
    assert hr.get(url_of("project_act", project.pk, "pause")).status_code == 404


def test_a_wrong_code_stands_at_its_field_and_keeps_what_was_typed(hr):
    sent = {"name": "海川电器", "state": "operating", "credit_code": credit_code(5)[:17] + "I"}
    response = hr.post(url_of("enterprise_new"), sent)
    assert response.status_code == 422
    assert "credit_code" in response.context["form"].errors
    assert "海川电器" in text_of(response)


def test_the_telephone_number_is_not_sent_to_whoever_only_looks(hr):
    unit = make_unit()
    enterprise = make_enterprise(contact="王联系", contact_phone="13900001234", lead_department=unit)
    assert "13900001234" in text_of(hr.get(url_of("enterprise", enterprise.pk)))
    looker = client_of(Role.VICE_LEADER)
    assert "13900001234" not in text_of(looker.get(url_of("enterprise", enterprise.pk)))
    form = text_of(hr.get(url_of("enterprise_edit", enterprise.pk)))
    assert "13900001234" not in form
    kept = {"name": enterprise.name, "state": "operating", "credit_code": enterprise.credit_code}
    hr.post(url_of("enterprise_edit", enterprise.pk), kept)
    enterprise.refresh_from_db()
    assert enterprise.contact_phone == "13900001234"


def test_a_steward_records_a_visit_and_its_request_is_closed_by_the_office(hr, guide):
    unit = make_unit()
    cadre = make_cadre("包保人", unit=unit)
    enterprise = make_enterprise(lead_department=unit)
    own = client_of(cadre=cadre)
    assert own.get(url_of("visit_new", enterprise.pk)).status_code == 404  # not yet in their hands
    hold(cadre, enterprise, guide)
    form = own.get(url_of("visit_new", enterprise.pk)).context["form"]
    sent = {
        "on": yesterday().isoformat(),
        "visitors": "包保人",
        "situation": "满产",
        "kind0": "labour",
        "text0": "缺工 20 人",
        "client_key": form.initial["client_key"],
        "photos": photo_upload(),
    }
    for _ in range(2):
        own.post(url_of("visit_new", enterprise.pk), sent)
        sent["photos"] = photo_upload()
    visit = Visit.objects.get()
    assert visit.photos.count() == 1
    assert own.get(url_of("visit_photo", visit.photos.get().pk))["Content-Type"] == "image/jpeg"
    request = EnterpriseRequest.objects.get()
    url = url_of("request", request.pk)
    assert own.get(url_of("request_act", request.pk, "assign")).status_code == 404
    due = (today() + timedelta(days=10)).isoformat()
    hr.post(
        url_of("request_act", request.pk, "assign"),
        {"department": unit.pk, "handler": "包保人", "due_on": due},
    )
    own.post(url_of("request_act", request.pk, "answer"), {"result": "已对接招聘会"})
    assert own.get(url_of("request_act", request.pk, "close")).status_code == 404
    hr.post(url_of("request_act", request.pk, "close"), {"satisfaction": "satisfied"})
    request.refresh_from_db()
    assert request.state == RequestState.CLOSED
    assert "满意" in text_of(hr.get(url))


def test_a_request_without_its_kind_is_asked_for(hr):
    enterprise = make_enterprise()
    sent = {
        "on": yesterday().isoformat(),
        "visitors": "",
        "situation": "满产",
        "text0": "缺工",
    }
    response = hr.post(url_of("visit_new", enterprise.pk), sent)
    assert set(response.context["form"].errors) == {"visitors", "kind0"}


def test_a_gap_is_closed_from_the_list(hr, guide):
    unit = make_unit()
    cadre = make_cadre("缺口人", unit=unit)
    project, enterprise = make_project(), make_enterprise()
    page = text_of(hr.get(url_of("gaps")))
    assert "缺口人" in page
    assert url_of("assign_to", cadre.pk) in page
    both = {"project": project.pk, "enterprise": enterprise.pk, "lead_official": guide.pk}
    assert hr.post(url_of("assign_to", cadre.pk), both).status_code == 422
    hr.post(url_of("assign_to", cadre.pk), {"project": project.pk, "lead_official": guide.pk})
    hr.get(url_of("gaps"))  # takes the message of success
    assert "缺口人" not in text_of(hr.get(url_of("gaps")))
    head = client_of(Role.DEPARTMENT_HEAD, unit=make_unit())
    assert head.get(url_of("assign_to", cadre.pk)).status_code == 404


def test_nobody_assigns_work_to_people_of_another_department(guide):
    unit, other = make_unit(), make_unit()
    make_cadre("别处的人", unit=other)
    project = make_project(lead_department=unit)
    head = client_of(Role.DEPARTMENT_HEAD, unit=unit)
    sent = {"cadre": "别处的人", "role": "steward", "lead_official": guide.pk}
    assert head.post(url_of("project_assign", project.pk), sent).status_code == 422
    assert not Assignment.objects.exists()


def test_the_successor_accepts_on_the_page(hr, guide):
    unit = make_unit()
    cadre, successor = make_cadre("移交人", unit=unit), make_cadre("接手人", unit=unit)
    project = make_project(lead_department=unit)
    row = hold(cadre, project, guide)
    hr.post(url_of("handover_offer", row.pk), {"to": "接手人", "reason": "轮岗"})
    handover = Handover.objects.get()
    other = client_of(cadre=make_cadre(unit=unit))
    assert other.get(url_of("handover", handover.pk)).status_code == 404
    own = client_of(cadre=successor)
    assert "接收" in text_of(own.get(url_of("handover", handover.pk)))
    own.post(url_of("handover_act", handover.pk, "accept"), {"note": "资料已收"})
    handover.refresh_from_db()
    assert handover.state == HandoverState.ACCEPTED
    assert [r.cadre for r in project.assignments.filter(ends_on=None)] == [successor]


def test_a_leader_notes_on_whom_they_guide(guide):
    unit = make_unit()
    cadre = make_cadre("被带的", unit=unit)
    hold(cadre, make_project(), guide)
    account = make_account(Role.VICE_LEADER, cadre=guide)
    leader = client_of(user=account)
    assert "被带的" in text_of(leader.get(url_of("guided")))
    leader.post(url_of("leader_note", cadre.pk), {"text": "独立完成征迁协调"})
    assert LeaderNote.objects.get().leader == guide
    assert "独立完成征迁协调" in text_of(leader.get(url_of("guided")))
    assert leader.get(url_of("leader_note", make_cadre().pk)).status_code == 404


# -- what is answered elsewhere --


def test_duties_of_a_steward_and_of_the_office(guide):
    unit = make_unit()
    cadre = make_cadre(unit=unit)
    hold(cadre, make_enterprise(lead_department=unit), guide)
    raise_request(enterprise=make_enterprise(), kind="land", text="扩建", by=None, on=today())
    make_cadre(unit=unit)

    def keys(viewer):
        prefixes = ("park.own.", "park.staff.")
        return {duty.key: duty.count for duty in duties_of(viewer) if duty.key.startswith(prefixes)}

    assert keys(make_viewer(cadre=cadre, on=today())) == {"park.own.visits": 1}
    office = keys(make_viewer(Role.HR, on=today()))
    assert office == {"park.staff.gaps": 1, "park.staff.visits": 2, "park.staff.requests": 1}


def test_a_sole_holder_is_an_obstacle_until_somebody_is_asked(guide):
    unit = make_unit()
    cadre = make_cadre(unit=unit)
    project = make_project("独自一个")
    row = hold(cadre, project, guide)
    shared = make_project()
    hold(cadre, shared, guide)
    hold(make_cadre(), shared, guide)

    def codes():
        found = obstacles_to(cadre, None, on=today())
        return [o.message[:12] for o in found if o.code == "park.sole_holder"]

    assert codes() == ["独自承担项目“独自一个”"]
    handovers.offer(assignment=row, to=make_cadre(), reason="", by=None, on=today())
    assert codes() == []


def test_the_growth_file_shows_what_was_held_on_its_day(guide):
    cadre, successor = make_cadre(), make_cadre()
    project, enterprise = make_project("青云路"), make_enterprise("海川电器有限公司")
    row = hold(cadre, project, guide)
    hold(cadre, enterprise, guide)
    visit_of(enterprise, cadre)
    handovers.accept(
        handover=handovers.offer(assignment=row, to=successor, reason="", by=None, on=today()),
        by=None,
        on=today(),
    )
    LeaderNote.objects.create(leader=guide, cadre=cadre, year=today().year, quarter=1, text="肯干")

    def tables(who, on, edition=Edition.ARCHIVE):
        section = field_section(SectionContext(who, on, edition), field_records([who], on)[who.pk])
        blocks = section.blocks if section else ()
        return [[row.cells for row in block.rows] for block in blocks if isinstance(block, Table)]

    spring = date(2026, 3, 2)
    before = tables(cadre, yesterday())
    assert {cells[0] for cells in before[0]} == {"青云路", "海川电器有限公司"}
    now = {cells[0]: cells[3] for cells in tables(cadre, today())[0]}
    assert now["青云路"] == days_words(spring, yesterday())
    assert now["海川电器有限公司"] == "2026年3月2日至今"
    assert tables(successor, yesterday()) == []
    assert [cells[0] for cells in tables(successor, today())[0]] == ["青云路"]
    assert tables(cadre, today())[-1][0][2] == "肯干"
    assert len(tables(cadre, today(), Edition.SELF)) == len(tables(cadre, today())) - 1


def test_many_cadres_cost_as_many_queries_as_one(django_assert_num_queries, guide):
    cadres = [make_cadre() for _ in range(3)]
    for cadre in cadres:
        enterprise = make_enterprise()
        hold(cadre, enterprise, guide)
        visit_of(enterprise, cadre)
    with django_assert_num_queries(1):
        field_records(cadres[:1], today())
    with django_assert_num_queries(1):
        field_records(cadres, today())


def test_who_carries_too_much_is_said_by_the_rule_and_drawn(hr):
    cadre = make_cadre("重负荷")
    for _ in range(3):
        hold(cadre, make_project())
    light = make_cadre("轻负荷")
    hold(light, make_project())
    values = {"starts_on": today().isoformat(), "most_items": 2, "most_people": 5}
    assert "超负荷" not in text_of(hr.get(url_of("load")))[text_of(hr.get(url_of("load"))).index("<table") :]
    assert hr.post(url_of("load_rule_new"), values).status_code == 302
    page = text_of(hr.get(url_of("load"), {"over": "1"}))
    assert cadre.name in page
    assert "轻负荷" not in page[page.index("<table") :]
    assert "上限 2 项" in page
    assert "每名干部最多承担 2 项" in text_of(hr.get(url_of("load_rules")))
    assert cost(hr, url_of("load")) <= MOST_QUERIES
    assert cost(hr, url_of("leaders")) <= MOST_QUERIES
