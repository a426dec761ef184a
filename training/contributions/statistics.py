"""How people stand in their hours and what study activities there were, for the statistics."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count
from django.urls import reverse

from core.access import Permission, Viewer
from people.models import Unit
from people.statistics.counting import in_words, people_table
from people.statistics.dimensions import Dimension, more_dimensions
from people.statistics.sources import Chapter, report_chapters, statistics
from people.statistics.tables import Cell, Line, StatTable, sum_line
from training.choices import ActivityState, HoursStatus, StudyKind
from training.models import StudyActivity
from training.queries import RuleBook, hours_status

SEES = Permission.VIEW_TRAINING
STATES = (ActivityState.HELD, ActivityState.PLANNED, ActivityState.CANCELLED)


def _by_hours(on: date) -> Case:
    return hours_status(on, RuleBook.load())


HOURS = Dimension("hours", "学时状态", tuple(HoursStatus.choices), _by_hours, SEES)


@more_dimensions.register("training.hours")
def hours_dimension() -> Dimension:
    return HOURS


@statistics.register("training.hours", order=10, permission=SEES, label="学时")
def hours_table(*, viewer: Viewer, on: date, unit: Unit) -> Iterator[StatTable]:
    if viewer.paths(SEES):
        # The rules once for a page, whatever days it compares.
        book = viewer.remember("training.statistics.rules", RuleBook.load)
        by_hours = replace(HOURS, expression=lambda day: hours_status(day, book))
        yield people_table(viewer, by_hours, on, unit)


@statistics.register("training.study", order=20, permission=SEES, label="学习活动")
def study_table(*, viewer: Viewer, on: date, unit: Unit) -> Iterator[StatTable]:
    """Of the whole zone, from the beginning of the year to the day."""
    since = on.replace(month=1, day=1)
    rows: Any = StudyActivity.objects.visible_to(viewer).filter(held_on__gte=since, held_on__lte=on)
    counts = Counter(
        {
            (kind, state): number
            for kind, state, number in rows.order_by().values_list("kind", "state").annotate(Count("pk"))
        }
    )
    lines = tuple(_kind_line(kind, counts, since, on) for kind in StudyKind if _held(counts, kind))
    total = sum_line(lines, len(STATES) + 1, _activity_links(since, on))
    yield StatTable(
        "study",
        f"{on.year}年学习活动",
        ("合计", *(state.label for state in STATES)),
        lines,
        total,
        corner="活动类别",
        counter="场",
        note="全区的学习活动，不分部门；从当年1月1日到所选日期。",
    )


def _held(counts: Counter[tuple[str, str]], kind: str) -> int:
    return sum(counts[kind, state] for state in STATES)


def _kind_line(kind: StudyKind, counts: Counter[tuple[str, str]], since: date, on: date) -> Line:
    numbers = [_held(counts, kind), *(counts[kind, state] for state in STATES)]
    links = _activity_links(since, on, kind)
    return Line(kind.label, tuple(Cell(n, link) for n, link in zip(numbers, links, strict=True)))


def _activity_links(since: date, until: date, kind: str = "") -> list[str]:
    asked = {"since": since.isoformat(), "until": until.isoformat(), **({"kind": kind} if kind else {})}
    address = reverse("training:activities")
    return [f"{address}?{urlencode(asked | part)}" for part in ({}, *({"state": s.value} for s in STATES))]


@report_chapters.register("training.report", order=20, permission=SEES)
def training_chapter(*, viewer: Viewer, on: date, unit: Unit) -> Chapter | None:
    hours = next(hours_table(viewer=viewer, on=on, unit=unit), None)
    study = next(study_table(viewer=viewer, on=on, unit=unit))
    paragraphs = []
    if hours is not None and hours.total.cells[0].number:
        people = hours.total.cells[0].number
        paragraphs.append(f"{on.year}年纳入学时管理{people}人，{in_words(hours)}。")
    every, held, *_ = (cell.number or 0 for cell in study.total.cells)
    if every:
        span = "全年" if (on.month, on.day) == (12, 31) else "今年以来"
        kinds = "、".join(
            f"{line.label}{line.cells[1].number}场" for line in study.lines if line.cells[1].number
        )
        paragraphs.append(f"{span}安排学习活动{every}场，已开展{held}场{f'，其中{kinds}' if kinds else ''}。")
    tables = (hours,) if hours is not None else ()
    return Chapter("教育培训和学习活动", tuple(paragraphs), tables) if paragraphs else None
