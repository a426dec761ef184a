"""先进事迹 from the nomination to the honour; 领导小组 whose members are looked at again when they move."""

from datetime import timedelta

import pytest

from core.access import Role
from core.errors import DomainError
from growth.contracts import Edition, SectionContext, sections_for
from park.choices import DeedState
from park.models import Deed
from park.queries.groups import to_recheck
from park.services import deeds, groups
from people.choices import CadreStatus, HonourKind
from people.contracts import duties_of
from people.models import Cadre, Honour
from people.services.appointments import appoint
from tests.factories.api import client_of
from tests.factories.people import TODAY, make_account, make_cadre, make_unit, make_viewer

pytestmark = pytest.mark.django_db


def nominated(by, cadre=None):
    cadre = cadre or make_cadre(unit=make_unit())
    return deeds.nominate(cadre=cadre, title="百日攻坚先进个人", text="征迁一线", by=by, on=TODAY)


def test_from_nomination_to_the_honour_in_the_record():
    one, two = make_viewer(Role.HR), make_viewer(Role.HR)
    deed = nominated(one)
    with pytest.raises(DomainError):
        deeds.verify(deed=deed, note="属实", by=one, on=TODAY)  # the nominator
    with pytest.raises(DomainError):
        deeds.announce(deed=deed, until=TODAY + timedelta(days=9), by=two, on=TODAY)  # not verified
    deeds.verify(deed=deed, note="走访三人，属实", by=two, on=TODAY)
    with pytest.raises(DomainError):
        deeds.announce(deed=deed, until=TODAY + timedelta(days=4), by=two, on=TODAY)
    until = TODAY + timedelta(days=5)
    deeds.announce(deed=deed, until=until, by=two, on=TODAY)
    with pytest.raises(DomainError):
        deeds.publish(deed=deed, awarding_body="开发区党工委", by=two, on=until)
    assert not Honour.objects.exists()
    honour = deeds.publish(deed=deed, awarding_body="开发区党工委", by=two, on=until + timedelta(days=1))
    assert (honour.cadre, honour.kind, honour.deed) == (deed.cadre, HonourKind.DEED, "征迁一线")
    deed.refresh_from_db()
    assert (deed.state, deed.honour) == (DeedState.PUBLISHED, honour)
    with pytest.raises(DomainError):
        deeds.publish(deed=deed, awarding_body="", by=two, on=until + timedelta(days=2))


def test_nobody_nominates_themselves_and_a_refusal_has_a_reason():
    me = make_cadre(unit=make_unit())
    by = make_viewer(Role.HR, cadre=me)
    with pytest.raises(DomainError):
        nominated(by, me)
    deed = nominated(by)
    with pytest.raises(DomainError):
        deeds.refuse(deed=deed, reason=" ", by=by, on=TODAY)
    deeds.refuse(deed=deed, reason="情况有出入", by=by, on=TODAY)
    assert deed.state == DeedState.REFUSED


def test_what_is_not_yet_announced_is_for_the_staff_of_the_cadre():
    unit = make_unit()
    office = make_viewer(Role.HR)
    deed = nominated(office, make_cadre(unit=unit))
    other = make_viewer(cadre=make_cadre(unit=make_unit()))
    assert list(Deed.objects.visible_to(office)) == [deed]
    assert list(Deed.objects.visible_to(other)) == []
    deeds.verify(deed=deed, note="属实", by=make_viewer(Role.HR), on=TODAY)
    deeds.announce(deed=deed, until=TODAY + timedelta(days=7), by=office, on=TODAY)
    assert list(Deed.objects.visible_to(other)) == [deed]


def test_members_sit_by_their_post_and_are_rechecked_when_it_changes():
    one, two = make_unit("党政办公室"), make_unit("招商局")
    group = groups.found_group(values={"name": "行动领导小组", "founded_on": TODAY}, by=None)
    chief, stays = make_cadre(unit=one, title="主任"), make_cadre(unit=one, title="副主任")
    gone = make_cadre(unit=one, title="科员")
    seats = {
        cadre.pk: groups.seat_member(group=group, cadre=cadre, role=role, by=None, on=TODAY)
        for cadre, role in ((chief, "1_leader"), (stays, "3_member"), (gone, "3_member"))
    }
    assert seats[chief.pk].post_name == "党政办公室主任"
    with pytest.raises(DomainError):
        groups.seat_member(group=group, cadre=make_cadre(), role="1_leader", by=None, on=TODAY)
    assert to_recheck(group.members.select_related("cadre"), TODAY) == {}
    later = TODAY + timedelta(days=1)
    values = {"kind": "post", "unit": two, "title": "局长", "is_main": True, "starts_on": later}
    appoint(cadre=chief, values=values, by=make_viewer(Role.HR))
    gone.status = CadreStatus.RETIRED
    gone.save()
    found = to_recheck(group.members.select_related("cadre"), later)
    assert found == {seats[chief.pk].pk: "招商局局长", seats[gone.pk].pk: "退休"}
    groups.confirm_member(member=seats[chief.pk], by=None, on=later)
    groups.unseat_member(member=group.members.get(cadre=gone), by=None, on=TODAY)
    assert to_recheck(group.members.select_related("cadre"), later) == {}


def test_a_moved_member_is_due_for_those_who_keep_the_groups():
    unit = make_unit("党政办公室")
    group = groups.found_group(values={"name": "行动领导小组", "founded_on": TODAY}, by=None)
    cadre = make_cadre(unit=unit, title="主任")
    groups.seat_member(group=group, cadre=cadre, role="1_leader", by=None, on=TODAY)
    key = "park.staff.groups"
    assert key not in [duty.key for duty in duties_of(make_viewer(Role.HR))]
    cadre.appointments.update(title="书记")
    assert [d.count for d in duties_of(make_viewer(Role.HR)) if d.key == key] == [1]
    head = make_viewer(Role.DEPARTMENT_HEAD, unit=unit)
    assert key not in [duty.key for duty in duties_of(head)]
    groups.close_group(group=group, ended_on=TODAY, by=None, on=TODAY)
    assert key not in [duty.key for duty in duties_of(make_viewer(Role.HR))]


def test_periods_of_members_are_kept_and_nobody_sits_before_the_group_is_there():
    group = groups.found_group(values={"name": "行动领导小组", "founded_on": TODAY}, by=None)
    cadre = make_cadre()
    for on, code in ((TODAY - timedelta(days=1), "before_founding"),):
        with pytest.raises(DomainError) as refusal:
            groups.seat_member(group=group, cadre=cadre, role="3_member", by=None, on=on)
        assert refusal.value.code == code
    member = groups.seat_member(group=group, cadre=cadre, role="3_member", by=None, on=TODAY)
    with pytest.raises(DomainError):
        groups.unseat_member(member=member, by=None, on=TODAY - timedelta(days=1))
    groups.unseat_member(member=member, by=None, on=TODAY + timedelta(days=30))
    again = groups.seat_member(
        group=group, cadre=cadre, role="2_deputy", by=None, on=TODAY + timedelta(days=40)
    )
    assert [row.pk for row in group.members.covering(TODAY)] == [member.pk]
    assert [row.pk for row in group.members.covering(TODAY + timedelta(days=50))] == [again.pk]
    groups.close_group(group=group, ended_on=TODAY, by=None, on=TODAY)
    with pytest.raises(DomainError):
        groups.seat_member(group=group, cadre=make_cadre(), role="3_member", by=None, on=TODAY)


def test_a_published_deed_stands_in_the_growth_file():
    deed = nominated(make_viewer(Role.HR))
    deeds.verify(deed=deed, note="属实", by=make_viewer(Role.HR), on=TODAY)
    deeds.announce(deed=deed, until=TODAY + timedelta(days=5), by=make_viewer(Role.HR), on=TODAY)
    later = TODAY + timedelta(days=6)
    deeds.publish(deed=deed, awarding_body="党工委", by=make_viewer(Role.HR), on=later)
    cadre = Cadre.objects.filter(pk=deed.cadre_id).with_position(later).get()
    context = SectionContext(
        cadre=cadre, viewer=make_viewer(Role.HR, on=later), as_of=later, edition=Edition.LEADER
    )
    assert "百日攻坚先进个人" in str(sections_for(context))


def test_deeds_and_groups_over_http():
    cadre, group = make_cadre(unit=make_unit()), None
    hr = client_of(make_account(Role.HR))
    sent = {"cadre": cadre.pk, "title": "攻坚先锋", "text": "征迁一线"}
    answer = hr.post("/api/v1/deeds/", sent, format="json")
    assert answer.status_code == 201, answer.json()
    url = f"/api/v1/deeds/{answer.json()['id']}/"
    assert hr.patch(url, {"text": "驻村四十天"}, format="json").json()["text"] == "驻村四十天"
    deeds.verify(deed=Deed.objects.get(), note="属实", by=make_viewer(Role.HR), on=TODAY)
    assert hr.patch(url, {"text": "又改"}, format="json").status_code == 422
    sent = {"name": "行动领导小组", "founded_on": "2026-01-05"}
    group = hr.post("/api/v1/leading-groups/", sent, format="json").json()
    head = client_of(make_account(Role.DEPARTMENT_HEAD, unit=make_unit()))
    changed = head.patch(f"/api/v1/leading-groups/{group['id']}/", {"duties": "调度"}, format="json")
    assert changed.status_code == 400
    assert hr.get("/api/v1/leading-group-members/").json()["count"] == 0
