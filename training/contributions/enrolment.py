"""What enrolment answers: what staff and departments have to decide, and what a cadre has ahead."""

from collections.abc import Iterator

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from core.access import Permission, Viewer
from core.asking import Steps, asked, once
from core.notifications import register_kind
from people.contracts import Duty, Link, Panel, duties, home_panels
from training.choices import ClassState, ParticipationState
from training.models import ClassQuota, Participation, StudyVisit, TrainingClass
from training.queries.enrolment import (
    awaiting_unit,
    coming_rows,
    open_nominations,
    pending_leaves,
    pending_of,
    queue_steps,
)

register_kind("training.enrolment", "培训报名和参训", "graduation-cap")
P = ParticipationState
SOON = 7


@duties.register("training.approvals", order=20, permission=Permission.EDIT_TRAINING, waits=pending_of)
def approvals(*, viewer: Viewer) -> Iterator[Duty]:
    """One duty for each class with people to decide about."""
    by_class = pending_of(viewer).order_by().values_list("training_class_id", "training_class__name")
    oldest_first = by_class.annotate(number=Count("pk"), since=Min("created_at")).order_by("since")
    for pk, name, number, _ in (yield from asked(oldest_first)):
        yield Duty(
            key=f"training.approvals:{pk}",
            title=f"{number} 人报名待审批：{name}",
            due_on=None,
            link=Link("training:approvals", (pk,)),
            count=number,
        )


@duties.register("training.sign_off", order=21, permission=Permission.NOMINATE, waits=awaiting_unit)
def sign_offs(*, viewer: Viewer) -> Iterator[Duty]:
    for row in (yield from asked(awaiting_unit(viewer))):
        yield Duty(
            key=f"training.sign_off:{row.pk}",
            title=f"{row.cadre.name} 报名待部门同意：{row.training_class.name}",
            due_on=None,
            link=Link("training:participation", (row.pk,)),
            reason="部门同意后由组织人事部门审批。",
        )


@duties.register("training.nominations", order=22, permission=Permission.NOMINATE, waits=open_nominations)
def nominations(*, viewer: Viewer) -> Iterator[Duty]:
    """For departments whose quota is not used up."""
    if viewer.can(Permission.EDIT_TRAINING):
        return
    paths = viewer.paths(Permission.NOMINATE)
    open_ones = yield from asked(open_nominations(viewer))
    quotas = yield from asked(ClassQuota.objects.filter(training_class__in=open_ones).select_related("unit"))
    for held in open_ones:
        seats = sum(
            quota.seats
            for quota in quotas
            if quota.training_class_id == held.pk
            and any((quota.unit.path or "").startswith(path) for path in paths)
        )
        if seats:
            due = timezone.localdate(held.enrol_closes_at) if held.enrol_closes_at else held.starts_on
            yield Duty(
                key=f"training.nominate:{held.pk}",
                title=f"推荐参训人选 {seats} 名：{held.name}",
                due_on=due,
                link=Link("training:class", (held.pk,)),
            )


@duties.register(
    "training.leaves",
    order=23,
    permission=Permission.EDIT_TRAINING,
    waits=pending_leaves,
    label="请假待批",
    listed=Link("training:leaves"),
)
def leaves(*, viewer: Viewer) -> Iterator[Duty]:
    for leave in (yield from asked(pending_leaves(viewer))):
        part = leave.participation
        yield Duty(
            key=f"training.leave:{leave.pk}",
            title=f"{part.cadre.name} 请假待批：{part.training_class.name}",
            due_on=timezone.localdate(leave.slot.starts_at),
            link=Link("training:leave", (leave.pk,)),
        )


def _to_assess(viewer: Viewer) -> QuerySet[TrainingClass]:
    rows = TrainingClass.objects.visible_to(viewer).filter(state=ClassState.ASSESSING)
    return rows.order_by("ends_on", "pk")


@duties.register(
    "training.assess",
    order=24,
    permission=Permission.EDIT_TRAINING,
    waits=_to_assess,
    label="待评定归档的班次",
    listed=Link("training:classes", query="state=assessing"),
)
def assessments(*, viewer: Viewer) -> Iterator[Duty]:
    for held in (yield from asked(_to_assess(viewer))):
        yield Duty(
            key=f"training.assess:{held.pk}",
            title=f"待评定归档：{held.name}",
            due_on=None,
            link=Link("training:assess", (held.pk,)),
            reason="登记结果后归档，学时才入账。",
        )


def _to_report(viewer: Viewer) -> QuerySet[StudyVisit]:
    rows = StudyVisit.objects.visible_to(viewer).filter(
        leader_id=viewer.cadre_id or 0, report__isnull=True, report_due_on__isnull=False
    )
    return rows.filter(training_class__ends_on__lte=viewer.on).select_related("training_class")


@duties.register("training.reports", order=25, permission=Permission.VIEW_TRAINING, waits=_to_report)
def reports(*, viewer: Viewer) -> Iterator[Duty]:
    """The report of a journey: for whoever led it."""
    for visit in (yield from asked(_to_report(viewer))):
        yield Duty(
            key=f"training.report:{visit.pk}",
            title=f"提交考察报告：{visit.training_class.name}",
            due_on=visit.report_due_on,
            link=Link("training:visit_report", (visit.training_class_id,)),
            cadre_id=viewer.cadre_id,
        )


@duties.register(
    "training.coming",
    order=26,
    permission=Permission.SIGN_UP,
    label="将参加的培训",
    listed=Link("training:my_calendar"),
)
def coming(*, viewer: Viewer) -> Iterator[Duty]:
    """The own classes of the next days."""
    for row in (yield from own_coming(viewer)):
        held = row.training_class
        if row.state in (P.CONFIRMED, P.DISPATCHED) and 0 <= (held.starts_on - viewer.on).days <= SOON:
            yield Duty(
                key=f"training.coming:{row.pk}",
                title=f"参加培训：{held.name}",
                due_on=held.starts_on,
                link=Link("training:participation", (row.pk,)),
                cadre_id=viewer.cadre_id,
                reason=held.place,
                on_calendar=False,
            )


@home_panels.register("training.enrol", order=12, permission=Permission.SIGN_UP)
def own_classes(*, viewer: Viewer) -> Steps[Panel | None]:
    """The next classes of a cadre, with the place in the queue."""
    rows = (yield from own_coming(viewer))[:3]
    if not rows or not viewer.on_own_record(Permission.SIGN_UP):
        return None
    places = yield from queue_steps(rows)
    context: dict[str, object] = {"rows": [(row, places.get(row.pk, 0)) for row in rows]}
    return Panel("training.enrol", "我的培训班次", "training/enrol/home.html", context)


def own_coming(viewer: Viewer) -> Steps[list[Participation]]:
    """The own classes that are not over, the next first; several parts of the page need them."""
    if viewer.cadre_id is None:
        return []
    return (yield from once(viewer, "training.coming", lambda: asked(coming_rows(viewer))))
