"""Working lives: outside first, then posts in the zone up to the place held now."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from people.choices import AppointmentKind, CadreStatus
from people.demo import words
from people.demo.context import DemoContext
from people.demo.shapes import Grade, Person, Stage, add_months, months_between
from people.demo.structure import DEPARTMENTS, LEADERS, ROOT, department_of

ZONE_FOUNDED = date(2006, 3, 1)
STAFF_TITLE = "科员"
# Months of work before a place of the grade, and how long ago people came to it.
NEEDED = {
    Grade.CHIEF: 260,
    Grade.VICE: 200,
    Grade.HEAD: 130,
    Grade.DEPUTY: 80,
    Grade.SECTION_HEAD: 48,
    Grade.STAFF: 0,
}
SINCE = {
    Grade.CHIEF: (6, 60),
    Grade.VICE: (8, 80),
    Grade.HEAD: (4, 100),
    Grade.DEPUTY: (3, 90),
    Grade.SECTION_HEAD: (3, 80),
    Grade.STAFF: (4, 140),
}
SHORTEST, LONGEST = 20, 58
FULL_LENGTH = {"secondment": (6, 12, 12, 24), "loan": (3, 6, 6, 9)}


class CareerMaker:
    """Gives every person the stages that lead to the present place.

    `vacated` keeps when a head's chair was left, so that the next one did not sit on it before.
    """

    def __init__(self, context: DemoContext) -> None:
        self.on = context.on
        self.random = context.random("careers")
        self._vacated: dict[str, date] = {}

    def make(self, person: Person) -> None:
        since, joined = self._dates(person)
        stages = [*self._outside(person, joined), *self._inside(person, joined, since)]
        place = person.place
        stages.append(Stage(since, _end(person, self.on), place.unit, "", place.title))
        person.stages = stages
        person.away = list(self._away(person))

    def _dates(self, person: Person) -> tuple[date, date]:
        """When the present place was taken, and when the zone was joined."""
        started = person.cadre.work_started_on or self.on
        grade = person.place.grade
        since = add_months(_last_day(person, self.on), -self.random.randint(*SINCE[grade]))
        latest = add_months(self.on, -2)
        since = min(max(since, add_months(started, NEEDED[grade]), ZONE_FOUNDED), latest)
        if grade == Grade.HEAD:
            since = max(since, self._vacated.get(person.place.unit, since))
        since = max(since, started)
        earliest = max(started, ZONE_FOUNDED)
        room = max(0, months_between(earliest, since))
        came_early = 0.3 if grade.leads_the_zone else 0.7
        joined = (
            add_months(earliest, self.random.randint(0, room // 2))
            if self.random.random() < came_early
            else since
        )
        return since, joined if months_between(joined, since) >= SHORTEST else since

    def _outside(self, person: Person, joined: date) -> Iterator[Stage]:
        """Titles rise with the years; a leading one only for those who lead now."""
        spans = list(_spans(self.random, person.cadre.work_started_on or joined, joined))
        highest = 2 if person.place.grade <= Grade.HEAD else 1
        for number, (begins, ends) in enumerate(spans):
            organisation, titles = self.random.choice(words.OUTSIDE)
            yield Stage(begins, ends, "", organisation, titles[min(number // 2, highest)])

    def _inside(self, person: Person, joined: date, since: date) -> list[Stage]:
        spans = list(_spans(self.random, joined, since))
        stages: list[Stage] = []
        for number, (begins, ends) in enumerate(spans, start=1):
            unit, title = self._earlier_place(person, last=number == len(spans), ends=ends)
            if stages and (stages[-1].unit, stages[-1].title) == (unit, title):
                begins = stages.pop().starts_on
            stages.append(Stage(begins, ends, unit, "", title))
        return stages

    def _earlier_place(self, person: Person, *, last: bool, ends: date) -> tuple[str, str]:
        grade = person.place.grade
        own = department_of(person.place.unit)
        department = own if own and self.random.random() < 0.4 else self.random.choice(DEPARTMENTS)
        if grade == Grade.CHIEF and last:
            return ROOT, LEADERS[-1][0]
        if grade.leads_the_zone and last and department.code not in self._vacated:
            self._vacated[department.code] = ends + timedelta(days=1)
            return department.code, department.head
        if grade <= Grade.HEAD and last:
            return department.code, department.deputy
        return department.code, STAFF_TITLE

    def _away(self, person: Person) -> Iterator[Stage]:
        """Secondments and loans of some, past or going on; retired people have only past ones."""
        if person.place.grade not in (Grade.DEPUTY, Grade.SECTION_HEAD, Grade.STAFF):
            return
        draw = self.random.random()
        if draw > 0.28:
            return
        kind = AppointmentKind.SECONDMENT if draw < 0.17 else AppointmentKind.LOAN
        length = self.random.choice(FULL_LENGTH[kind])
        present = draw % 0.1 < 0.04 and person.cadre.status == CadreStatus.ACTIVE
        ends_on = self._end_of_absence(person, length, present=present)
        begins = add_months(ends_on, -length)
        if begins >= person.stages[-1].starts_on:
            yield self._absence(kind, begins, ends_on - timedelta(days=1))

    def _end_of_absence(self, person: Person, length: int, *, present: bool) -> date:
        if present:
            return add_months(self.on, self.random.randint(1, max(1, length - 1)))
        return add_months(_last_day(person, self.on), -self.random.randint(1, 30))

    def _absence(self, kind: AppointmentKind, begins: date, ends: date) -> Stage:
        if kind == AppointmentKind.LOAN and self.random.random() < 0.3:
            return Stage(begins, ends, self.random.choice(DEPARTMENTS).code, "", "工作人员", kind)
        hosts = words.SECONDMENTS if kind == AppointmentKind.SECONDMENT else words.LOANS
        organisation, title = self.random.choice(hosts)
        return Stage(begins, ends, "", organisation, title, kind)


def _spans(random: Random, begins: date, until: date) -> Iterator[tuple[date, date]]:
    """Cuts the months up to `until` into pieces without gaps; days are closed on both ends."""
    while begins < until:
        left = months_between(begins, until)
        length = random.randint(SHORTEST, LONGEST)
        if left - length < SHORTEST:
            length = left
        ends = add_months(begins, length)
        yield begins, ends - timedelta(days=1)
        begins = ends


def _last_day(person: Person, on: date) -> date:
    return _end(person, on) or on


def _end(person: Person, on: date) -> date | None:
    """When the last post ended; None for those who still work here."""
    if person.cadre.status == CadreStatus.RETIRED and person.cadre.retirement_month:
        return person.cadre.retirement_month - timedelta(days=1)
    return add_months(on, -5) - timedelta(days=1) if person.cadre.status == CadreStatus.LEFT else None
