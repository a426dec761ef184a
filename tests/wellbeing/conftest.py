import pytest
from django.test import Client

from core.access import Role
from people.models import Cadre, Unit, User
from tests.factories.people import make_account, make_cadre, make_unit

BACKEND = "people.backends.AccountBackend"


@pytest.fixture
def zone(db: None) -> Unit:
    return make_unit("管委会")


@pytest.fixture
def office(zone: Unit) -> Unit:
    return make_unit("党政办公室", parent=zone)


@pytest.fixture
def cadre(office: Unit) -> Cadre:
    return make_cadre("王示例", unit=office)


@pytest.fixture
def talker(office: Unit) -> User:
    """The head of the cadre's department."""
    head = make_cadre("李示例", unit=office, title="主任")
    return make_account(Role.DEPARTMENT_HEAD, unit=office, cadre=head, name="李示例")


@pytest.fixture
def own(cadre: Cadre) -> User:
    """The cadre's own account."""
    return make_account(cadre=cadre, name="王示例")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())
