"""The clash radar: what the invited people are engaged with elsewhere, and which departments grow thin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from core.periods import covers
from people.choices import AppointmentKind, CadreStatus, UnitKind
from people.contracts import Engagement, engagements_of
from people.models import Appointment, Cadre, Unit
from training.choices import ParticipationState
from training.clashes import Clash, ThinDepartment, Wanted, find_clashes, thin_departments
from training.models import AcceptedClash, Participation, Slot, SlotRule, TrainingClass
from training.queries.occupied import TAKES_PART, midnight, slot_link

MAY_COME = (
    *TAKES_PART,
    ParticipationState.NOMINATED,
    ParticipationState.APPLIED,
    ParticipationState.WAITING,
)


@dataclass(frozen=True, slots=True)
class ClashRow:
    """One clash as a page shows it; `accepted` is the reason under which someone let it stand.

    `participation_id` where the reader may take the person off the class.
    """

    slot: Slot
    clash: Clash
    cadre: Cadre
    accepted: str = ""
    participation_id: int | None = None


@dataclass(frozen=True, slots=True)
class ThinRow:
    slot: Slot
    thin: ThinDepartment
    unit: Unit
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class ClashReport:
    """Everything that speaks against the wanted times; `people` is how many were looked at."""

    clashes: tuple[ClashRow, ...] = ()
    thin: tuple[ThinRow, ...] = ()
    people: int = 0
    slots: int = 0
    away_percent: int = 0

    @property
    def open(self) -> int:
        """How many are neither solved nor accepted."""
        return sum(not row.accepted for row in self.clashes) + sum(not row.accepted for row in self.thin)


def slot_rule(on: date) -> SlotRule:
    """The rule in force on the day, else one with the defaults."""
    return SlotRule.objects.covering(on).order_by("-starts_on").first() or SlotRule(starts_on=on)


def clashes_of(slots: Sequence[Slot], cadre_ids: Iterable[int], *, on: date) -> ClashReport:
    """What the people are engaged with at the times of the slots, their own class or activity left out.

    The number of queries depends neither on the number of people nor on that of slots.
    """
    invited = sorted(set(cadre_ids))
    if not slots or not invited:
        return ClashReport(people=len(invited), slots=len(slots))
    rule, departments = slot_rule(on), departments_of(invited, on)
    wanted = [Wanted(place, slot.starts_at, slot.ends_at) for place, slot in enumerate(slots)]
    busy = _elsewhere(sorted({*invited, *departments}), slots)
    thin = thin_departments(wanted, invited, busy, departments, share=rule.away_share, least=rule.away_least)
    accepted = _accepted(slots)
    return ClashReport(
        clashes=_clash_rows(find_clashes(wanted, invited, busy), slots, accepted),
        thin=_thin_rows(thin, slots, accepted),
        people=len(invited),
        slots=len(slots),
        away_percent=round(rule.away_share * 100),
    )


def clashes_of_class(
    found: TrainingClass, *, on: date, cadre_ids: Iterable[int] | None = None
) -> ClashReport:
    """The radar for a class: whoever takes part or may come to, or the people given."""
    return clashes_of(slots_of_class(found), people_of(found) if cadre_ids is None else cadre_ids, on=on)


def people_of(found: TrainingClass) -> list[int]:
    """Whoever takes part or may come to: also the nominated, the applied and the waiting."""
    rows = Participation.objects.filter(training_class=found, state__in=MAY_COME)
    return list(rows.order_by("cadre_id").values_list("cadre_id", flat=True))


def slots_of_class(found: TrainingClass) -> list[Slot]:
    """The slots of the class; where it has none, one unsaved slot over all its days."""
    slots = found.slots.filter(cancelled_at__isnull=True).select_related("training_class")
    days = Slot(
        training_class=found,
        starts_at=midnight(found.starts_on),
        ends_at=midnight(found.ends_on + timedelta(days=1)),
        place=found.place,
    )
    return list(slots) or [days]


def departments_of(cadre_ids: Iterable[int], on: date) -> dict[int, int]:
    """Cadre → department, for the active cadres of all departments that the given ones belong to."""
    home = _departments_by_unit()
    posts = Appointment.objects.filter(
        covers(on), kind=AppointmentKind.POST, unit__isnull=False, cadre__status=CadreStatus.ACTIVE
    )
    held: dict[int, int] = {}
    for cadre_id, unit_id in posts.order_by("-is_main", "-starts_on", "-pk").values_list(
        "cadre_id", "unit_id"
    ):
        held.setdefault(cadre_id, home[unit_id])
    concerned = {held[cadre_id] for cadre_id in cadre_ids if cadre_id in held}
    return {cadre_id: unit for cadre_id, unit in held.items() if unit in concerned}


def _departments_by_unit() -> dict[int, int]:
    """Unit → the department it belongs to: a 科室 belongs to the unit above it."""
    rows = {pk: (kind, parent) for pk, kind, parent in Unit.objects.values_list("pk", "kind", "parent_id")}
    found = {}
    for pk in rows:
        unit = pk
        while rows[unit][0] == UnitKind.SECTION and rows[unit][1]:
            unit = rows[unit][1]
        found[pk] = unit
    return found


def _elsewhere(cadre_ids: Sequence[int], slots: Sequence[Slot]) -> list[Engagement]:
    """What occupies the people within the span of the slots, apart from what the slots themselves are."""
    first, last = min(slots, key=attrgetter("starts_at")), max(slots, key=attrgetter("ends_at"))
    own = {slot_link(slot) for slot in slots}
    busy = engagements_of(cadre_ids, starts_at=first.starts_at, ends_at=last.ends_at)
    return [engagement for engagement in busy if engagement.link not in own]


Accepted = Mapping[tuple[int, int | None, int | None, str], str]


def _accepted(slots: Sequence[Slot]) -> Accepted:
    rows = AcceptedClash.objects.filter(slot__in=[slot.pk for slot in slots if slot.pk])
    return {(row.slot_id, row.cadre_id, row.unit_id, row.key): row.reason for row in rows}


def _clash_rows(clashes: Sequence[Clash], slots: Sequence[Slot], accepted: Accepted) -> tuple[ClashRow, ...]:
    people = Cadre.objects.in_bulk({clash.cadre_id for clash in clashes})
    rows = []
    for clash in clashes:
        slot = slots[clash.wanted.key]
        reason = accepted.get((slot.pk, clash.cadre_id, None, clash.key), "") if accepted else ""
        rows.append(ClashRow(slot, clash, people[clash.cadre_id], reason))
    return tuple(rows)


def _thin_rows(
    found: Sequence[ThinDepartment], slots: Sequence[Slot], accepted: Accepted
) -> tuple[ThinRow, ...]:
    units = Unit.objects.in_bulk({thin.unit_id for thin in found})
    rows = []
    for thin in found:
        slot = slots[thin.wanted.key]
        rows.append(
            ThinRow(slot, thin, units[thin.unit_id], accepted.get((slot.pk, None, thin.unit_id, ""), ""))
        )
    return tuple(rows)
