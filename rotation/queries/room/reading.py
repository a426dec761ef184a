"""Who may read which candidate's file for a case, and who has."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.access import Viewer
from growth.models import GrowthReading
from growth.permits import Permit
from growth.services import readings_of_matter
from people.models import Cadre, KinTie
from rotation.models import Candidate, Case, PlanMember, ReadingGrant, RotationPlan

# What the cadre is told while nothing may be known of the case.
NEUTRAL_PURPOSE = "研究干部工作"


def matter_of(case: Case) -> str:
    return f"rotation.case:{case.pk}"


class CasePermits:
    """The permits of the decision room, as growth asks for them."""

    def open_to(self, viewer: Viewer) -> QuerySet[Cadre]:
        """Candidates of cases for which the viewer has a live permit; never oneself or a relative."""
        granted = ReadingGrant.objects.live(viewer).filter(
            case__closed_at__isnull=True, case__plan__in=RotationPlan.objects.visible_to(viewer)
        )
        candidates = Candidate.objects.filter(case__in=granted.values("case"))
        return _without_own(Cadre.objects.filter(pk__in=candidates.values("move__cadre")), viewer)

    def permit(self, viewer: Viewer, cadre_id: int) -> Permit | None:
        """Also whoever handles the plan reads for the case: that they look would tell of it as well."""
        case = _cases_with(cadre_id).filter(_reads(viewer)).order_by("-opened_at").first()
        return Permit(NEUTRAL_PURPOSE, matter_of(case)) if case else None


def _cases_with(cadre_id: int) -> QuerySet[Any]:
    candidates = Candidate.objects.filter(case=OuterRef("pk"), move__cadre=cadre_id)
    return Case.objects.filter(Exists(candidates), closed_at__isnull=True)


def _reads(viewer: Viewer) -> Q:
    granted = ReadingGrant.objects.live(viewer).filter(case=OuterRef("pk"))
    member = PlanMember.objects.filter(plan=OuterRef("plan"), user=viewer.user_id)
    return Q(Exists(granted)) | Q(Exists(member))


def _without_own(cadres: QuerySet[Cadre], viewer: Viewer) -> QuerySet[Cadre]:
    if viewer.cadre_id is None:
        return cadres
    ties = KinTie.objects.of([viewer.cadre_id])
    kin = Q(pk__in=ties.values("cadre")) | Q(pk__in=ties.values("relative"))
    return cadres.exclude(Q(pk=viewer.cadre_id) | kin)


def readings_for(case: Case) -> QuerySet[GrowthReading]:
    """Every opening of a file for the case, the latest first."""
    return readings_of_matter(matter_of(case)).order_by("-at", "-pk")
