"""Which columns a list shows and in what order, and which views of it a person keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import QueryDict

from core.access import Viewer
from core.models import DefaultView, SavedView
from core.web.listing import ListColumn, without
from core.web.listing import SavedView as FixedView

# What the address says beside the filters: these stay when filters change, and go into no filter.
KEPT = ("col", "density", "saved")
PASSING = ("page", "export", "columns", "pick", "all")
MOST_COLUMNS = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """A column in the picker; the links move it among those shown."""

    column: ListColumn
    shown: bool
    up: str = ""
    down: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A view above the list."""

    label: str
    href: str
    current: bool = False
    shared: bool = False


def chosen(columns: Sequence[ListColumn], query: QueryDict) -> list[ListColumn]:
    """The columns asked for, in that order; what the reader does not have is left out."""
    usual = [column for column in columns if column.on_page]
    wanted = list(dict.fromkeys(query.getlist("col")[:MOST_COLUMNS]))
    known = {column.key: column for column in columns if column.label}
    picked = [known[key] for key in wanted if key in known]
    # Columns without a head are buttons: they belong to the row whatever else is shown.
    return picked + [column for column in usual if not column.label] if picked else usual


def choices(columns: Sequence[ListColumn], query: QueryDict) -> list[Choice]:
    """Everything that can be shown: first what is, in its order, then the rest."""
    shown = [column for column in chosen(columns, query) if column.label]
    keys = [column.key for column in shown]
    rest = [column for column in columns if column.label and column.key not in keys]
    moved = [
        Choice(column, True, _moved(query, keys, at, -1), _moved(query, keys, at, 1))
        for at, column in enumerate(shown)
    ]
    return moved + [Choice(column, False) for column in rest]


def _moved(query: QueryDict, keys: Sequence[str], at: int, step: int) -> str:
    to = at + step
    if not 0 <= to < len(keys):
        return ""
    order = list(keys)
    order[at], order[to] = order[to], order[at]
    turned = without(query, *PASSING)
    turned.setlist("col", order)
    turned["pick"] = "1"
    return f"?{turned.urlencode()}"


def pairs(query: QueryDict, *left_out: str) -> list[tuple[str, str]]:
    """The query as hidden inputs."""
    kept = without(query, *PASSING, *left_out)
    return [(key, value) for key, values in kept.lists() for value in values if value]


def bare(query: QueryDict, *, keep_columns: bool = False) -> str:
    """Filters, order and density alone, as a saved view keeps them."""
    plain = without(query, *PASSING, "saved", *(() if keep_columns else ("col",)))
    filled = QueryDict(mutable=True)
    for key, values in sorted(plain.lists()):
        if kept := [value for value in values if value]:
            filled.setlist(key, kept)
    return filled.urlencode()


# Saved views


def saved_views(viewer: Viewer, list_key: str) -> list[Any]:
    """The viewer's own and those shared with them, each with whether the list opens with it; one query."""
    first = DefaultView.objects.filter(user=viewer.user_id, list_key=list_key, view=OuterRef("pk"))
    rows = SavedView.objects.visible_to(viewer).filter(list_key=list_key)
    return list(rows.annotate(is_default=Exists(first)))


def address_of(view: SavedView) -> str:
    """The query that opens the view."""
    query = QueryDict(view.query, mutable=True)
    query.setlist("col", view.columns)
    query["saved"] = str(view.pk)
    return f"?{query.urlencode()}"


def tabs(fixed: Sequence[FixedView], saved: Sequence[Any], query: QueryDict, viewer: Viewer) -> list[Tab]:
    """The list's own views, then the saved ones; the one in force is marked."""
    opened = next((one for one in saved if str(one.pk) == query.get("saved")), None)
    now = bare(query)
    way_out = "?saved=all" if any(one.is_default for one in saved) else "?"
    found = [
        Tab(one.label, f"?{one.query}" if one.query else way_out, opened is None and _same(one.query, now))
        for one in fixed
    ]
    return found + [
        Tab(one.name, address_of(one), one is opened, one.owner_id != viewer.user_id) for one in saved
    ]


def _same(first: str, second: str) -> bool:
    return sorted(QueryDict(first).lists()) == sorted(QueryDict(second).lists())


def is_changed(view: SavedView, query: QueryDict) -> bool:
    """Whether the list as it stands is no longer the view."""
    asked = query.getlist("col")
    return not _same(view.query, bare(query)) or (asked != view.columns)


def unknown_parts(
    view: SavedView, columns: Sequence[ListColumn], filters: Sequence[str], sorts: Sequence[str]
) -> int:
    """How many columns and conditions of a shared view are not this reader's to see; not which."""
    keys = {column.key for column in columns}
    asked = set(QueryDict(view.query)) - {"sort", "size", "density"}
    order = QueryDict(view.query).get("sort", "").removeprefix("-")
    wrong_order = int(bool(order) and order not in sorts)
    return len(set(view.columns) - keys) + len(asked - set(filters)) + wrong_order
