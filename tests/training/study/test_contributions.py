"""What study activities tell the rest of the product."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access import Role
from core.asking import result_of
from growth.contracts import Edition, SectionContext
from people.choices import OccasionCode
from people.contracts import duties_of, home_panels, occasions_of
from people.models import Cadre
from tests.factories.people import TODAY, make_cadre, make_unit, make_viewer
from tests.factories.study import began_long_ago, hold, make_activity, make_group, moment, staff
from training.choices import StudyKind, StudyTheme
from training.contributions.study import study_tab
from training.models import AgendaItem, Attendance
from training.queries.study import absence_streaks, candidates_for, speaker_list, study_histories
from training.services.study import Material, assign_make_up, invite_speakers
from training.study_section import study_section

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)
WEEK = timedelta(days=7)


@pytest.fixture
def people() -> list[Cadre]:
    unit = make_unit("经济发展局")
    return [make_cadre(f"{name}示例", unit=unit, birth_month=date(1992, 5, 1)) for name in "甲乙丙"]


def weeks(came: list[Cadre], count: int, first: date = DAY) -> None:
    for place in range(count):
        hold(make_activity(first + place * WEEK), came=came)


def test_three_unexplained_absences_in_a_row_are_told_once(people) -> None:
    weeks(people[:1], 3)
    [streak] = absence_streaks([people[1].pk], DAY, TODAY)
    assert (streak.happened_on, streak.limit) == (DAY + 2 * WEEK, 3)
    [told] = [o for o in occasions_of([people[1].pk], since=DAY, until=TODAY) if o.kind == "缺勤"]
    assert (told.code, told.key) == (OccasionCode.ABSENCES, f"absence_streak:{streak.attendance_id}")
    assert list(absence_streaks([people[0].pk], DAY, TODAY)) == []
    assert list(absence_streaks([people[1].pk], DAY + 2 * WEEK + timedelta(days=1), TODAY)) == []


def test_planned_activities_do_not_count_toward_a_streak(people) -> None:
    weeks(people[:1], 2)
    row = Attendance.objects.get(slot__activity=make_activity(DAY + 2 * WEEK), cadre=people[1])
    row.state = "absent"
    row.save()
    assert list(absence_streaks([people[1].pk], DAY, TODAY)) == []


def test_speeches_are_occasions_and_count_for_the_rota(people) -> None:
    activity = hold(make_activity(DAY, kind=StudyKind.LEARNING), came=people)
    AgendaItem.objects.create(activity=activity, topic="招商体会", speaker=people[0])
    ahead = make_activity(TODAY + WEEK, kind=StudyKind.LEARNING)
    invite_speakers(activity=ahead, cadres=[people[1]], by=staff())
    assert [o.title for o in occasions_of([people[0].pk], since=DAY, until=TODAY)] == ["招商体会"]
    counts = {row.name: (row.speech_count, row.last_spoke_on) for row in speaker_list(staff())}
    assert counts == {"甲示例": (1, DAY), "乙示例": (0, None), "丙示例": (0, None)}
    later = make_activity(TODAY + 2 * WEEK, kind=StudyKind.LEARNING)
    found = {one.name: (one.last_spoke_on, one.department_load) for one in candidates_for(later, staff())}
    assert found == {"甲示例": (DAY, 1), "丙示例": (None, 1)}


def test_the_home_page_shows_six_periods_and_what_is_due(people) -> None:
    began_long_ago()
    hold(make_activity(DAY, kind=StudyKind.LEARNING), came=people)
    viewer = staff()
    [six] = [c.source(viewer=viewer) for c in home_panels.for_viewer(viewer) if c.key == "training.six"]
    panel = result_of(six)
    standings = [one.standing.word for _, one in panel.context["periods"]]
    assert standings == ["应开未开", "应开未开", "应开未开", "应开未开", "已开", "未到期"]
    found = {duty.key: duty for duty in duties_of(viewer)}
    assert "应开未开" in found["training.study_missing"].title
    assert found["training.study:monday:0:20261102"].due_on == date(2026, 11, 8)


def test_staff_of_a_department_hear_of_their_own_groups_only(people) -> None:
    began_long_ago()
    unit = people[0].appointments.get().unit
    mine = make_group(*people, unit=unit)
    make_group(*people)
    keys = {duty.key for duty in duties_of(make_viewer(Role.PARTY, unit=unit)) if "study:" in duty.key}
    assert not any(key.startswith("training.study:monday") for key in keys)
    late = next(d for d in duties_of(make_viewer(Role.PARTY, unit=unit)) if d.key == "training.study_missing")
    assert late.count == 13  # ten party days and three assemblies of one branch
    assert mine.pk


def test_an_own_make_up_is_a_duty_until_it_is_written(people) -> None:
    activity = hold(make_activity(DAY), came=people[:1])
    assign_make_up(
        activity=activity,
        attendances=list(Attendance.objects.filter(cadre=people[1])),
        material=Material("材料"),
        due_on=TODAY - timedelta(days=1),
        by=staff(),
        at=moment(DAY),
        on=DAY,
    )
    [duty] = [d for d in duties_of(make_viewer(cadre=people[1])) if d.key.startswith("training.make_up:")]
    assert (duty.due_on, duty.escalates) == (TODAY - timedelta(days=1), True)
    assert duty.reason.startswith("已逾期")


def section(cadre: Cadre):
    history = study_histories([cadre], TODAY)[cadre.pk]
    return study_section(SectionContext(cadre, TODAY, Edition.LEADER), history)


def test_the_growth_file_counts_by_year_and_kind_and_names_speeches(people) -> None:
    first = hold(make_activity(DAY, kind=StudyKind.LEARNING), came=people[:1])
    AgendaItem.objects.create(activity=first, topic="招商体会", speaker=people[0])
    hold(make_activity(DAY, kind=StudyKind.INTEGRITY, theme=StudyTheme.OATH), came=people[:1])
    hold(make_activity(DAY + WEEK), came=people[1:])
    found = section(people[0])
    opening, _, table, integrity, _, speeches = found.blocks
    assert opening.text == "截至2026年11月，应参加学习活动3次，实到2次，出勤率67%，发言1次。"
    assert [row.cells for row in table.rows] == [
        ("2026年", "周一学习例会", "1", "—", "—", "1", "—"),
        ("2026年", "学习型组织活动", "1", "1", "—", "—", "—"),
        ("2026年", "廉政教育", "1", "1", "—", "—", "—"),
    ]
    assert integrity.text.startswith("2026年廉政教育：重温入党誓词已参加、警示教育片未参加")
    assert speeches.rows[0].cells == ("2026年10月12日", "招商体会", str(first))


def test_whoever_was_never_expected_has_no_section() -> None:
    assert section(make_cadre()) is None


def test_histories_cost_the_same_for_one_and_for_many(people) -> None:
    weeks(people, 3)
    costs = []
    for cadres in (people[:1], people):
        with CaptureQueriesContext(connection) as queries:
            study_histories(cadres, TODAY)
        costs.append(len(queries))
    assert costs == [1, 1]


def test_the_tab_lists_what_was_held(people) -> None:
    weeks(people[:1], 2)
    make_activity(TODAY + WEEK)
    panel = study_tab(cadre=people[0], viewer=staff())
    assert (panel.count, [year for year, _ in panel.context["years"]]) == (2, [2026])
