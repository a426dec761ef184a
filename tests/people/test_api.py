"""The register over HTTP: who sees what, and what is refused how."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from core.access import Role
from core.models import AuditEvent
from people.models import Appointment, Cadre, FamilyMember, Honour, Post, Unit
from tests.factories.api import client_of
from tests.factories.people import identity_number, make_account, make_appointment, make_cadre, make_unit

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def office() -> dict[str, Any]:
    zone = make_unit("示例开发区管委会")
    finance, works = make_unit("财政局", parent=zone), make_unit("建设局", parent=zone)
    zhang = make_cadre("张启明", unit=finance, id_number=identity_number(), phone="13800000000")
    li = make_cadre("李文博", unit=works)
    FamilyMember.objects.create(cadre=zhang, relation="妻子", name="王某", workplace="某小学")
    Honour.objects.create(cadre=zhang, title="优秀公务员", awarded_on=date(2024, 1, 1))
    return {"zone": zone, "finance": finance, "works": works, "zhang": zhang, "li": li}


@pytest.fixture
def hr(office: dict[str, Any]) -> APIClient:
    return client_of(make_account(Role.HR))


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.data
    return sorted(row["name"] for row in answer.data["results"])


def test_a_stranger_gets_401_everywhere(office: dict[str, Any]) -> None:
    for path in ("cadres/", f"cadres/{office['li'].pk}/", "units/", "posts/", "appointments/", "schema/"):
        answer = APIClient().get(API + path)
        assert (answer.status_code, answer.data["code"]) == (401, "not_authenticated"), path


def test_each_sees_the_own_scope(office: dict[str, Any], hr: APIClient) -> None:
    head = client_of(make_account(Role.DEPARTMENT_HEAD, unit=office["finance"]))
    me = client_of(make_account(cadre=office["li"]))
    assert names(hr.get(API + "cadres/")) == ["张启明", "李文博"]
    assert names(head.get(API + "cadres/")) == ["张启明"]
    assert names(me.get(API + "cadres/")) == ["李文博"]
    assert me.get(API + "appointments/").data["count"] == 1


def test_another_s_record_answers_like_one_that_does_not_exist(office: dict[str, Any]) -> None:
    me = client_of(make_account(cadre=office["li"]))
    theirs = Appointment.objects.get(cadre=office["zhang"])
    rows = {
        f"cadres/{office['zhang'].pk}/": "cadres/99999/",
        f"appointments/{theirs.pk}/": "appointments/99999/",
    }
    for path, missing in rows.items():
        answers = [me.get(API + path), me.get(API + missing)]
        answers += [me.patch(API + there, {}, format="json") for there in (path, missing)]
        bodies = [{key: answer.data[key] for key in ("code", "message", "fields")} for answer in answers]
        assert [answer.status_code for answer in answers] == [404, 404, 403, 403]
        assert (bodies[0], bodies[2]) == (bodies[1], bodies[3])


def test_administrators_see_no_cadre(office: dict[str, Any]) -> None:
    for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
        assert client_of(make_account(role)).get(API + "cadres/").status_code == 404


def test_numbers_are_masked_and_family_needs_its_permission(office: dict[str, Any], hr: APIClient) -> None:
    path = f"{API}cadres/{office['zhang'].pk}/"
    shown = hr.get(path).data
    assert shown["private"]["id_number"] == "9999************" + identity_number()[-2:]
    assert shown["private"]["phone"] == "138****0000"
    (wife,) = hr.get(path + "family/").data
    assert (wife["relation"], wife["name"], wife["workplace"]) == ("妻子", "王某", "某小学")
    assert AuditEvent.objects.get().label == "张启明·家庭成员"
    assert shown["record"]["honours"][0]["title"] == "优秀公务员"

    head = client_of(make_account(Role.DEPARTMENT_HEAD, unit=office["finance"])).get(path).data
    assert (head["private"], head["record"]["honours"][0]["title"]) == (None, "优秀公务员")
    party_client = client_of(make_account(Role.PARTY))
    party = party_client.get(path).data
    assert (party["private"], party["record"], party["name"]) == (None, None, "张启明")
    assert party_client.get(path + "family/").status_code == 404
    own = client_of(make_account(cadre=office["li"]))
    assert own.get(path + "family/").status_code == 404
    assert own.get(f"{API}cadres/{office['li'].pk}/family/").data == []
    assert "13800000000" not in str([shown, head, party])


def test_personnel_staff_see_themselves_only_as_cadres(office: dict[str, Any]) -> None:
    user = make_account(Role.HR, cadre=office["zhang"])
    answer = client_of(user).patch(f"{API}cadres/{office['zhang'].pk}/", {"rank": "一级科员"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "out_of_reach")
    assert Cadre.objects.get(pk=office["zhang"].pk).rank == ""


def test_a_cadre_is_entered_with_a_position(office: dict[str, Any], hr: APIClient) -> None:
    new = {
        "name": "陈 思远",
        "staff_no": "X1",
        "sex": "M",
        "id_number": identity_number(date(1990, 5, 1)),
        "position": {"unit": office["works"].pk, "title": "科员", "starts_on": "2026-01-05"},
    }
    answer = hr.post(API + "cadres/", new, format="json")
    assert answer.status_code == 201, answer.data
    assert (answer.data["name"], answer.data["unit_name"], answer.data["post_title"]) == (
        "陈思远",
        "建设局",
        "科员",
    )
    again = hr.post(API + "cadres/", new, format="json")
    assert again.status_code == 400 or again.status_code == 422
    assert Cadre.objects.filter(name="陈思远").count() == 1


def test_out_of_scope_units_cannot_be_written_to(office: dict[str, Any]) -> None:
    scoped = client_of(make_account(Role.HR, unit=office["finance"]))
    position = {"unit": office["works"].pk, "title": "科员", "starts_on": "2026-01-05"}
    answer = scoped.post(API + "cadres/", {"name": "某", "position": position}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "out_of_reach")
    answer = scoped.patch(f"{API}units/{office['works'].pk}/", {"name": "改名"}, format="json")
    assert answer.status_code == 403
    answer = scoped.post(API + "units/", {"code": "N", "name": "新局"}, format="json")
    assert answer.status_code == 403
    texts = []
    for number in (office["li"].pk, 999999):
        values = {"cadre": number, "unit": office["finance"].pk, "title": "x", "starts_on": "2026-01-01"}
        answer = scoped.post(API + "appointments/", values, format="json")
        texts.append((answer.status_code, str(answer.data["fields"]).replace(str(number), "N")))
    assert texts == [(400, "{'cadre': ['没有编号为 N 的记录。']}")] * 2


def test_writes_go_through_services(office: dict[str, Any], hr: APIClient) -> None:
    zhang = office["zhang"]
    path = f"{API}cadres/{zhang.pk}/"
    assert hr.patch(path, {"rank": "一级科员"}, format="json").data["rank"] == "一级科员"
    refused = hr.patch(path, {"sex": "F"}, format="json")
    assert (refused.status_code, refused.data["code"]) == (422, "sex_mismatch")
    assert list(refused.data["fields"]) == ["sex"]

    stale = hr.patch(path, {"note": "x", "seen_at": "2020-01-01T00:00:00Z"}, format="json")
    assert (stale.status_code, stale.data["code"]) == (409, "conflict")

    moved = {"cadre": zhang.pk, "unit": office["works"].pk, "title": "副局长", "starts_on": "2026-02-01"}
    answer = hr.post(API + "appointments/", moved, format="json")
    assert (answer.status_code, answer.data["place"]) == (201, "建设局")
    assert Appointment.objects.get(cadre=zhang, unit=office["finance"]).ends_on == date(2026, 1, 31)
    changed = hr.patch(
        f"{API}appointments/{answer.data['id']}/", {"document_no": "示发〔2026〕1号"}, format="json"
    )
    assert changed.data["document_no"] == "示发〔2026〕1号"


def test_units_and_posts(office: dict[str, Any], hr: APIClient) -> None:
    made = hr.post(
        API + "units/",
        {"code": "S1", "name": "一科", "kind": "section", "parent": office["works"].pk},
        format="json",
    )
    assert made.status_code == 201, made.data
    assert Unit.objects.get(code="S1").path.startswith(office["works"].path)
    post = hr.post(
        API + "posts/", {"unit": made.data["id"], "title": "科长", "post_class": "key"}, format="json"
    )
    assert (post.status_code, post.data["unit_name"]) == (201, "一科")
    twice = hr.post(API + "posts/", {"unit": made.data["id"], "title": "科长"}, format="json")
    assert (twice.status_code, twice.data["message"]) == (422, "该机构已有同名岗位。")
    cycle = hr.patch(f"{API}units/{office['works'].pk}/", {"parent": made.data["id"]}, format="json")
    assert (cycle.status_code, cycle.data["code"]) == (422, "cycle")
    assert hr.get(API + "posts/", {"post_class": "key"}).data["count"] == 1


@pytest.mark.parametrize(
    "key", ["id", "uid", "name_pinyin", "rank_order", "photo_path", "unit_name", "private"]
)
def test_no_key_is_silently_dropped(office: dict[str, Any], hr: APIClient, key: str) -> None:
    answer = hr.patch(f"{API}cadres/{office['li'].pk}/", {"note": "改", key: "1"}, format="json")
    assert (answer.status_code, answer.data["code"]) == (400, "unknown_or_readonly_field")
    assert Cadre.objects.get(pk=office["li"].pk).note == ""


@pytest.mark.parametrize(
    "query",
    [
        "id_number__startswith=9999",
        "id_number=1",
        "phone=138",
        "account__password=x",
        "family__name=王某",
        "uid=1",
        "format=xml",
        "nonsense",
    ],
)
def test_unknown_filters_are_refused(hr: APIClient, query: str) -> None:
    answer = hr.get(f"{API}cadres/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_filter")


@pytest.mark.parametrize(
    "order", ["id_number_index", "account__password", "-phone", "pk", "name,-note", "?", "--name"]
)
def test_hidden_orders_are_refused(hr: APIClient, order: str) -> None:
    answer = hr.get(f"{API}cadres/", {"ordering": order})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_filter")


def test_filters_are_those_of_the_page(office: dict[str, Any], hr: APIClient) -> None:
    assert names(hr.get(API + "cadres/", {"q": "lwb"})) == ["李文博"]
    assert names(hr.get(API + "cadres/", {"unit": office["finance"].pk})) == ["张启明"]
    ordered = hr.get(API + "cadres/", {"ordering": "-name"}).data["results"]
    assert [row["name"] for row in ordered] == ["张启明", "李文博"]
    assert hr.get(API + "cadres/", {"sex": "X"}).status_code == 400
    assert hr.get(API + "appointments/", {"on": "2019-12-31"}).data["count"] == 0
    assert hr.get(API + "appointments/", {"cadre": office["li"].pk, "on": "2026-01-01"}).data["count"] == 1


HOSTILE = [
    ("get", "cadres/1e999/", None),
    ("get", f"cadres/{10**30}/", None),
    ("get", f"cadres/{10**17}/", None),
    ("get", "cadres/%00/", None),
    ("get", "cadres/-1/", None),
    ("get", "cadres/?q=%00", None),
    ("get", "cadres/?q=%ff%fe", None),
    ("get", "cadres/?unit=" + "9" * 400, None),
    ("get", "cadres/?unit=%00", None),
    ("get", "cadres/?page=" + "9" * 30, None),
    ("get", "cadres/?page=1e999", None),
    ("get", "cadres/?page_size=1000", None),
    ("get", "cadres/?page_size=-1", None),
    ("get", "cadres/?page_size=٣", None),
    ("get", "cadres/?ordering=" + "name," * 500, None),
    ("get", "appointments/?cadre=1e999", None),
    ("get", "appointments/?cadre=" + "9" * 30, None),
    ("get", "appointments/?cadre=" + "9" * 5000, None),
    ("get", "appointments/?on=9999-99-99", None),
    ("get", "units/?parent=NaN", None),
    ("post", "appointments/", '{"cadre": 1e999}'),
    ("post", "appointments/", '{"cadre": 1000000000000000000000000000000}'),
    ("post", "appointments/", '{"cadre": {"a": []}}'),
    ("post", "appointments/", '{"cadre": [1], "unit": true}'),
    ("post", "appointments/", '{"cadre": "１２"}'),
    ("post", "appointments/", "[" * 3000),
    ("post", "cadres/", '{"name": "\\u0000"}'),
    ("post", "cadres/", '{"name": "\\ud800"}'),
    ("post", "cadres/", '{"name": ["x"], "position": 3}'),
    ("post", "cadres/", '[{"name": "x"}]'),
    ("post", "cadres/", '"x"'),
    ("post", "cadres/", "null"),
    ("post", "cadres/", '{"name": "x", "birth_month": "10000-01-01", "position": null}'),
    ("post", "units/", '{"name": "x", "display_order": 99999999999999999999}'),
    ("post", "units/", '{"name": "x", "code": "' + "x" * 5000 + '"}'),
    ("post", "posts/", '{"unit": 1, "title": "x", "headcount": -5}'),
    ("post", "auth/login/", '{"username": "\\u0000", "password": "x"}'),
    ("post", "auth/login/", '{"username": {"$ne": ""}, "password": ["x"]}'),
]


@pytest.mark.parametrize(("verb", "path", "body"), HOSTILE)
def test_hostile_input_is_refused_in_words(hr: APIClient, verb: str, path: str, body: str | None) -> None:
    if body is None:
        answer = hr.get(API + path)
    else:
        answer = getattr(hr, verb)(API + path, data=body, content_type="application/json")
    allowed = {200, 400} if "q=" in path else {400, 404}  # any text may be searched for
    assert answer.status_code in allowed, answer.content
    if answer.status_code == 400:
        assert set(answer.json()) == {"code", "message", "request_id", "fields"}
        assert answer.json()["message"]


def test_other_ways_in_are_shut(hr: APIClient) -> None:
    options = hr.options(API + "cadres/")
    assert (options.status_code, options.data["code"]) == (404, "not_found")  # names no choice, no label
    assert hr.delete(f"{API}units/1/").status_code == 403
    assert (
        hr.post(API + "cadres/", "name=x", content_type="application/x-www-form-urlencoded").status_code
        == 415
    )
    assert hr.get(API + "cadres/", headers={"accept": "text/html"}).status_code == 406


def test_a_forged_request_is_refused(office: dict[str, Any]) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_account(Role.HR), backend="people.backends.AccountBackend")
    answer = client.post(API + "units/", {"name": "x"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize("path", ["cadres/", "appointments/", "units/", "posts/"])
def test_a_list_costs_the_same_at_one_row_and_at_three(hr: APIClient, path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert hr.get(API + path).status_code == 200
        return len(queries)

    unit = make_unit()
    Post.objects.create(unit=unit, title="a")
    first = cost()
    for title in ("b", "c"):
        other = make_unit()
        Post.objects.create(unit=other, title=title)
        make_appointment(make_cadre(unit=other), unit=other, title=title, is_main=False)
    assert cost() == first
