"""The demo leaves a trail: whoever opens a file sees who registered a line, when, and from which file."""

from datetime import date

import pytest

from growth.contracts import Edition
from growth.evidence import Verdict
from growth.models import CorrectionRequest, LineVerdict
from growth.queries import cadres_of, snapshots_of
from people.demo.seeding import seed
from people.models import Cadre, ImportBatch

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 30)


def test_every_record_of_the_demo_says_who_registered_it() -> None:
    seed(size=20, seed=1, on=ON, say=lambda text: None, with_files=False)
    ids = cadres_of(Cadre.objects.filter(status="active"))
    rows = [
        row
        for snapshot in snapshots_of(ids, edition=Edition.LEADER, as_of=ON)
        for row in snapshot.evidence
        if row.key.startswith(("people.", "training.participation", "training.hourentry"))
    ]
    assert rows
    assert [row.key for row in rows if not row.trail.recorder or not row.trail.recorded_on] == []
    verdicts = {row.verdict for row in rows}
    assert {Verdict.CONFIRMED, Verdict.NONE} <= verdicts
    assert LineVerdict.objects.filter(verdict=Verdict.DISPUTED).count() == 1
    assert CorrectionRequest.objects.count() == 1
    assert ImportBatch.objects.filter(applied_at__date__gt=ON).count() == 0
