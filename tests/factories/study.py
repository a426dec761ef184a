"""Study groups, activities and who came, made the way the product makes them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from core.access import Role, Viewer
from people.models import Cadre
from tests.factories.people import TODAY, make_viewer
from training.choices import AttendanceState, GroupKind, StudyKind, StudyTheme
from training.models import Attendance, GroupMembership, StudyActivity, StudyGroup, StudySeries
from training.services.study import Mark, When, create_activity, hold_activity, mark_attendance

_numbers = count(1)
NINE = time(9)


def moment(day: date, at: time = NINE) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def when(day: date, *, at: time = NINE, minutes: int = 120, place: str = "三楼会议室") -> When:
    starts_at = moment(day, at)
    return When(starts_at, starts_at + timedelta(minutes=minutes), place)


def staff(**values: Any) -> Viewer:
    """Whoever looks after the party's work in the whole zone."""
    return make_viewer(Role.PARTY, **values)


def began_long_ago() -> None:
    """The people there are have been in the register since 2020: so long the office owes activities."""
    Cadre.objects.update(created_at=moment(date(2020, 1, 1), time(9)))


def make_group(*members: Cadre, kind: str = GroupKind.BRANCH, **values: Any) -> StudyGroup:
    """A group; the members since 2020."""
    name = values.pop("name", f"第{next(_numbers)}党支部")
    since = values.pop("since", date(2020, 1, 1))
    group = StudyGroup.objects.create(name=name, kind=kind, **values)
    for cadre in members:
        GroupMembership.objects.create(group=group, cadre=cadre, starts_on=since)
    return group


def make_activity(
    day: date = TODAY, *, kind: str = StudyKind.MONDAY, by: Viewer | None = None, **values: Any
) -> StudyActivity:
    themes = {StudyKind.LEARNING: StudyTheme.INDUSTRY, StudyKind.INTEGRITY: StudyTheme.OATH}
    about = {
        "kind": kind,
        "title": f"{StudyKind(kind).label}{next(_numbers)}",
        "theme": themes.get(StudyKind(kind), ""),
    }
    hour, minutes = values.pop("at", NINE), values.pop("minutes", 120)
    return create_activity(
        values={**about, **values}, when=when(day, at=hour, minutes=minutes), by=by or staff()
    )


def mark(
    activity: StudyActivity, states: dict[Cadre, AttendanceState], *, by: Viewer | None = None, **values: Any
) -> None:
    rows = {row.cadre_id: row.pk for row in Attendance.objects.filter(slot__activity=activity)}
    reasons = {AttendanceState.LEAVE: "duty"}
    marks = [Mark(rows[cadre.pk], state, reasons.get(state, "")) for cadre, state in states.items()]
    mark_attendance(activity=activity, marks=marks, by=by or staff(), at=moment(activity.held_on), **values)


def hold(
    activity: StudyActivity, *, came: Sequence[Cadre] = (), by: Viewer | None = None, **states: Any
) -> StudyActivity:
    """Held on its day: `came` were present, `states` (leave=[…], late=[…]) otherwise, the rest absent."""
    marks = dict.fromkeys(came, AttendanceState.PRESENT)
    for name, cadres in states.items():
        marks |= dict.fromkeys(cadres, AttendanceState(name))
    viewer = by or staff()
    if marks:
        mark(activity, marks, by=viewer)
    hold_activity(activity=activity, by=viewer, at=moment(activity.held_on, time(18)))
    return activity


def make_series(**values: Any) -> StudySeries:
    defaults: dict[str, Any] = {
        "kind": StudyKind.MONDAY,
        "name": "周一学习例会",
        "weekday": 1,
        "starts_at": time(8, 30),
        "starts_on": date(2026, 1, 1),
    }
    return StudySeries.objects.create(**(defaults | values))
