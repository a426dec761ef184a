"""Lists of cases with their counts, and what of decisions everybody may know."""

from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.access import Viewer
from rotation.models import Candidate, DecidedMove, LeaderOpinion, Speaker


def with_counts(cases: Any) -> QuerySet[Any]:
    """Cases with `people`, `speaking` and `spoken`; who is on leave or kept out is not waited for."""
    people = Candidate.objects.filter(case=OuterRef("pk"))
    speaking = Speaker.objects.filter(case=OuterRef("pk"), excluded=False)
    spoken = LeaderOpinion.objects.filter(case=OuterRef("pk"), withdrawn_at__isnull=True)
    return cases.annotate(  # type: ignore[no-any-return]
        people=_number(people, "move__cadre"), speaking=_number(speaking, "pk"), spoken=_number(spoken, "pk")
    )


def _number(rows: QuerySet[Any], field: str) -> Coalesce:
    counted = rows.order_by().values("case").annotate(n=Count(field, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def board_of(viewer: Viewer) -> QuerySet[Any]:
    """Public results, for everybody with a record or the right to read records."""
    rows: QuerySet[Any] = DecidedMove.objects.on_notice(viewer)
    return rows.select_related("cadre", "decision__plan").order_by(
        F("decision__plan__effective_on").desc(), "cadre__name_stroke_key"
    )
