"""Fixtures for every test; those of one app stand in its own folder."""

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from core.audit import anchors
from tests.flushing import Migrated, restore_after_flush
from tests.migrated import copy_instead_of_migrating
from tests.sharing import shared_rows

__all__ = ["shared_rows"]

DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}

restore_after_flush()
copy_instead_of_migrating()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without the database there is nothing to try again on another one: such tests run once."""
    for item in items:
        if item.get_closest_marker("django_db") is None and DATABASE.isdisjoint(item.fixturenames):
            item.add_marker(pytest.mark.pure)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        Migrated.remember()


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """The cache outlives a test's transaction."""
    cache.clear()


@pytest.fixture(autouse=True)
def _no_anchors() -> None:
    """Anchors of the audit log outlive it as well, and would call the next test's log cut off."""
    anchors.default_path().unlink(missing_ok=True)


@pytest.fixture
def real_hashers(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = settings.REAL_PASSWORD_HASHERS
