"""Writing a batch so that it can be taken back: every row written is noted with its values before and after.

Undo compares the present values with those that the batch left, and refuses when anything else has touched
them or when later rows hang on what the batch created.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models import ForeignKey

from core import search
from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from people.choices import ChangeAction
from people.models import ImportBatch, ImportChange

_CHUNK = 500
_NOT_COMPARED = frozenset({"id", "created_at", "updated_at"})
_LOCK = 0x494D504F5254  # "IMPORT": two applies of one file must not run side by side

Values = dict[str, Any]


def take_turn() -> None:
    """Applies wait for each other; SQLite's immediate transactions do so anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


class Writer:
    """Collects what a batch wrote; `finish` stores it with the batch."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.changes: list[ImportChange] = []

    def create(self, rows: Sequence[models.Model]) -> None:
        """Inserts the rows of one model; they have their keys afterwards."""
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=_CHUNK)
            self.created(rows)

    def created(self, rows: Iterable[models.Model]) -> None:
        """Notes rows that a service has inserted."""
        for row in rows:
            self._note(row, ChangeAction.CREATED, {}, values_of_row(row))

    def update(self, rows: Iterable[tuple[models.Model, Mapping[str, Any]]]) -> None:
        """Sets the given attributes on each row. One statement a row: each row changes other fields."""
        for row, values in rows:
            before = {name: _plain(row, name) for name in values}
            for name, value in values.items():
                setattr(row, name, value)
            after = {name: _plain(row, name) for name in values}
            self._note(row, ChangeAction.UPDATED, before, after)
            row.save(update_fields=_saved_names(type(row), values))

    def delete(self, rows: Sequence[models.Model]) -> None:
        """Removes rows of one model that nothing else hangs on."""
        for row in rows:
            self._note(row, ChangeAction.DELETED, values_of_row(row), {})
        if rows:
            type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).delete()

    def finish(self, counts: Mapping[str, Any]) -> None:
        ImportChange.objects.bulk_create(self.changes, batch_size=_CHUNK)
        _index(self.changes)
        self.batch.counts = dict(counts)
        self.batch.save(update_fields=["counts"])

    def _note(self, row: models.Model, action: ChangeAction, before: Values, after: Values) -> None:
        self.changes.append(
            ImportChange(
                batch=self.batch,
                model_label=row._meta.label_lower,
                object_id=row.pk,
                action=action,
                before=_dump(before),
                after=_dump(after),
            )
        )


def _index(changes: Iterable[ImportChange]) -> None:
    """The global search learns of the rows in the same transaction."""
    touched: dict[str, set[int]] = {}
    for change in changes:
        touched.setdefault(change.model_label, set()).add(change.object_id)
    for label, keys in touched.items():
        search.index_rows(apps.get_model(label), sorted(keys))


def _saved_names(model: type[models.Model], attributes: Iterable[str]) -> list[str]:
    """Field names of the attributes, and the time stamp that tells an open form that the row changed."""
    by_attribute = {field.attname: field.name for field in model._meta.concrete_fields}
    stamp = [name for name in ("updated_at",) if name in by_attribute]
    return [by_attribute[name] for name in attributes] + stamp


def values_of_row(row: models.Model) -> Values:
    """Every stored value of a row but its key and time stamps; encrypted columns in the clear."""
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in _NOT_COMPARED]
    return {name: _plain(row, name) for name in names}


def _plain(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    return str(value) if isinstance(value, str) else value


def _dump(values: Values) -> str:
    return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True) if values else ""


def _load(text: str) -> Values:
    loaded: Values = json.loads(text) if text else {}
    return loaded


# ---- taking back ------------------------------------------------------------------------------------


@transaction.atomic
def undo_batch(*, batch: ImportBatch, by: Viewer | None, at: datetime) -> None:
    """Takes the whole batch back, or refuses naming the first row that something else has touched."""
    take_turn()
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at:
        raise DomainError("这一批导入已经撤销过了。", code="already_undone")
    changes = list(batch.changes.order_by("-pk"))
    _Undo(changes).run()
    batch.undone_at, batch.undone_by_id = at, by.user_id if by else None
    batch.save(update_fields=["undone_at", "undone_by"])
    record(action=AuditAction.IMPORT_UNDONE, by=by, subject=batch, at=at)


class _Undo:
    def __init__(self, changes: list[ImportChange]) -> None:
        self.changes = changes
        self.rows = self._load_rows()

    def _load_rows(self) -> dict[tuple[str, int], models.Model]:
        wanted: dict[str, set[int]] = defaultdict(set)
        for change in self.changes:
            wanted[change.model_label].add(change.object_id)
        found: dict[tuple[str, int], models.Model] = {}
        for label, keys in wanted.items():
            model = apps.get_model(label)
            for chunk in _chunks(sorted(keys)):
                found |= {(label, row.pk): row for row in model._default_manager.filter(pk__in=chunk)}
        return found

    def run(self) -> None:
        for change in self.changes:
            self._check(change)
        self._check_dependants()
        for label, group in _runs(self.changes):
            self._take_back(apps.get_model(label), group)
        _index(self.changes)

    def _check(self, change: ImportChange) -> None:
        """A row as the batch left it: later changes of this same batch are rolled back first."""
        if change.action == ChangeAction.DELETED:
            return
        row = self.rows.get((change.model_label, change.object_id))
        if row is None:
            raise _touched(change.model_label, str(change.object_id), "已被删除")
        after = _load(change.after)
        model = type(row)
        changed = [n for n, value in after.items() if _plain(row, n) != _python(model, n, value)]
        if changed and not self._changed_later(change, changed):
            raise _touched(change.model_label, str(row), f"的{_labels(model, changed)}已被修改")

    def _changed_later(self, change: ImportChange, names: Sequence[str]) -> bool:
        """Whether this batch itself wrote these fields again after that change."""
        later = (c for c in self.changes if c.pk > change.pk and c.object_id == change.object_id)
        written = {name for c in later if c.model_label == change.model_label for name in _load(c.after)}
        return set(names) <= written

    def _check_dependants(self) -> None:
        created: dict[str, set[int]] = defaultdict(set)
        for change in self.changes:
            if change.action == ChangeAction.CREATED:
                created[change.model_label].add(change.object_id)
        for label, keys in created.items():
            for relation in apps.get_model(label)._meta.related_objects:
                if relation.one_to_many or relation.one_to_one:
                    self._check_relation(relation, sorted(keys), created)

    def _check_relation(self, relation: Any, keys: list[int], created: Mapping[str, set[int]]) -> None:
        model = relation.related_model
        own = created.get(model._meta.label_lower, set())
        for chunk in _chunks(keys):
            held = model._default_manager.filter(**{f"{relation.field.name}__in": chunk})
            for pk, target in held.values_list("pk", relation.field.attname):
                if pk not in own:
                    row = self.rows[relation.model._meta.label_lower, target]
                    raise _touched(
                        relation.model._meta.label_lower,
                        str(row),
                        f"名下已有后来登记的{model._meta.verbose_name}",
                    )

    def _take_back(self, model: type[models.Model], group: Sequence[ImportChange]) -> None:
        keys = [change.object_id for change in group]
        if group[0].action == ChangeAction.CREATED:
            step = 1 if _is_tree(model) else _CHUNK  # children of a tree go before their parents
            for start in range(0, len(keys), step):
                model._default_manager.filter(pk__in=keys[start : start + step]).delete()
        elif group[0].action == ChangeAction.DELETED:
            model._default_manager.bulk_create([_restored(model, c) for c in reversed(group)])
        else:
            self._restore_values(model, group)

    def _restore_values(self, model: type[models.Model], group: Sequence[ImportChange]) -> None:
        for change in group:
            row = self.rows[change.model_label, change.object_id]
            before = _load(change.before)
            for name, value in before.items():
                setattr(row, name, _python(model, name, value))
            row.save(update_fields=_saved_names(model, before))


def _is_tree(model: type[models.Model]) -> bool:
    return any(field.related_model is model for field in model._meta.concrete_fields)


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]


def _runs(changes: Sequence[ImportChange]) -> Iterator[tuple[str, list[ImportChange]]]:
    """Neighbouring changes of one model and action, so that each run is one statement."""
    run: list[ImportChange] = []
    for change in changes:
        if run and (run[0].model_label, run[0].action) != (change.model_label, change.action):
            yield run[0].model_label, run
            run = []
        run.append(change)
    if run:
        yield run[0].model_label, run


def _restored(model: type[models.Model], change: ImportChange) -> models.Model:
    values = {name: _python(model, name, value) for name, value in _load(change.before).items()}
    return model(pk=change.object_id, **values)


def _python(model: type[models.Model], name: str, value: Any) -> Any:
    field = next(field for field in model._meta.concrete_fields if field.attname == name)
    return field.target_field.to_python(value) if isinstance(field, ForeignKey) else field.to_python(value)


def _labels(model: type[models.Model], names: Iterable[str]) -> str:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return "、".join(str(fields[name].verbose_name) for name in names)


def _touched(label: str, row: str, what: str) -> DomainError:
    name = apps.get_model(label)._meta.verbose_name
    message = f"{name}“{row}”{what}，这一批已不能整批撤销；请逐条修改，或先撤销后来的操作。"
    return DomainError(message, code="touched")
