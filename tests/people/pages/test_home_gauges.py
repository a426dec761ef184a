"""The gauges of the home page: what they say is what the lists say that they lead to."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from core.access import Role
from core.charts import half_ring
from people.contracts import Gauge, Link
from people.models import Unit
from tests.factories.park import make_task
from tests.factories.people import make_cadre, make_unit
from tests.factories.wellbeing import make_duty, talker_account

HERE = Link("home")


@pytest.mark.parametrize(
    ("done", "of", "due", "reached", "lacking"),
    [(5, 6, 5 / 6, True, 0), (4, 6, 5 / 6, False, 1), (63, 88, 1.0, False, 25), (0, 3, 0.0, True, 0)],
)
def test_a_gauge_counts_to_what_is_expected_by_today(done, of, due, reached, lacking) -> None:
    gauge = Gauge("学时", done, of, "人", HERE, due)
    assert (gauge.reached, gauge.lacking) == (reached, lacking)


def test_the_picture_says_in_words_what_it_shows() -> None:
    image = ElementTree.fromstring(half_ring(5, 6, title="双月学习", unit="期", due=0.5))
    assert image.get("aria-label") == "双月学习：5/6期，83%，今天应达 50%"
    assert half_ring(2, 3, title="t", unit="人") == half_ring(2, 3, title="t", unit="人")
    # a part that is nearly the whole is not called the whole
    assert "99%" in half_ring(995, 1000, title="t", unit="人")


pytestmark = pytest.mark.django_db


def gauges(client: Client) -> dict[str, Gauge]:
    return {gauge.label: gauge for gauge in client.get("/").context["gauges"]}


def test_each_leads_to_the_list_of_what_is_lacking(hr: Client, office: Unit) -> None:
    today = timezone.localdate()
    for days in (-1, 5, 6):
        make_task(unit=office, owner=make_cadre(unit=office), due_on=today + timedelta(days=days))
    found = gauges(hr)
    assert (found["在办任务按期"].done, found["在办任务按期"].of) == (2, 3)
    for label in ("在办任务按期", "学时达到进度", "信息完整"):
        page = hr.get(found[label].link.url, follow=True)
        assert page.context["page"].paginator.count == found[label].lacking, label
    assert {"包干到位"} <= set(found)


def test_the_talks_of_a_few_people_are_not_shown(log_in) -> None:
    unit = make_unit("小局")
    cadre = make_cadre(unit=unit)
    make_duty(cadre, talker=talker_account(), due_on=timezone.localdate() - timedelta(days=1), unit=unit)
    client = log_in(Role.DEPARTMENT_HEAD, unit=unit)
    assert gauges(client)["应谈已谈"].hidden == "少于 5 人，不显示"
    assert "少于 5 人，不显示" in client.get("/").content.decode()
    for _ in range(4):
        make_cadre(unit=unit)
    found = gauges(client)["应谈已谈"]
    assert (found.done, found.of, found.hidden) == (0, 1, "")


def test_a_cadre_has_the_own_ring_and_no_gauges(log_in, office: Unit) -> None:
    assert not gauges(log_in(cadre=make_cadre(unit=office)))
    assert not gauges(log_in(Role.SYSADMIN))
