"""Real processes at one event, one approval, one allowance and one seat, on the database the tests run on."""

import multiprocessing
from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.access import Role
from people.models import User
from tests.factories.care import clerk, make_activity, make_event, start
from tests.factories.people import make_account, make_cadre, make_unit
from wellbeing.models import ActivitySignUp, CareBudget, CareCase

pytestmark = pytest.mark.django_db(transaction=True)
CLERKS = 6


def _post(user_id: int, url: str, data: dict, barrier, answers) -> None:
    """In a process of its own: logs in, waits for the others, presses the button once."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=user_id))
    barrier.wait(timeout=60)
    response = client.post(url, data)
    words = response.content.decode() if response.status_code == 422 else ""
    answers.put(
        (response.status_code, "同一件事只办理一次" in words or "不能重复办理" in words or "只剩" in words)
    )
    connections.close_all()


def race(tries) -> Counter:
    """What all of them were answered; the parent lets go of its connection before it forks."""
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(len(tries)), fork.Queue()
    connection.close()
    processes = [fork.Process(target=_post, args=(*one, barrier, answers)) for one in tries]
    for process in processes:
        process.start()
    found = Counter(answers.get(timeout=120) for _ in processes)
    for process in processes:
        process.join()
    return found


@pytest.fixture
def ready(settings):
    """Rules of the migrations are gone after a flush, so the one that is needed is made here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from wellbeing.models import CareRule

    CareRule.objects.get_or_create(
        kind="hospital", starts_on="2024-01-01",
        defaults={"amount": Decimal(1000), "yearly_cap": Decimal(2000), "fund": "union", "within_days": 30,
                  "near_days": 30, "entitled": "住院", "source": "本地办法"},
    )  # fmt: skip
    today = timezone.localdate()
    CareBudget.objects.create(fund="union", year=today.year, total=Decimal(1000))
    return today


def test_the_same_event_is_answered_once_by_many_clerks(ready):
    event = make_event(make_cadre(unit=make_unit()), happened_on=ready)
    url = reverse("wellbeing:care_start", args=[event.pk])
    data = {"kind": "hospital", "amount": "800", "reason": ""}
    answers = race([(clerk().pk, url, data) for _ in range(CLERKS)])
    assert CareCase.objects.count() == 1
    # One is through; the others read why, or no longer find what another has taken.
    assert answers[302, False] == 1
    assert set(answers) <= {(302, False), (422, True), (404, False)}


def test_one_case_is_approved_once_and_the_budget_holds(ready):
    unit = make_unit()
    by = clerk()
    cases = [
        start(make_event(make_cadre(unit=unit), happened_on=ready), by, on=ready, amount=Decimal(600))
        for _ in range(2)
    ]
    tries = [
        (make_account(Role.TOP_LEADER).pk, reverse("wellbeing:care_approve", args=[case.pk]), {"opinion": ""})
        for case in cases
        for _ in range(3)
    ]
    race(tries)
    budget = CareBudget.objects.get()
    assert CareCase.objects.filter(state="approved").count() == 1
    assert (budget.committed, budget.given) == (Decimal(600), Decimal(0))


def test_the_last_seat_is_taken_by_one(ready):
    activity = make_activity(capacity=1)
    people = [make_account(cadre=make_cadre(unit=make_unit())) for _ in range(CLERKS)]
    url = reverse("wellbeing:activity_sign_up", args=[activity.pk])
    race([(user.pk, url, {}) for user in people])
    activity.refresh_from_db()
    states = Counter(ActivitySignUp.objects.values_list("state", flat=True))
    assert (states, activity.seats_taken) == ({"seated": 1, "waiting": CLERKS - 1}, 1)
