"""The last seat, with real processes on the test's real database."""

import multiprocessing
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from typing import ClassVar

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction

from core.classification import sensitivity_of, unclassified_fields
from core.seats import Seated, free_seat, take_seat

pytestmark = pytest.mark.django_db(transaction=True)
RIVALS, PLACES = 8, 3
FORK = multiprocessing.get_context("fork")


class Room(Seated):
    """Belongs to no installed app: the table lives as long as one test."""

    class Meta(Seated.Meta):
        app_label = "seat_sample"
        constraints: ClassVar = [*Seated.Meta.constraints]


@pytest.fixture(autouse=True)
def _table() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Room)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Room)


def in_processes(action, pk: int) -> list[bool]:
    """What RIVALS processes get when they do the same at the same moment."""
    connections.close_all()  # a forked process must not share its parent's connection
    barrier, answers = FORK.Barrier(RIVALS), FORK.Queue()
    rivals = [FORK.Process(target=_rival, args=(action, pk, barrier, answers)) for _ in range(RIVALS)]
    for rival in rivals:
        rival.start()
    got = [answers.get(timeout=60) for _ in rivals]
    for rival in rivals:
        rival.join()
    return got


def _rival(action, pk: int, barrier: Barrier, answers) -> None:
    row = Room.objects.get(pk=pk)
    barrier.wait(timeout=60)
    with transaction.atomic():
        answer = action(row)
    connections.close_all()
    answers.put(answer)


def test_the_last_seat_is_not_given_twice() -> None:
    room = Room.objects.create(capacity=PLACES)
    assert sum(in_processes(take_seat, room.pk)) == PLACES
    room.refresh_from_db()
    assert (room.seats_taken, room.seats_left) == (PLACES, 0)


def test_a_seat_is_not_given_back_twice() -> None:
    room = Room.objects.create(capacity=PLACES, seats_taken=PLACES)
    assert sum(in_processes(free_seat, room.pk)) == PLACES
    room.refresh_from_db()
    assert room.seats_taken == 0


def test_without_a_capacity_there_is_always_a_seat() -> None:
    room = Room.objects.create()
    assert [take_seat(room), take_seat(room)] == [True, True]
    assert (room.seats_taken, room.seats_left) == (2, None)


def test_a_seat_goes_back_with_its_transaction() -> None:
    room = Room.objects.create(capacity=1)
    with transaction.atomic():
        assert take_seat(room)
        transaction.set_rollback(True)
    assert take_seat(room)


def test_capacity_does_not_fall_below_those_seated() -> None:
    room = Room.objects.create(capacity=2, seats_taken=2)
    room.capacity = 1
    with pytest.raises(ValidationError, match="名额不能少于已经占用的人数"):
        room.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        room.save()


def test_the_parent_classifies_its_fields() -> None:
    assert unclassified_fields(Room) == []
    assert sensitivity_of(Room, "capacity").name == "PLAIN"
