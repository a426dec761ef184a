"""Which department people belonged to on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from people.models import Cadre


def unit_ids_on(cadre_ids: Iterable[int], on: date) -> dict[int, int]:
    """By cadre: the department of the main post held on the day; whoever held none is left out. One query."""
    rows: QuerySet[Any] = Cadre.objects.filter(pk__in=list(cadre_ids)).with_position(on)
    found = rows.order_by().values_list("pk", "unit_id_at")
    return {cadre_id: unit_id for cadre_id, unit_id in found if unit_id is not None}
