import pytest
from django.test import Client

from core.access import Role
from people.models import Cadre, Post, Unit
from tests.factories.people import make_account, make_cadre, make_unit


def test_the_tree_counts_people_with_and_without_the_units_below(hr: Client, office: Unit) -> None:
    section = make_unit("文秘科", parent=office)
    make_cadre(unit=office), make_cadre(unit=section), make_cadre(unit=section)
    branches = hr.get("/units/").context["branches"]
    assert [(b.unit.name, b.depth, b.people, b.people_below) for b in branches] == [
        ("党政办公室", 0, 1, 3),
        ("文秘科", 1, 2, 2),
    ]


def test_siblings_stand_in_their_order(hr: Client) -> None:
    zone = make_unit("管委会")
    make_unit("乙局", parent=zone, display_order=2), make_unit("甲局", parent=zone, display_order=1)
    assert [b.unit.name for b in hr.get("/units/").context["branches"]] == ["管委会", "甲局", "乙局"]


def test_a_unit_is_made_changed_and_closed(hr: Client, office: Unit) -> None:
    fields = {"name": "文秘科", "kind": "section", "parent": office.pk, "display_order": "1"}
    hr.post("/units/new/", fields)
    unit = Unit.objects.get(name="文秘科")
    assert unit.path.startswith(office.path)
    hr.post(f"/units/{unit.pk}/edit/", fields | {"name": "秘书科", "code": unit.code})
    assert hr.post(f"/units/{unit.pk}/close/")["Location"] == f"/units/{unit.pk}/"
    unit.refresh_from_db()
    assert (unit.name, unit.closed_on is not None) == ("秘书科", True)


def test_a_unit_with_people_is_not_closed(hr: Client, office: Unit) -> None:
    make_cadre(unit=office)
    answer = hr.post(f"/units/{office.pk}/close/")
    assert answer.status_code == 422
    assert "还有 1 人任职" in answer.content.decode()


def test_posts_are_added_and_changed(hr: Client, office: Unit) -> None:
    fields = {"title": "主任", "post_class": "key", "display_order": "1"}
    hr.post(f"/units/{office.pk}/posts/new/", fields)
    post = Post.objects.get()
    hr.post(f"/units/{office.pk}/posts/{post.pk}/", fields | {"headcount": "1"})
    post.refresh_from_db()
    assert (post.unit, post.post_class, post.headcount) == (office, "key", 1)
    assert "关键岗位" in hr.get(f"/units/{office.pk}/").content.decode()


@pytest.fixture
def section_hr(client: Client, office: Unit) -> Client:
    """A personnel officer for one department only."""
    client.force_login(make_account(Role.HR, unit=office))
    return client


def unit_fields(unit: Unit, **changed: object) -> dict[str, object]:
    fields = {"name": unit.name, "kind": unit.kind, "code": unit.code, "display_order": 0}
    return fields | {"parent": unit.parent_id or ""} | changed


def test_no_unit_is_drawn_into_the_own_scope(section_hr: Client, office: Unit) -> None:
    other = make_unit("财政局")
    person = make_cadre(unit=other)
    pages = (f"/units/{other.pk}/edit/", f"/units/{other.pk}/close/", f"/units/{other.pk}/posts/new/")
    fields = unit_fields(other, parent=office.pk, title="局长", post_class="key")
    assert [section_hr.post(page, fields).status_code for page in pages] == [404, 404, 404]
    assert section_hr.get(f"/cadres/{person.pk}/").status_code == 404


def test_the_own_unit_changes_within_its_place(section_hr: Client, office: Unit) -> None:
    section_hr.post(f"/units/{office.pk}/edit/", unit_fields(office, name="办公室"))
    refused = section_hr.post(f"/units/{office.pk}/edit/", unit_fields(office, parent=make_unit().pk))
    office.refresh_from_db()
    assert (office.name, office.parent, refused.status_code) == ("办公室", None, 422)


def test_new_units_hang_under_the_own_one(section_hr: Client, office: Unit) -> None:
    fields = {"name": "文秘科", "kind": "section", "display_order": 0}
    answers = [
        section_hr.post("/units/new/", fields | {"parent": p}) for p in ("", make_unit().pk, office.pk)
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 302]


def test_people_are_placed_in_the_own_units_only(section_hr: Client, office: Unit) -> None:
    cadre, other = make_cadre(unit=office), make_unit()
    fields = {"kind": "post", "title": "科长", "starts_on": "2026-01-01", "is_main": "on"}
    answers = [
        section_hr.post(f"/cadres/{cadre.pk}/posts/new/", fields | {"unit": unit.pk})
        for unit in (other, office)
    ]
    assert [answer.status_code for answer in answers] == [422, 302]
    assert section_hr.post("/cadres/new/", {"name": "张示例", "status": "active"}).status_code == 422
    assert Cadre.objects.count() == 1
