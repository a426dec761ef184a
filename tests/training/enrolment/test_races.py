"""Real processes at one seat: over HTTP as cadres do it, on the database the tests run on."""

import multiprocessing
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import User
from tests.factories.enrolment import live_class, make_self
from training.choices import ParticipationState
from training.models import Participation, ParticipationStep
from training.services.enrolment import apply_for

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 20
P = ParticipationState


def _post(user_id: int, url: str, barrier, answers) -> None:
    """In a process of its own: logs in, waits for the others, presses the button once."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=user_id))
    barrier.wait(timeout=60)
    answers.put(client.post(url).status_code)
    connections.close_all()


def race(tries: list[tuple[int, str]]) -> Counter:
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
def open_class(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    closes = timezone.now() + timedelta(days=1)
    day = timezone.localdate() + timedelta(days=7)
    return lambda **values: live_class(enrol_closes_at=closes, starts_on=day, **values)


def states(held) -> Counter:
    return Counter(held.participations.values_list("state", flat=True))


def apply_url(held) -> str:
    return reverse("training:enrol_apply", args=[held.pk])


def test_the_last_seat_is_taken_by_one_of_twenty_processes(open_class):
    held = open_class(capacity=1)
    people = [make_self() for _ in range(PROCESSES)]
    answers = race([(one.user_id, apply_url(held)) for one in people])
    held.refresh_from_db()
    assert answers == {302: PROCESSES}
    assert states(held) == {P.CONFIRMED: 1, P.WAITING: PROCESSES - 1}
    assert held.seats_taken == 1


def test_without_a_waiting_list_the_others_are_refused_in_words(open_class):
    held = open_class(capacity=3, has_waiting_list=False)
    people = [make_self() for _ in range(PROCESSES)]
    answers = race([(one.user_id, apply_url(held)) for one in people])
    assert answers == {302: 3, 422: PROCESSES - 3}
    assert states(held) == {P.CONFIRMED: 3}


def test_one_person_in_twenty_windows_is_on_the_list_once(open_class):
    held, person = open_class(capacity=5), make_self()
    answers = race([(person.user_id, apply_url(held))] * PROCESSES)
    assert answers == {302: 1, 422: PROCESSES - 1}
    assert states(held) == {P.CONFIRMED: 1}


def test_seats_freed_at_once_go_to_the_heads_of_the_queue(open_class):
    held, now = open_class(capacity=4), timezone.now()
    people = [make_self() for _ in range(14)]
    rows = [apply_for(training_class=held, by=one, at=now) for one in people]
    leaving = [0, 1, 2, 3, 5, 7]  # four with a seat, two of those who wait
    tries = [
        (people[place].user_id, reverse("training:enrol_withdraw", args=[rows[place].pk]))
        for place in leaving
    ]
    newcomers = [make_self() for _ in range(4)]
    answers = race(tries + [(one.user_id, apply_url(held)) for one in newcomers])
    held.refresh_from_db()
    assert answers == {302: 10}
    assert states(held) == {P.CONFIRMED: 4, P.WITHDRAWN: 6, P.WAITING: 8}
    assert held.seats_taken == 4
    promoted = ParticipationStep.objects.filter(state=P.CONFIRMED, by_id=None)
    seated = Participation.objects.filter(training_class=held, state=P.CONFIRMED)
    gone_again = [rows[5].pk, rows[7].pk]
    assert promoted.exclude(participation__in=gone_again).count() == 4
    # In the order of the queue: whoever sits had waited longer than whoever still waits.
    waiting = Participation.objects.filter(training_class=held, state=P.WAITING)
    assert max(seated.values_list("pk", flat=True)) < min(waiting.values_list("pk", flat=True))
