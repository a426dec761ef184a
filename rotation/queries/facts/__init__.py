"""Everything the checks need to know of any number of people and posts, in a constant number of queries: who
sits where is asked in a first round, all small tables (`tables`) in a second, and in the same rounds what the
other apps hold against the moves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from core.asking import Steps, asked, gathered, result_of
from core.periods import covers
from people.choices import AppointmentKind, CadreStatus
from people.contracts import Transfer, obstacle_steps
from people.models import Appointment, Cadre
from rotation.facts import Facts, Known, Seat
from rotation.grass_roots import Spell
from rotation.queries.facts.people import people_of
from rotation.queries.facts.tables import table_steps
from rotation.queries.facts.zone import posts_of, rules_of, ties_of, units_of
from rotation.tenure import Stint

# Of an appointment and what it points to: a record of a person holds far more.
_COLUMNS = (
    *("pk", "kind", "is_main", "starts_on", "ends_on", "organisation", "title"),
    *("unit__name", "post__post_class", "post__level"),
    *("cadre__name", "cadre__birth_month", "cadre__specialty", "cadre__status"),
)


def load_facts(
    *, cadre_ids: Iterable[int], post_ids: Iterable[int], on: date, obstacles_on: date | None = None
) -> Facts:
    cadres = list(Cadre.objects.filter(pk__in=sorted(set(cadre_ids))))
    return facts_about(cadres, post_ids=post_ids, on=on, obstacles_on=obstacles_on)


def facts_about(
    cadres: Sequence[Cadre], *, post_ids: Iterable[int], on: date, obstacles_on: date | None = None
) -> Facts:
    """The picture on the day. What other apps hold against people is asked as of `obstacles_on`: a plan is
    judged by the day it takes effect, but what is missing today cannot be read from a day to come."""
    return result_of(fact_steps(cadres, post_ids=post_ids, on=on, obstacles_on=obstacles_on))


def fact_steps(
    cadres: Sequence[Cadre], *, post_ids: Iterable[int], on: date, obstacles_on: date | None = None
) -> Steps[Facts]:
    """As `facts_about`, together with what others ask."""
    people = {cadre.pk: cadre for cadre in cadres}
    moves = [Transfer(cadre, None) for cadre in people.values()]
    parts: dict[str, Steps[Any]] = {
        "organisation": _organisation_steps(people, set(post_ids), on),
        "obstacles": obstacle_steps(moves, on=obstacles_on or on),
    }
    found = yield from gathered(parts)
    facts: Facts = found["organisation"][1]
    return replace(facts, obstacles=found["obstacles"][1])


def _organisation_steps(people: Mapping[int, Cadre], post_ids: set[int], on: date) -> Steps[Facts]:
    """Who sits where, and what the small tables say of the people and posts."""
    rows = yield from asked(_appointments(sorted(people), on))
    seats, known = _everybody(rows, on)
    wanted = post_ids | {s.post_id for s in seats if s.post_id and s.cadre_id in people}
    lines = yield from table_steps(sorted(people), wanted, on)
    rules = rules_of(lines)
    return Facts(
        on=on,
        people=people_of(people.values(), _stints(rows, people), _spells(rows, people), lines, on),
        known=known,
        seats=tuple(seats),
        posts=posts_of(lines),
        units=units_of(lines),
        ties=tuple(ties_of(lines)),
        rules=rules,
    )


def _appointments(ids: Sequence[int], on: date) -> QuerySet[Any]:
    """Whatever anybody holds on the day, and all that the people asked about have held so far."""
    now = Q(covers(on), kind=AppointmentKind.POST, cadre__status=CadreStatus.ACTIVE)
    kinds = (AppointmentKind.POST, AppointmentKind.SECONDMENT)
    so_far = Q(cadre_id__in=ids, kind__in=kinds, starts_on__lte=on)
    rows = Appointment.objects.filter(now | so_far).select_related("cadre", "post", "unit")
    found: QuerySet[Any] = rows.only(*_COLUMNS).order_by("-is_main", "-starts_on", "-pk")
    return found


def _everybody(rows: Iterable[Any], on: date) -> tuple[list[Seat], dict[int, Known]]:
    """Every seat of active people on the day; one main seat for each: the latest where there are several."""
    seats: list[Seat] = []
    known: dict[int, Known] = {}
    for row in rows:
        if row.kind != AppointmentKind.POST or not row.holds(on) or row.cadre.status != CadreStatus.ACTIVE:
            continue
        first = row.cadre_id not in known
        known.setdefault(row.cadre_id, Known(row.cadre.name, row.cadre.age(on), row.cadre.specialty))
        level = row.post.level if row.post else ""
        seats.append(Seat(row.cadre_id, row.unit_id, row.post_id, row.title, level, first, row.pk))
    return seats, known


def _stints(rows: Sequence[Any], people: Mapping[int, Cadre]) -> dict[int, list[Stint]]:
    """Cadre id → main posts, the earliest first."""
    found: dict[int, list[Stint]] = defaultdict(list)
    for row in reversed(rows):
        if row.cadre_id in people and row.kind == AppointmentKind.POST and row.is_main:
            found[row.cadre_id].append(_stint(row))
    return found


def _spells(rows: Sequence[Any], people: Mapping[int, Cadre]) -> dict[int, list[Spell]]:
    """Cadre id → everything held, secondments too: among it is what counts as time at the grass roots."""
    found: dict[int, list[Spell]] = defaultdict(list)
    for row in rows:
        if row.cadre_id in people:
            place = row.unit.name if row.unit else row.organisation
            away = row.kind == AppointmentKind.SECONDMENT
            found[row.cadre_id].append(Spell(row.starts_on, row.ends_on, f"{place}{row.title}", away))
    return found


def _stint(row: Any) -> Stint:
    return Stint(
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        unit_id=row.unit_id,
        post_id=row.post_id,
        place=row.unit.name if row.unit else row.organisation,
        title=row.title,
        post_class=row.post.post_class if row.post else "",
        level=row.post.level if row.post else "",
    )
