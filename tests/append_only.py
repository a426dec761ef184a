"""Transactional tests empty their database with DELETE or TRUNCATE, which the guarded tables refuse.

Ordinary tests roll back and never meet the triggers. Only the flush after a transactional test is let
through, so that such a test itself still finds the tables guarded, as in production.
"""

from django.db import connections
from django.test import TransactionTestCase

from core import audit_guard
from rotation import append_only

GUARDS = (audit_guard, append_only)


def let_flush_through() -> None:
    flush = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        connection = connections["default"]
        for guard in GUARDS:
            guard.remove(connection)
        flush(self)
        for guard in GUARDS:
            guard.install(connection)

    TransactionTestCase._fixture_teardown = teardown
