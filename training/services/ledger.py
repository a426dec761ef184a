"""The hours ledger: what each source should have posted is reconciled with what is in force.

Amounts never change. An entry that is no longer right is reversed (冲销) with a reason and posted anew, so
the history of every number stays. Whoever changes what was earned calls `settle` in the same transaction;
the audit event is the one of that change, the entries themselves say who posted and reversed them when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from core.access import Viewer
from core.errors import DomainError
from people.models import Cadre
from training.choices import HourSource
from training.conversion import Posting
from training.models import HourEntry

SYSTEM = "系统"
CORRECTED = "来源记录已更正"
BATCH = 500

Slot = tuple[str, int, str]  # source key, cadre, ledger: at most one entry in force


@dataclass(frozen=True, slots=True)
class Settled:
    """How many entries were posted, reversed, found right as they stood, and kept away by a hand.

    A posting that staff have reversed is not posted again as long as its source says the same.
    """

    added: int = 0
    reversed: int = 0
    kept: int = 0
    withheld: int = 0

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(
            self.added + other.added,
            self.reversed + other.reversed,
            self.kept + other.kept,
            self.withheld + other.withheld,
        )


@transaction.atomic
def settle(
    *,
    source: HourSource,
    source_key: str,
    postings: Iterable[Posting],
    by: Viewer | None,
    at: datetime,
    reason: str = "",
) -> Settled:
    """Makes the entries in force of one source record exactly `postings`; again it changes nothing."""
    return settle_all(source=source, wanted={source_key: list(postings)}, by=by, at=at, reason=reason)


@transaction.atomic
def settle_all(
    *,
    source: HourSource,
    wanted: Mapping[str, Sequence[Posting]],
    by: Viewer | None,
    at: datetime,
    reason: str = "",
) -> Settled:
    """As `settle` for many source records of one kind in a few statements."""
    lock_cadres(posting.cadre_id for postings in wanted.values() for posting in postings)
    standing = _in_force(list(wanted))
    new = _by_slot(wanted)
    kept = {slot for slot, entry in standing.items() if slot in new and _same(entry, new[slot])}
    withheld = _withheld({slot: p for slot, p in new.items() if slot not in standing})
    gone = [entry for slot, entry in standing.items() if slot not in kept]
    _reverse(gone, by=by, at=at, reason=reason or CORRECTED)
    due = {slot: p for slot, p in new.items() if slot not in kept | withheld}
    added = _post(source, due, by=by, at=at)
    return Settled(added=added, reversed=len(gone), kept=len(kept), withheld=len(withheld))


def lock_cadres(cadre_ids: Iterable[int]) -> None:
    """Postings of one cadre take turns, in the order of the keys so that no two wait for each other."""
    keys = sorted(set(cadre_ids))
    for start in range(0, len(keys), BATCH):
        rows = Cadre.objects.select_for_update(no_key=True).filter(pk__in=keys[start : start + BATCH])
        list(rows.order_by("pk").values_list("pk"))


def _in_force(keys: Sequence[str]) -> dict[Slot, HourEntry]:
    found: dict[Slot, HourEntry] = {}
    for start in range(0, len(keys), BATCH):
        rows = HourEntry.objects.in_force().filter(source_key__in=keys[start : start + BATCH])
        found |= {(row.source_key, row.cadre_id, row.ledger): row for row in rows}
    return found


def _withheld(new: Mapping[Slot, Posting]) -> set[Slot]:
    """Slots whose last entry staff have reversed by hand and whose posting is still the same."""
    keys = sorted({key for key, _, _ in new})
    last: dict[Slot, HourEntry] = {}
    for start in range(0, len(keys), BATCH):
        rows = HourEntry.objects.filter(source_key__in=keys[start : start + BATCH]).order_by("pk")
        last |= {(row.source_key, row.cadre_id, row.ledger): row for row in rows}
    return {slot for slot, p in new.items() if slot in last and last[slot].by_hand and _same(last[slot], p)}


def _by_slot(wanted: Mapping[str, Sequence[Posting]]) -> dict[Slot, Posting]:
    found: dict[Slot, Posting] = {}
    for key, postings in wanted.items():
        for posting in postings:
            slot = (key, posting.cadre_id, str(posting.ledger))
            if slot in found:
                raise ValueError(f"two postings of {key} for one cadre and ledger")
            if not posting.is_empty:
                found[slot] = posting
    return found


def _same(entry: HourEntry, posting: Posting) -> bool:
    return _facts_of(entry) == (
        posting.hours,
        posting.days,
        posting.starts_on,
        posting.ends_on,
        posting.title,
        posting.kind,
        posting.rule.rule_id if posting.rule else None,
        posting.how,
    )


def _facts_of(entry: HourEntry) -> tuple[object, ...]:
    amounts = (entry.hours, entry.days, entry.starts_on, entry.ends_on)
    return (*amounts, entry.title, entry.kind, entry.rule_id, entry.how)


def _reverse(entries: Sequence[HourEntry], *, by: Viewer | None, at: datetime, reason: str) -> None:
    keys = [entry.pk for entry in entries]
    for start in range(0, len(keys), BATCH):
        HourEntry.objects.filter(pk__in=keys[start : start + BATCH], reversed_at__isnull=True).update(
            reversed_at=at, reversed_by=name_of(by), reversal_reason=reason
        )


def _post(source: HourSource, new: Mapping[Slot, Posting], *, by: Viewer | None, at: datetime) -> int:
    rows = [_entry(source, key, posting, by, at) for (key, _, _), posting in new.items()]
    try:
        with transaction.atomic():
            HourEntry.objects.bulk_create(rows, batch_size=BATCH)
    except IntegrityError as error:  # the same source was settled by someone else in between
        raise DomainError("学时刚刚被其他人修改过，请刷新页面后重试。", code="conflict") from error
    return len(rows)


def _entry(source: HourSource, key: str, posting: Posting, by: Viewer | None, at: datetime) -> HourEntry:
    return HourEntry(
        cadre_id=posting.cadre_id,
        source=source,
        source_key=key,
        kind=posting.kind,
        title=posting.title,
        ledger=posting.ledger,
        hours=posting.hours,
        days=posting.days,
        starts_on=posting.starts_on,
        ends_on=posting.ends_on,
        rule_id=posting.rule.rule_id if posting.rule else None,
        how=posting.how,
        posted_at=at,
        posted_by=name_of(by),
    )


def name_of(by: Viewer | None) -> str:
    return by.name[:60] if by else SYSTEM
