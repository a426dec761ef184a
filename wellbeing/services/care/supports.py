"""结对帮扶: opened by the handler of a 困难党员帮扶, visited by the helper, brought to its end."""

from datetime import date, timedelta

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.models import Cadre, User
from wellbeing.choices.care import SupportState
from wellbeing.models import CareSupport, CareVisit
from wellbeing.services.care.cases import PARTY
from wellbeing.services.care.events import agreed
from wellbeing.services.care.parties import refuse_handler, tell

SUPPORT = "wellbeing:support"


@transaction.atomic
def open_support(
    *,
    cadre: Cadre,
    helper: User,
    starts_on: date,
    until: date,
    visit_days: int,
    situation: str,
    by: Viewer,
    on: date,
) -> CareSupport:
    refuse_handler(cadre, by)
    _check(cadre, helper, situation)
    row = CareSupport(
        cadre=cadre,
        helper=helper,
        handler_id=by.user_id,
        starts_on=starts_on,
        until=until,
        visit_days=visit_days,
        next_visit_on=min(starts_on + timedelta(days=visit_days), until),
        situation=situation.strip(),
    )
    save_validated(row)
    _record(row, by, "结对")
    tell([helper.pk], "请您结对帮扶一名困难党员", key=f"support:{row.pk}", on=on, url_name=SUPPORT, pk=row.pk)
    return row


def _check(cadre: Cadre, helper: User, situation: str) -> None:
    if cadre.political_status not in PARTY:
        message = f"{cadre.name}不是中共党员，不能办理困难党员帮扶。"
        raise DomainError(message, field="cadre", code="not_party")
    if helper.cadre_id == cadre.pk:
        raise DomainError("结对帮扶人不能是本人，请另选一人。", field="helper", code="self")
    if not agreed(cadre.pk):
        message = "请先请本人在“个人信息”中同意“为救助帮扶收集家庭经济情况”，再登记帮扶。"
        raise DomainError(message, field="cadre", code="no_consent")
    if not situation.strip() or len(situation) > 1000:
        raise DomainError("请填写 1–1000 字的困难情况和帮扶措施。", field="situation", code="missing")


@transaction.atomic
def add_visit(*, support: CareSupport, visited_on: date, note: str, by: Viewer, on: date) -> CareVisit:
    """The helper's visit; the next one is due from here."""
    if support.helper_id != by.user_id or support.cadre_id == by.cadre_id:
        raise DomainError("只有结对帮扶人能登记走访。", code="not_allowed")
    if support.state != SupportState.ACTIVE:
        raise DomainError("帮扶已经结束，不能再登记走访。", code="wrong_state")
    if not support.starts_on <= visited_on <= on:
        raise DomainError("走访日期要在帮扶开始以后、今天以前。", field="visited_on", code="wrong_day")
    if not note.strip() or len(note) > 500:
        raise DomainError("请填写 1–500 字的走访情况。", field="note", code="missing")
    row = CareVisit(support=support, visited_on=visited_on, visitor_id=by.user_id, note=note.strip())
    save_validated(row)
    following = visited_on + timedelta(days=support.visit_days)
    support.next_visit_on = max(support.next_visit_on, min(following, support.until))
    save_validated(support, update_fields=["next_visit_on"])
    _record(support, by, "登记走访")
    return row


@transaction.atomic
def end_support(*, support: CareSupport, result: str, by: Viewer, on: date) -> None:
    refuse_handler(support.cadre, by)
    if not result.strip() or len(result) > 500:
        raise DomainError("请填写 1–500 字的帮扶结果。", field="result", code="missing")
    rows = CareSupport.objects.filter(pk=support.pk, state=SupportState.ACTIVE)
    if not rows.update(state=SupportState.ENDED, ended_on=on):
        raise DomainError("帮扶已经结束，请刷新页面。", code="conflict")
    support.refresh_from_db()
    support.result = result.strip()
    save_validated(support, update_fields=["result"])
    _record(support, by, "结束帮扶")


def may_read(viewer: Viewer, support: CareSupport) -> bool:
    """The helper and the handler; the cadre sees who helps until when."""
    named = viewer.user_id in (support.helper_id, support.handler_id)
    return named and viewer.cadre_id != support.cadre_id


def read_support(*, viewer: Viewer, support: CareSupport) -> None:
    """Each opening stands in the audit log before anything is shown."""
    record(action=AuditAction.CARE_OPENED, by=viewer, subject=support.cadre, label="结对帮扶的情况")


def _record(row: CareSupport, by: Viewer, what: str) -> None:
    record(action=AuditAction.CARE_CHANGED, by=by, subject=row, label=f"{row}：{what}")
