"""What waits in the decision room and after it, for whom."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from core.access import Viewer
from rotation.choices.decisions import EffectState
from rotation.choices.plans import PlanState
from rotation.models import EffectLine, ReadingGrant, RotationPlan
from rotation.queries.room.effects import in_the_way, passed_moves

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


def plans_held_up(viewer: Viewer) -> Iterator[tuple[RotationPlan, str]]:
    """Each with what keeps it from taking effect on its day; "" where nothing does."""
    for plan in effects_of(viewer).order_by("effective_on", "pk"):
        day = max(plan.effective_on, viewer.on)
        yield plan, next(in_the_way(plan, passed_moves(plan), day), "")


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
