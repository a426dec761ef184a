"""Inspections as time on the calendar, and decisions as something to sign for."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from core.notifications import register_kind
from people.contracts import Duty, Engagement, Link, duties, engagements, how_many_wait
from wellbeing.models import DecisionNotice, Inspection
from wellbeing.queries.decisions import own_notices
from wellbeing.queries.inspections import planned_visits
from wellbeing.services.decisions import KIND

DAY_BEGINS, DAY_ENDS = time(8, 30), time(17, 30)

register_kind(KIND, "处理决定", "file-text", sealed=True)


def _to_sign(viewer: Viewer) -> QuerySet[DecisionNotice]:
    return own_notices(viewer).filter(acknowledged_at=None)


@duties.register("wellbeing.decisions", order=23, permission=Permission.OWN_WELLBEING, waits=_to_sign)
def decision_to_sign(*, viewer: Viewer) -> Iterator[Duty]:
    count = how_many_wait(viewer, "wellbeing.decisions")
    if count:
        yield Duty(
            key="wellbeing.decisions",
            title="有处理决定待您签收",
            due_on=None,
            link=Link("wellbeing:my_decisions"),
            cadre_id=viewer.cadre_id,
            count=count,
        )


@engagements.register("wellbeing.inspections", order=44)
def at_an_inspection(
    *, cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> Iterator[Engagement]:
    """That an inspector is busy; what is looked into is not said."""
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    for cadre_id, row in (yield from planned_visits(cadre_ids, first, last)):
        begins, ends = _hours(row)
        if begins < ends_at and ends > starts_at:
            yield Engagement(cadre_id=cadre_id, starts_at=begins, ends_at=ends, kind="督查", title="督查检查")


def _hours(row: Inspection) -> tuple[datetime, datetime]:
    day = row.planned_on
    begins = datetime.combine(day, row.from_time or DAY_BEGINS)
    return timezone.make_aware(begins), timezone.make_aware(datetime.combine(day, row.to_time or DAY_ENDS))
