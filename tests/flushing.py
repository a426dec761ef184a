"""What a transactional test leaves: the database as it was migrated, and its guards standing.

Ordinary tests roll back and leave nothing. A transactional test ends with DELETE or TRUNCATE of every table:
the guarded tables refuse that, so the guards are lifted for as long as it takes (the test itself still meets
them, as in production); and the rules that migrations have put there would be gone for every test after it,
so they are put back. Order, then, plays no part.
"""

import sqlite3

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from core import audit_guard
from rotation import append_only

GUARDS = (audit_guard, append_only)


class Migrated:
    """The rows of the database as migrated, read once by each worker."""

    rows = ""
    copy: sqlite3.Connection | None = None

    @classmethod
    def remember(cls) -> None:
        if connection.vendor == "sqlite":
            cls.copy = copy_of(connection)
        else:
            cls.rows = connection.creation.serialize_db_to_string()

    @classmethod
    def restore(cls) -> None:
        """SQLite copies page by page, guards and all: a hundredth of what emptying table by table costs."""
        if cls.copy is not None:
            connection.ensure_connection()
            cls.copy.backup(connection.connection)
        else:
            cls._refill()

    @classmethod
    def _refill(cls) -> None:
        for guard in GUARDS:
            guard.remove(connection)
        # Kinds of content come back with the rows: made anew by the signal they would have other numbers
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(cls.rows)
        for guard in GUARDS:
            guard.install(connection)


def copy_of(connection: BaseDatabaseWrapper) -> sqlite3.Connection:
    """The whole of a SQLite database, in memory."""
    connection.ensure_connection()
    copy = sqlite3.connect(":memory:")
    connection.connection.backup(copy)
    return copy


def restore_after_flush() -> None:
    TransactionTestCase._fixture_teardown = lambda _: Migrated.restore()
