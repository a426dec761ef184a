"""Transactional tests empty their database with DELETE or TRUNCATE, which the audit log refuses.

Ordinary tests roll back and never meet the triggers. Only the flush after a transactional test is let
through, so that such a test itself still finds the log guarded, as in production.
"""

from django.db import connections
from django.test import TransactionTestCase

from core import audit_guard


def let_flush_through() -> None:
    flush = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        connection = connections["default"]
        audit_guard.remove(connection)
        flush(self)
        audit_guard.install(connection)

    TransactionTestCase._fixture_teardown = teardown
