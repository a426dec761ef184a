"""What is asked about inspections: lists, officials, earlier findings, decisions in effect."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.access import Role, Viewer
from core.asking import Steps, asked, asked_all, result_of
from core.periods import covers
from people.contracts import Inspectable
from people.models import Appointment, Cadre, RoleGrant, Unit, User
from wellbeing.choices.inspections import UNSETTLED, InspectionState
from wellbeing.models import Finding, Inspection
from wellbeing.queries.organisation import LEVELS, Organisation

SHOWN = ("inspection", "unit", "cadre", "lead", "owner", "repeat_of")


def inspection_list(viewer: Viewer) -> QuerySet[Inspection]:
    """With the number of findings of each, and of those not settled."""
    rows: QuerySet[Inspection] = Inspection.objects.visible_to(viewer).select_related("unit")
    return rows


def not_yet_planned(items: Sequence[Inspectable], viewer: Viewer) -> list[Inspectable]:
    """Those that no running inspection looks into."""
    rows = Inspection.objects.visible_to(viewer).filter(item_key__in=[item.key for item in items])
    running = rows.filter(state__in=(InspectionState.PLANNED, InspectionState.CHECKED))
    taken = set(running.values_list("item_key", flat=True))
    return [item for item in items if item.key not in taken]


def finding_counts(inspections: Iterable[Inspection], viewer: Viewer) -> dict[int, tuple[int, int]]:
    """Inspection id → findings and unsettled ones among those the viewer sees."""
    rows = Finding.objects.visible_to(viewer).filter(inspection__in=list(inspections)).order_by()
    counted = rows.values("inspection_id").annotate(
        whole=Count("pk"), left=Count("pk", filter=Q(state__in=UNSETTLED))
    )
    return {row["inspection_id"]: (row["whole"], row["left"]) for row in counted}


def finding_list(viewer: Viewer) -> QuerySet[Finding]:
    rows: QuerySet[Finding] = Finding.objects.visible_to(viewer).select_related(*SHOWN)
    return rows


def cadres_in(unit: Unit, *, on: date) -> QuerySet[Cadre]:
    """Cadres who work in the unit or below it on the day."""
    held = Appointment.objects.filter(covers(on), unit__path__startswith=unit.path or "")
    return Cadre.objects.filter(pk__in=held.values("cadre_id"))


def officials_for(finding: Finding, *, on: date) -> QuerySet[User]:
    """Who can put a finding right: those who lead the unit, and accounts of its people; never the subject.

    What was found about a person reaches no one who handles that person's files.
    """
    path = finding.unit.path or ""
    holders = Organisation.on(on).holders
    leading = {h.user_id for h in holders if h.role in LEVELS and h.covers(path)}
    people = cadres_in(finding.unit, on=on).values("pk")
    users = User.objects.filter(Q(pk__in=leading) | Q(cadre__in=people), is_active=True)
    if finding.cadre_id:
        users = users.exclude(cadre_id=finding.cadre_id).exclude(pk__in=handlers(on))
    return users.order_by("name", "pk")


def handlers(on: date) -> set[int]:
    """Accounts that look after personnel files."""
    held = RoleGrant.objects.covering(on).filter(role__in=(Role.HR, Role.PARTY))
    return set(held.values_list("user_id", flat=True))


def inspectors(on: date) -> QuerySet[User]:
    """Accounts that inspect: who may go along."""
    held = RoleGrant.objects.covering(on).filter(role=Role.DISCIPLINE)
    return User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name", "pk")


def planned_visits(cadre_ids: Sequence[int], first: date, last: date) -> Steps[list[tuple[int, Inspection]]]:
    """(cadre, inspection) of visits on the plan between the days: of those who go, or of who planned it."""
    rows = Inspection.objects.filter(planned_on__range=(first, last))
    running = rows.exclude(state=InspectionState.CANCELLED)
    planned, members = yield from asked_all(
        running.select_related("created_by"),
        running.filter(team__isnull=False).order_by().values_list("pk", "team__cadre_id"),
    )
    teams: dict[int, list[int | None]] = {}
    for pk, cadre_id in members:
        teams.setdefault(pk, []).append(cadre_id)
    wanted = set(cadre_ids)
    return [
        (cadre_id, row)
        for row in planned
        for cadre_id in teams.get(row.pk) or [row.created_by.cadre_id]
        if cadre_id in wanted
    ]


def earlier_findings(finding: Finding, viewer: Viewer) -> QuerySet[Finding]:
    """Of the same kind about the same person, or the same department, found before."""
    same = Q(cadre_id=finding.cadre_id) if finding.cadre_id else Q(cadre=None, unit_id=finding.unit_id)
    before = Q(found_on__lt=finding.found_on) | Q(found_on=finding.found_on, pk__lt=finding.pk)
    rows = finding_list(viewer).filter(same & before, inspection__kind=finding.inspection.kind)
    return rows.order_by("-found_on", "-pk")


def decisions_in_effect(cadre_ids: Sequence[int], on: date) -> dict[int, list[Finding]]:
    """Cadre id → decisions whose effect period holds the day, the longest first; no text is read."""
    return result_of(decision_steps(cadre_ids, on))


def decision_steps(cadre_ids: Sequence[int], on: date) -> Steps[dict[int, list[Finding]]]:
    """As `decisions_in_effect`, together with what others ask."""
    rows = Finding.objects.in_effect(on).filter(cadre_id__in=cadre_ids).order_by("-effect_to", "pk")
    fields = ("cadre_id", "outcome", "decided_on", "effect_from", "effect_to")
    found: dict[int, list[Finding]] = {}
    for row in (yield from asked(rows.only(*fields))):
        found.setdefault(row.cadre_id or 0, []).append(row)
    return found


def effect_until(cadre_id: int, on: date) -> date | None:
    """The last day of the effect period that the cadre is in."""
    rows = decisions_in_effect([cadre_id], on).get(cadre_id)
    return rows[0].effect_to if rows else None


def with_unsettled(cadre_ids: Sequence[int]) -> QuerySet[Any]:
    """Those of the cadres about whom something found by an inspection is not settled yet."""
    rows = Finding.objects.filter(cadre_id__in=cadre_ids).unsettled().order_by("cadre_id")
    found: QuerySet[Any] = rows.values_list("cadre_id", flat=True).distinct()
    return found
