"""The year of study activities of the demo zone, before it becomes rows: what, for whom, on which day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from training.choices import GroupKind, HolidayShift, StudyKind, StudyTheme
from training.models import StudyGroup, StudySeries
from training.recurrence import turns
from training.services.study.series import rhythm_of
from training.workdays import DayBook

HALL = "管委会三楼会议室"
LEARNING = (StudyTheme.DEVELOPMENT, StudyTheme.INDUSTRY, StudyTheme.SHARING)
INTEGRITY = (
    (StudyTheme.WARNING_FILM, "观看警示教育片", HALL, 3),
    (StudyTheme.OATH, "重温入党誓词", "示例革命纪念馆广场", 6),
    (StudyTheme.INTEGRITY_HALL, "参观廉政教育馆", "示例县廉政教育馆", 9),
    (StudyTheme.REVOLUTION_HALL, "参观革命纪念馆", "示例革命纪念馆", 12),
)
DOCUMENTS = ("全市经济工作会议精神", "安全生产重要文件", "优化营商环境若干措施", "中央农村工作会议精神")


@dataclass(frozen=True, slots=True)
class Plan:
    """One activity to be."""

    kind: StudyKind
    title: str
    day: date
    at: time = time(15)
    minutes: int = 90
    place: str = HALL
    group: StudyGroup | None = None
    theme: str = ""
    series: StudySeries | None = None
    planned_for: date | None = None


def series_rows(groups: Sequence[StudyGroup], since: date) -> list[StudySeries]:
    """What comes round by itself: the Monday meeting, the party days of the branches, the six learnings."""
    monday = StudySeries(
        kind=StudyKind.MONDAY,
        name="周一学习例会",
        weekday=1,
        starts_at=time(8, 30),
        minutes=60,
        place=HALL,
        starts_on=since,
    )
    learning = StudySeries(
        kind=StudyKind.LEARNING,
        theme=StudyTheme.INDUSTRY,
        name="学习型组织活动",
        weekday=4,
        every_months=2,
        nth=3,
        starts_at=time(14, 30),
        minutes=120,
        place=HALL,
        starts_on=date(since.year, since.month - (since.month - 1) % 2, 1),
    )
    return [monday, learning, *(_party_day(group, since) for group in groups)]


def _party_day(group: StudyGroup, since: date) -> StudySeries:
    return StudySeries(
        kind=StudyKind.THEME_PARTY_DAY,
        name=f"{group.name}主题党日",
        group=group,
        weekday=5,
        every_months=1,
        starts_at=time(15),
        minutes=120,
        place="党员活动室",
        holiday_shift=HolidayShift.NEXT,
        starts_on=since,
    )


def of_series(series: StudySeries, first: date, last: date, book: DayBook) -> Iterator[Plan]:
    for place, turn in enumerate(turns(rhythm_of(series), first, last, book)):
        theme = LEARNING[place % len(LEARNING)] if series.kind == StudyKind.LEARNING else series.theme
        day = turn.held_on
        yield Plan(
            kind=StudyKind(series.kind),
            title=f"{series.name}（{day.month}月{day.day}日）",
            day=day,
            at=series.starts_at,
            minutes=series.minutes,
            place=series.place,
            group=series.group,
            theme=theme,
            series=series,
            planned_for=turn.planned_for,
        )


def by_hand(groups: Sequence[StudyGroup], first: date, last: date) -> Iterator[Plan]:
    """What is planned one by one: the meetings of groups, integrity education, documents passed on."""
    for number, month in enumerate(_months(first, last)):
        for group in groups:
            yield from _of_group(group, month)
        yield from _of_zone(month, number)


EVERY_MONTH, EVERY_QUARTER = range(1, 13), (2, 5, 8, 11)
# kind, months, day of the month, minutes
MEETINGS = {
    GroupKind.COMMITTEE: ((StudyKind.BRANCH_COMMITTEE, EVERY_MONTH, 8, 60),),
    GroupKind.PARTY_GROUP: ((StudyKind.GROUP_MEETING, EVERY_MONTH, 15, 60),),
    GroupKind.CENTRE: ((StudyKind.CENTRE_GROUP, EVERY_QUARTER, 11, 180),),
    GroupKind.BRANCH: (
        (StudyKind.BRANCH_ASSEMBLY, EVERY_QUARTER, 17, 90),
        (StudyKind.PARTY_LECTURE, (7,), 1, 90),
        (StudyKind.ORGANISATIONAL_LIFE, (12,), 10, 150),
    ),
}


def _of_group(group: StudyGroup, month: date) -> Iterator[Plan]:
    for kind, months, day, minutes in MEETINGS.get(GroupKind(group.kind), ()):
        if month.month in months:
            when = _working(month.replace(day=day))
            title = f"{when.year}年{when.month}月{kind.label}"
            yield Plan(kind, title, when, group=group, minutes=minutes)


def _of_zone(month: date, number: int) -> Iterator[Plan]:
    for theme, name, place, due in INTEGRITY:
        if month.month == due:
            day = _working(month.replace(day=20))
            yield Plan(StudyKind.INTEGRITY, name, day, theme=theme, place=place, minutes=120)
    if month.month % 3 == 2:
        document = DOCUMENTS[number % len(DOCUMENTS)]
        yield Plan(StudyKind.DOCUMENT, f"传达学习{document}", _working(month.replace(day=26)), minutes=60)


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _working(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
