"""Study activities over HTTP: the same services, the same scope."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import Role
from tests.factories.api import client_of
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.study import began_long_ago, hold, make_activity, make_group, make_series
from training.choices import StudyKind
from training.models import Attendance, GroupMembership, StudyActivity

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture
def people():
    unit = make_unit("经济发展局")
    return [make_cadre(f"{name}示例", unit=unit) for name in "甲乙丙"]


@pytest.fixture
def party():
    return client_of(make_account(Role.PARTY))


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def test_an_activity_is_planned_marked_held_and_told(party, people) -> None:
    start = timezone.now() - timedelta(days=1)
    made = party.post(
        API + "study-activities/",
        {
            "kind": "learning",
            "theme": "industry",
            "title": "学习型组织活动",
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=2)).isoformat(),
        },
        format="json",
    )
    assert (made.status_code, made.data["due"], made.data["came"]) == (201, 3, 0)
    rows = party.get(API + "attendances/").data["results"]
    for row in rows[:2]:
        answer = party.patch(f"{API}attendances/{row['id']}/", {"state": "present"}, format="json")
        assert answer.status_code == 200
    held = party.patch(f"{API}study-activities/{made.data['id']}/", {"state": "held"}, format="json")
    assert (held.data["state"], held.data["came"], held.data["due"]) == ("held", 2, 3)


def test_moving_needs_a_reason(party, people) -> None:
    activity = make_activity(timezone.localdate() + timedelta(days=7))
    start = timezone.now() + timedelta(days=8)
    change = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat()}
    path = f"{API}study-activities/{activity.pk}/"
    assert party.patch(path, change, format="json").status_code == 422
    assert party.patch(path, {**change, "reason": "迎检"}, format="json").status_code == 200


def test_a_cadre_reads_notices_and_the_own_row_and_changes_nothing(people) -> None:
    activity = hold(make_activity(yesterday()), came=people)
    me = client_of(make_account(cadre=people[0]))
    assert me.get(API + "study-activities/").data["count"] == 1
    assert [row["cadre_name"] for row in me.get(API + "attendances/").data["results"]] == ["甲示例"]
    row = Attendance.objects.get(cadre=people[0])
    for path in (f"attendances/{row.pk}/", f"study-activities/{activity.pk}/"):
        assert me.patch(API + path, {}, format="json").status_code == 403


def test_members_join_and_leave_by_dated_rows(party, people) -> None:
    group = make_group()
    new = {"group": group.pk, "cadre": people[0].pk, "starts_on": "2026-01-01"}
    made = party.post(API + "study-members/", new, format="json")
    assert made.status_code == 201, made.data
    again = party.post(API + "study-members/", new, format="json")
    assert again.status_code == 422
    party.patch(f"{API}study-members/{made.data['id']}/", {"ends_on": "2026-06-30"}, format="json")
    assert str(GroupMembership.objects.get().ends_on) == "2026-06-30"


def test_obligations_are_told_for_a_year(party) -> None:
    make_cadre()
    began_long_ago()
    found = party.get(API + "study-obligations/", {"year": "2026"}).data
    learning = [row for row in found if row["kind"] == "learning"]
    assert [row["first"][5:7] for row in learning] == ["01", "03", "05", "07", "09", "11"]
    assert party.get(API + "study-obligations/", {"year": "x"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    ["study-activities", "attendances", "study-groups", "study-series", "study-members", "make-ups"],
)
def test_lists_cost_the_same_at_one_row_and_at_three(party, people, path) -> None:
    def more() -> None:
        make_series(name=f"系列{StudyActivity.objects.count()}")
        hold(make_activity(yesterday(), kind=StudyKind.LEARNING), came=people)
        make_group(*people)

    more()
    party.get(f"{API}{path}/")
    with CaptureQueriesContext(connection) as few:
        assert party.get(f"{API}{path}/").status_code == 200
    more()
    more()
    with CaptureQueriesContext(connection) as many:
        party.get(f"{API}{path}/")
    assert len(many) == len(few)
