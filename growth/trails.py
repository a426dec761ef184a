"""Who entered the records behind a file: from the imports and the audit log, for many records at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from core.choices import AuditAction
from core.models import AuditEvent
from growth.contracts import recorder_of
from growth.evidence import Trail
from people.models import ImportChange

# What was only read, made or checked was not entered by whoever did so.
NOT_ENTRIES = (
    AuditAction.CADRE_READ,
    AuditAction.EXPORTED,
    AuditAction.GROWTH_CHECKED,
    AuditAction.GROWTH_MADE,
    AuditAction.GROWTH_READ,
)
CHUNK = 800  # ids in one condition: SQLite takes at most 999 parameters in old builds


def trails_of(keys: Iterable[str]) -> dict[str, Trail]:
    """Trails by source key; a key that names no row of a model has none. A row from a file names the file."""
    by_model = _by_model(keys)
    return {**_from_rows(by_model), **_from_audit(by_model), **_from_imports(by_model)}


def _by_model(keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key in dict.fromkeys(keys):
        model, _, pk = key.rpartition(":")
        if pk.isdigit() and "." in model:
            found[model].append(pk)
    return found


def _from_rows(by_model: Mapping[str, Sequence[str]]) -> dict[str, Trail]:
    """What the records say of themselves; one query a kind and chunk."""
    found: dict[str, Trail] = {}
    for label, ids in by_model.items():
        fields = recorder_of(label)
        for start in range(0, len(ids) if fields else 0, CHUNK):
            rows = apps.get_model(label)._default_manager.filter(pk__in=ids[start : start + CHUNK])
            for pk, who, when in rows.values_list("pk", fields.who, fields.when):  # type: ignore[union-attr]
                found[f"{label}:{pk}"] = Trail(who or "系统", _day(when))
    return found


def _day(moment: date | datetime | None) -> date | None:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def _conditions(by_model: Mapping[str, Sequence[str]], model: str, row: str) -> Iterator[Q]:
    """As few conditions as possible: all models of a chunk together."""
    pairs = [(label, pk) for label, ids in by_model.items() for pk in ids]
    for start in range(0, len(pairs), CHUNK):
        ids: dict[str, list[str]] = defaultdict(list)
        for label, pk in pairs[start : start + CHUNK]:
            ids[label].append(pk)
        yield reduce(or_, (Q(**{model: label, f"{row}__in": found}) for label, found in ids.items()))


def _from_audit(by_model: Mapping[str, Sequence[str]]) -> dict[str, Trail]:
    """The first event that wrote the row is its entry; later ones are changes."""
    found: dict[str, Trail] = {}
    for condition in _conditions(by_model, "object_type", "object_id"):
        events = AuditEvent.objects.filter(condition).exclude(action__in=NOT_ENTRIES).order_by("seq")
        for label, pk, name, at in events.values_list("object_type", "object_id", "actor_name", "at"):
            found.setdefault(f"{label}:{pk}", Trail(name, timezone.localdate(at)))
    return found


def _from_imports(by_model: Mapping[str, Sequence[str]]) -> dict[str, Trail]:
    found: dict[str, Trail] = {}
    for condition in _conditions(by_model, "model_label", "object_id"):
        changes = ImportChange.objects.filter(condition, batch__undone_at__isnull=True).order_by("pk")
        rows = changes.values_list(
            "model_label", "object_id", "batch__applied_by__name", "batch__applied_at", "batch__file_name"
        )
        for label, pk, name, at, file in rows:
            found.setdefault(f"{label}:{pk}", Trail(name or "系统", timezone.localdate(at), f"《{file}》"))
    return found
