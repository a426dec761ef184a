"""Key rotation while talks are read and written: nothing fails, nothing is lost, everything moves."""

import multiprocessing
import time
from multiprocessing.synchronize import Event

import pytest
from django.core.management import call_command
from django.db import connection, connections

from core.crypto.cipher import active_key, key_id_of
from core.crypto.keyfile import load_keyring
from tests.factories.care import make_event
from tests.factories.people import make_cadre
from tests.factories.wellbeing import NOW, make_talk, viewer_of, write
from wellbeing.choices.talks import TalkState
from wellbeing.models import CadreKey, CareEvent, Talk
from wellbeing.services.door import open_talk

CADRES = 9
LASTS = 2.0  # seconds of rotating


@pytest.fixture
def own_keys(settings, tmp_path):
    settings.FIELD_KEYRING = load_keyring(tmp_path / "keys.json")


def stored_keys() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped FROM wellbeing_cadrekey")
        return {key_id_of(row[0]) for row in cursor.fetchall()}


def busy(pks, act, stop: Event, answers) -> None:
    """In a process of its own, as a worker of the web server: the talks in turn until it is told to stop."""
    count = 0
    try:
        while not stop.is_set():
            act(Talk.objects.select_related("talker").get(pk=pks[count % len(pks)]))
            count += 1
        answers.put((count, ""))
    except BaseException as error:  # whatever it is, the test has to hear of it
        answers.put((count, repr(error)))
    finally:
        connections.close_all()


def read(talk):
    found = open_talk(viewer=viewer_of(talk.talker), talk=talk, at=NOW)
    assert found.texts["thinking"].startswith(f"想法{talk.pk}")


def rewrite(talk):
    version = open_talk(viewer=viewer_of(talk.talker), talk=talk, at=NOW).version
    write(talk, version=version, thinking=f"想法{talk.pk}·{version}")


def begin(talk):
    """A cadre without a key gets one while the keys are changed."""
    fresh = make_talk(make_cadre(), talker=talk.talker, state=TalkState.DRAFT)
    assert open_talk(viewer=viewer_of(talk.talker), talk=fresh, at=NOW).texts["thinking"] == "想法"


def report(talk):
    """Words under the key file itself, which every rotation encrypts anew."""
    row = CareEvent.objects.get(cadre=talk.cadre)
    assert row.detail == f"说明{talk.cadre_id}"
    row.save()


@pytest.mark.usefixtures("own_keys")
@pytest.mark.django_db(transaction=True)
def test_rotation_with_processes_reading_and_writing():
    """The processes began under the old key file, as web workers do, and never fail while it is replaced."""
    talks = [make_talk(make_cadre(), state=TalkState.DRAFT) for _ in range(CADRES)]
    for talk in talks:
        write(talk, version=1, thinking=f"想法{talk.pk}")
        make_event(talk.cadre, detail=f"说明{talk.cadre_id}")
    old, pks = stored_keys(), [talk.pk for talk in talks]
    jobs = ((pks[:4], read), (pks[4:8], rewrite), (pks[8:9], begin), (pks, report))
    fork = multiprocessing.get_context("fork")
    stop, answers = fork.Event(), fork.Queue()
    connections.close_all()  # a forked child must not share it
    workers = [fork.Process(target=busy, args=(*job, stop, answers)) for job in jobs]
    for worker in workers:
        worker.start()
    rotations = 0
    until = time.monotonic() + LASTS
    while rotations < 3 or time.monotonic() < until:
        call_command("rotate_keys")
        rotations += 1
    stop.set()
    found = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    assert [error for _, error in found] == [""] * len(workers)
    assert min(count for count, _ in found) >= 2
    call_command("rotate_keys")  # what was written between the last run and its end
    assert stored_keys() == {active_key().id} != old
    for talk in talks:
        read(talk)
        report(talk)


@pytest.mark.usefixtures("own_keys")
@pytest.mark.django_db
def test_a_cadres_texts_stay_as_they_are_and_only_the_key_is_wrapped_anew():
    talk = make_talk(make_cadre())
    before = CadreKey.objects.get()
    call_command("rotate_keys")
    after = CadreKey.objects.get()
    assert str(after.wrapped) == str(before.wrapped)
    assert key_id_of(after.__dict__["wrapped"]) == active_key().id
    assert open_talk(viewer=viewer_of(talk.talker), talk=talk, at=NOW).texts["thinking"] == "想法"
