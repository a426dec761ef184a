"""Pages of 先进事迹 and 领导小组."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from park.choices import DeedState
from park.models import Deed, GroupMember, LeadingGroup
from park.services import deeds
from people.models import Honour
from tests.factories.people import make_cadre, make_unit, make_viewer
from tests.training.reading_pages import MOST_QUERIES, client_of, cost, text_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def url_of(name, *args):
    return reverse(f"park:{name}", args=args)


def test_from_the_nomination_to_the_publication():
    one, two = client_of(Role.HR), client_of(Role.HR)
    make_cadre("先进人", unit=make_unit())
    one.post(url_of("deed_new"), {"cadre": "先进人", "title": "攻坚先锋", "text": "征迁一线"})
    deed = Deed.objects.get()
    assert one.post(url_of("deed_act", deed.pk, "verify"), {"note": "属实"}).status_code == 422
    two.post(url_of("deed_act", deed.pk, "verify"), {"note": "走访属实"})
    until = (TODAY + timedelta(days=6)).isoformat()
    two.post(url_of("deed_act", deed.pk, "announce"), {"until": until})
    assert "公示中" in text_of(client_of(cadre=make_cadre(unit=make_unit())).get(url_of("deed", deed.pk)))
    assert two.post(url_of("deed_act", deed.pk, "publish"), {"awarding_body": "党工委"}).status_code == 422
    deed.refresh_from_db()
    assert deed.state == DeedState.ANNOUNCED
    later = make_viewer(Role.HR, on=TODAY + timedelta(days=7))
    deeds.publish(deed=deed, awarding_body="党工委", by=later, on=later.on)
    assert Honour.objects.get().title == "攻坚先锋"


def test_a_group_shows_whose_post_has_changed():
    hr, unit = client_of(Role.HR), make_unit("党政办公室")
    cadre = make_cadre("组长人", unit=unit, title="主任")
    hr.post(url_of("group_new"), {"name": "行动领导小组", "founded_on": TODAY.isoformat()})
    group = LeadingGroup.objects.get()
    hr.post(url_of("group_seat", group.pk), {"cadre": "组长人", "role": "1_leader"})
    member = GroupMember.objects.get()
    assert "职务已变" not in text_of(hr.get(url_of("groups")))
    cadre.appointments.update(title="书记")
    assert "现为党政办公室书记" in text_of(hr.get(url_of("groups")))
    hr.post(url_of("group_member", member.pk, "confirm"))
    assert "职务已变" not in text_of(hr.get(url_of("groups")))
    one = cost(hr, url_of("groups"))
    for _ in range(2):
        row = make_cadre(unit=unit)
        GroupMember.objects.create(group=group, cadre=row, role="3_member", starts_on=TODAY)
    assert (cost(hr, url_of("groups")), one <= MOST_QUERIES) == (one, True)
    hr.post(url_of("group_member", member.pk, "leave"))
    assert GroupMember.objects.get(pk=member.pk).ends_on == TODAY


def test_the_list_of_deeds_costs_the_same_at_one_and_three():
    hr = client_of(Role.HR)

    def add():
        Deed.objects.create(cadre=make_cadre(), title="攻坚", text="一线", nominated_on=TODAY)

    add()
    one = cost(hr, url_of("deeds"))
    add()
    add()
    assert (cost(hr, url_of("deeds")), one <= MOST_QUERIES) == (one, True)
