"""Members of leading groups and the posts they sit there by."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from park.models import GroupMember
from people.choices import CadreStatus
from people.models import Cadre


def post_names(cadre_ids: Iterable[int], on: date) -> dict[int, str]:
    """By cadre: department and title of the main post of the day. One query."""
    rows: QuerySet[Any] = Cadre.objects.filter(pk__in=list(cadre_ids)).with_position(on)
    found = rows.order_by().values_list("pk", "unit_name", "post_title")
    return {pk: f"{unit or ''}{title or ''}" for pk, unit, title in found if unit or title}


def to_recheck(members: Iterable[GroupMember], on: date) -> dict[int, str]:
    """Of sitting members whose post is no longer the one they sit by: member id → what it is now."""
    sitting = [row for row in members if row.holds(on)]
    now = post_names([row.cadre_id for row in sitting], on)
    found: dict[int, str] = {}
    for row in sitting:
        present = now.get(row.cadre_id, "")
        if row.cadre.status != CadreStatus.ACTIVE:
            found[row.pk] = row.cadre.get_status_display()
        elif present != row.post_name:
            found[row.pk] = present or "没有任职"
    return found
