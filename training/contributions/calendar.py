"""What slots answer: what occupies people, and what they are told of."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from people.contracts import Engagement, engagements
from training.queries.occupied import occupied_by_class_days, occupied_by_slots


@engagements.register("training.slots", order=20)
def at_slots(*, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> Iterator[Engagement]:
    yield from occupied_by_slots(cadre_ids, starts_at, ends_at)


@engagements.register("training.classes", order=21)
def in_class(*, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> Iterator[Engagement]:
    yield from occupied_by_class_days(cadre_ids, starts_at, ends_at)
