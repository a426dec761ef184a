"""包干到人: who holds what, what is missing, how the load lies, what nobody holds any more.

“每一名干部都有项目跟、有领导带”: every active cadre below the leaders of the zone has at least one live
project or key enterprise in hand, and over these exactly one leader who guides them. Tasks have a lead
official of their own each, so they count as load but not here.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from core.access import Permission, Viewer
from core.periods import covers
from park.choices import OPEN_STATES, EnterpriseState, HandoverState, ProjectState
from park.models import Assignment, Enterprise, Handover, LeaderNote, LoadRule, Project, Task
from park.queries.people import lead_officials
from people.choices import CadreStatus
from people.models import Cadre

LIVE_PROJECTS = (ProjectState.RUNNING, ProjectState.PAUSED)
IN_ZONE = tuple(state for state in EnterpriseState if state != EnterpriseState.LEFT)
NOTHING, UNGUIDED, DIVIDED = "nothing", "unguided", "divided"
GAPS = {NOTHING: "没有项目", UNGUIDED: "没有带教领导", DIVIDED: "带教领导不止一名"}


def live(on: date) -> Q:
    """Condition on assignments: held on the day, of a project that goes on or an enterprise that is there."""
    subject = Q(project__state__in=LIVE_PROJECTS) | Q(enterprise__state__in=IN_ZONE)
    return covers(on) & subject


def open_subject() -> Q:
    """Condition on assignments: what is held still has to be done."""
    running = Q(task__state__in=OPEN_STATES)
    return running | Q(project__state__in=LIVE_PROJECTS) | Q(enterprise__state__in=IN_ZONE)


def _count(rows: QuerySet[Any], key: str, what: Any) -> Any:
    counted = rows.order_by().values(key).annotate(n=what).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_load(cadres: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Adds what each holds on the day (`projects_n`, `enterprises_n`, `tasks_n`) and `officials_n`."""
    held = Assignment.objects.filter(live(on), cadre=OuterRef("pk"))
    tasks = Assignment.objects.filter(covers(on), cadre=OuterRef("pk"), task__isnull=False)
    tasks = tasks.filter(task__state__in=OPEN_STATES)
    guided = held.filter(lead_official__status=CadreStatus.ACTIVE)
    rows = cadres.annotate(
        projects_n=_count(held, "cadre", Count("project")),
        enterprises_n=_count(held, "cadre", Count("enterprise")),
        tasks_n=_count(tasks, "cadre", Count("task")),
        officials_n=_count(guided, "cadre", Count("lead_official", distinct=True)),
    )
    rows = rows.annotate(items_n=F("projects_n") + F("enterprises_n"))
    found: QuerySet[Any] = rows.annotate(load_n=F("items_n") + F("tasks_n"))
    return found


def with_gap(cadres: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Adds the load and `gap`: nothing, unguided, divided, or "" where all is as it should be."""
    found: QuerySet[Any] = with_load(cadres, on).annotate(
        gap=Case(
            When(items_n=0, then=Value(NOTHING)),
            When(officials_n=0, then=Value(UNGUIDED)),
            When(officials_n__gt=1, then=Value(DIVIDED)),
            default=Value(""),
            output_field=CharField(),
        )
    )
    return found


def to_be_placed(rows: QuerySet[Cadre], on: date) -> QuerySet[Cadre]:
    """Whom the rule is about: active cadres, without the leaders of the zone, who guide the others."""
    return rows.filter(status=CadreStatus.ACTIVE).exclude(pk__in=lead_officials(on).values("pk"))


def gaps(rows: QuerySet[Cadre], on: date) -> QuerySet[Any]:
    return with_gap(to_be_placed(rows, on), on).exclude(gap="")


def gaps_in_sight(viewer: Viewer) -> QuerySet[Any]:
    return gaps(Cadre.objects.visible_to(viewer, Permission.VIEW_PARK), viewer.on)


def leaders_with_load(cadres: QuerySet[Any], on: date) -> QuerySet[Any]:
    """Leaders with how many people and items they guide on the day."""
    guided = Assignment.objects.filter(live(on), lead_official=OuterRef("pk"))
    lead = lead_officials(on).values("pk")
    guiding = Assignment.objects.filter(live(on)).values("lead_official")
    rows = cadres.filter(status=CadreStatus.ACTIVE).filter(Q(pk__in=lead) | Q(pk__in=guiding))
    tasks = Task.objects.filter(lead_official=OuterRef("pk"), state__in=OPEN_STATES)
    found: QuerySet[Any] = rows.annotate(
        people_n=_count(guided, "lead_official", Count("cadre", distinct=True)),
        items_n=_count(guided, "lead_official", Count("pk")),
        tasks_n=_count(tasks, "lead_official", Count("pk")),
    )
    return found


def load_rule(viewer: Viewer) -> LoadRule:
    """The rule in force on the viewer's day, else the default one; asked once a page."""

    def ask() -> LoadRule:
        return LoadRule.objects.covering(viewer.on).first() or LoadRule(starts_on=viewer.on)

    return viewer.remember("park.load_rule", ask)


def guided_people(leader_id: int, on: date) -> QuerySet[Cadre]:
    """Whom a leader guides on the day, over projects and enterprises."""
    held = Assignment.objects.filter(live(on), lead_official=leader_id)
    return Cadre.objects.filter(pk__in=held.values("cadre"), status=CadreStatus.ACTIVE)


def quarter_of(on: date) -> tuple[int, int]:
    return on.year, (on.month + 2) // 3


def without_note(leader_id: int, on: date) -> QuerySet[Cadre]:
    """Whom the leader guides and has noted nothing on in this quarter."""
    year, quarter = quarter_of(on)
    noted = LeaderNote.objects.filter(leader=leader_id, year=year, quarter=quarter)
    return guided_people(leader_id, on).exclude(pk__in=noted.values("cadre"))


def held_by(cadre_ids: Iterable[int], on: date) -> QuerySet[Any]:
    """What these cadres hold on the day and still has to be done."""
    rows = Assignment.objects.filter(covers(on), open_subject(), cadre__in=list(cadre_ids))
    return rows.to_people().order_by("cadre", "-starts_on", "-pk")


# -- what nobody holds --


def _held(field: str, on: date) -> Exists:
    """Somebody active holds the row, or somebody is asked to take it over."""
    rows = Assignment.objects.filter(covers(on), **{field: OuterRef("pk")})
    offered = Handover.objects.filter(assignment=OuterRef("pk"), state=HandoverState.OFFERED)
    return Exists(rows.filter(Q(cadre__status=CadreStatus.ACTIVE) | Exists(offered)))


def orphan_projects(rows: QuerySet[Project], on: date) -> QuerySet[Project]:
    return rows.filter(~_held("project", on), state__in=LIVE_PROJECTS)


def orphan_enterprises(rows: QuerySet[Enterprise], on: date) -> QuerySet[Enterprise]:
    return rows.filter(~_held("enterprise", on), state__in=IN_ZONE)


def orphan_tasks(rows: QuerySet[Task], on: date) -> QuerySet[Task]:
    return rows.filter(~_held("task", on)).filter(state__in=OPEN_STATES)


def orphans(on: date) -> list[Any]:
    """Live projects, enterprises and tasks of the whole zone that nobody active holds."""
    return [
        *orphan_projects(Project.objects.all(), on),
        *orphan_enterprises(Enterprise.objects.all(), on),
        *orphan_tasks(Task.objects.all(), on),
    ]


# -- handing over --


def open_handovers(viewer: Viewer) -> QuerySet[Any]:
    rows = Handover.objects.visible_to(viewer).filter(state=HandoverState.OFFERED)
    shown = ("to", "assignment__cadre", "assignment__lead_official")
    subjects = ("assignment__task", "assignment__project", "assignment__enterprise")
    return rows.select_related(*shown, *subjects)


def offered_to(cadre_id: int | None) -> QuerySet[Handover]:
    if cadre_id is None:
        return Handover.objects.none()
    return Handover.objects.filter(to=cadre_id, state=HandoverState.OFFERED)


def sole_items(cadre_ids: Iterable[int], on: date) -> QuerySet[Any]:
    """Live projects and key enterprises of the cadres that nobody else holds and nobody is asked to take."""
    mine = Assignment.objects.filter(live(on), cadre__in=cadre_ids)
    mine = mine.filter(Q(project__isnull=False) | Q(enterprise__is_key=True))
    others = Assignment.objects.filter(covers(on)).exclude(cadre=OuterRef("cadre"))
    offered = Handover.objects.filter(assignment=OuterRef("pk"), state=HandoverState.OFFERED)
    same_project = Exists(others.filter(project=OuterRef("project")))
    same_enterprise = Exists(others.filter(enterprise=OuterRef("enterprise")))
    found: QuerySet[Any] = mine.filter(~same_project, ~same_enterprise, ~Exists(offered)).to_people()
    return found
