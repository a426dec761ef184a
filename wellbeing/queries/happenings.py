"""What has happened to cadres that a talk has to answer: from the common occasions, and reckoned here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from people.choices import AppointmentKind, OccasionCode
from people.contracts import occasions_of
from people.models import Appointment
from wellbeing.choices.triggers import BY_OCCASION, TriggerCode

SHORT_SECONDMENT = timedelta(days=90)  # a shorter one has no middle worth a talk of its own


@dataclass(frozen=True, slots=True)
class Happening:
    """One event; `key` names it for good among the events of its code and cadre."""

    code: TriggerCode
    cadre_id: int
    on: date
    key: str


def happenings(cadre_ids: Sequence[int], *, since: date, until: date) -> list[Happening]:
    """Events of the closed period, the earliest first."""
    found = [*_from_occasions(cadre_ids, since, until), *_secondment_middles(cadre_ids, since, until)]
    return sorted(found, key=lambda h: (h.on, h.cadre_id, h.code, h.key))


def _from_occasions(cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Happening]:
    for occasion in occasions_of(cadre_ids, since=since, until=until):
        if occasion.code in OccasionCode.values:
            code = BY_OCCASION[OccasionCode(occasion.code)]
            key = occasion.key or f"{occasion.code}:{occasion.happened_on.isoformat()}"
            yield Happening(code, occasion.cadre_id, occasion.happened_on, key)


def _secondment_middles(cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Happening]:
    away = Appointment.objects.filter(
        cadre_id__in=cadre_ids,
        kind=AppointmentKind.SECONDMENT,
        ends_on__isnull=False,
        starts_on__lte=until,
        ends_on__gte=since,
    )
    for row in away:
        length = row.ends_on - row.starts_on
        middle = row.starts_on + length // 2
        if length >= SHORT_SECONDMENT and since <= middle <= until:
            yield Happening(TriggerCode.SECONDMENT_MID, row.cadre_id, middle, f"appointment:{row.pk}:mid")
