"""上会档案: the leader edition of each candidate's growth file, made on the day and kept with the case."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.jobs import start
from core.models import Job
from growth.contracts import Edition
from growth.models import GrowthFile
from growth.services import make_growth_file
from people.models import Cadre
from rotation.models import Case, CaseFile
from rotation.queries.room.cases import candidates_of
from rotation.services.room.cases import check_handled_by, check_open

PREPARE_JOB = "rotation.prepare"


def order_files(*, case: Case, by: Viewer) -> Job:
    """Queues the files of the candidates: making one takes about a second."""
    check_open(case)
    check_handled_by(case.plan, by)
    unique = f"{PREPARE_JOB}:{case.pk}"
    return start(PREPARE_JOB, by=by, params={"case": case.pk}, label=case.number, unique=unique)


def prepare_files(
    *, case: Case, by: Viewer, at: datetime, progress: Callable[[int, int], None] = lambda done, of: None
) -> list[CaseFile]:
    """As of the viewer's day; a file of the same data is taken as it is."""
    check_handled_by(case.plan, by)
    cadres = list({c.move.cadre_id: c.move.cadre for c in candidates_of(case)}.values())
    kept = []
    for number, cadre in enumerate(cadres, start=1):
        kept.append(keep_case_file(case=case, file=_made(cadre, by), by=by, at=at))
        progress(number, len(cadres))
    return kept


def _made(cadre: Cadre, by: Viewer) -> GrowthFile:
    return make_growth_file(cadre=cadre, edition=Edition.LEADER, as_of=by.on, by=by)


@transaction.atomic
def keep_case_file(*, case: Case, file: GrowthFile, by: Viewer, at: datetime) -> CaseFile:
    """This is what the leaders are shown; until the decision a fresher one may take its place."""
    check_open(case)
    check_handled_by(case.plan, by)
    values = {"file": file, "sha256": file.sha256, "data_digest": file.data_digest, "kept_at": at}
    row, _new = CaseFile.objects.update_or_create(case=case, cadre=file.cadre, defaults=values)
    label = f"放入上会档案：{case.number}"
    record(action=AuditAction.CASE_CHANGED, by=by, subject=row, label=label, at=at)
    return row
