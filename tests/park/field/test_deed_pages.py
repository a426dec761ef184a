"""Pages of 先进事迹 and 领导小组."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate as today

from core.access import Role
from park.choices import DeedState
from park.models import Deed, GroupMember, LeadingGroup
from park.services import deeds
from people.models import Honour
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.training.reading_pages import MOST_QUERIES, client_of, cost, text_of

pytestmark = pytest.mark.django_db


def url_of(name, *args):
    return reverse(f"park:{name}", args=args)


def test_from_the_nomination_to_the_publication():
    one, two = client_of(Role.HR), client_of(Role.HR)
    make_cadre("先进人", unit=make_unit())
    one.post(url_of("deed_new"), {"cadre": "先进人", "title": "攻坚先锋", "text": "征迁一线"})
    deed = Deed.objects.get()
    assert one.post(url_of("deed_act", deed.pk, "verify"), {"note": "属实"}).status_code == 422
    two.post(url_of("deed_act", deed.pk, "verify"), {"note": "走访属实"})
    until = (today() + timedelta(days=6)).isoformat()
    two.post(url_of("deed_act", deed.pk, "announce"), {"until": until})
    assert "公示中" in text_of(client_of(cadre=make_cadre(unit=make_unit())).get(url_of("deed", deed.pk)))
    assert two.post(url_of("deed_act", deed.pk, "publish"), {"awarding_body": "党工委"}).status_code == 422
    deed.refresh_from_db()
    assert deed.state == DeedState.ANNOUNCED
    later = make_viewer(Role.HR, on=today() + timedelta(days=7))
    deeds.publish(deed=deed, awarding_body="党工委", by=later, on=later.on)
    assert Honour.objects.get().title == "攻坚先锋"


def test_a_group_shows_whose_post_has_changed():
    hr, unit = client_of(Role.HR), make_unit("党政办公室")
    cadre = make_cadre("组长人", unit=unit, title="主任")
    hr.post(url_of("group_new"), {"name": "行动领导小组", "founded_on": today().isoformat()})
    group = LeadingGroup.objects.get()
    hr.post(
        url_of("group_seat", group.pk),
        {"cadre": "组长人", "role": "1_leader", "starts_on": today().isoformat()},
    )
    member = GroupMember.objects.get()
    assert "职务已变" not in text_of(hr.get(url_of("groups")))
    cadre.appointments.update(title="书记")
    assert "现为党政办公室书记" in text_of(hr.get(url_of("groups")))
    hr.post(url_of("member_confirm", member.pk))
    assert "职务已变" not in text_of(hr.get(url_of("groups")))
    one = cost(hr, url_of("groups"))
    for _ in range(2):
        row = make_cadre(unit=unit)
        GroupMember.objects.create(group=group, cadre=row, role="3_member", starts_on=today())
    assert (cost(hr, url_of("groups")), one <= MOST_QUERIES) == (one, True)
    hr.post(url_of("member_leave", member.pk), {"ends_on": today().isoformat()})
    assert GroupMember.objects.get(pk=member.pk).ends_on == today()


def test_the_list_of_deeds_costs_the_same_at_one_and_three():
    hr = client_of(Role.HR)

    def add():
        Deed.objects.create(cadre=make_cadre(), title="攻坚", text="一线", nominated_on=today())

    add()
    one = cost(hr, url_of("deeds"))
    add()
    add()
    assert (cost(hr, url_of("deeds")), one <= MOST_QUERIES) == (one, True)


def test_a_deed_is_changed_until_it_is_verified():
    one = client_of(Role.HR)
    make_cadre("先进人", unit=make_unit())
    one.post(url_of("deed_new"), {"cadre": "先进人", "title": "攻坚先锋", "text": "征迁一线"})
    deed = Deed.objects.get()
    url = url_of("deed_edit", deed.pk)
    assert url in one.get(url_of("deed", deed.pk)).content.decode()
    assert one.get(url).context["form"].initial == {"title": "攻坚先锋", "text": "征迁一线"}
    one.post(url, {"title": "攻坚先锋", "text": "连续四十天驻村"})
    deed.refresh_from_db()
    assert deed.text == "连续四十天驻村"
    deeds.verify(deed=deed, note="属实", by=make_viewer(Role.HR), on=today())
    assert one.post(url, {"title": "别的", "text": "别的"}).status_code == 422
    assert url not in one.get(url_of("deed", deed.pk)).content.decode()


def test_a_group_is_changed_and_closed_and_its_members_stay_on_record():
    hr = client_of(Role.HR)
    group = LeadingGroup.objects.create(name="攻坚领导小组", founded_on=today() - timedelta(days=90))
    cadre = make_cadre("组长人", unit=make_unit())
    since = today() - timedelta(days=60)
    GroupMember.objects.create(group=group, cadre=cadre, role="1_leader", starts_on=since)
    form = hr.get(url_of("group_edit", group.pk)).context["form"]
    assert form["name"].value() == "攻坚领导小组"
    values = {"name": "攻坚行动领导小组", "founded_on": group.founded_on.isoformat(), "duties": "调度"}
    assert hr.post(url_of("group_edit", group.pk), values).status_code == 302
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert hr.post(url_of("group_close", group.pk), {"ended_on": tomorrow}).status_code == 422
    assert hr.post(url_of("group_close", group.pk), {"ended_on": today().isoformat()}).status_code == 302
    member = GroupMember.objects.get()
    assert (member.ends_on, LeadingGroup.objects.get().name) == (today(), "攻坚行动领导小组")
    assert "已撤销" in text_of(hr.get(url_of("groups")))
    assert hr.get(url_of("group_seat", group.pk)).status_code == 404
    roll = hr.get(url_of("group_members"), {"group": group.pk})
    assert "组长人" in text_of(roll)
    sheet = hr.get(url_of("group_members"), {"export": "xlsx"})
    assert sheet.headers["Content-Type"].endswith("sheet")


def test_the_roll_of_members_costs_the_same_at_one_and_three():
    hr = client_of(Role.HR)
    group = LeadingGroup.objects.create(name="攻坚领导小组", founded_on=today())

    def add():
        GroupMember.objects.create(group=group, cadre=make_cadre(), role="3_member", starts_on=today())

    add()
    one = cost(hr, url_of("group_members"))
    add()
    add()
    assert (cost(hr, url_of("group_members")), one <= MOST_QUERIES) == (one, True)
