"""Numbers of one page, at the bell, in the menu, of what is due: those asked together in one query."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from core.asking import Ask, put


def count_together(rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """The sizes of the querysets."""
    asks = {key: Ask[int](found, counts=True) for key, found in rows.items()}
    put(list(asks.values()))
    return {key: ask.answer for key, ask in asks.items()}
