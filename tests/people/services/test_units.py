import pytest

from core.access import Role
from core.errors import DomainError
from people.models import Unit
from people.services.units import close_unit, create_post, create_unit, next_unit_code, update_unit
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_viewer(Role.HR)


def test_a_new_unit_knows_its_place_in_the_tree(staff):
    root = create_unit(values={"name": "管委会"}, by=staff)
    child = create_unit(values={"name": "财政局", "parent": root}, by=staff)
    assert child.path == f"{root.path}{child.pk:06d}/"
    assert [unit.name for unit in Unit.objects.under(root.path)] == ["管委会", "财政局"]
    assert (root.code, child.code) == ("B001", "B002")


def test_moving_a_unit_moves_its_subtree(staff):
    root = make_unit("管委会")
    east, west = make_unit("东片", parent=root), make_unit("西片", parent=root)
    leaf = make_unit("财政局", parent=make_unit("东一", parent=east))
    update_unit(unit=Unit.objects.get(name="东一"), values={"parent": west}, by=staff)
    leaf.refresh_from_db()
    assert leaf.path.startswith(west.path)
    assert not Unit.objects.under(east.path).filter(name="财政局").exists()


def test_a_unit_cannot_move_under_itself(staff):
    root = make_unit("管委会")
    child = make_unit("财政局", parent=root)
    with pytest.raises(DomainError) as refusal:
        update_unit(unit=root, values={"parent": child}, by=staff)
    assert refusal.value.code == "cycle"


def test_names_are_unique_under_one_parent(staff):
    root = make_unit("管委会")
    create_unit(values={"name": "财政局", "parent": root}, by=staff)
    with pytest.raises(DomainError):
        create_unit(values={"name": "财政局", "parent": root}, by=staff)


def test_a_staffed_unit_does_not_close(staff):
    unit = make_unit("财政局")
    make_cadre(unit=unit)
    with pytest.raises(DomainError) as refusal:
        close_unit(unit=unit, on=TODAY, by=staff)
    assert "还有 1 人任职" in refusal.value.message
    empty = make_unit("空壳局")
    close_unit(unit=empty, on=TODAY, by=staff)
    assert Unit.objects.get(pk=empty.pk).closed_on == TODAY


def test_a_post_title_is_unique_in_its_unit(staff):
    unit = make_unit("财政局")
    create_post(values={"unit": unit, "title": "局长", "headcount": 1}, by=staff)
    with pytest.raises(DomainError) as refusal:
        create_post(values={"unit": unit, "title": "局长"}, by=staff)
    assert "该机构已有同名岗位" in refusal.value.message


def test_generated_codes_skip_taken_ones():
    make_unit("甲", code="B002")
    assert next_unit_code() == "B003"
