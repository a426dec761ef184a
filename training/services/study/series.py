"""Series: planned ahead into activities with a time and an expected roster; what was held never moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from core import search
from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from training.choices import ActivityState, AttendanceSource, HolidayShift
from training.models import Attendance, Slot, StudyActivity, StudySeries
from training.queries.study import away, day_book, expected_cadres, units_at
from training.recurrence import Rhythm, Turn, turns
from training.services.study.activities import check_audience
from training.services.study.reach import refuse_outside
from training.services.study.roster import expected_row
from training.workdays import FARTHEST

FARTHEST_AHEAD = timedelta(days=400)
BATCH = 500
SERIES_FIELDS = (
    "kind",
    "theme",
    "name",
    "group",
    "unit",
    "weekday",
    "every_weeks",
    "every_months",
    "nth",
    "starts_at",
    "minutes",
    "place",
    "holiday_shift",
    "starts_on",
    "ends_on",
)
# Changes of these move days or people: what is still untouched ahead is planned anew.
RHYTHM_FIELDS = frozenset(SERIES_FIELDS) - {"name", "theme", "starts_at", "minutes", "place"}


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning made, and what a change left as it was because somebody had worked on it."""

    made: tuple[StudyActivity, ...] = ()
    removed: int = 0
    moved: int = 0
    kept: int = 0


def rhythm_of(series: StudySeries) -> Rhythm:
    return Rhythm(
        starts_on=series.starts_on,
        ends_on=series.ends_on,
        weekday=series.weekday,
        weeks=series.every_weeks,
        months=series.every_months,
        nth=series.nth,
        shift=HolidayShift(series.holiday_shift),
    )


@transaction.atomic
def create_series(*, values: Mapping[str, Any], by: Viewer) -> StudySeries:
    series = StudySeries(**values)
    _check(series, by)
    save_validated(series)
    _record(series, "新建活动系列", by, values_of(series, SERIES_FIELDS))
    return series


@transaction.atomic
def update_series(*, series: StudySeries, values: Mapping[str, Any], by: Viewer, on: date) -> Planned:
    """Changes the series from `on`; held, cancelled and postponed activities and those somebody has
    already worked on stay as they are."""
    refuse_outside(series.group, series.unit, by)
    changes = changes_to(series, values)
    if not changes:
        return Planned()
    horizon = _horizon(series, on)
    apply_changes(series, changes)
    _check(series, by)
    save_validated(series)
    untouched = list(_untouched(series, on))
    kept = _ahead(series, on).count() - len(untouched)
    _record(series, "修改活动系列", by, changes)
    if RHYTHM_FIELDS & set(changes):
        StudyActivity.objects.filter(pk__in=[one.pk for one in untouched]).delete()
        made = _plan(series, on, horizon) if horizon else []
        return Planned(tuple(made), removed=len(untouched), kept=kept)
    _rewrite(series, untouched)
    return Planned(moved=len(untouched), kept=kept)


@transaction.atomic
def end_series(*, series: StudySeries, on: date, by: Viewer) -> int:
    """The last day of a series; returns how many untouched activities after it were taken away."""
    refuse_outside(series.group, series.unit, by)
    if on < series.starts_on:
        raise DomainError("停办日期不能早于开始日期。", field="on", code="ends_before_start")
    changes = changes_to(series, {"ends_on": on})
    apply_changes(series, changes)
    save_validated(series)
    after = [one.pk for one in _untouched(series, on + timedelta(days=1))]
    StudyActivity.objects.filter(pk__in=after).delete()
    _record(series, "停办活动系列", by, changes)
    return len(after)


@transaction.atomic
def plan_series(*, series: StudySeries, until: date, by: Viewer | None, on: date) -> Planned:
    """Makes the activities from `on` to `until` that are not there yet; again it makes none."""
    if by is not None:
        refuse_outside(series.group, series.unit, by)
    if until > on + FARTHEST_AHEAD:
        raise DomainError("最多排定到 400 天以后，请选近一些的日期。", field="until", code="too_far")
    if until < on:
        raise DomainError("排定截止日期不能早于今天。", field="until", code="in_the_past")
    StudySeries.objects.select_for_update().get(pk=series.pk)
    made = _plan(series, on, until)
    if made:
        _record(series, f"排定 {len(made)} 场学习活动", by, {})
    return Planned(tuple(made))


def _plan(series: StudySeries, on: date, until: date) -> list[StudyActivity]:
    """Turns whose own day was planned before, or whose day of holding is taken, are there already."""
    margin = timedelta(days=FARTHEST)
    book = day_book(on - margin, until + margin)
    there = StudyActivity.objects.filter(series=series).values_list("planned_for", "held_on")
    taken = {day for pair in there for day in pair}
    first = max(on, series.starts_on)
    wanted = [turn for turn in turns(rhythm_of(series), first, until, book) if turn.held_on >= on]
    new = [turn for turn in wanted if turn.planned_for not in taken and turn.held_on not in taken]
    activities = StudyActivity.objects.bulk_create(
        [_activity(series, turn) for turn in new], batch_size=BATCH
    )
    slots = Slot.objects.bulk_create([_slot(series, one) for one in activities], batch_size=BATCH)
    rows = [row for slot in slots for row in _expected(series, slot)]
    Attendance.objects.bulk_create(rows, batch_size=BATCH)
    search.index_rows(StudyActivity, [one.pk for one in activities])
    return activities


def _activity(series: StudySeries, turn: Turn) -> StudyActivity:
    return StudyActivity(
        series=series,
        planned_for=turn.planned_for,
        held_on=turn.held_on,
        kind=series.kind,
        theme=series.theme,
        title=_title(series, turn.held_on),
        group=series.group,
        unit=series.unit,
    )


def _title(series: StudySeries, day: date) -> str:
    return f"{series.name}（{day.month}月{day.day}日）"


def _times(series: StudySeries, day: date) -> tuple[datetime, datetime]:
    starts_at = timezone.make_aware(datetime.combine(day, series.starts_at))
    return starts_at, starts_at + timedelta(minutes=series.minutes)


def _slot(series: StudySeries, activity: StudyActivity) -> Slot:
    starts_at, ends_at = _times(series, activity.held_on)
    return Slot(activity=activity, starts_at=starts_at, ends_at=ends_at, place=series.place)


def _expected(series: StudySeries, slot: Slot) -> list[Attendance]:
    units = units_at(
        expected_cadres(group=series.group, unit=series.unit, on=timezone.localdate(slot.starts_at))
    )
    gone = away(list(units), slot.starts_at, slot.ends_at)
    return [expected_row(slot, pk, unit, gone) for pk, unit in units.items()]


def _horizon(series: StudySeries, on: date) -> date | None:
    """Up to which day the series is planned at present."""
    last = _ahead(series, on).order_by("-held_on").first()
    return last.held_on if last else None


def _ahead(series: StudySeries, on: date) -> Any:
    return StudyActivity.objects.filter(series=series, state=ActivityState.PLANNED, held_on__gte=on)


def _untouched(series: StudySeries, on: date) -> Any:
    """Planned activities ahead on which nobody has worked yet."""
    rows = _ahead(series, on).filter(postponed_from__isnull=True, agenda=None, files=None)
    worked_on = ~Q(slot__attendances__source=AttendanceSource.NONE) | Q(slot__attendances__is_extra=True)
    touched = rows.filter(worked_on, slot__attendances__isnull=False).values("pk")
    return rows.exclude(pk__in=touched).select_related("slot")


def _rewrite(series: StudySeries, activities: Sequence[StudyActivity]) -> None:
    """Name, theme, time and place of activities ahead; calendars hear of it."""
    for activity in activities:
        activity.title, activity.theme = _title(series, activity.held_on), series.theme
        slot = activity.slot
        slot.starts_at, slot.ends_at = _times(series, activity.held_on)
        slot.place = series.place
    StudyActivity.objects.bulk_update(activities, ["title", "theme"], batch_size=BATCH)
    search.index_rows(StudyActivity, [one.pk for one in activities])
    slots = [activity.slot for activity in activities]
    Slot.objects.bulk_update(slots, ["starts_at", "ends_at", "place"], batch_size=BATCH)
    Slot.objects.filter(pk__in=[slot.pk for slot in slots]).update(sequence=F("sequence") + 1)


def _check(series: StudySeries, by: Viewer) -> None:
    refuse_outside(series.group, series.unit, by)
    check_audience(series.kind, series.theme, series.group, series.unit)


def _record(series: StudySeries, act: str, by: Viewer | None, changes: Mapping[str, Any]) -> None:
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=series,
        label=f"{act}：{series}",
        changes=changes,
    )
