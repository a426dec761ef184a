"""Leave from study activities, for whoever runs them."""

from django.db.models import QuerySet

from core.access import Permission, Viewer
from training.models import StudyActivity, StudyLeave

ACTIVITY = "attendance__slot__activity"


def leaves_to_decide_about(viewer: Viewer) -> QuerySet[StudyLeave]:
    """Of people in the viewer's reach, from activities that the viewer runs, never the own."""
    run = StudyActivity.objects.visible_to(viewer).in_reach(viewer, Permission.EDIT_STUDY)
    rows = StudyLeave.objects.visible_to(viewer, Permission.EDIT_STUDY)
    others = rows.exclude(attendance__cadre=viewer.cadre_id or 0)
    return others.filter(**{f"{ACTIVITY}__in": run.values("pk")})


def leaves_to_decide(viewer: Viewer) -> QuerySet[StudyLeave]:
    """Those that wait for an answer, the nearest activity first."""
    rows = leaves_to_decide_about(viewer).waiting()  # type: ignore[attr-defined]
    found: QuerySet[StudyLeave] = rows.select_related("attendance__cadre", ACTIVITY)
    return found.order_by("attendance__slot__starts_at", "pk")


def latest_leaves() -> QuerySet[StudyLeave]:
    """The newest first: what became of it last is what counts."""
    return StudyLeave.objects.order_by("-requested_at", "-pk")
