"""Calendar files by RFC 5545: one event per slot, with its revision, in the office's own time zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vText

ZONE = ZoneInfo("Asia/Shanghai")
PRODUCT = "-//cadre-dev//calendar//ZH"
REFRESH = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `uid` names it for good; a higher `sequence` replaces what a calendar has.

    Days without times of day: `starts_at` and `ends_at` as dates, the end exclusive.
    """

    uid: str
    title: str
    starts_at: datetime | date
    ends_at: datetime | date
    changed_at: datetime
    sequence: int = 0
    place: str = ""
    detail: str = ""
    url: str = ""
    cancelled: bool = False


def calendar_file(name: str, entries: Iterable[Entry], *, remind: bool = True) -> bytes:
    """A whole calendar; lines are folded and text is escaped by the library."""
    book = Calendar()
    book.add("prodid", PRODUCT)
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", name)
    book.add("x-wr-timezone", ZONE.key)
    book.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    book.add_component(_zone())
    for entry in entries:
        book.add_component(_event(entry, remind))
    return bytes(book.to_ical())


def _zone() -> Timezone:
    """One offset all year: the zone has had no summer time since 1991."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE.key)
    standard.add("dtstart", datetime(1992, 1, 1))
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry: Entry, remind: bool) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("summary", vText(f"（已取消）{entry.title}" if entry.cancelled else entry.title))
    event.add("dtstart", _local(entry.starts_at))
    event.add("dtend", _local(entry.ends_at))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    for key, text in (("location", entry.place), ("description", entry.detail), ("url", entry.url)):
        if text:
            event.add(key, text)
    if remind and not entry.cancelled and isinstance(entry.starts_at, datetime):
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", vText(entry.title))
    alarm.add("trigger", timedelta(minutes=-30))
    return alarm


def _local(moment: datetime | date) -> datetime | date:
    return moment.astimezone(ZONE) if isinstance(moment, datetime) else moment
