"""What is known of an invented person before it becomes rows."""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from people.choices import AppointmentKind
from people.models import Cadre


class Grade(IntEnum):
    """What a place asks of its holder, high to low."""

    CHIEF = 1
    VICE = 2
    HEAD = 3
    DEPUTY = 4
    SECTION_HEAD = 5
    STAFF = 6

    @property
    def leads_the_zone(self) -> bool:
        return self <= Grade.VICE


@dataclass(frozen=True, slots=True)
class Place:
    unit: str
    title: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Stage:
    """A period of the working life; `unit` is a unit code of the zone or "". `ends_on` None: until now."""

    starts_on: date
    ends_on: date | None
    unit: str
    organisation: str
    title: str
    kind: AppointmentKind = AppointmentKind.POST


@dataclass(frozen=True, slots=True)
class School:
    level: str
    degree: str
    name: str
    starts_on: date
    ends_on: date


@dataclass(slots=True)
class Person:
    place: Place
    cadre: Cadre
    born_on: date
    school: School
    evening_school: School | None = None
    stages: list[Stage] = field(default_factory=list)
    away: list[Stage] = field(default_factory=list)
    spouse: "Person | None" = None
    father: "Person | None" = None
    child: "Person | None" = None


def add_months(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month
