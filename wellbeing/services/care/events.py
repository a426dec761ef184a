"""What has happened in a cadre's life: reported, taken by a handler, brought to its end."""

from datetime import date, datetime, timedelta

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from people.models import Cadre
from wellbeing.choices.care import COMPUTED, REPORTED, CareCause, EventState, kinds_for
from wellbeing.choices.privacy import ConsentPurpose
from wellbeing.models import CareCase, CareEvent
from wellbeing.queries.care.rules import RuleBook
from wellbeing.services.care.parties import EDIT, OWN, holders_of, refuse_handler, tell
from wellbeing.services.consents import give_consent, has_consented

OLDEST = timedelta(days=366)
LONGEST = 500


@transaction.atomic
def report_event(
    *,
    cadre: Cadre,
    cause: str,
    happened_on: date,
    by: Viewer,
    on: date,
    detail: str = "",
    again: bool = False,
) -> CareEvent:
    """By the cadre, the head of the department or the office. `again` says that it is not the one known."""
    _refuse_reporter(cadre, by)
    _check_report(cause, happened_on, detail, on)
    if cause == CareCause.HARDSHIP and detail.strip() and not agreed(cadre.pk):
        message = (
            f"{cadre.name}还没有同意收集家庭经济情况，请不写说明，或先请本人在“个人信息”中同意“为救助帮扶"
            "收集家庭经济情况”。"
        )
        raise DomainError(message, field="detail", code="no_consent")
    if not again:
        _refuse_known(cadre, cause, happened_on)
    row = CareEvent(
        cadre=cadre,
        cause=cause,
        key=happened_on.isoformat(),
        happened_on=happened_on,
        reported_by_id=by.user_id,
        reported_on=on,
        detail=detail.strip(),
    )
    save_validated(row)
    record_event(row, by, "报告")
    users = holders_of(EDIT, cadre.pk, on=on)
    tell(users, "有一件关心慰问事项待受理", key=f"event:{row.pk}", on=on, url_name="wellbeing:care_owed")
    return row


def _refuse_reporter(cadre: Cadre, by: Viewer) -> None:
    if by.cadre_id == cadre.pk:
        if by.on_own_record(OWN):
            return
        raise DomainError("只有关联了干部档案的本人能报告。", code="not_allowed")
    if not Cadre.objects.visible_to(by, Permission.REPORT_CARE).filter(pk=cadre.pk).exists():
        raise DomainError("该干部不在您的范围内，不能代为报告。", field="cadre", code="not_allowed")


def _check_report(cause: str, happened_on: date, detail: str, on: date) -> None:
    if cause not in REPORTED:
        raise DomainError("生日、退休和节日由系统列出，不用报告。", field="cause", code="computed")
    if happened_on > on:
        raise DomainError("发生日期不能晚于今天。", field="happened_on", code="future")
    if happened_on < on - OLDEST:
        message = "只受理一年以内的事；更早的请直接联系工会经办人。"
        raise DomainError(message, field="happened_on", code="too_old")
    if len(detail) > LONGEST:
        raise DomainError(f"情况说明不超过 {LONGEST} 字。", field="detail", code="too_long")


def _refuse_known(cadre: Cadre, cause: str, happened_on: date) -> None:
    """The same thing reported by two people on two days is still one."""
    rule = RuleBook.load().of(kinds_for(cause)[0], happened_on)
    near = timedelta(days=rule.near_days if rule else 0)
    known = CareEvent.objects.filter(cadre=cadre, cause=cause, state=EventState.OPEN)
    found = known.filter(happened_on__range=(happened_on - near, happened_on + near)).first()
    if found is not None:
        message = (
            f"{cadre.name}在 {found.happened_on:%Y-%m-%d} 已有一件“{CareCause(cause).label}”，"
            "是同一件的不用再报；确实是另一件的，请勾选“是另一件”。"
        )
        raise DomainError(message, field="again", code="known")


def agreed(cadre_id: int) -> bool:
    """Whether the cadre has agreed to the collection of what help in need asks for."""
    return has_consented(cadre_id, ConsentPurpose.HARDSHIP_AID)


def agree(*, by: Viewer, at: datetime) -> None:
    """The cadre's own consent, given together with the report."""
    if by.cadre_id is not None and not agreed(by.cadre_id):
        give_consent(purpose=ConsentPurpose.HARDSHIP_AID, by=by, at=at)


@transaction.atomic
def take_event(*, event: CareEvent, by: Viewer) -> None:
    """受理: from here the detail opens to this handler alone; of two at once one gets it."""
    refuse_handler(event.cadre, by)
    free = CareEvent.objects.filter(pk=event.pk, state=EventState.OPEN, handler__isnull=True)
    if not free.update(handler_id=by.user_id):
        event.refresh_from_db()
        who = event.handler or "其他人"
        raise DomainError(f"这件事已由{who}受理，不用重复办理。", code="taken")
    event.refresh_from_db()
    record_event(event, by, "受理")


@transaction.atomic
def settle_event(*, event: CareEvent, by: Viewer) -> None:
    """Ends an event that calls for no case: by its handler, or by whoever reported it in error."""
    reported_here = event.reported_by_id == by.user_id and event.handler_id is None
    if not reported_here:
        refuse_handler(event.cadre, by)
        if event.handler_id not in (None, by.user_id):
            raise DomainError(f"这件事由{event.handler}办理，请由其结束。", code="not_handler")
    if CareCase.objects.live().filter(event=event).exists():
        raise DomainError("这件事已发起申请，请先撤回申请。", code="has_case")
    if not CareEvent.objects.filter(pk=event.pk, state=EventState.OPEN).update(state=EventState.SETTLED):
        raise DomainError("这件事已经结束，请刷新页面。", code="conflict")
    event.refresh_from_db()
    record_event(event, by, "结束")


def event_for(*, cadre: Cadre, cause: str, key: str, happened_on: date) -> CareEvent:
    """The row of a birthday, a retirement or a festival, made when it is first acted upon."""
    assert cause in COMPUTED
    row, _ = CareEvent.objects.get_or_create(
        cadre=cadre, cause=cause, key=key, defaults={"happened_on": happened_on}
    )
    found: CareEvent = row
    return found


def record_event(row: CareEvent, by: Viewer, what: str) -> None:
    record(action=AuditAction.CARE_CHANGED, by=by, subject=row, label=f"{row}：{what}")
