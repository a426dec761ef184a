"""挂职月报: sent by the person, read by the head of the department."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.errors import DomainError
from core.saving import save_validated
from core.templatetags.ui import cn_month
from rotation.choices.secondments import SecondmentState
from rotation.models import MonthlyNote, Secondment
from rotation.secondment_states import LIVE
from rotation.services.secondments.steps import audit, refuse_own, tell_person

OPEN = (*LIVE, SecondmentState.ENDED)


@transaction.atomic
def send_note(
    *, secondment: Secondment, month: date, text: str, wants_help: str, by: Viewer, at: datetime
) -> MonthlyNote:
    """One a month, by the person alone; sent again before it is read it replaces the first."""
    if by.cadre_id != secondment.cadre_id or not by.on_own_record(Permission.VIEW_SECONDMENT):
        raise DomainError("月报由挂职干部本人提交。", code="not_own")
    if secondment.state not in OPEN:
        raise DomainError("只有在挂期间可以提交月报。", code="wrong_state")
    _check_month(secondment, month, timezone.localdate(at))
    if not text.strip():
        raise DomainError("请写本月做了什么。", field="text", code="no_text")
    note = MonthlyNote.objects.filter(secondment=secondment, month=month).first()
    if note is not None and note.read_at is not None:
        raise DomainError(f"{cn_month(month)}的月报已经审阅，不能再改。", field="month", code="read")
    note = note or MonthlyNote(secondment=secondment, month=month)
    note.text, note.wants_help, note.sent_at = text.strip(), wants_help.strip(), at
    save_validated(note)
    audit(note, "提交挂职月报", by)
    return note


def _check_month(row: Secondment, month: date, today: date) -> None:
    first = row.starts_on.replace(day=1)
    last = min(row.ended_on or today, today)
    if month.day != 1 or not first <= month <= last:
        message = f"请选择{cn_month(first)}到{cn_month(last)}之间的月份。"
        raise DomainError(message, field="month", code="wrong_month")


@transaction.atomic
def read_note(*, note: MonthlyNote, answer: str, by: Viewer, at: datetime) -> None:
    """Read by somebody who looks after the person, with words if there are any."""
    refuse_own(note.secondment, by)
    unread = MonthlyNote.objects.filter(pk=note.pk, read_at=None)
    said = {"read_at": at, "read_by_id": by.user_id, "read_by": by.name[:60]}
    if not unread.update(**said, answer=answer.strip()[:300]):
        raise DomainError("这份月报已经审阅，请刷新页面。", code="conflict")
    note.refresh_from_db()
    audit(note, "审阅挂职月报", by)
    if answer.strip():
        title, on = f"{cn_month(note.month)}挂职月报的审阅意见", timezone.localdate(at)
        tell_person(note.secondment, title, answer, f"note:{note.pk}", on)
