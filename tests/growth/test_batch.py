"""A batch under bad luck: a killed worker, a hostile record that never ends, an own record among all."""

import time
from functools import partial

import pytest
from django.urls import reverse
from django.utils.timezone import localdate as today

from core.access import Role
from core.jobs import services as jobs
from core.models import AuditEvent, Job
from core.pdf import PdfResult
from core.pdf.pool import LOST, work_on_many
from growth.models import GrowthFile
from growth.services import BATCH_JOB
from growth.snapshot import Snapshot
from people.access import viewer_for
from people.models import Cadre
from tests.core.jobs.conftest import queue  # noqa: F401 - a fixture
from tests.core.jobs.test_killed import spawn, wait_for  # noqa: F401 - spawn is a fixture
from tests.factories.documents import blank_pdf
from tests.factories.people import make_account, make_cadre, make_unit

HOSTILE = "恶意"


def stubborn(snapshot: Snapshot) -> PdfResult:
    """Stands for a record whose layout does not end."""
    if snapshot.identity.name == HOSTILE:
        time.sleep(600)
    return PdfResult(blank_pdf(), 1)


@pytest.mark.django_db
def test_a_hostile_record_costs_its_own_limit_and_no_other_file(client, monkeypatch) -> None:
    """The limit is that of the pool, shortened here; beside it the other worker goes through the rest."""
    unit = make_unit()
    people = [make_cadre(HOSTILE, unit=unit), *(make_cadre(unit=unit) for _ in range(6))]
    client.force_login(make_account(Role.HR))
    monkeypatch.setattr("growth.jobs.render_file", stubborn)
    monkeypatch.setattr("growth.jobs.work_on_many", partial(work_on_many, timeout=3.0))
    order = {"scope": "chosen", "chosen": [c.pk for c in people], "edition": "leader", "as_of": today()}
    client.post(reverse("growth:make_many"), order)
    job = Job.objects.get()
    assert set(GrowthFile.objects.values_list("cadre", flat=True)) == {c.pk for c in people[1:]}
    assert [(f["name"], f["reason"]) for f in job.failures] == [(HOSTILE, LOST)]


@pytest.mark.django_db
def test_the_own_record_among_all_that_match_is_named_and_the_rest_is_made(client, monkeypatch) -> None:
    own, other = make_cadre("本人"), make_cadre("同事")
    client.force_login(make_account(Role.HR, Role.CADRE, cadre=own))
    monkeypatch.setattr("growth.jobs.render_file", stubborn)
    order = {"scope": "chosen", "chosen": [own.pk, other.pk], "edition": "leader", "as_of": today()}
    client.post(reverse("growth:make_many"), order)
    assert list(GrowthFile.objects.values_list("cadre", flat=True)) == [other.pk]
    assert [f["name"] for f in Job.objects.get().failures] == ["本人"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queue")
def test_what_a_killed_worker_had_finished_stays_and_is_not_made_again(spawn, tmp_path) -> None:  # noqa: F811
    """kill -9 in the midst of a real batch of real files, then a second worker: one file, one entry each."""
    unit, log = make_unit(), tmp_path / "worker.log"
    people = [make_cadre(unit=unit).pk for _ in range(4)]
    viewer = viewer_for(make_account(Role.HR), on=today())
    params = {"cadres": people, "edition": "leader", "as_of": today().isoformat(), "output": "zip"}
    job = jobs.start(BATCH_JOB, by=viewer, params=params)
    first = spawn()
    wait_for(lambda: GrowthFile.objects.count() >= 1, log, 90)
    first.kill()
    first.wait()
    before = dict(GrowthFile.objects.values_list("uid", "made_at"))
    assert 1 <= len(before) < len(people)

    spawn()
    wait_for(lambda: Job.objects.get(pk=job.pk).state == "done", log, 120)

    after = dict(GrowthFile.objects.values_list("uid", "made_at"))
    assert before.items() <= after.items()
    assert len(after) == len(people) == AuditEvent.objects.filter(action="growth.make").count()
    assert Cadre.objects.filter(growth_files__isnull=False).distinct().count() == len(people)
