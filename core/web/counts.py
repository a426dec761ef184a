"""Numbers of one page, at the bell, in the menu, of what is due: those asked together in one query."""

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
    """The sizes of the querysets, hung on the viewer's own account: a SELECT needs a row to stand on.

    A viewer without an account, such as a job on nobody's behalf, has them counted one by one.
    """
    names = {f"rows_{number}": key for number, key in enumerate(rows)}
    columns = {name: _Counted(_plain(rows[key]).values("pk")) for name, key in names.items()}
    account: Any = get_user_model()._default_manager.filter(pk=viewer.user_id)
    found = account.annotate(**columns).values(*names).first() if names else {}
    if found is None:
        return {key: asked.count() for key, asked in rows.items()}
    return {key: found.get(name) or 0 for name, key in names.items()}


def _plain(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without its order, unless that decides which rows it has."""
    return rows if rows.query.is_sliced else rows.order_by()
