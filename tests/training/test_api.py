"""Training over HTTP: the catalogue for all, people in scope only, hours explained line by line."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from core.access import Role
from tests.factories.api import client_of
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.training import attend, credit, default_rules, make_class
from training.models import Participation, TrainingClass

pytestmark = pytest.mark.django_db
API = "/api/v1/"
YEAR = timezone.localdate().year - 1


@pytest.fixture
def office() -> dict[str, Any]:
    default_rules()
    finance, works = make_unit("财政局"), make_unit("建设局")
    zhang, li = make_cadre("张启明", unit=finance), make_cadre("李文博", unit=works)
    course = make_class("安全生产专题培训班", starts_on=date(YEAR, 5, 6), ends_on=date(YEAR, 5, 8))
    return {
        "finance": finance,
        "zhang": zhang,
        "li": li,
        "course": course,
        "rows": [credit(zhang, course), credit(li, course)],
    }


@pytest.fixture
def hr(office: dict[str, Any]) -> APIClient:
    return client_of(make_account(Role.HR))


def test_the_catalogue_is_for_all_and_people_for_their_readers(office: dict[str, Any], hr: APIClient) -> None:
    me = client_of(make_account(cadre=office["li"]))
    assert me.get(API + "classes/").data["results"][0]["people"] == 2
    assert [row["cadre_name"] for row in me.get(API + "participations/").data["results"]] == ["李文博"]
    assert hr.get(API + "participations/").data["count"] == 2
    theirs = office["rows"][0]
    for path in (f"participations/{theirs.pk}/", f"hours/{office['zhang'].pk}/"):
        assert me.get(API + path).status_code == 404, path
    assert me.post(API + "classes/", {}, format="json").status_code == 403
    for role in (Role.SYSADMIN, Role.AUDITOR):
        for path in ("classes/", "participations/", "hours/"):
            assert client_of(make_account(role)).get(API + path).status_code == 404


def test_a_class_is_created_changed_and_removed(office: dict[str, Any], hr: APIClient) -> None:
    new = {"name": "公文写作班", "kind": "topical", "starts_on": f"{YEAR}-06-01", "ends_on": f"{YEAR}-06-02"}
    made = hr.post(API + "classes/", new, format="json")
    assert made.status_code == 201, made.data
    assert [made.data[key] for key in ("days", "hours", "people")] == ["2.00", "16.00", 0]
    path = f"{API}classes/{made.data['id']}/"
    assert hr.patch(path, {"place": "党校"}, format="json").data["place"] == "党校"
    refused = hr.patch(path, {"ends_on": f"{YEAR}-05-01"}, format="json")
    assert (refused.status_code, refused.data["fields"]) == (422, {"ends_on": ["结束日期不能早于开始日期。"]})
    assert hr.delete(path).status_code == 204
    kept = hr.delete(f"{API}classes/{office['course'].pk}/")
    assert (kept.status_code, kept.data["code"]) == (422, "class_has_people")


def test_recredit_is_asked_for(office: dict[str, Any], hr: APIClient) -> None:
    path = f"{API}classes/{office['course'].pk}/"
    hr.patch(path, {"hours": "20"}, format="json")
    assert set(Participation.objects.values_list("hours", flat=True)) == {24}
    TrainingClass.objects.update(hours=24)
    hr.patch(path, {"hours": "20", "recredit": True}, format="json")
    assert set(Participation.objects.values_list("hours", flat=True)) == {20}


def test_people_are_entered_and_credited_in_scope(office: dict[str, Any], hr: APIClient) -> None:
    course = make_class(starts_on=date(YEAR, 7, 1))
    entry = {"training_class": course.pk, "cadre": office["li"].pk, "result": "good"}
    made = hr.post(API + "participations/", entry, format="json")
    assert made.status_code == 201, made.data
    assert (made.data["hours"], made.data["result"]) == ("8.00", "good")
    path = f"{API}participations/{made.data['id']}/"
    assert hr.patch(path, {"hours": "4.5"}, format="json").data["hours"] == "4.50"
    refused = hr.patch(path, {"hours": "4.1"}, format="json")
    assert (refused.status_code, list(refused.data["fields"])) == (422, ["hours"])
    unknown = hr.patch(path, {"cadre": office["zhang"].pk}, format="json")
    assert unknown.data["code"] == "unknown_or_readonly_field"
    again = hr.post(API + "participations/", entry, format="json")
    assert (again.status_code, again.data["code"]) == (422, "already_in_class")

    scoped = client_of(make_account(Role.HR, unit=office["finance"]))
    assert scoped.patch(path, {"hours": "8"}, format="json").status_code == 404
    assert scoped.post(API + "participations/", entry, format="json").status_code == 400
    assert hr.delete(path).status_code == 204


def test_nobody_credits_the_own_record(office: dict[str, Any]) -> None:
    own = client_of(make_account(Role.HR, cadre=office["zhang"]))
    path = f"{API}participations/{office['rows'][0].pk}/"
    assert own.patch(path, {"hours": "99"}, format="json").data["code"] == "out_of_reach"
    assert own.delete(path).status_code == 403
    assert Participation.objects.filter(hours=24).count() == 2


def test_hours_say_where_a_cadre_stands_and_why(office: dict[str, Any], hr: APIClient) -> None:
    row = next(
        row
        for row in hr.get(API + "hours/", {"year": YEAR, "ordering": "name"}).data["results"]
        if row["cadre"] == office["zhang"].pk
    )
    assert row["on"] == f"{YEAR}-12-31"
    assert [row[key] for key in ("hours", "required_hours", "gap_hours", "regime", "status")] == [
        "24.00",
        "90.00",
        "66.00",
        "annual",
        "behind",
    ]
    detail = hr.get(f"{API}hours/{office['zhang'].pk}/", {"year": YEAR}).data
    (line,) = detail["lines"]
    assert (line["name"], line["hours"], line["counted"]) == ("安全生产专题培训班", "24.00", True)
    assert "年度学时" in detail["basis"]


def test_filters_are_those_of_the_pages(office: dict[str, Any], hr: APIClient) -> None:
    attend(office["zhang"], date(YEAR, 8, 1), 80)
    met = hr.get(API + "hours/", {"year": YEAR, "status": "met"}).data["results"]
    assert [row["name"] for row in met] == ["张启明"]
    assert hr.get(API + "classes/", {"year": YEAR - 1}).data["count"] == 0
    assert hr.get(API + "participations/", {"cadre": office["li"].pk}).data["count"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "hours/?year=1e999",
        "hours/?year=1066",
        "hours/?cadre__id_number=1",
        "hours/?ordering=hours_status",
        "classes/?year=1e999",
        "classes/?year=99999999999",
        "classes/?participations__cadre=1",
        "classes/?state=%00",
        "participations/?cadre=1e999",
        "participations/?cadre=9" + "9" * 40,
        "participations/?cadre=NaN",
        "participations/?training_class=-1",
        "participations/?year=0",
        "participations/?cadre__phone=1",
        "participations/?ordering=cadre__id_number_index",
    ],
)
def test_hostile_queries_are_refused(hr: APIClient, path: str) -> None:
    answer = hr.get(API + path)
    empty = answer.status_code == 200 and answer.json()["count"] == 0  # a number that no row has
    assert answer.status_code == 400 or empty, answer.content


@pytest.mark.parametrize("year", ["1066", "x", "1e999", "", "\x00"])
def test_hours_of_a_year_out_of_reach(office: dict[str, Any], hr: APIClient, year: str) -> None:
    assert hr.get(f"{API}hours/{office['zhang'].pk}/", {"year": year}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        '{"training_class": 1e999, "cadre": 1}',
        '{"training_class": 1, "cadre": 1, "hours": 1e400}',
        '{"training_class": 1, "cadre": 1, "hours": "1e400"}',
        '{"training_class": 1, "cadre": 1, "hours": "NaN"}',
        '{"training_class": 1, "cadre": 1, "hours": -1}',
        '{"name": {"a": 1}}',
    ],
)
@pytest.mark.parametrize("path", ["participations/", "classes/"])
def test_hostile_bodies_are_refused(hr: APIClient, path: str, body: str) -> None:
    answer = hr.post(API + path, data=body, content_type="application/json")
    assert answer.status_code == 400, answer.content


@pytest.mark.parametrize("path", ["classes/", "participations/", f"hours/?year={YEAR}"])
def test_a_list_costs_the_same_at_one_row_and_at_three(hr: APIClient, path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert hr.get(API + path).status_code == 200
        return len(queries)

    first = cost()
    for _ in range(3):
        attend(make_cadre(unit=make_unit()), date(YEAR, 9, 1), 8)
    assert cost() == first
    assert first <= 12
