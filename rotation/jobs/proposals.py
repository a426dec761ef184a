"""Working out rotations in the background; what cannot be had is told by name in the job's report."""

from typing import Any

from django.utils import timezone

from core.errors import DomainError
from core.jobs import JobRun, job
from people.access import viewer_by_id
from rotation.models import RotationPlan
from rotation.proposer.solver import MOST_PROPOSALS
from rotation.services.proposals import JOB, make_proposals, wish_from_json


@job(JOB, title="轮岗建议")
def work_out(run: JobRun, *, plan: int, wish: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    by = viewer_by_id(run.owner_id, on=timezone.localdate(now))
    found = RotationPlan.objects.visible_to(by).filter(pk=plan).first()
    if found is None:
        raise DomainError("这份方案已不在您可以知悉的范围内。", code="gone")

    def watch(done: int) -> None:
        run.progress(done, MOST_PROPOSALS, f"已找到 {done} 套")

    made = make_proposals(plan=found, wish=wish_from_json(wish), by=by, at=now, watch=watch)
    for sentence in made.unmeetable:
        run.fail_item("不能满足", sentence)
    run.progress(MOST_PROPOSALS, MOST_PROPOSALS, f"共 {len(made.variants)} 套")
    return {"variants": [variant.letter for variant in made.variants], "proven": made.proven}
