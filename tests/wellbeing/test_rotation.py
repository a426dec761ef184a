"""Key rotation while talks are read and written: nothing fails, nothing is lost, everything moves."""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection

from core.crypto.cipher import active_key, key_id_of
from core.crypto.keyfile import load_keyring
from tests.factories.people import make_cadre
from tests.factories.wellbeing import NOW, make_talk, viewer_of, write
from wellbeing.choices.talks import TalkState
from wellbeing.models import CadreKey, Talk
from wellbeing.services.door import open_talk

CADRES = 12


@pytest.fixture
def own_keys(settings, tmp_path):
    settings.FIELD_KEYRING = load_keyring(tmp_path / "keys.json")


def stored_keys() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped FROM wellbeing_cadrekey")
        return {key_id_of(row[0]) for row in cursor.fetchall()}


class Busy(threading.Thread):
    """Reads or writes talks until it is told to stop; keeps what went wrong."""

    def __init__(self, talks, act):
        super().__init__(daemon=True)
        self.talks, self.act, self.errors, self.count = talks, act, [], 0
        self.stop = threading.Event()

    def run(self):
        try:
            while not self.stop.is_set():
                self.act(self.talks[self.count % len(self.talks)])
                self.count += 1
        except Exception as error:
            self.errors.append(error)
        finally:
            connection.close()


def read(talk):
    found = open_talk(viewer=viewer_of(talk.talker), talk=Talk.objects.get(pk=talk.pk), at=NOW)
    assert found.texts["thinking"].startswith(f"想法{talk.pk}")


def rewrite(talk):
    fresh = Talk.objects.select_related("talker").get(pk=talk.pk)
    version = open_talk(viewer=viewer_of(fresh.talker), talk=fresh, at=NOW).version
    write(fresh, version=version, thinking=f"想法{talk.pk}·{version}")


@pytest.mark.usefixtures("own_keys")
@pytest.mark.django_db(transaction=True)
def test_rotation_with_reads_and_writes_running():
    made = (make_cadre() for _ in range(CADRES))
    talks = [make_talk(cadre, state=TalkState.DRAFT) for cadre in made]
    for talk in talks:
        write(talk, version=1, thinking=f"想法{talk.pk}")
    old = stored_keys()
    threads = [Busy(talks[:6], read), Busy(talks[6:], rewrite)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        call_command("rotate_keys")
        time.sleep(0.05)
    while min(thread.count for thread in threads) < 6 and all(t.is_alive() for t in threads):
        time.sleep(0.05)
    for thread in threads:
        thread.stop.set()
        thread.join(30)
    assert [error for thread in threads for error in thread.errors] == []
    assert min(thread.count for thread in threads) >= 6
    assert stored_keys() == {active_key().id} != old
    for talk in talks:
        read(talk)


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
