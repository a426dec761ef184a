"""What others may know of checkups: that somebody went, missed it, or is busy with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from core.asking import Steps, asked, result_of
from wellbeing.choices.checkups import CampaignState, CheckupState
from wellbeing.models import CheckupMember

Busy = tuple[int, datetime, datetime, str]
YEARS = 3


@dataclass(frozen=True, slots=True)
class Result:
    pk: int
    year: int
    done: bool
    institution: str


def results_of(cadre_ids: Sequence[int], as_of: date) -> dict[int, list[Result]]:
    """Cadre id → the last years' results as far as they are settled on the day, the latest first.

    Whoever has not gone yet has no result until the campaign is over.
    """
    return result_of(result_steps(cadre_ids, as_of))


def result_steps(cadre_ids: Sequence[int], as_of: date) -> Steps[dict[int, list[Result]]]:
    """As `results_of`, together with what others ask."""
    rows = CheckupMember.objects.filter(
        cadre_id__in=cadre_ids,
        state__in=[CheckupState.DONE, CheckupState.MISSED],
        campaign__starts_on__lte=as_of,
        campaign__year__gt=as_of.year - YEARS,
    )
    found: dict[int, list[Result]] = {}
    for row in (yield from asked(rows.select_related("campaign").order_by("-campaign__year", "-pk"))):
        result = Result(row.pk, row.campaign.year, row.state == CheckupState.DONE, row.campaign.institution)
        found.setdefault(row.cadre_id, []).append(result)
    return found


def booked_slots(
    cadre_ids: Sequence[int], starts_at: datetime, ends_at: datetime
) -> QuerySet[CheckupMember, Busy]:
    """(cadre, from, to, place) of booked slots between the moments."""
    rows = CheckupMember.objects.filter(
        cadre_id__in=cadre_ids,
        state=CheckupState.BOOKED,
        slot__starts_at__lt=ends_at,
        slot__ends_at__gt=starts_at,
    )
    return rows.values_list("cadre_id", "slot__starts_at", "slot__ends_at", "slot__place")


def missed_between(cadre_ids: Sequence[int], since: date, until: date) -> list[tuple[int, int, date]]:
    """(line of the list, cadre, day the campaign ended) of those who did not go."""
    rows = CheckupMember.objects.filter(
        cadre_id__in=cadre_ids,
        state=CheckupState.MISSED,
        campaign__state=CampaignState.ENDED,
        campaign__ended_on__range=(since, until),
    )
    found = rows.values_list("pk", "cadre_id", "campaign__ended_on")
    return [(pk, cadre_id, ended_on or until) for pk, cadre_id, ended_on in found]
