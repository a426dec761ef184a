"""Who sees which cadre: scope by unit and day, the own record, nobody else's."""

from datetime import date, timedelta

import pytest

from core.access import EXCLUSIVE_ROLES, ON_RELATIVES, ROLE_PERMISSIONS, Permission, Role
from people.access import viewer_for
from people.choices import KinRelation
from people.models import Cadre, KinTie, RoleGrant
from tests.factories.people import TODAY, make_account, make_appointment, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db


def names(viewer, permission=Permission.VIEW_CADRE):
    return sorted(Cadre.objects.visible_to(viewer, permission).values_list("name", flat=True))


@pytest.fixture
def zone():
    root = make_unit("管委会")
    finance = make_unit("财政局", parent=root)
    section = make_unit("预算科", parent=finance)
    planning = make_unit("规划局", parent=root)
    return {"root": root, "finance": finance, "section": section, "planning": planning}


@pytest.fixture
def staff(zone):
    return {
        "finance": make_cadre("财一", unit=zone["finance"]),
        "section": make_cadre("财二", unit=zone["section"]),
        "planning": make_cadre("规一", unit=zone["planning"]),
        "nowhere": make_cadre("无岗"),
    }


def test_personnel_staff_of_the_whole_zone_see_everyone(staff):
    assert names(make_viewer(Role.HR)) == ["无岗", "规一", "财一", "财二"]


def test_department_head_sees_the_subtree_only(zone, staff):
    assert names(make_viewer(Role.DEPARTMENT_HEAD, unit=zone["finance"])) == ["财一", "财二"]


def test_a_cadre_sees_only_the_own_record(staff):
    assert names(make_viewer(cadre=staff["planning"])) == ["规一"]


@pytest.mark.parametrize("role", sorted(EXCLUSIVE_ROLES))
def test_administrators_see_no_cadre(staff, role):
    assert names(make_viewer(role)) == []


def test_without_any_grant_nothing_is_seen(staff):
    assert names(make_viewer()) == []


def test_scope_follows_the_post_held_on_the_day(zone, staff):
    moved = make_cadre("转岗")
    make_appointment(
        moved, unit=zone["finance"], starts_on=date(2020, 1, 1), ends_on=TODAY - timedelta(days=1)
    )
    make_appointment(moved, unit=zone["planning"], starts_on=TODAY)
    head = make_account(Role.DEPARTMENT_HEAD, unit=zone["finance"])
    assert "转岗" in names(viewer_for(head, on=TODAY - timedelta(days=1)))
    assert "转岗" not in names(viewer_for(head, on=TODAY))


def test_a_grant_binds_on_its_last_day_and_not_after(zone, staff):
    leader = make_account()
    RoleGrant.objects.create(
        user=leader, role=Role.VICE_LEADER, unit=zone["planning"], starts_on=date(2026, 1, 1), ends_on=TODAY
    )
    assert names(viewer_for(leader, on=TODAY)) == ["规一"]
    assert names(viewer_for(leader, on=TODAY + timedelta(days=1))) == []


def test_a_disabled_account_holds_nothing(staff):
    user = make_account(Role.HR, cadre=staff["finance"], is_active=False)
    assert names(viewer_for(user, on=TODAY)) == []


def test_staff_reach_the_own_record_only_as_the_cadre_they_are(staff):
    viewer = make_viewer(Role.HR, cadre=staff["finance"])
    assert "财一" in names(viewer, Permission.VIEW_CADRE)
    assert "财一" not in names(viewer, Permission.EDIT_CADRE)
    assert "财一" not in names(viewer, Permission.VIEW_GROWTH_ARCHIVE)


def test_a_secondment_does_not_move_the_scope(zone, staff):
    make_appointment(staff["planning"], kind="secondment", unit=zone["finance"], starts_on=date(2026, 1, 1))
    assert names(make_viewer(Role.DEPARTMENT_HEAD, unit=zone["finance"])) == ["财一", "财二"]


def test_as_of_gives_the_position_of_that_day(zone):
    cadre = make_cadre("转岗")
    make_appointment(
        cadre, unit=zone["finance"], title="科员", starts_on=date(2020, 1, 1), ends_on=date(2023, 6, 30)
    )
    make_appointment(cadre, unit=zone["planning"], title="科长", starts_on=date(2023, 7, 1))
    before = Cadre.objects.as_of(date(2023, 6, 30)).get()
    after = Cadre.objects.as_of(date(2023, 7, 1)).get()
    assert (before.unit_name, before.post_title, before.post_since) == ("财政局", "科员", date(2020, 1, 1))
    assert (after.unit_name, after.post_title, after.post_since) == ("规划局", "科长", date(2023, 7, 1))
    assert not Cadre.objects.as_of(date(2019, 12, 31)).exists()


# -- relatives (R2): nothing above L2, and no act --


@pytest.fixture
def couple(zone):
    """The head of the finance department, and the spouse, who works there."""
    head = make_cadre("财长", unit=zone["finance"], title="局长")
    spouse = make_cadre("财嫂", unit=zone["finance"])
    KinTie.objects.create(cadre=head, relative=spouse, relation=KinRelation.SPOUSE, confirmed_at=None)
    return head, spouse


STAFF = [role for role in Role if role not in EXCLUSIVE_ROLES and role != Role.CADRE]
HELD = [(role, permission) for role in STAFF for permission in sorted(ROLE_PERMISSIONS[role])]


@pytest.mark.parametrize(("role", "permission"), HELD)
def test_of_a_relative_a_role_reads_the_second_level_and_does_nothing(zone, couple, role, permission):
    make_cadre("财三", unit=zone["finance"])
    head, _ = couple
    seen = names(make_viewer(role, cadre=head), permission)
    own = {"财长"} if permission in ROLE_PERMISSIONS[Role.CADRE] else set()
    kin = {"财嫂"} if permission in ON_RELATIVES else set()
    assert set(seen) == {"财三"} | own | kin


def test_the_tie_holds_from_both_sides_and_for_nobody_else(zone, couple):
    _, spouse = couple
    assert "财长" not in names(make_viewer(Role.HR, cadre=spouse), Permission.EDIT_CADRE)
    other = make_cadre("旁人", unit=zone["finance"])
    assert {"财长", "财嫂"} <= set(names(make_viewer(Role.HR, cadre=other), Permission.EDIT_CADRE))
    assert {"财长", "财嫂"} <= set(names(make_viewer(Role.HR), Permission.EDIT_CADRE))


def test_what_the_levels_are():
    """Basic card, hours, tasks, secondments and that a checkup was done: level L2 of the access matrix."""
    assert sorted(ON_RELATIVES) == [
        "cadre.view",
        "checkup.coverage",
        "park.view",
        "secondment.view",
        "training.view",
    ]


def test_it_costs_no_query_of_its_own(couple, django_assert_num_queries):
    viewer = make_viewer(Role.HR, cadre=couple[0])
    with django_assert_num_queries(1):
        names(viewer, Permission.EDIT_CADRE)
