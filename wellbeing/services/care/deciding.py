"""审批, 发放 and 签收: each by another person than the step before."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, keep_file
from wellbeing.choices.care import CareState, ReceiptKind
from wellbeing.models import CareCase
from wellbeing.services.care.cases import (
    Bulk,
    move_case,
    record_case,
    refuse_without_consent,
    write_case,
)
from wellbeing.services.care.money import commit_budget, spend_budget
from wellbeing.services.care.parties import (
    accounts_of,
    own_cadre,
    refuse_approver,
    refuse_other_handler,
    tell,
)

LONGEST_OPINION = 300
CASE = "wellbeing:care_case"


@transaction.atomic
def approve_case(*, case: CareCase, by: Viewer, on: date, opinion: str = "") -> None:
    """The budget is committed in the same step; without money there is no approval."""
    refuse_approver(case, by)
    refuse_without_consent(case.kind, case.cadre_id)
    _check_opinion(opinion)
    move_case(case, (CareState.APPLIED,), CareState.APPROVED, approver_id=by.user_id, decided_on=on)
    commit_budget(case)
    write_case(case, opinion=opinion.strip())
    record_case(case, by, "审批通过")
    tell([case.handler_id], "慰问救助申请已批准，请发放", key=f"case:{case.pk}:approved", on=on,
         url_name=CASE, pk=case.pk)  # fmt: skip


@transaction.atomic
def return_case(*, case: CareCase, by: Viewer, on: date, opinion: str) -> None:
    """退回: with what has to be changed."""
    refuse_approver(case, by)
    if not opinion.strip():
        raise DomainError("退回时请写明要改什么，经办人会看到。", field="opinion", code="no_opinion")
    _check_opinion(opinion)
    move_case(case, (CareState.APPLIED,), CareState.RETURNED, approver_id=by.user_id, decided_on=on)
    write_case(case, opinion=opinion.strip())
    record_case(case, by, "退回")
    tell([case.handler_id], "慰问救助申请被退回", key=f"case:{case.pk}:returned", on=on,
         url_name=CASE, pk=case.pk)  # fmt: skip


def approve_in_bulk(*, cases: Iterable[CareCase], by: Viewer, on: date) -> Bulk:
    bulk = Bulk()
    for case in cases:
        try:
            approve_case(case=case, by=by, on=on)
            bulk.done += 1
        except DomainError as refusal:
            bulk.refused.append(f"{case.cadre.name}：{refusal.message}")
    return bulk


def _check_opinion(opinion: str) -> None:
    if len(opinion) > LONGEST_OPINION:
        message = f"审批意见不超过 {LONGEST_OPINION} 字。"
        raise DomainError(message, field="opinion", code="too_long")


@transaction.atomic
def give_case(*, case: CareCase, giver: str, given_on: date, by: Viewer, on: date) -> None:
    """发放: the money leaves the budget; the recipient is asked to sign."""
    refuse_other_handler(case, by)
    refuse_without_consent(case.kind, case.cadre_id)
    if not giver.strip() or len(giver) > 60:
        raise DomainError("请填写慰问人（60 字以内）。", field="giver", code="missing")
    if given_on > on:
        raise DomainError("慰问日期不能晚于今天。", field="given_on", code="future")
    if case.decided_on and given_on < case.decided_on:
        message = f"慰问日期不能早于审批日期 {case.decided_on:%Y-%m-%d}。"
        raise DomainError(message, field="given_on", code="too_early")
    move_case(case, (CareState.APPROVED,), CareState.GIVEN, giver=giver.strip(), given_on=given_on)
    spend_budget(case)
    record_case(case, by, "发放")
    tell(accounts_of(case.cadre_id), "有一份关心慰问请您签收", key=f"case:{case.pk}:given", on=on,
         url_name="wellbeing:my_care")  # fmt: skip


def give_in_bulk(*, cases: Iterable[CareCase], giver: str, given_on: date, by: Viewer, on: date) -> Bulk:
    bulk = Bulk()
    for case in cases:
        try:
            give_case(case=case, giver=giver, given_on=given_on, by=by, on=on)
            bulk.done += 1
        except DomainError as refusal:
            bulk.refused.append(f"{case.cadre.name}：{refusal.message}")
    return bulk


@transaction.atomic
def sign_for(*, case: CareCase, by: Viewer, at: datetime, on: date) -> None:
    """签收: by the recipient alone; it ends the case."""
    if own_cadre(by).pk != case.cadre_id:
        raise DomainError("只有本人能签收。", code="not_allowed")
    move_case(case, (CareState.GIVEN,), CareState.CLOSED, receipt_kind=ReceiptKind.SIGNED,
              received_on=on, closed_at=at)  # fmt: skip
    record_case(case, by, "本人签收")


@transaction.atomic
def file_receipt(*, case: CareCase, upload: Any, by: Viewer, at: datetime, on: date) -> None:
    """签收单或照片: for whoever signed on paper; it ends the case."""
    refuse_other_handler(case, by)
    if case.state != CareState.GIVEN:
        raise DomainError("登记发放以后再上传签收单。", code="wrong_state")
    upload.name = f"签收单{PurePath(upload.name).suffix}"
    stored = keep_file(upload=upload, by=by, accept=PHOTOS | DOCUMENTS, at=at, field="upload")
    move_case(case, (CareState.GIVEN,), CareState.CLOSED, receipt_kind=ReceiptKind.FILE, receipt=stored,
              received_on=on, closed_at=at)  # fmt: skip
    record_case(case, by, "登记签收单")
