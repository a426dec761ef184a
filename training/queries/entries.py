"""Reads of single entries of the hours ledger: the list, their history, where they come from."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from core.access import Viewer
from people.contracts import Link
from people.models import Cadre
from training.choices import HourSource
from training.hours import Span
from training.models import HourEntry, Participation
from training.queries.statements import kind_label

# The page behind the first number of a source key.
PAGES = {
    "self_filed": "training:self_filed",
    "activity": "training:activity",
    "teaching": "training:activity",
}


def entry_list(viewer: Viewer) -> QuerySet[Any]:
    """Entries of everyone whose hours the viewer may see, with `unit_name` of the viewer's day."""
    placed: Any = Cadre.objects.filter(pk=OuterRef("cadre")).with_position(viewer.on)
    rows = HourEntry.objects.visible_to(viewer).select_related("cadre")
    return rows.annotate(unit_name=Subquery(placed.values("unit_name")[:1]))


def kind_words(entry: HourEntry) -> str:
    return kind_label(entry.source, entry.kind)


def history_of(entry: HourEntry) -> list[HourEntry]:
    """Everything that was ever posted for the same source record, cadre and ledger, the latest first."""
    rows = HourEntry.objects.filter(
        source_key=entry.source_key, cadre=entry.cadre_id, ledger=entry.ledger
    ).select_related("rule")
    return list(rows.order_by("-pk"))


def reversals_of(cadre_id: int, span: Span) -> list[HourEntry]:
    """Entries of the period that were reversed, the latest reversal first."""
    rows = HourEntry.objects.filter(cadre=cadre_id, reversed_at__isnull=False)
    inside = rows.filter(starts_on__lte=span.last, ends_on__gte=span.first)
    return list(inside.order_by("-reversed_at", "-pk"))


def source_link(entry: HourEntry) -> Link | None:
    """Where the record behind the entry is shown; None where there is no page for it, or it is gone."""
    name, _, rest = entry.source_key.partition(":")
    number = rest.partition(":")[0]
    if not number.isdecimal():
        return None
    if entry.source == HourSource.CLASS:
        part = Participation.objects.filter(pk=int(number)).only("training_class_id").first()
        return Link("training:class", (part.training_class_id,)) if part else None
    return Link(PAGES[name], (int(number),)) if name in PAGES else None


def may_restore(entry: HourEntry, history: Sequence[HourEntry]) -> bool:
    return entry.by_hand and bool(history) and history[0].pk == entry.pk
