"""Reads of classes for lists, the clash radar and the timeline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.access import Viewer
from people.models import Cadre
from training.choices import SEATED_STATES, ClassKind, ParticipationState
from training.hours import Amounts
from training.models import Participation, TrainingClass
from training.queries.amounts import yearly_series

_SEATED = Participation.objects.filter(training_class=OuterRef("pk"), state__in=SEATED_STATES).order_by()
# Class by class: a join would count everyone who ever went anywhere to show one page.
ON_THE_LIST = Coalesce(Subquery(_SEATED.values("training_class").values(number=Count("pk"))), 0)
# What stays in a record: how the class ended for the person.
ENDED = (ParticipationState.COMPLETED, ParticipationState.NOT_COMPLETED, ParticipationState.DROPPED)


def class_list(viewer: Viewer) -> QuerySet[Any]:
    """The catalogue, each class with the number of people who have a seat in it as `people`."""
    return TrainingClass.objects.visible_to(viewer).annotate(people=ON_THE_LIST)


def participations_between(
    cadre_ids: Sequence[int], since: date, until: date, states: Iterable[str] = SEATED_STATES
) -> QuerySet[Participation]:
    """Parts in classes that touch the closed period; who applied, waits or withdrew takes no part."""
    found = Participation.objects.filter(
        cadre_id__in=cadre_ids, training_class__starts_on__lte=until, training_class__ends_on__gte=since
    ).filter(state__in=states)
    return found.select_related("training_class").order_by("training_class__starts_on", "pk")


def occupying_classes(cadre_ids: Sequence[int], since: date, until: date) -> QuerySet[Participation]:
    """Those of them that keep a person away from the desk; an online course does not."""
    found = participations_between(cadre_ids, since, until)
    return found.exclude(training_class__kind=ClassKind.ONLINE)


@dataclass(frozen=True, slots=True)
class TrainingYear:
    """A year of a cadre's training: the amounts split by days, the classes under the year they began in."""

    year: int
    amounts: Amounts
    met: bool | None
    rows: tuple[Participation, ...]


def class_history(cadre: Cadre, *, upto: date) -> list[TrainingYear]:
    """Every class of the cadre that has begun by the day, the latest year first; three queries."""
    rows = list(participations_between([cadre.pk], date.min, upto))
    if not rows:
        return []
    first = min(row.training_class.starts_on.year for row in rows)
    years = yearly_series(cadre, upto, first_year=first)
    begun: dict[int, list[Participation]] = {year.year: [] for year in years}
    for row in reversed(rows):
        begun[row.training_class.starts_on.year].append(row)
    return [
        TrainingYear(year.year, year.amounts, year.met, tuple(begun[year.year]))
        for year in reversed(years)
        if begun[year.year] or year.amounts != Amounts()
    ]
