"""From the letter to the last day: dispatch, reporting in, extension, end. It is an appointment meanwhile."""

from datetime import date
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.errors import DomainError
from core.saving import save_validated, values_of
from core.templatetags.ui import cn_date
from people.choices import AppointmentKind
from people.models import Appointment
from people.services.appointments import appoint, change_appointment, end_appointment
from rotation.choices.secondments import Direction, SecondmentAct
from rotation.choices.tenure import ExtensionState
from rotation.eligibility import within
from rotation.models import Secondment, SecondmentExtension
from rotation.queries.secondments import overlapping, rule_on, still_away
from rotation.secondment_states import LIVE
from rotation.services.secondments.steps import Hop, audit, move, refuse_own, tell_person
from rotation.services.tenure import SAME_PERSON, close_request


@transaction.atomic
def dispatch(*, secondment: Secondment, document_no: str, hop: Hop) -> None:
    """The letter goes out under its number."""
    refuse_own(secondment, hop.by)
    move(secondment, SecondmentAct.DISPATCH, hop, document_no=document_no.strip()[:60])
    title = f"请于{cn_date(secondment.starts_on)}到{secondment.place}报到"
    tell_person(secondment, title, f"挂任{secondment.title}", "dispatched", hop.on)


@transaction.atomic
def report_in(*, secondment: Secondment, hop: Hop, appointment: Appointment | None = None) -> None:
    """`hop.on` is the first day. Opens the appointment, unless the register has it already."""
    refuse_own(secondment, hop.by)
    if hop.on > secondment.planned_end_on:
        message = f"报到日期晚于计划结束日期（{cn_date(secondment.planned_end_on)}），请核对。"
        raise DomainError(message, field="on", code="after_the_end")
    other = still_away(secondment.cadre_id, secondment.pk)
    other = other or overlapping(secondment.cadre_id, hop.on, secondment.planned_end_on, secondment.pk)
    if other:
        message = f"与{other}（{cn_date(other.starts_on)}起）时间重叠，请先办理原来挂职的期满。"
        raise DomainError(message, field="on", code="overlap")
    held = appointment or _open_appointment(secondment, hop)
    move(secondment, SecondmentAct.REPORT_IN, hop, starts_on=hop.on, appointment=held)


def _open_appointment(row: Secondment, hop: Hop) -> Appointment:
    """Who comes in holds a post of the zone, else the unit would not know them; who goes out keeps theirs."""
    values: dict[str, Any] = {"title": row.title, "starts_on": hop.on, "document_no": row.document_no}
    if row.direction == Direction.IN:
        values |= {"kind": AppointmentKind.POST, "unit": row.host_unit, "is_main": True}
        values |= {"note": f"来区挂职，派出单位：{row.organisation}"[:200]}
    else:
        values |= {"kind": AppointmentKind.SECONDMENT, "organisation": row.organisation, "is_main": False}
    return appoint(cadre=row.cadre, values=values, by=hop.by)


@transaction.atomic
def end(*, secondment: Secondment, hop: Hop) -> None:
    """`hop.on` is the last day away; beyond the planned one an extension is needed first."""
    refuse_own(secondment, hop.by)
    if hop.on < secondment.starts_on:
        message = f"期满日期不能早于报到日期（{cn_date(secondment.starts_on)}）。"
        raise DomainError(message, field="on", code="end_before_start")
    if hop.on > secondment.planned_end_on:
        message = f"计划到{cn_date(secondment.planned_end_on)}为止，超过的请先办理延期。"
        raise DomainError(message, field="on", code="needs_extension")
    if hop.on < secondment.planned_end_on and not hop.reason.strip():
        raise DomainError("提前结束请写明原因。", field="reason", code="no_reason")
    if secondment.extensions.filter(state=ExtensionState.REQUESTED).exists():
        raise DomainError("还有延期申请在审批，请先办理。", code="extension_open")
    move(secondment, SecondmentAct.END, hop, ended_on=hop.on)
    if secondment.appointment is not None:
        end_appointment(appointment=secondment.appointment, on=hop.on, by=hop.by)
    tell_person(secondment, "挂职期满，请撰写个人总结", secondment.place, "ended", hop.on)


# Extension


@transaction.atomic
def request_extension(*, secondment: Secondment, until: date, reason: str, hop: Hop) -> SecondmentExtension:
    refuse_own(secondment, hop.by)
    if secondment.state not in LIVE:
        raise DomainError("只有在挂期间可以申请延期。", code="wrong_state")
    if not reason.strip():
        raise DomainError("请写明延期的原因。", field="reason", code="no_reason")
    if until <= secondment.planned_end_on:
        message = f"延期应晚于原定的{cn_date(secondment.planned_end_on)}。"
        raise DomainError(message, field="until", code="not_later")
    _refuse_too_long(secondment, until)
    by = hop.by
    extension = SecondmentExtension(
        secondment=secondment,
        until=until,
        reason=reason.strip(),
        requested_at=hop.at,
        requested_by_id=by.user_id if by else None,
        requested_by=by.name[:60] if by else "系统",
    )
    save_validated(extension)
    audit(extension, "申请挂职延期", by, values_of(extension, ("until", "reason")))
    return extension


@transaction.atomic
def decide_extension(*, extension: SecondmentExtension, approved: bool, hop: Hop, by: Viewer) -> None:
    """By a leader who neither asked for it nor is the person; an approval moves the planned end."""
    row = extension.secondment
    refuse_own(row, by)
    if extension.requested_by_id == by.user_id:
        raise DomainError(SAME_PERSON, code="own_request")
    if not approved and not hop.reason.strip():
        raise DomainError("不同意时请写明理由。", field="answer", code="no_reason")
    state = ExtensionState.APPROVED if approved else ExtensionState.REFUSED
    close_request(extension, state, by=by, at=hop.at, answer=hop.reason.strip()[:300])
    if approved:
        _refuse_too_long(row, extension.until)
        move(row, SecondmentAct.EXTEND, hop, planned_end_on=extension.until)
        tell_person(row, f"挂职延期至{cn_date(extension.until)}", hop.reason, "extended", hop.on)
    else:
        audit(extension, f"挂职延期{state.label}", by, reason=hop.reason)


def _refuse_too_long(row: Secondment, until: date) -> None:
    rule = rule_on(row.starts_on)
    if not within(row.starts_on, until, rule.max_months):
        message = f"挂职总时间不得超过 {rule.max_months} 个月（{rule.source}），请缩短延期。"
        raise DomainError(message, field="until", code="too_long")


@transaction.atomic
def correct_start(*, secondment: Secondment, starts_on: date, by: Viewer) -> None:
    """The day of reporting in was written down wrongly; the appointment follows."""
    refuse_own(secondment, by)
    if secondment.state not in LIVE:
        raise DomainError("只有在挂期间可以更正报到日期。", code="wrong_state")
    before = secondment.starts_on
    secondment.starts_on = starts_on
    save_validated(secondment, update_fields=["starts_on", "updated_at"])
    if secondment.appointment is not None:
        change_appointment(appointment=secondment.appointment, values={"starts_on": starts_on}, by=by)
    audit(secondment, "更正报到日期", by, {"starts_on": (before, starts_on)})
