"""Projects, enterprises and 包干到人: places in the menu, what is due, what speaks against a move."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet

from core.access import Permission, Viewer
from core.asking import Ask, Steps, asked, asked_all, counted, reckoned
from core.notifications import register_kind
from core.web.menu import MenuItem, register
from park.contributions.menu import GROUP
from park.models import Visit
from park.queries import assignments as queries
from park.queries import enterprises
from park.queries.tasks import own_rows_only
from people.choices import CadreStatus
from people.contracts import (
    Duty,
    Figure,
    Gauge,
    Link,
    Obstacle,
    Occasion,
    Panel,
    Transfer,
    duties,
    home_figures,
    home_gauges,
    home_panels,
    how_many_wait,
    obstacles,
    occasions,
)
from people.models import Cadre

SHOWN = 5

register(MenuItem(GROUP, 40, "园区项目", "building-2", "park:projects", Permission.VIEW_PARK))
register(MenuItem(GROUP, 50, "园区企业", "factory", "park:enterprises", Permission.VIEW_PARK))
register(MenuItem(GROUP, 55, "企业诉求", "message-square", "park:requests", Permission.VIEW_PARK))
register(MenuItem(GROUP, 60, "包干到人", "users-round", "park:gaps", Permission.VIEW_PARK))

for key, label, icon in (
    ("assigned", "包干指派", "users-round"),
    ("handover", "待接收的移交", "arrow-right-left"),
    ("request", "企业诉求交办", "message-square"),
):
    register_kind(f"park.{key}", label, icon)


def _duty(key: str, title: str, count: int, due_on: date | None, link: Link, reason: str) -> Iterator[Duty]:
    if count:
        yield Duty(key, title.format(n=count), due_on, link, count=count, reason=reason)


@duties.register(
    "park.own_visits", order=22, permission=Permission.REPORT_PARK, waits=enterprises.own_visits_behind
)
def own_visit_duties(*, viewer: Viewer) -> Iterator[Duty]:
    behind = how_many_wait(viewer, "park.own_visits")
    yield from _duty(
        "park.own.visits",
        "{n} 家包保企业走访超期",
        behind,
        viewer.on if behind else None,
        Link("park:enterprises"),
        enterprises.cadence(viewer).text,
    )


@duties.register(
    "park.own_requests", order=22, permission=Permission.REPORT_PARK, waits=enterprises.own_requests
)
def own_request_duties(*, viewer: Viewer) -> Iterator[Duty]:
    rows = enterprises.own_requests(viewer)
    found = yield from reckoned(rows, n=Count("pk"), first=Min("due_on"))
    link = Link("park:requests")
    yield from _duty(
        "park.own.requests", "{n} 件企业诉求待办", found["n"], found["first"], link, "按时反馈办理结果。"
    )


def _offered(viewer: Viewer) -> QuerySet[Any]:
    return queries.offered_to(viewer.cadre_id)


@duties.register("park.own_handovers", order=22, permission=Permission.REPORT_PARK, waits=_offered)
def own_handover_duties(*, viewer: Viewer) -> Iterator[Duty]:
    taken = how_many_wait(viewer, "park.own_handovers")
    reason = "确认接收后由你承担；不能接收的写明原因退回。"
    link = Link("park:handovers")
    yield from _duty("park.own.handovers", "{n} 项移交待接收", taken, None, link, reason)


# Gaps, visits behind and requests to hand on, for those who look after others.


@duties.register("park.staff_gaps", order=23, permission=Permission.EDIT_PARK, waits=queries.gaps_in_sight)
def staff_gap_duties(*, viewer: Viewer) -> Iterator[Duty]:
    missing = how_many_wait(viewer, "park.staff_gaps") if viewer.paths(Permission.EDIT_PARK) else 0
    reason = "每名在职干部都应有项目跟、有领导带。"
    yield from _duty("park.staff.gaps", "{n} 名干部包干有缺口", missing, None, Link("park:gaps"), reason)


@duties.register(
    "park.staff_visits", order=23, permission=Permission.EDIT_PARK, waits=enterprises.visits_behind
)
def staff_visit_duties(*, viewer: Viewer) -> Iterator[Duty]:
    behind = how_many_wait(viewer, "park.staff_visits") if viewer.paths(Permission.EDIT_PARK) else 0
    text = enterprises.cadence(viewer).text
    link = Link("park:enterprises")
    yield from _duty("park.staff.visits", "{n} 家企业走访超期", behind, None, link, text)


def _raised(viewer: Viewer) -> QuerySet[Any]:
    return enterprises.open_requests(viewer).filter(state="raised")


@duties.register("park.staff_requests", order=23, permission=Permission.EDIT_PARK, waits=_raised)
def staff_request_duties(*, viewer: Viewer) -> Iterator[Duty]:
    raised = how_many_wait(viewer, "park.staff_requests") if viewer.paths(Permission.EDIT_PARK) else 0
    link = Link("park:requests")
    yield from _duty("park.staff.requests", "{n} 件企业诉求待交办", raised, None, link, "交办后才会计时。")


@duties.register("park.leader_notes", order=24, permission=Permission.APPROVE_PARK)
def leader_note_duties(*, viewer: Viewer) -> Iterator[Duty]:
    """In the last month of a quarter: whom the leader guides and has noted nothing on."""
    if viewer.cadre_id is None or viewer.on.month % 3:
        return
    missing = yield from counted(queries.without_note(viewer.cadre_id, viewer.on))
    reason = "每季度对带教的干部记一次实际表现。"
    yield from _duty("park.notes", "{n} 名带教干部本季度未记", missing, None, Link("park:guided"), reason)


@home_figures.register("park.gaps", order=31, permission=Permission.VIEW_PARK)
def gap_figure(*, viewer: Viewer) -> Iterator[Figure]:
    if own_rows_only(viewer):
        return
    yield Figure(
        "包干缺口",
        queries.gaps_in_sight(viewer),
        "人",
        Link("park:gaps"),
        "",
        "没有项目或带教领导",
    )


@home_gauges.register("park.gaps", order=50, permission=Permission.VIEW_PARK)
def covered(*, viewer: Viewer) -> Iterator[Gauge]:
    """包干到人: who has a project and a leader."""
    if own_rows_only(viewer):
        return
    active = Cadre.objects.visible_to(viewer, Permission.VIEW_PARK).filter(status=CadreStatus.ACTIVE)
    every, gaps = yield from asked_all(
        Ask(active, counts=True), Ask(queries.gaps_in_sight(viewer), counts=True)
    )
    if every:
        yield Gauge("包干到位", every - gaps, every, "人", Link("park:gaps"))


@home_panels.register("park.mine", order=30, permission=Permission.REPORT_PARK)
def my_items(*, viewer: Viewer) -> Steps[Panel | None]:
    """What the cadre holds, one tap from the form of a visit."""
    if viewer.cadre_id is None or not viewer.on_own_record(Permission.REPORT_PARK):
        return None
    rows: QuerySet[Any] = queries.held_by([viewer.cadre_id], viewer.on).filter(task__isnull=True)
    held = yield from asked(rows[:SHOWN])
    context: dict[str, object] = {"rows": held, "cadre_id": viewer.cadre_id}
    return Panel("park.mine", "我承担的项目和企业", "park/assignments/home.html", context) if held else None


@obstacles.register("park.sole_holder", order=41)
def sole_holder(*, moves: Sequence[Transfer], on: date) -> Iterator[Obstacle]:
    """A live project or key enterprise that nobody else holds has no one to go on with it."""
    for row in (yield from asked(queries.sole_items([move.cadre.pk for move in moves], on))):
        kind = "项目" if row.project_id else "重点企业"
        yield Obstacle(
            cadre_id=row.cadre_id,
            severity="consider",
            code="park.sole_holder",
            message=f"独自承担{kind}“{row.subject}”，还没有接手人，调整前须落实移交。",
            source=f"包干 {row.pk}，自 {row.starts_on:%Y-%m-%d}",
        )


@occasions.register("park.visits", order=42)
def enterprises_visited(*, cadre_ids: Sequence[int], since: date, until: date) -> Iterator[Occasion]:
    rows = Visit.objects.filter(on__range=(since, until), people__cadre__in=list(cadre_ids))
    for visit in rows.select_related("enterprise").prefetch_related("people").distinct():
        for person in visit.people.all():
            if person.cadre_id in cadre_ids:
                yield Occasion(
                    cadre_id=person.cadre_id,
                    happened_on=visit.on,
                    kind="走访企业",
                    title=f"走访{visit.enterprise}",
                    detail=visit.situation[:60],
                    link=Link("park:visit", (visit.pk,)),
                    icon="map-pin",
                    key=f"visit:{visit.pk}",
                )
