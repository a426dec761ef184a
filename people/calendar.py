"""The month of one viewer: what every app puts on it, what occupies the viewer, what is due on a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self

from django.utils import timezone

from core.access import Permission, Viewer
from core.asking import Steps, gathered
from people.choices import CalendarKind
from people.contracts import (
    DayMark,
    Duty,
    Engagement,
    Entry,
    calendar_entries,
    engagement_steps,
)
from people.months import Span, month_after, month_span

SEES = Permission.VIEW_CADRE
SHOWN_A_DAY = 2  # entries in a cell of the home page; the others are one press away
LASTING = timedelta(days=7)  # what takes longer stands on its first and its last day alone
NEAR = timedelta(days=6)  # what a phone shows of the present month
SATURDAY = 5
KINDS = {
    "培训": CalendarKind.CLASS,
    "学习活动": CalendarKind.STUDY,
    "谈话": CalendarKind.TALK,
    "体检": CalendarKind.CARE,
    "文体活动": CalendarKind.CARE,
    "挂职": CalendarKind.AWAY,
    "借调": CalendarKind.AWAY,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry on one of its days."""

    entry: Entry
    day: date

    @property
    def continued(self) -> bool:
        return self.day > self.entry.day

    @property
    def short(self) -> str:
        """Without the year of the day at its head: in a narrow cell it would be all that is read."""
        return self.entry.title.removeprefix(f"{self.day.year}年")

    @property
    def clock(self) -> str:
        return _clock(self.entry.starts_at)

    @property
    def span(self) -> str:
        """09:00–17:00, or 全天; what is due has no time of day."""
        if self.entry.starts_at is None:
            return "当日到期" if self.entry.kind in (CalendarKind.DUE, CalendarKind.TASK) else "全天"
        return f"{self.clock}–{_clock(self.entry.ends_at)}".rstrip("–")


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    shown: tuple[Shown, ...] = ()
    note: str = ""
    is_off: bool = False
    is_outside: bool = False
    is_near: bool = False

    @property
    def first(self) -> tuple[Shown, ...]:
        return self.shown[:SHOWN_A_DAY]

    @property
    def more(self) -> int:
        return len(self.shown) - len(self.first)


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks of days from Monday on."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    legend: tuple[CalendarKind, ...]
    on: date

    @classmethod
    def of(cls, first: date, found: Iterable[Entry | DayMark], on: date, kind: str = "") -> Self:
        """`kind` leaves the entries of that kind alone; the legend tells of all."""
        span = month_span(first.year, first.month)
        items = list(found)
        entries = _once_each(item for item in items if isinstance(item, Entry))
        marks = {item.day: item for item in items if isinstance(item, DayMark)}
        by_day: dict[date, list[Shown]] = defaultdict(list)
        for entry in entries:
            if kind in ("", entry.kind):
                for day in _days_of(entry, span):
                    by_day[day].append(Shown(entry, day))
        days = [_day(day, by_day[day], marks.get(day), first, on) for day in span.days]
        weeks = tuple(tuple(days[start : start + 7]) for start in range(0, len(days), 7))
        present = {entry.kind for entry in entries}
        return cls(first, weeks, tuple(one for one in CalendarKind if one in present), on)

    @property
    def days(self) -> list[Day]:
        """Of the month itself, with something."""
        return [day for week in self.weeks for day in week if day.shown and not day.is_outside]

    @property
    def number(self) -> int:
        return sum(not shown.continued for day in self.days for shown in day.shown)

    @property
    def is_present(self) -> bool:
        return self.first == self.on.replace(day=1)

    @property
    def has_near(self) -> bool:
        return any(day.is_near and day.shown for week in self.weeks for day in week)

    @property
    def earlier(self) -> str:
        return f"{month_after(self.first, -1):%Y-%m}"

    @property
    def later(self) -> str:
        return f"{month_after(self.first):%Y-%m}"


def entry_steps(viewer: Viewer, first: date) -> Steps[list[Entry | DayMark]]:
    """What the apps know of the month's weeks, and what occupies the viewer; asked with what others ask."""
    span = month_span(first.year, first.month)
    sources: dict[str, Iterable[Entry | DayMark]] = {
        c.key: c.source(viewer=viewer, first=span.first, last=span.last)
        for c in calendar_entries.for_viewer(viewer)
    }
    if viewer.cadre_id is not None and viewer.on_own_record(SEES):
        sources["own"] = _own(viewer.cadre_id, span)
    parts = yield from gathered(sources)
    return [item for shown, _ in parts.values() for item in shown]


def entries_of_duties(found: Iterable[Duty]) -> Iterator[Entry]:
    """What the to-do list says is due on a day; the list itself says what else there is."""
    for duty in found:
        if duty.due_on is not None and duty.on_calendar:
            yield Entry(CalendarKind.DUE, duty.title, duty.due_on, note=duty.reason, link=duty.link, own=True)


def _own(cadre_id: int, span: Span) -> Iterator[Entry]:
    busy = yield from engagement_steps([cadre_id], starts_at=span.starts_at, ends_at=span.ends_at)
    yield from map(_of_engagement, busy)


def _of_engagement(found: Engagement) -> Entry:
    """What lasts from midnight to midnight has no time of day."""
    whole = _is_midnight(found.starts_at) and _is_midnight(found.ends_at)
    day = timezone.localdate(found.starts_at)
    last = timezone.localdate(found.ends_at - timedelta(microseconds=1))
    return Entry(
        kind=KINDS.get(found.kind, CalendarKind.OTHER),
        title=found.title,
        day=day,
        last=last if last > day else None,
        starts_at=None if whole else found.starts_at,
        ends_at=None if whole else found.ends_at,
        place=found.place,
        link=found.link,
        own=True,
    )


def _once_each(entries: Iterable[Entry]) -> list[Entry]:
    """What two sources tell of is one entry: the viewer's own if it is so to one of them."""
    found: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        key = (entry.day, entry.starts_at, entry.kind, entry.title)
        known = found.get(key)
        if known is None:
            found[key] = entry
        else:
            found[key] = replace(
                known,
                link=known.link or entry.link,
                note=known.note or entry.note,
                own=known.own or entry.own,
            )
    return list(found.values())


def _days_of(entry: Entry, span: Span) -> Sequence[date]:
    last = entry.last or entry.day
    if last - entry.day >= LASTING:
        return [day for day in (entry.day, last) if span.first <= day <= span.last]
    return [day for day in span.days if entry.day <= day <= last]


def _day(day: date, shown: list[Shown], mark: DayMark | None, first: date, on: date) -> Day:
    return Day(
        day=day,
        shown=tuple(sorted(shown, key=_order)),
        note=mark.name if mark else "",
        is_off=mark.is_off if mark else day.weekday() >= SATURDAY,
        is_outside=(day.year, day.month) != (first.year, first.month),
        is_near=on <= day <= on + NEAR,
    )


def _order(shown: Shown) -> tuple[bool, str, str]:
    """The own things first, then by the clock, so that a short cell does not hide where one must be."""
    return (not shown.entry.own, shown.clock, shown.entry.title)


def _clock(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def _is_midnight(moment: datetime) -> bool:
    return timezone.localtime(moment).time() == time.min
