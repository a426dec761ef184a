"""The pages of study activities: what they show to whom, and at how many queries."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.access import Role
from people.models import Cadre
from tests.factories.people import TODAY, make_account, make_cadre, make_unit
from tests.factories.study import began_long_ago, hold, make_activity, make_group, make_series, moment, staff
from training.choices import AttendanceState, GroupKind, StudyKind
from training.models import AgendaItem, Article, Attendance, StudyActivity
from training.services.study import Material, assign_make_up, plan_series

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages read the clock; here it stands at noon of the tests' day."""
    at = moment(TODAY, time(12))
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def client() -> Client:
    return client_of(make_account(Role.PARTY))


@pytest.fixture
def people() -> list[Cadre]:
    unit = make_unit("经济发展局")
    return [make_cadre(f"{name}示例", unit=unit, birth_month=date(1992, 5, 1)) for name in "甲乙丙"]


def url(name: str, *args: object) -> str:
    return reverse(f"training:{name}", args=args)


def world(people: list[Cadre]) -> StudyActivity:
    """One of everything around one held activity."""
    make_series(starts_on=TODAY)
    make_group(*people)
    activity = hold(make_activity(DAY, kind=StudyKind.LEARNING), came=people[:1], leave=people[1:2])
    AgendaItem.objects.create(activity=activity, topic="交流发言", speaker=people[0])
    rows = Attendance.objects.filter(slot__activity=activity, cadre=people[2])
    assign_make_up(
        activity=activity,
        attendances=list(rows),
        material=Material("学习材料"),
        due_on=TODAY + timedelta(days=7),
        by=staff(),
        at=moment(DAY, time(19)),
        on=DAY,
    )
    return activity


LISTS = (
    "activities",
    "series_list",
    "study_groups",
    "study_attendance",
    "integrity",
    "speakers",
    "make_ups",
    "study_duties",
    "workdays",
    "frequencies",
)


@pytest.mark.parametrize("name", LISTS)
def test_every_page_opens_and_costs_the_same_at_one_row_and_at_three(
    client: Client, people: list[Cadre], name: str
) -> None:
    world(people)
    client.get(url(name))
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert client.get(url(name)).status_code == 200
    world([*people, *(make_cadre(unit=make_unit()) for _ in range(2))])
    world(people)
    with CaptureQueriesContext(connection) as many:
        client.get(url(name))
    assert len(many) == len(few)
    assert len(many) <= 14


DETAILS = (
    "activity",
    "activity_sheet",
    "activity_people",
    "activity_sign_in",
    "activity_make_up",
    "activity_propose",
)


@pytest.mark.parametrize("name", DETAILS)
def test_the_pages_of_one_activity_cost_the_same_at_one_person_and_at_three(
    client: Client, name: str
) -> None:
    def cost(count: int) -> int:
        unit = make_unit()
        cadres = [make_cadre(unit=unit) for _ in range(count)]
        activity = hold(make_activity(DAY, kind=StudyKind.LEARNING, unit=unit), late=cadres)
        for cadre in cadres:
            AgendaItem.objects.create(activity=activity, topic="发言", speaker=cadre)
        client.get(url(name, activity.pk))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name, activity.pk)).status_code == 200
        return len(queries)

    few = cost(1)
    assert (cost(3), few <= 14) == (few, True)


def test_one_activity_says_who_missed_it_and_what_comes_next(client: Client, people: list[Cadre]) -> None:
    activity = world(people)
    text = client.get(url("activity", activity.pk)).content.decode()
    for words in ("乙示例", "公务", "丙示例", "待补学", "交流发言", "填写记录", "出勤率 33%"):
        assert words in text


def test_the_sheet_marks_row_by_row_and_leaves_what_it_did_not_touch(
    client: Client, people: list[Cadre]
) -> None:
    activity = make_activity(DAY)
    rows = {row.cadre.name: row for row in Attendance.objects.filter(slot__activity=activity)}
    first, second, third = (rows[cadre.name] for cadre in people)
    third.state, third.source = AttendanceState.PRESENT, "qr"  # checked in after the page was drawn
    third.save()
    answer = client.post(
        url("activity_sheet", activity.pk),
        {
            f"state-{first.pk}": "present",
            f"was-{first.pk}": "expected||",
            f"state-{second.pk}": "leave",
            f"leave-{second.pk}": "sick",
            f"note-{second.pk}": "住院",
            f"was-{second.pk}": "expected||",
            f"was-{third.pk}": "expected||",
        },
    )
    assert answer.status_code == 302
    found = Attendance.objects.filter(slot__activity=activity).order_by("pk")
    assert [(row.state, row.leave_reason, row.note) for row in found] == [
        ("present", "", ""),
        ("leave", "sick", "住院"),
        ("present", "", ""),
    ]


def test_the_rest_come_with_one_button(client: Client, people: list[Cadre]) -> None:
    activity = make_activity(DAY)
    client.post(url("activity_sheet", activity.pk), {"rest": "present"})
    assert set(Attendance.objects.values_list("state", flat=True)) == {"present"}


def test_a_refused_sheet_keeps_what_was_typed(client: Client, people: list[Cadre]) -> None:
    activity = make_activity(DAY)
    row = Attendance.objects.filter(slot__activity=activity).first()
    answer = client.post(
        url("activity_sheet", activity.pk),
        {f"state-{row.pk}": "leave", f"note-{row.pk}": "出差", f"was-{row.pk}": "expected||"},
    )
    assert answer.status_code == 422
    assert "请假事由" in answer.content.decode()
    assert 'value="出差"' in answer.content.decode()


def test_a_cadre_sees_the_notice_and_the_own_row_alone(people: list[Cadre]) -> None:
    activity = world(people)
    client = client_of(make_account(cadre=people[1]))
    text = client.get(url("activity", activity.pk)).content.decode()
    assert "乙示例" in text
    assert "丙示例" not in text
    assert client.get(url("activity_sheet", activity.pk)).status_code == 404
    names = client.get(url("activity_people", activity.pk)).content.decode()
    assert "丙示例" not in names


def test_the_own_make_up_is_written_on_the_own_page_and_nowhere_else(people: list[Cadre]) -> None:
    activity = world(people)
    make_up = Attendance.objects.get(slot__activity=activity, cadre=people[2]).make_up
    own, other = (client_of(make_account(cadre=people[place])) for place in (2, 1))
    assert other.get(url("reflect", make_up.pk)).status_code == 404
    assert "学习型组织活动" in own.get(url("my_study")).content.decode()
    short = own.post(url("reflect", make_up.pk), {"reflection": "学了"})
    assert short.status_code == 422
    own.post(
        url("reflect", make_up.pk),
        {"reflection": "通过补学，我理解了产业链招商的基本方法，下一步结合包联企业逐项落实，按月报告进展。"},
    )
    make_up.refresh_from_db()
    assert make_up.state == "submitted"


def test_a_new_activity_is_prefilled_by_the_clock(client: Client) -> None:
    page = client.get(url("activity_new"), {"kind": "monday", "day": "2026-11-09"}).content.decode()
    assert 'value="2026-11-09"' in page
    answer = client.post(
        url("activity_new"), {"kind": "monday", "day": "2026-11-09", "at": "08:30", "minutes": "60"}
    )
    made = StudyActivity.objects.get()
    assert answer.headers["Location"] == url("activity", made.pk)
    assert made.title == "周一学习例会（11月9日）"


def test_the_clock_names_what_is_missing_and_leads_to_planning_it(
    client: Client, people: list[Cadre]
) -> None:
    began_long_ago()
    group = make_group(*people, kind=GroupKind.BRANCH, name="机关第一党支部")
    text = client.get(url("study_duties"), {"group": group.pk}).content.decode()
    assert "机关第一党支部" in text
    assert f"kind=theme_party_day&amp;day=2026-10-31&amp;group={group.pk}" in text


def test_series_are_planned_from_their_page(client: Client, people: list[Cadre]) -> None:
    series = make_series(starts_on=TODAY)
    client.post(url("series_plan", series.pk), {"until": "2026-11-30"})
    client.post(url("series_plan", series.pk), {"until": "2026-11-30"})
    days = StudyActivity.objects.order_by("held_on").values_list("held_on", flat=True)
    assert [day.day for day in days] == [2, 9, 16, 23, 30]
    assert "2026年11月30日 08:30" in client.get(url("series", series.pk)).content.decode()


def test_proposed_speakers_come_onto_the_agenda_with_one_tap(client: Client, people: list[Cadre]) -> None:
    activity = make_activity(DAY, kind=StudyKind.LEARNING)
    page = client.get(url("activity_propose", activity.pk)).content.decode()
    assert "34 岁，属青年干部；还没有发过言" in page
    client.post(url("activity_invite", activity.pk), {"cadre": people[0].pk})
    assert [item.speaker for item in activity.agenda.all()] == [people[0]]
    assert "甲示例</b>" not in client.get(url("activity_propose", activity.pk)).content.decode()


def test_exports_hold_the_people(client: Client, people: list[Cadre]) -> None:
    activity = world(people)
    for address in (url("activity_people", activity.pk), url("study_attendance"), url("activities")):
        answer = client.get(address, {"export": "csv"})
        assert answer.status_code == 200
    text = b"".join(client.get(url("activity_people", activity.pk), {"export": "csv"})).decode()
    assert "乙示例" in text


def test_a_calendar_day_changes_and_a_bad_notice_is_refused_line_by_line(client: Client) -> None:
    client.post(url("workday", "2026-11-11"), {"kind": "holiday", "name": "园区开放日"})
    assert "园区开放日" in client.get(url("workdays"), {"year": "2026"}).content.decode()
    bad = client.post(
        url("workdays_import"), {"year": "2027", "text": "2027-01-01 放假 元旦\n2027-13-01 放假"}
    )
    assert bad.status_code == 422
    assert "第 2 行" in bad.content.decode()
    good = client.post(
        url("workdays_import"),
        {"year": "2027", "text": "2027-02-05至2027-02-13 放假 春节\n2027-02-14\t调休上班\t春节"},
    )
    assert good.status_code == 302
    assert "放假 9 天，调休上班 1 天" in client.get(url("workdays"), {"year": "2027"}).content.decode()


def test_nightly_planning_is_the_same_as_the_button(people: list[Cadre]) -> None:
    series = make_series(starts_on=TODAY)
    made = plan_series(series=series, until=TODAY + timedelta(days=14), by=None, on=TODAY).made
    assert len(made) == 3


def test_passing_on_a_document_leads_to_the_article(client: Client) -> None:
    article = Article.objects.create(
        title="全市经济工作会议讲话", text="要点", category="theory", published_on=DAY
    )
    activity = make_activity(DAY, kind=StudyKind.DOCUMENT, article=article)
    assert url("article", article.pk) in client.get(url("activity", activity.pk)).content.decode()
    Article.objects.filter(pk=article.pk).update(withdrawn_at=moment(DAY), withdraw_reason="有误")
    cadre = client_of(make_account(cadre=make_cadre()))
    assert url("article", article.pk) not in cadre.get(url("activity", activity.pk)).content.decode()


def test_the_own_row_does_not_hold_the_activity_up(people: list[Cadre]) -> None:
    client = client_of(make_account(Role.PARTY, cadre=people[0]))
    activity = make_activity(DAY)
    client.post(url("activity_sheet", activity.pk), {"rest": "present"})
    page = client.get(url("activity", activity.pk)).content.decode()
    assert url("activity_hold", activity.pk) in page


def test_what_a_refused_sheet_said_is_written_when_it_is_sent_again(client, people) -> None:
    """The marks stand on the page after the refusal; sending them again, mended, must not lose any."""
    activity = make_activity()
    rows = {row.cadre.name: row.pk for row in Attendance.objects.filter(slot__activity=activity)}
    page = url("activity_sheet", activity.pk)
    first, second = rows["甲示例"], rows["乙示例"]
    typed = {f"state-{first}": "leave", f"state-{second}": "absent"}
    asked = {f"was-{pk}": "expected||" for pk in rows.values()}
    refused = client.post(page, {**typed, **asked})
    assert refused.status_code == 422
    shown = {f"was-{row.pk}": was for _, marked in refused.context["units"] for row, was in marked}
    client.post(page, {**typed, **shown, f"leave-{first}": "duty"})
    states = dict(Attendance.objects.filter(slot__activity=activity).values_list("cadre__name", "state"))
    assert states == {"甲示例": "leave", "乙示例": "absent", "丙示例": "expected"}
