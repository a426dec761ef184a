"""Re-encrypt every encrypted column under the active key, while the system keeps running.

Each value is replaced only if it is still the one that was read, so a write in between is never undone; a
pass is repeated until no value of an old key is left. Stopping at any point loses nothing: the next run goes
on with the values that are still old.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connections, models, router, transaction

from core.crypto.cipher import DecryptionError, active_key, decrypt_text, encrypt_text, key_id_of
from core.crypto.fields import EncryptedTextField

BATCH = 500
MOST_PASSES = 5

Progress = Callable[[str, int, int], None]  # model label, rows done, rows in all


@dataclass(slots=True)
class Tally:
    """`unreadable` names the rows whose values do not open; they are left as they are."""

    changed: int = 0
    unreadable: list[str] = field(default_factory=list)


def encrypted_models() -> Iterator[tuple[type[models.Model], list[EncryptedTextField]]]:
    for model in apps.get_models():
        fields = [f for f in model._meta.local_concrete_fields if isinstance(f, EncryptedTextField)]
        if fields and model._meta.managed and not model._meta.proxy:
            yield model, fields


def reencrypt_all(progress: Progress) -> Tally:
    total = Tally()
    for model, fields in encrypted_models():
        for _ in range(MOST_PASSES):
            found = _one_pass(model, fields, progress)
            total.changed += found.changed
            if not found.changed:  # nothing old is left but what cannot be read
                break
        total.unreadable += found.unreadable
    return total


def _one_pass(model: type[models.Model], fields: list[EncryptedTextField], progress: Progress) -> Tally:
    tally = Tally()
    rows = model._base_manager.order_by("pk").values_list("pk", "uid", *(f.attname for f in fields))
    all_rows, done, last = rows.count(), 0, None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        with transaction.atomic(using=router.db_for_write(model)):
            for pk, uid, *tokens in batch:
                _one_row(tally, fields, pk, uid, tokens)
        last, done = batch[-1][0], done + len(batch)
        progress(model._meta.label, done, all_rows)
    return tally


def _one_row(tally: Tally, fields: list[EncryptedTextField], pk: Any, uid: Any, tokens: list[str]) -> None:
    for column, token in zip(fields, tokens, strict=True):
        try:
            if not token or key_id_of(token) == active_key().id:
                continue
            context = column.context_for(uid)
            fresh = encrypt_text(decrypt_text(token, context=context), context=context)
        except DecryptionError:
            tally.unreadable.append(f"{column.model._meta.label}:{pk}:{column.name}")
            continue
        tally.changed += _replace(column, pk, str(token), fresh)


def _replace(field: EncryptedTextField, pk: Any, old: str, new: str) -> int:
    """Past the ORM: the field itself refuses to be searched by value or written without its row."""
    model = field.model
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    column, key = quote(str(field.column)), model._meta.pk
    statement = (
        f"UPDATE {quote(model._meta.db_table)} SET {column} = %s "  # noqa: S608 names come from our models
        f"WHERE {quote(str(key.column))} = %s AND {column} = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [new, key.get_db_prep_value(pk, connection), old])
        return int(cursor.rowcount)
