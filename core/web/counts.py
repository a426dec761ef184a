"""The numbers in the frame, at the bell and in the menu, with one query for all of them on each page."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import IntegerField, QuerySet, Subquery

from core.access import Viewer


class _Counted(Subquery):
    """How many rows a queryset has, as one column."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def count_together(viewer: Viewer, rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """The sizes of the querysets, hung on the viewer's own account: a SELECT needs a row to stand on."""
    names = {f"rows_{number}": key for number, key in enumerate(rows)}
    columns = {name: _Counted(_plain(rows[key]).values("pk")) for name, key in names.items()}
    account: Any = get_user_model()._default_manager.filter(pk=viewer.user_id)
    found = account.annotate(**columns).values(*names).first() if names else None
    return {key: (found or {}).get(name) or 0 for name, key in names.items()}


def _plain(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without its order, unless that decides which rows it has."""
    return rows if rows.query.is_sliced else rows.order_by()
