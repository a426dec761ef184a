from datetime import date

import pytest
from pytest_django.fixtures import Settings

import tests.core.jobs.sample  # noqa: F401
from core.access import Viewer
from people.models import User


@pytest.fixture
def queue(settings: Settings, tmp_path) -> None:
    """The database queue of production, and a place for results of this test alone."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner(db) -> Viewer:
    user = User.objects.create(username="zhou", name="周敏", must_change_password=False)
    return Viewer(user_id=user.pk, name=user.name, on=date(2026, 3, 5))
