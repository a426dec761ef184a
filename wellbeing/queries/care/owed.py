"""应慰问未慰问 as of any day: birthdays and retirements from the record, festivals from the calendar.

The rest is what was reported. Nothing is stored until somebody acts on it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from core.access import Permission, Viewer
from people.choices import CadreStatus, Sex
from people.models import Cadre
from people.retirement import retirement_month
from wellbeing.choices.care import (
    COMPUTED,
    IN_BULK,
    REPORTED,
    CareCause,
    CareState,
    EventState,
    kinds_for,
)
from wellbeing.models import CareCase, CareEvent, CareFestival, CareRule
from wellbeing.queries.care.rules import RuleBook
from wellbeing.queries.organisation import Placements

LOOK_BACK = timedelta(days=60)  # across the turn of the year; within the year everything counts
MEN_RETIRE_AT = 60  # before the reform; for women it depends on the post, so only the record says it
Key = tuple[int, str, str]  # cadre, cause, key


@dataclass(frozen=True, slots=True)
class Owed:
    """One event that asks for care, with the rule, the last day and how urgent it is."""

    cadre: Cadre
    cause: CareCause
    key: str
    title: str
    happened_on: date
    due_on: date
    rule: CareRule
    light: str
    words: str
    event: CareEvent | None = None
    case: CareCase | None = None

    @property
    def pk(self) -> str:
        """What a form sends back; `found_again` reads it."""
        return f"{self.cadre.pk}:{self.cause}:{self.key}"

    @property
    def in_bulk(self) -> bool:
        return self.cause in IN_BULK and self.case is None

    @property
    def unit_name(self) -> str:
        return str(getattr(self.cadre, "unit_name", "") or "")

    def __str__(self) -> str:
        return f"{self.cadre.name}{self.title}"


def owed(viewer: Viewer, *, on: date) -> list[Owed]:
    """For those whose care the viewer handles, the most urgent first; a constant number of queries."""
    return _Search(viewer, on).found()


def found_again(viewer: Viewer, *, on: date, keys: Iterable[str]) -> list[Owed]:
    """Those of the list that a form has named; what is no longer owed is left out."""
    wanted = set(keys)
    return [one for one in owed(viewer, on=on) if one.pk in wanted]


class _Search:
    def __init__(self, viewer: Viewer, on: date) -> None:
        self.on = on
        self.since = min(date(on.year, 1, 1), on - LOOK_BACK)
        self.book = RuleBook.load()
        self.until = on + timedelta(days=self.book.longest_lead())
        people: Any = Cadre.objects.visible_to(viewer, Permission.EDIT_CARE).with_position(on)
        own = Q(pk=viewer.cadre_id or 0)
        self.cadres = {c.pk: c for c in people.exclude(own).exclude(status=CadreStatus.LEFT)}
        self.places = Placements(list(self.cadres))
        self.events = self._events(viewer)
        self.cases = self._cases()

    def _events(self, viewer: Viewer) -> dict[Key, CareEvent]:
        rows = CareEvent.objects.visible_to(viewer).exclude(state=EventState.SETTLED)
        since = self.since - timedelta(days=366)
        rows = rows.filter(happened_on__range=(since, self.until)).select_related("handler", "reported_by")
        return {(row.cadre_id, row.cause, row.key): row for row in rows.defer("detail")}

    def _cases(self) -> dict[int, CareCase]:
        """Event → its live case as it stood on the day."""
        events = [row.pk for row in self.events.values()]
        rows = CareCase.objects.live().filter(applied_on__lte=self.on, event__happened_on__lte=self.until)
        rows = rows.filter(event__happened_on__gte=self.since - timedelta(days=366))
        known = set(events)
        return {row.event_id: row for row in rows.defer("reason", "opinion") if row.event_id in known}

    def found(self) -> list[Owed]:
        rows = [row for row in self._all() if row is not None]
        return sorted(rows, key=lambda row: (row.due_on, row.cadre.name_pinyin, row.cause, row.key))

    def _all(self) -> Iterator[Owed | None]:
        festivals = list(CareFestival.objects.filter(is_on=True, day__range=(self.since, self.until)))
        for cadre in self.cadres.values():
            if cadre.status == CadreStatus.ACTIVE:
                yield from self._birthdays(cadre)
                yield from self._festivals(cadre, festivals)
            yield self._retirement(cadre)
        for event in self.events.values():
            if event.cause in REPORTED and event.cadre_id in self.cadres:
                yield self._reported(event)

    def _birthdays(self, cadre: Cadre) -> Iterator[Owed | None]:
        """The record knows the month, so a birthday is owed in its month."""
        if cadre.birth_month is None:
            return
        for year in range(self.since.year, self.until.year + 1):
            day = date(year, cadre.birth_month.month, 1)
            yield self._one(cadre, CareCause.BIRTHDAY, str(year), day, f"{day.month} 月生日")

    def _festivals(self, cadre: Cadre, festivals: list[CareFestival]) -> Iterator[Owed | None]:
        for festival in festivals:
            key = festival.day.isoformat()
            yield self._one(cadre, CareCause.FESTIVAL, key, festival.day, festival.name)

    def _retirement(self, cadre: Cadre) -> Owed | None:
        month = cadre.retirement_month
        if month is None and cadre.birth_month and cadre.sex == Sex.MALE:
            month = retirement_month(cadre.birth_month, base_age=MEN_RETIRE_AT)
        if month is None:
            return None
        return self._one(cadre, CareCause.RETIREMENT, "retirement", month, "到龄退休", employed=False)

    def _one(
        self, cadre: Cadre, cause: CareCause, key: str, day: date, title: str, *, employed: bool = True
    ) -> Owed | None:
        """None where it is out of time, not to be listed yet, or was before the cadre came."""
        rule = self.book.of(cause, day) if self.since <= day <= self.until else None
        if rule is None or day - timedelta(days=rule.lead_days) > self.on:
            return None
        if employed and self.places.on(cadre.pk, max(day, _first_here(day, self.on))).unit_id is None:
            return None
        event = self.events.get((cadre.pk, cause, key))
        return self._row(cadre, cause, key, day, title, rule, event)

    def _reported(self, event: CareEvent) -> Owed | None:
        rule = self.book.of(kinds_for(event.cause)[0], event.happened_on)
        if rule is None or event.happened_on > self.on or (event.reported_on or self.on) > self.on:
            return None
        cause = CareCause(event.cause)
        cadre = self.cadres[event.cadre_id]
        return self._row(cadre, cause, event.key, event.happened_on, cause.label, rule, event)

    def _row(
        self,
        cadre: Cadre,
        cause: CareCause,
        key: str,
        day: date,
        title: str,
        rule: CareRule,
        event: CareEvent | None,
    ) -> Owed | None:
        case = self.cases.get(event.pk) if event else None
        if case is not None and case.given_on is not None and case.given_on <= self.on:
            return None
        due_on = day + timedelta(days=rule.within_days)
        light, words = _light(due_on, case, self.on)
        return Owed(cadre, cause, key, title, day, due_on, rule, light, words, event, case)


def _first_here(day: date, on: date) -> date:
    """A day ahead asks for who is here today."""
    return min(day, on)


def _light(due_on: date, case: CareCase | None, on: date) -> tuple[str, str]:
    late = due_on < on
    if case is not None:
        words = CareState(case.state).label
        return ("red", f"{words}，已超期") if late else ("blue", words)
    if late:
        return "red", f"超期 {(on - due_on).days} 天"
    soon = (due_on - on).days <= 7
    return ("yellow", "7 天内到期") if soon else ("green", "未到期")


__all__ = ["COMPUTED", "Owed", "found_again", "owed"]
