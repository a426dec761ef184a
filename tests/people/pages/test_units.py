from django.test import Client

from people.models import Post, Unit
from tests.factories.people import make_cadre, make_unit


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
