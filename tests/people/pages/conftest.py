from collections.abc import Callable

import pytest
from django.test import Client

from core.access import Role
from people.models import Cadre, Unit
from tests.factories.people import make_account, make_cadre, make_unit

BACKEND = "people.backends.AccountBackend"
LogIn = Callable[..., Client]


@pytest.fixture
def log_in(db: None) -> LogIn:
    """A browser session of a fresh account with these roles."""

    def of(*roles: Role, **values: object) -> Client:
        client = Client()
        client.force_login(make_account(*roles, **values), backend=BACKEND)
        return client

    return of


@pytest.fixture
def hr(log_in: LogIn) -> Client:
    return log_in(Role.HR)


@pytest.fixture
def office(db: None) -> Unit:
    return make_unit("党政办公室")


@pytest.fixture
def cadre(office: Unit) -> Cadre:
    return make_cadre("王示例", unit=office, title="副主任", phone="13800005527")
