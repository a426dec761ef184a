"""How much of a class each of its people was there for."""

from collections import defaultdict
from collections.abc import Iterable

from training.models import Attendance, TrainingClass
from training.presence import Presence, presence_of


def presences_of(held: TrainingClass, cadre_ids: Iterable[int] | None = None) -> dict[int, Presence]:
    """By cadre id, in one query; cancelled slots count for nobody. Who has no rows is missing."""
    rows = Attendance.objects.filter(slot__training_class=held, slot__cancelled_at__isnull=True)
    if cadre_ids is not None:
        rows = rows.filter(cadre__in=list(cadre_ids))
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    values = rows.order_by().values_list("cadre_id", "state", "slot__starts_at", "slot__ends_at")
    for cadre_id, state, starts_at, ends_at in values:
        found[cadre_id].append((state, int((ends_at - starts_at).total_seconds() // 60)))
    return {pk: presence_of(states) for pk, states in found.items()}


def presence_in(held: TrainingClass, cadre_id: int) -> Presence:
    return presences_of(held, [cadre_id]).get(cadre_id, Presence())
