"""Takes away what was said and signed, and leaves kinds, days and amounts for the figures."""

from core.files import drop_file
from people.models import Cadre
from wellbeing.models import CareCase, CareEvent, CareSupport, CareVisit


def holds_words(case: CareCase) -> bool:
    return bool(case.reason or case.opinion or case.receipt_id or case.event.detail)


def clear_case(case: CareCase) -> None:
    """Call it in a transaction."""
    stored = case.receipt
    case.reason, case.opinion, case.receipt = "", "", None
    case.save(update_fields=["reason", "opinion", "receipt"])
    if stored is not None:
        drop_file(stored)
    CareEvent.objects.filter(pk=case.event_id).update(detail="")


def clear_cadre(cadre: Cadre) -> None:
    """All of one person, as their key is destroyed."""
    for case in CareCase.objects.filter(cadre=cadre).select_related("event", "receipt"):
        clear_case(case)
    CareEvent.objects.filter(cadre=cadre).update(detail="")
    for support in CareSupport.objects.filter(cadre=cadre):
        clear_support(support)


def clear_support(support: CareSupport) -> None:
    CareVisit.objects.filter(support=support).update(note="")
    CareSupport.objects.filter(pk=support.pk).update(situation="", result="")
