"""Rows that the tests of one module share: made once, in a transaction around all of them.

Each test still has a transaction of its own inside that one, and leaves nothing to the next. For modules
that ask much of the same rows, without transactional tests:

    @pytest.fixture(scope="module")
    def zone(shared_rows: SharedRows) -> Zone:
        with shared_rows():
            return make_zone()

What a test changes on the objects themselves stays: read from them, or get the row again.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

SharedRows = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SharedRows]:
    """Opens the database to the making of rows; they go with the module."""
    around = transaction.atomic()
    # As the transaction of a test is marked: what must be outermost may run in it.
    around._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        around.__enter__()
    yield django_db_blocker.unblock
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
