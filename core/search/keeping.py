"""Keeps the entries equal to the rows they stand for.

`core.saving.save_validated` tells of every row it saves; whoever writes many rows at once says so with
`index_rows`, in the same transaction. What slips through (a renamed person in the title of a file) is put
right every night by `rebuild`, which writes only what differs. A row that is gone is never found, as each
hit is asked of its own model.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Model

from core.models import SearchEntry
from core.search import tables
from core.search.sources import AnySource, Source, source_of, sources

BATCH = 1000
COMPARED = ("title", "detail", "link", "reading", "text", "terms")


@dataclass(slots=True)
class Drift:
    """How far the entries were from the rows."""

    checked: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def index(row: Model) -> None:
    """Called for every row that a service saves; does nothing for what cannot be searched."""
    source = source_of(type(row))
    if source is not None:
        _keep(source.key, [source.entry(row)], Drift())


def index_rows(model: type[Model], ids: Iterable[int]) -> None:
    """For rows written in bulk."""
    source = source_of(model)
    keys = list(ids)
    if source is None:
        return
    for start in range(0, len(keys), BATCH):
        rows = source.all_rows().filter(pk__in=keys[start : start + BATCH])
        _keep(source.key, [source.entry(row) for row in rows], Drift())


def forget(model: type[Model], ids: Iterable[int]) -> None:
    """For rows that are gone."""
    source = source_of(model)
    if source is not None:
        SearchEntry.objects.filter(kind=source.key, object_id__in=list(ids)).delete()


def rebuild(*, say: Callable[[str, Drift], None] | None = None) -> Drift:
    """Compares every entry with its row and puts right what differs; safe to stop at any time."""
    whole = Drift()
    for source in sources():
        found = _rebuild_one(source)
        if say:
            say(source.label, found)
        for name in ("checked", "added", "changed", "removed"):
            setattr(whole, name, getattr(whole, name) + getattr(found, name))
    known = [source.key for source in sources()]
    whole.removed += SearchEntry.objects.exclude(kind__in=known).delete()[0]
    return whole


def refresh_tables() -> None:
    tables.refresh(connection)


def _rebuild_one(source: AnySource) -> Drift:
    drift, seen = Drift(), set[int]()
    batch: list[SearchEntry] = []
    for entry in _entries(source):
        batch.append(entry)
        seen.add(entry.object_id)
        if len(batch) == BATCH:
            _keep(source.key, batch, drift)
            batch = []
    _keep(source.key, batch, drift)
    drift.removed = _drop_unseen(source.key, seen)
    return drift


def _entries(source: AnySource) -> Iterable[SearchEntry]:
    if isinstance(source, Source):
        return (source.entry(row) for row in source.all_rows().iterator(chunk_size=BATCH))
    return source.entries()


def _drop_unseen(kind: str, seen: set[int]) -> int:
    stored = SearchEntry.objects.filter(kind=kind).values_list("pk", "object_id")
    gone = [pk for pk, object_id in stored.iterator() if object_id not in seen]
    for start in range(0, len(gone), BATCH):
        SearchEntry.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    return len(gone)


@transaction.atomic
def _keep(kind: str, entries: Sequence[SearchEntry], drift: Drift) -> None:
    """Writes the entries that are new or differ."""
    ids = [entry.object_id for entry in entries]
    stored = {one.object_id: one for one in SearchEntry.objects.filter(kind=kind, object_id__in=ids)}
    new = [entry for entry in entries if entry.object_id not in stored]
    changed = [entry for entry in entries if _differs(entry, stored.get(entry.object_id))]
    for entry in changed:
        entry.pk = stored[entry.object_id].pk
    if new:  # another process may have been first: its entry is of the same row
        SearchEntry.objects.bulk_create(new, ignore_conflicts=True)
    if changed:
        SearchEntry.objects.bulk_update(changed, COMPARED, batch_size=100)
    drift.checked += len(entries)
    drift.added += len(new)
    drift.changed += len(changed)


def _differs(entry: SearchEntry, stored: SearchEntry | None) -> bool:
    return stored is not None and any(getattr(entry, name) != getattr(stored, name) for name in COMPARED)
