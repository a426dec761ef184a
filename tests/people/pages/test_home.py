"""The first page of everybody: what waits is counted together, what is dear comes after the page."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.access import Role
from people.contracts import home_panels
from people.models import Unit
from tests.factories.people import make_cadre, make_viewer
from tests.factories.training import attend

# Held so that it only falls: one query asks what waits, then each duty that there is costs its own.
MOST = {Role.HR: 25, Role.DEPARTMENT_HEAD: 20, Role.TOP_LEADER: 20, Role.CADRE: 13}


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get("/").status_code == 200
    return len(found)


@pytest.mark.parametrize("role", MOST)
def test_the_home_page_costs_the_same_at_one_row_and_at_three(log_in, office: Unit, role: Role) -> None:
    mine = make_cadre("李示例", unit=office)
    client = log_in(role, cadre=mine)

    def rows(count: int) -> None:
        for number in range(count):
            someone = make_cadre(f"张示例{number}", unit=office)
            attend(someone, date(2026, 3, 1 + number), 8)
            attend(mine, date(2026, 3, 1 + number), 8)

    rows(1)
    queries(client)
    one = queries(client)
    rows(2)
    assert queries(client) == one
    assert one <= MOST[role]


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
