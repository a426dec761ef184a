"""Decisions as the person they are about may know them: the formal part, never the finding behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from core.access import Permission, Viewer
from wellbeing.choices.inspections import Outcome
from wellbeing.models import DecisionNotice, Finding

FORMAL = ("cadre_id", "outcome", "decided_on", "effect_from", "effect_to")


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """`notice` None: not delivered in this system."""

    outcome: str
    decided_on: date | None
    effect_from: date | None
    effect_to: date | None
    notice: DecisionNotice | None

    def in_effect(self, on: date) -> bool:
        return bool(self.effect_from and self.effect_to and self.effect_from <= on <= self.effect_to)


def own_decisions(viewer: Viewer) -> list[OwnDecision]:
    """The viewer's own, the latest first; no sealed text is read.

    Undelivered, only what an effect period makes known anyway: a case handed on (移交) is not told of here.
    """
    if not viewer.on_own_record(Permission.OWN_WELLBEING):
        return []
    notices = {row.finding_id: row for row in own_notices(viewer)}
    known = Q(pk__in=list(notices)) | (Q(effect_from__isnull=False) & ~Q(outcome=Outcome.TRANSFER))
    rows = Finding.objects.filter(known, cadre_id=viewer.cadre_id or 0, decided_on__isnull=False)
    return [
        OwnDecision(
            row.get_outcome_display(), row.decided_on, row.effect_from, row.effect_to, notices.get(row.pk)
        )
        for row in rows.only(*FORMAL).order_by("-decided_on", "-pk")
    ]


def own_notices(viewer: Viewer) -> QuerySet[DecisionNotice]:
    if not viewer.on_own_record(Permission.OWN_WELLBEING):
        return DecisionNotice.objects.none()
    mine: QuerySet[DecisionNotice] = DecisionNotice.objects.visible_to(viewer).filter(
        cadre_id=viewer.cadre_id or 0
    )
    formal = [f"finding__{name.removesuffix('_id')}" for name in FORMAL]
    return mine.select_related("finding").only(*_notice_fields(), *formal)


def _notice_fields() -> Sequence[str]:
    return [field.name for field in DecisionNotice._meta.concrete_fields]


def notice_of(finding: Finding, viewer: Viewer) -> DecisionNotice | None:
    rows: Any = DecisionNotice.objects.visible_to(viewer).filter(finding=finding)
    found: DecisionNotice | None = rows.select_related("delivered_by").first()
    return found
