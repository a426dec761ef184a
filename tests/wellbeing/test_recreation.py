"""文体活动: seats, the waiting list, who is told, who came."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.access import Role
from core.errors import DomainError
from core.models import Notification
from people.contracts import engagements_of
from tests.factories.care import clerk, make_activity
from tests.factories.people import make_account, make_cadre
from tests.factories.wellbeing import viewer_of
from wellbeing.models import ActivitySignUp
from wellbeing.queries.recreation import times_taken_part
from wellbeing.services.recreation import (
    arrange_activity,
    cancel_activity,
    change_activity,
    close_sign_ups,
    finish_activity,
    leave_activity,
    note_attendance,
    publish_activity,
    sign_up,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(office):
    return [make_account(cadre=make_cadre(unit=office)) for _ in range(3)]


def states(activity):
    return list(activity.sign_ups.order_by("pk").values_list("state", flat=True))


def put_down(activity, people):
    for user in people:
        sign_up(activity=activity, by=viewer_of(user), at=timezone.now())


def test_seats_then_the_queue_then_promotion(people):
    activity, now = make_activity(capacity=1), timezone.now()
    put_down(activity, people)
    assert states(activity) == ["seated", "waiting", "waiting"]
    with pytest.raises(DomainError, match="已经报过名"):
        sign_up(activity=activity, by=viewer_of(people[0]), at=now)
    leave_activity(activity=activity, by=viewer_of(people[0]), at=now)
    activity.refresh_from_db()
    assert (states(activity), activity.seats_taken) == (["left", "seated", "waiting"], 1)
    told = Notification.objects.filter(title__contains="候补递补成功")
    assert list(told.values_list("recipient", flat=True)) == [people[1].pk]
    put_down(activity, people[:1])
    assert states(activity) == ["waiting", "seated", "waiting"]
    change_activity(activity=activity, values={"capacity": 2}, by=viewer_of(clerk()), at=now)
    assert states(activity) == ["waiting", "seated", "seated"]


def test_the_window_is_kept(people):
    me, now = viewer_of(people[0]), timezone.now()
    soon = make_activity(opens_at=now + timedelta(days=1))
    over = make_activity(opens_at=now - timedelta(days=3), closes_at=now - timedelta(hours=1))
    draft = make_activity("draft")
    for activity, words in ((soon, "开始，请到时再来"), (over, "已经截止"), (draft, "不能报名")):
        with pytest.raises(DomainError, match=words):
            sign_up(activity=activity, by=me, at=now)
    assert close_sign_ups(at=now) == 1
    with pytest.raises(DomainError, match="没有关联干部档案"):
        sign_up(activity=soon, by=viewer_of(clerk()), at=now)


def test_opening_and_cancelling_are_told(people):
    by, now = viewer_of(clerk()), timezone.now()
    activity = make_activity("draft")
    publish_activity(activity=activity, by=by, at=now)
    assert Notification.objects.filter(title__contains="开始报名").count() == len(people)
    put_down(activity, people[:1])
    cancel_activity(activity=activity, by=by, at=now)
    told = Notification.objects.filter(title__contains="已取消")
    assert list(told.values_list("recipient", flat=True)) == [people[0].pk]
    with pytest.raises(DomainError, match="状态已经变化"):
        finish_activity(activity=activity, by=by, at=now + timedelta(days=9))


def test_who_came_is_counted(people):
    by, now = viewer_of(clerk()), timezone.now()
    activity = make_activity(at=now - timedelta(days=8), closes_at=now - timedelta(days=2))
    for user in people[:2]:
        ActivitySignUp.objects.create(activity=activity, cadre=user.cadre, state="seated")
    ids = [user.cadre_id for user in people]
    assert note_attendance(activity=activity, present={ids[0], ids[2]}, by=by, at=now) == 1
    finish_activity(activity=activity, by=by, at=now)
    year = timezone.localtime(activity.starts_at).year
    assert times_taken_part(ids, year=year, on=timezone.localdate()) == {ids[0]: 1}


def test_a_seat_is_an_engagement(people):
    activity = make_activity(capacity=1)
    put_down(activity, people[:2])
    ids = [user.cadre_id for user in people[:2]]
    found = engagements_of(ids, starts_at=activity.starts_at, ends_at=activity.ends_at)
    assert [(e.cadre_id, e.title) for e in found if e.kind == "文体活动"] == [(ids[0], "健步走")]


def test_only_the_office_arranges(people):
    with pytest.raises(DomainError, match="只有工会经办人"):
        arrange_activity(values={}, by=viewer_of(make_account(Role.HR)))
