"""The one door to what a person is going through: for the handler, written into the audit log first."""

from dataclasses import dataclass, field

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from people.models import Cadre
from wellbeing.models import CareCase, CareEvent
from wellbeing.services.care.parties import EDIT, OWN

SHUT = "审计日志暂时不能写入，不能打开事由。请稍后重试，或联系系统管理员。"


def handles(viewer: Viewer, row: CareCase | CareEvent) -> bool:
    """Whether this very row is the viewer's to handle, still today and in reach."""
    if row.handler_id != viewer.user_id or row.cadre_id == viewer.cadre_id:
        return False
    return Cadre.objects.visible_to(viewer, EDIT).filter(pk=row.cadre_id).exists()


def wrote(viewer: Viewer, event: CareEvent) -> bool:
    """A cadre reads again what they reported about themselves."""
    own = viewer.cadre_id is not None and viewer.cadre_id == event.cadre_id
    return own and viewer.on_own_record(OWN) and event.reported_by_id == viewer.user_id


@dataclass(frozen=True, slots=True)
class Words:
    """What the handler finds in a case; opened together, it stands in the audit log once."""

    detail: str = field(repr=False)
    reason: str = field(repr=False)
    opinion: str = field(repr=False)


def read_words(*, viewer: Viewer, case: CareCase) -> Words | None:
    """None for everybody but the handler."""
    if not handles(viewer, case):
        return None
    event = case.event
    detail = str(event.detail) if event.handler_id == viewer.user_id else ""
    if detail or case.reason:
        _note(viewer, case.cadre)
    return Words(detail, str(case.reason), str(case.opinion))


def read_detail(*, viewer: Viewer, event: CareEvent) -> str:
    """What was reported; "" for everybody else."""
    if not (handles(viewer, event) or wrote(viewer, event)) or not event.detail:
        return ""
    _note(viewer, event.cadre)
    return str(event.detail)


def read_reason(*, viewer: Viewer, case: CareCase) -> str:
    """Why it was asked for; "" for everybody but the handler."""
    if not handles(viewer, case) or not case.reason:
        return ""
    _note(viewer, case.cadre)
    return str(case.reason)


def read_opinion(*, viewer: Viewer, case: CareCase) -> str:
    """What the approver wrote: for the two of them."""
    decided = viewer.user_id == case.approver_id and viewer.cadre_id != case.cadre_id
    return str(case.opinion) if decided or handles(viewer, case) else ""


def note_receipt(*, viewer: Viewer, case: CareCase) -> bool:
    """Whether the viewer may open the receipt: the handler and the recipient; the opening is on record."""
    own = viewer.cadre_id == case.cadre_id and viewer.on_own_record(OWN)
    if not (own or handles(viewer, case)):
        return False
    _note(viewer, case.cadre)
    return True


def _note(viewer: Viewer, cadre: Cadre) -> None:
    """The cadre sees under 个人信息 that it was read, and by whom."""
    if viewer.cadre_id == cadre.pk:
        return
    try:
        with transaction.atomic():
            record(action=AuditAction.CARE_OPENED, by=viewer, subject=cadre, label="慰问救助的事由")
    except Exception as error:  # whatever keeps the event from being written keeps the reason shut
        raise DomainError(SHUT, code="audit_unavailable") from error
