"""Writers at the same time, each with its own connection."""

from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from core import audit
from core.models import AuditEvent

WRITERS, EVENTS = 4, 15


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def write(errors: list[Exception]) -> None:
    try:
        for _ in range(EVENTS):
            audit.record(action="export", by=None)
    except Exception as error:
        errors.append(error)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_no_double():
    errors: list[Exception] = []
    threads = [Thread(target=write, args=(errors,)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert AuditEvent.objects.count() == WRITERS * EVENTS
    assert audit.verify() == []


@pytest.mark.django_db(transaction=True)
def test_the_guard_stands_again_after_a_flush():
    assert AuditEvent.objects.count() == 0
    audit.record(action="export", by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.all().delete()
