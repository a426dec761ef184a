"""What the pages of care share."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from core.access import Permission, Viewer
from core.keys import keys_of
from wellbeing.models import CareCase, CareEvent
from wellbeing.services.care.cases import Bulk

EDIT, APPROVE, REPORT = Permission.EDIT_CARE, Permission.APPROVE_CARE, Permission.REPORT_CARE
OWN, RULES = Permission.OWN_WELLBEING, Permission.EDIT_RULES
STAFF = (EDIT, APPROVE, RULES)
Crumbs = Sequence[tuple[str, str]]
MOST_REASONS = 5
MOST_CHOSEN = 500


def care_url(viewer: Viewer) -> str:
    """The first page of care that the viewer may open."""
    for permission, name in ((EDIT, "care_owed"), (APPROVE, "care_cases"), (REPORT, "care_events")):
        if viewer.paths(permission):
            return reverse(f"wellbeing:{name}")
    return reverse("wellbeing:my_care" if viewer.on_own_record(OWN) else "wellbeing:supports")


def care_crumbs(viewer: Viewer, *more: tuple[str, str]) -> Crumbs:
    return [("首页", reverse("home")), ("慰问帮扶", care_url(viewer)), *more]


def case_url(case: CareCase) -> str:
    return reverse("wellbeing:care_case", args=[case.pk])


def event_url(event: CareEvent) -> str:
    return reverse("wellbeing:care_event", args=[event.pk])


def chosen_numbers(request: HttpRequest) -> list[int]:
    return keys_of(request.POST.getlist("chosen")[:MOST_CHOSEN])


def say(request: HttpRequest, bulk: Bulk, done: str, nothing: str) -> None:
    """What a bulk act did, and why it did not do the rest."""
    if bulk.done:
        messages.success(request, done.format(bulk.done))
    for reason in bulk.refused[:MOST_REASONS]:
        messages.error(request, reason)
    if len(bulk.refused) > MOST_REASONS:
        messages.error(request, f"另有 {len(bulk.refused) - MOST_REASONS} 人没有办理，原因相近。")
    if not bulk.done and not bulk.refused:
        messages.error(request, nothing)
