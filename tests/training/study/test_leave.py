"""Leave from study activities: asked for by the person, answered by whoever runs it, no absence."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.access import Role, Viewer
from core.errors import DomainError
from core.models import AuditEvent, Notification
from people.access import viewer_for
from people.contracts import duties_of
from people.models import Cadre, User
from tests.factories.api import client_of as api_client_of
from tests.factories.people import make_account, make_cadre, make_unit
from tests.factories.study import make_activity, make_group, mark, moment, staff
from training.choices import AttendanceState, LeaveReason, LeaveState
from training.models import Attendance, StudyActivity, StudyLeave
from training.queries.study import tally_of
from training.services.study import (
    Material,
    ask_leave,
    assign_make_up,
    cancel_activity,
    decide_study_leave,
    hold_activity,
    withdraw_study_leave,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)
BEFORE = DAY - timedelta(days=2)
ASKED_AT = moment(BEFORE)
L, A = LeaveState, AttendanceState


@pytest.fixture
def people() -> list[Cadre]:
    unit = make_unit("经济发展局")
    return [make_cadre(f"{name}示例", unit=unit) for name in "甲乙丙"]


@pytest.fixture
def activity(people: list[Cadre]) -> StudyActivity:
    return make_activity(DAY)


def account_of(cadre: Cadre) -> User:
    return User.objects.filter(cadre=cadre).first() or make_account(Role.CADRE, cadre=cadre)


def me(cadre: Cadre, on: date = BEFORE) -> Viewer:
    return viewer_for(account_of(cadre), on=on)


def row_of(cadre: Cadre, activity: StudyActivity) -> Attendance:
    return Attendance.objects.get(slot__activity=activity, cadre=cadre)


def ask(
    cadre: Cadre, activity: StudyActivity, reason: LeaveReason = LeaveReason.DUTY, note: str = ""
) -> StudyLeave:
    row = row_of(cadre, activity)
    return ask_leave(attendance=row, reason=reason, note=note, by=me(cadre), at=ASKED_AT)


def decide(leave: StudyLeave, granted: bool, answer: str = "", by: Viewer | None = None) -> None:
    viewer = by or staff(on=BEFORE)
    fresh = StudyLeave.objects.select_related("attendance__slot__activity").get(pk=leave.pk)
    decide_study_leave(leave=fresh, granted=granted, by=viewer, at=ASKED_AT, answer=answer)


def test_granted_leave_is_no_absence_and_may_be_made_up(activity, people) -> None:
    leave = ask(people[0], activity, LeaveReason.SICK, "去医院")
    decide(leave, granted=True)
    row = row_of(people[0], activity)
    assert (row.state, row.leave_reason, row.note) == (A.LEAVE, "sick", "去医院")
    mark(activity, {people[1]: A.PRESENT})
    hold_activity(activity=activity, by=staff(on=DAY), at=moment(DAY, time(18)))
    tally = tally_of(activity)
    assert (tally.due, tally.came, tally.leave, tally.absent) == (3, 1, 1, 1)
    made = assign_make_up(
        activity=activity,
        attendances=[row],
        material=Material("讲话要点"),
        due_on=DAY + timedelta(days=7),
        by=staff(on=DAY),
        at=moment(DAY, time(19)),
        on=DAY,
    )
    assert [one.attendance_id for one in made] == [row.pk]


def test_both_sides_are_told_and_the_trail_says_who(activity, people) -> None:
    party = make_account(Role.PARTY)
    make_account(Role.DEPARTMENT_HEAD)
    leave = ask(people[0], activity)
    told = Notification.objects.get(recipient=party)
    assert (told.recipient, told.title, told.url_name, told.args) == (
        party,
        f"甲示例 请假待批：{activity}",
        "training:study_leave",
        [leave.pk],
    )
    decide(leave, granted=False, answer="当天要点名")
    answer = Notification.objects.get(recipient=account_of(people[0]))
    assert (answer.title, answer.detail) == (f"请假未准：{activity}", "当天要点名")
    assert row_of(people[0], activity).state == A.EXPECTED
    assert AuditEvent.objects.filter(action="leave.change").count() == 2


def test_only_whoever_runs_the_activity_hears_of_it(people) -> None:
    unit, elsewhere = make_unit("招商局"), make_unit("建设局")
    group = make_group(*people, unit=unit)
    activity = make_activity(DAY, group=group)
    near, far = make_account(Role.PARTY, unit=unit), make_account(Role.PARTY, unit=elsewhere)
    ask(people[0], activity)
    told = set(Notification.objects.values_list("recipient", flat=True))
    assert near.pk in told
    assert far.pk not in told


@pytest.mark.parametrize(
    ("reason", "note", "code"),
    [(LeaveReason.OTHER, " ", "note_missing"), (LeaveReason.SECONDED, "", "reason_missing")],
)
def test_a_leave_has_a_reason(activity, people, reason, note, code) -> None:
    with pytest.raises(DomainError) as refused:
        ask(people[0], activity, reason, note)
    assert refused.value.code == code


def test_nobody_asks_for_another_or_after_it_began_or_twice(activity, people) -> None:
    row = row_of(people[0], activity)
    with pytest.raises(DomainError, match="只能为本人"):
        ask_leave(attendance=row, reason=LeaveReason.DUTY, note="", by=me(people[1]), at=ASKED_AT)
    with pytest.raises(DomainError, match="已经开始"):
        ask_leave(attendance=row, reason=LeaveReason.DUTY, note="", by=me(people[0]), at=moment(DAY))
    ask(people[0], activity)
    with pytest.raises(DomainError, match="已经请过假"):
        ask(people[0], activity)


def test_nobody_decides_about_the_own_leave_and_only_the_first_answer_stands(activity, people) -> None:
    both = make_account(Role.CADRE, cadre=people[0])
    leave = ask(people[0], activity)
    own = Viewer(both.pk, both.name, BEFORE, people[0].pk, staff().grants)
    with pytest.raises(DomainError, match="其他经办人"):
        decide(leave, granted=True, by=own)
    with pytest.raises(DomainError, match="写明原因"):
        decide(leave, granted=False)
    decide(leave, granted=True)
    with pytest.raises(DomainError, match="已经办理过"):
        decide(leave, granted=False, answer="不准")


def test_a_withdrawn_leave_leaves_nothing_behind(activity, people) -> None:
    party = make_account(Role.PARTY)
    leave = ask(people[0], activity)
    decide(leave, granted=True)
    leave.refresh_from_db()
    withdraw_study_leave(leave=leave, by=me(people[0]), at=ASKED_AT)
    row = row_of(people[0], activity)
    assert (row.state, row.leave_reason, row.source) == (A.EXPECTED, "", "")
    assert not Notification.objects.filter(recipient=party).exists()
    again = ask(people[0], activity)
    assert again.state == L.REQUESTED


def test_marking_leave_on_the_sheet_grants_what_was_asked(activity, people) -> None:
    leave = ask(people[0], activity)
    mark(activity, {people[0]: A.LEAVE})
    leave.refresh_from_db()
    assert leave.state == L.GRANTED


def test_it_is_not_held_while_a_leave_lies_unanswered(activity, people) -> None:
    leave = ask(people[0], activity)
    mark(activity, {people[1]: A.PRESENT})
    with pytest.raises(DomainError, match="还有 1 人的请假没有审批"):
        hold_activity(activity=activity, by=staff(on=DAY), at=moment(DAY, time(18)))
    decide(leave, granted=False, answer="没有理由")
    hold_activity(activity=activity, by=staff(on=DAY), at=moment(DAY, time(18)))
    assert row_of(people[0], activity).state == A.ABSENT


def test_the_duty_goes_when_it_is_settled_otherwise(activity, people) -> None:
    party = make_account(Role.PARTY)

    def due() -> set[str]:
        found = duties_of(viewer_for(party, on=BEFORE))
        return {one.title for one in found if one.key.startswith("training.study_leave:")}

    first, second = ask(people[0], activity), ask(people[1], activity)
    assert due() == {f"甲示例 请假待批：{activity}", f"乙示例 请假待批：{activity}"}
    decide(first, granted=True)
    assert due() == {f"乙示例 请假待批：{activity}"}
    cancel_activity(activity=activity, reason="迎检", by=staff(on=BEFORE), at=ASKED_AT)
    assert due() == set()
    assert StudyLeave.objects.get(pk=second.pk).state == L.REQUESTED


# Pages and API


def ahead() -> StudyActivity:
    return make_activity(timezone.localdate() + timedelta(days=2))


def client(*roles: Role, cadre: Cadre | None = None) -> Client:
    found = Client()
    found.force_login(make_account(*roles, cadre=cadre))
    return found


def test_from_the_home_page_to_an_answer_in_three_taps(people) -> None:
    activity = ahead()
    mine, party = client(Role.CADRE, cadre=people[0]), client(Role.PARTY)
    row = row_of(people[0], activity)
    form = reverse("training:study_leave_new", args=[row.pk])
    assert form in mine.get("/").content.decode()  # tap one
    page = mine.get(form).content.decode()  # tap two: the reason, tap three: the button
    assert "准假后记为请假" in page
    assert mine.post(form, {"reason": "duty"}).status_code == 302
    assert mine.get(form).status_code == 404
    assert "待批" in mine.get(reverse("training:my_study")).content.decode()
    leave = StudyLeave.objects.get()
    decision = reverse("training:study_leave", args=[leave.pk])
    assert decision in party.get(reverse("training:study_leaves")).content.decode()
    assert party.post(decision, {"granted": "0"}).status_code == 422
    assert party.post(decision, {"granted": "1"}).status_code == 302
    assert row_of(people[0], activity).state == A.LEAVE
    assert mine.get(decision).status_code in (403, 404)
    assert mine.post(reverse("training:study_leave_withdraw", args=[leave.pk])).status_code == 302
    assert row_of(people[0], activity).state == A.EXPECTED


def test_over_http(people) -> None:
    activity = ahead()
    mine = api_client_of(make_account(Role.CADRE, cadre=people[0]))
    other = api_client_of(make_account(Role.CADRE, cadre=people[1]))
    party = api_client_of(make_account(Role.PARTY))
    path = "/api/v1/study-leaves/"
    sent = {"activity": activity.pk, "reason": "other"}
    assert mine.post(path, sent, format="json").status_code == 422
    made = mine.post(path, sent | {"note": "家里有事"}, format="json")
    assert (made.status_code, made.data["state"], made.data["cadre_name"]) == (201, "requested", "甲示例")
    one = f"{path}{made.data['id']}/"
    assert other.get(one).status_code == 404
    assert mine.patch(one, {"granted": True}, format="json").status_code == 403
    answered = party.patch(one, {"granted": True, "answer": "同意"}, format="json")
    assert (answered.status_code, answered.data["state"], answered.data["answer"]) == (200, "granted", "同意")
    assert party.get("/api/v1/attendances/", {"activity": activity.pk, "state": "leave"}).data["count"] == 1
    assert mine.post(f"{one}withdraw/").data["state"] == "withdrawn"
    assert party.get(path, {"waiting": "1"}).data["count"] == 0


def test_the_list_costs_the_same_at_one_row_and_at_three(people) -> None:
    activity, party = ahead(), client(Role.PARTY)
    on = timezone.localdate()

    def asks(cadre: Cadre) -> None:
        row = row_of(cadre, activity)
        viewer = me(cadre, on=on)
        ask_leave(attendance=row, reason=LeaveReason.DUTY, note="", by=viewer, at=timezone.now())

    asks(people[0])
    party.get(reverse("training:study_leaves"))
    with CaptureQueriesContext(connection) as few:
        assert party.get(reverse("training:study_leaves")).status_code == 200
    asks(people[1])
    asks(people[2])
    with CaptureQueriesContext(connection) as many:
        party.get(reverse("training:study_leaves"))
    assert len(few) == len(many) <= 12
