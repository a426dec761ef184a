"""Visits, how often they are due, and what enterprises ask for until it is closed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from core.access import Role
from core.errors import DomainError
from park import access
from park.choices import RequestState
from park.models import Enterprise, EnterpriseRequest, Visit
from park.queries import enterprises as queries
from park.services import requests, visits
from tests.factories.documents import photo_upload
from tests.factories.field import hold, make_enterprise
from tests.factories.park import moment
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db


def visit(enterprise, on=TODAY, visitors=None, **values):
    return visits.record_visit(
        enterprise=enterprise,
        on=on,
        visitors=[make_cadre()] if visitors is None else visitors,
        values={"situation": "生产正常"},
        by=None,
        at=moment(TODAY),
        **values,
    )


def test_a_visit_with_its_people_photos_and_requests():
    unit = make_unit()
    went = make_cadre(unit=unit)
    key = uuid4()
    for _ in range(2):  # the phone sent it twice
        row = visit(
            make_enterprise() if not Visit.objects.exists() else Visit.objects.get().enterprise,
            visitors=[went],
            requests=[("labour", "缺普工 20 人")],
            photos=[photo_upload()],
            client_key=key,
        )
    assert Visit.objects.count() == 1
    assert [(p.cadre, p.unit) for p in row.people.all()] == [(went, unit)]
    assert row.photos.count() == 1
    asked = row.requests.get()
    assert (asked.kind, asked.state, asked.raised_on) == ("labour", RequestState.RAISED, TODAY)


@pytest.mark.parametrize(
    "case",
    [{"visitors": []}, {"on": TODAY + timedelta(days=1)}, {"photos": [photo_upload() for _ in range(10)]}],
)
def test_a_visit_that_cannot_be_is_refused(case):
    with pytest.raises(DomainError):
        visit(make_enterprise(), **case)
    assert not Visit.objects.exists()


def test_who_is_behind_by_the_rule_of_the_day():
    fresh, late = make_enterprise("刚走访"), make_enterprise("超期")
    key_late = make_enterprise("重点超期", is_key=True)
    make_enterprise("从未走访")
    make_enterprise("已退出", state="left")
    make_enterprise("新入园", entered_on=TODAY - timedelta(days=3))
    visit(fresh, on=TODAY - timedelta(days=31))
    visit(late, on=TODAY - timedelta(days=32))
    visit(key_late, on=TODAY - timedelta(days=16))

    def behind(on=TODAY):
        rows = queries.with_last_visit(Enterprise.objects.all(), on)
        return {e.name for e in rows.filter(queries.behind(on, queries.cadence_on(on)))}

    assert behind() == {"超期", "重点超期", "从未走访"}
    assert "超期" not in behind(TODAY - timedelta(days=1))
    visits.open_visit_rule(
        values={"for_key_enterprises": False, "every_days": 60, "source": "新办法", "starts_on": TODAY},
        by=make_viewer(Role.HR),
    )
    assert behind() == {"重点超期", "从未走访"}
    rule = queries.cadence_on(TODAY)
    row = queries.with_last_visit(Enterprise.objects.filter(pk=late.pk), TODAY).get()
    assert queries.visit_due(row, rule) == TODAY + timedelta(days=28)
    assert queries.visit_light(row, rule, TODAY) == ("green", "正常")


def test_the_steward_sees_whose_visit_is_behind():
    mine, other = make_enterprise("我的"), make_enterprise("别人的")
    cadre = make_cadre()
    hold(cadre, mine)
    viewer = make_viewer(cadre=cadre)
    assert [e.name for e in queries.own_visits_behind(viewer)] == ["我的"]
    assert access.may_visit(mine, viewer)
    assert not access.may_visit(other, viewer)


# -- requests --


def raised(**values):
    return requests.raise_request(
        enterprise=make_enterprise(**values), kind="land", text="增容用电", by=None, on=TODAY
    )


def test_from_a_request_to_its_satisfaction():
    hr, unit = make_viewer(Role.HR), make_unit()
    handler = make_cadre(unit=unit)
    row, due = raised(), TODAY + timedelta(days=15)
    requests.assign_request(request=row, department=unit, handler=handler, due_on=due, by=hr, on=TODAY)
    own = make_viewer(cadre=handler)
    assert list(queries.own_requests(own)) == [row]
    assert EnterpriseRequest.objects.visible_to(own).filter(pk=row.pk).exists()
    assert access.may_handle(row, own)
    requests.start_request(request=row, by=own)
    requests.answer_request(request=row, result="已增容", by=own, on=TODAY)
    with pytest.raises(DomainError):  # not by whoever handled it
        requests.close_request(request=row, satisfaction="satisfied", by=own, on=TODAY)
    with pytest.raises(DomainError):
        requests.close_request(request=row, satisfaction="", by=hr, on=TODAY)
    with pytest.raises(DomainError):
        requests.close_request(request=row, satisfaction="dissatisfied", by=hr, on=TODAY)
    requests.close_request(request=row, satisfaction="satisfied", by=hr, on=TODAY)
    row.refresh_from_db()
    assert (row.state, row.satisfaction, row.closed_on) == ("closed", "satisfied", TODAY)
    assert list(queries.open_requests(hr)) == []


def test_steps_out_of_order_are_refused_and_an_answer_can_be_reopened():
    hr, row = make_viewer(Role.HR), raised()
    for step in (
        lambda: requests.answer_request(request=row, result="好", by=hr, on=TODAY),
        lambda: requests.close_request(request=row, satisfaction="fair", by=hr, on=TODAY),
        lambda: requests.assign_request(
            request=row, department=make_unit(), due_on=date(2026, 1, 1), by=hr, on=TODAY
        ),
    ):
        with pytest.raises(DomainError):
            step()
    requests.assign_request(request=row, department=make_unit(), due_on=TODAY, by=hr, on=TODAY)
    requests.answer_request(request=row, result="好", by=hr, on=TODAY)
    requests.reopen_request(request=row, by=hr)
    assert (row.state, row.answered_on, row.result) == ("handling", None, "好")


def test_the_handling_department_sees_the_request_of_anothers_enterprise():
    one, two = make_unit(), make_unit()
    row = raised(lead_department=one)
    requests.assign_request(request=row, department=two, due_on=TODAY, by=make_viewer(Role.HR), on=TODAY)
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=two)
    assert list(EnterpriseRequest.objects.visible_to(head)) == [row]
    assert not Enterprise.objects.visible_to(head).exists()
    assert access.may_handle(row, head)
