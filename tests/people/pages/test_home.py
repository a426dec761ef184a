"""The first page of everybody: what waits is counted together, what is dear comes after the page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.access import Role
from people.contracts import home_panels
from people.models import Unit, User
from tests.factories.home import Work
from tests.factories.people import make_account, make_cadre, make_viewer
from tests.people.pages.conftest import BACKEND

MOST = 12
STAFF = (
    Role.HR,
    Role.PARTY,
    Role.DEPARTMENT_HEAD,
    Role.VICE_LEADER,
    Role.TOP_LEADER,
    Role.DISCIPLINE,
    Role.CADRE,
)
ADMINISTRATORS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)


def cost(client: Client) -> int:
    """Of a page that was opened before: what is kept for minutes is there."""
    client.get("/")
    with CaptureQueriesContext(connection) as found:
        assert client.get("/").status_code == 200
    return len(found)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.parametrize("role", STAFF)
def test_the_home_page_costs_the_same_at_one_row_of_every_kind_and_at_three(office: Unit, role: Role) -> None:
    mine = make_cadre("李示例", unit=office, rank="一级科员")
    user = make_account(role, cadre=mine)
    work = Work(mine, user, office, timezone.localdate())
    work.one_more()
    one = cost(browser_of(user))
    work.one_more()
    work.one_more()
    assert cost(browser_of(user)) == one <= MOST


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_administrators_have_a_home_of_few_questions(log_in, role: Role) -> None:
    assert cost(log_in(role)) <= MOST


def test_what_is_dear_comes_after_the_page(hr: Client, office: Unit) -> None:
    make_cadre("张示例", unit=office)
    html = hr.get("/").content.decode()
    viewer = make_viewer(Role.HR)
    later = [panel for panel in home_panels.for_viewer(viewer) if panel.later and panel.later(viewer)]
    assert later
    for panel in later:
        assert f'hx-get="/home/{panel.key}/"' in html
        assert f'<a href="/home/{panel.key}/">查看{panel.label}</a>' in html
        assert hr.get(f"/home/{panel.key}/").status_code == 200
        part = hr.get(f"/home/{panel.key}/", headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()


def test_a_panel_that_is_not_for_the_viewer_does_not_exist(hr: Client, log_in) -> None:
    assert hr.get("/home/nothing/").status_code == 404
    mine = log_in(cadre=make_cadre("李示例"))
    assert "/home/" not in mine.get("/").content.decode()
    assert log_in(Role.SYSADMIN).get("/home/training.units/").status_code == 404
