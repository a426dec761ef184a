"""What waits in the decision room and after it, for whom."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from core.access import Viewer
from core.asking import Steps, asked, gathered
from rotation.choices.decisions import EffectState
from rotation.choices.plans import PlanState
from rotation.models import EffectLine, ReadingGrant, RotationPlan
from rotation.queries.room.effects import passed_rows, way_steps

SOON = timedelta(days=3)
WEEK = timedelta(days=7)
REMIND = timedelta(days=14)


def grants_ending(viewer: Viewer) -> QuerySet[Any]:
    """The viewer's own permits that end within three days, of cases still open."""
    rows = ReadingGrant.objects.live(viewer).filter(
        ends_on__lte=viewer.on + SOON,
        case__closed_at__isnull=True,
        case__plan__in=RotationPlan.objects.visible_to(viewer),
    )
    found: QuerySet[Any] = rows.select_related("case").order_by("ends_on", "pk")
    return found


def effects_of(viewer: Viewer) -> QuerySet[RotationPlan]:
    """Decided plans the viewer handles whose day is within a week, or over."""
    return RotationPlan.objects.editable_by(viewer).filter(
        state__in=(PlanState.DECIDED, PlanState.NOTICE), effective_on__lte=viewer.on + WEEK
    )


def plans_held_up(viewer: Viewer) -> Steps[list[tuple[RotationPlan, str]]]:
    """Each with what keeps it from taking effect on its day; "" where nothing does."""
    plans = yield from asked(effects_of(viewer).order_by("effective_on", "pk"))
    found = yield from gathered({plan.pk: _first_in_the_way(plan, viewer) for plan in plans})
    return [(plan, found[plan.pk][1]) for plan in plans]


def _first_in_the_way(plan: RotationPlan, viewer: Viewer) -> Steps[str]:
    moves = yield from asked(passed_rows(plan))
    ways = yield from gathered({plan.pk: way_steps(plan, moves, max(plan.effective_on, viewer.on))})
    return next(iter(ways[plan.pk][0]), "")


def revisits_due(viewer: Viewer) -> QuerySet[Any]:
    """Visits that the viewer owes within two weeks, the earliest first."""
    rows = EffectLine.objects.filter(
        effect__plan__in=RotationPlan.objects.editable_by(viewer),
        effect__state=EffectState.CONFIRMED,
        held_on__isnull=True,
        due_on__lte=viewer.on + REMIND,
    )
    found: QuerySet[Any] = rows.select_related("effect").order_by("due_on", "pk")
    return found
