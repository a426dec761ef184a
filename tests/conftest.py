"""Fixtures for every test; those of one app stand in its own folder."""

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from core.audit import anchors
from tests.append_only import let_flush_through
from tests.migrated import copy_instead_of_migrating

let_flush_through()
copy_instead_of_migrating()


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
