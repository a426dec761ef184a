"""Midterm review and 鉴定: the person, the host, the home unit, the personnel office; words are encrypted."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, keep_file
from core.saving import save_validated
from rotation.choices.secondments import (
    OpinionParty,
    OpinionStage,
    SecondmentAct,
    SecondmentState,
)
from rotation.models import Opinion, Secondment
from rotation.secondment_states import LIVE
from rotation.services.secondments.steps import OWN_CASE, Hop, audit, move, tell_person

P = OpinionParty
STAGES = {
    OpinionStage.MIDTERM: (*LIVE,),
    OpinionStage.FINAL: (*LIVE, SecondmentState.ENDED),
}
PARTIES = {
    OpinionStage.MIDTERM: (P.SELF, P.HOST),
    OpinionStage.FINAL: (P.SELF, P.HOST, P.HOME, P.ORGANISATION),
}
AFTER_THE_END = (P.HOME, P.ORGANISATION)


@transaction.atomic
def record_opinion(
    *,
    secondment: Secondment,
    stage: OpinionStage,
    party: OpinionParty,
    values: Mapping[str, Any],
    hop: Hop,
    upload: Any = None,
) -> Opinion:
    """Writes an opinion or, until the appraisal is complete, corrects it; `values`: text, grade, signer,
    signer_title, signed_on."""
    _refuse(secondment, stage, party, hop.by)
    row = _opinion(secondment, stage, party)
    if row.by_form:
        raise DomainError(
            "接收单位在线填写的意见不能由他人改动，需要更正请重新发送填写链接。", code="by_form"
        )
    write(row, values, hop, upload)
    audit(row, f"登记{row.get_party_display()}", hop.by)
    return row


def write(row: Opinion, values: Mapping[str, Any], hop: Hop, upload: Any = None) -> None:
    """Fills an opinion; without a day it is signed today."""
    if not str(values.get("text", "")).strip():
        raise DomainError("请填写内容。", field="text", code="no_text")
    if row.party == P.ORGANISATION and not values.get("grade"):
        raise DomainError("组织部门意见须评定等次。", field="grade", code="no_grade")
    row.text = values["text"].strip()
    row.grade = values.get("grade") or ""
    row.signer = (values.get("signer") or "").strip()
    row.signer_title = (values.get("signer_title") or "").strip()
    row.signed_on = values.get("signed_on") or hop.on
    if row.signed_on > hop.on:
        raise DomainError("签署日期不能晚于今天。", field="signed_on", code="future")
    if upload:
        row.scan = keep_file(upload=upload, by=hop.by, accept=PHOTOS | DOCUMENTS, at=hop.at, field="scan")
    row.at = hop.at
    row.by_id, row.by_name = (hop.by.user_id, hop.by.name[:60]) if hop.by else (None, "接收单位")
    save_validated(row)


@transaction.atomic
def complete(*, secondment: Secondment, hop: Hop) -> None:
    """All four opinions stand: the appraisal is final and the person may read it."""
    _refuse_own(secondment, hop.by)
    there = set(
        Opinion.objects.filter(secondment=secondment, stage=OpinionStage.FINAL).values_list(
            "party", flat=True
        )
    )
    lacking = [party.label for party in PARTIES[OpinionStage.FINAL] if party not in there]
    if lacking and secondment.state == SecondmentState.ENDED:
        raise DomainError(f"鉴定还缺：{'、'.join(lacking)}。", code="incomplete")
    move(secondment, SecondmentAct.APPRAISE, hop)
    tell_person(secondment, "挂职鉴定已完成，可以查看", secondment.place, "appraised", hop.on)


def _opinion(row: Secondment, stage: OpinionStage, party: OpinionParty) -> Opinion:
    known = Opinion.objects.filter(secondment=row, stage=stage, party=party).first()
    return known or Opinion(secondment=row, stage=stage, party=party)


def _refuse(row: Secondment, stage: OpinionStage, party: OpinionParty, by: Viewer | None) -> None:
    if row.state not in STAGES[stage]:
        state = SecondmentState(row.state).label
        raise DomainError(f"挂职现为“{state}”，不能登记{stage.label}。", code="wrong_state")
    if party not in PARTIES[stage]:
        raise DomainError(f"{stage.label}没有{party.label}这一项。", code="no_such_part")
    if party in AFTER_THE_END and row.state != SecondmentState.ENDED:
        raise DomainError(f"{party.label}在期满以后填写，请先办理期满。", code="not_ended")
    if party != P.SELF:
        _refuse_own(row, by)
    if party == P.ORGANISATION and by is not None and not by.paths(Permission.EDIT_SECONDMENT):
        raise DomainError("组织部门意见由组织人事部门填写。", code="not_the_office")


def _refuse_own(row: Secondment, by: Viewer | None) -> None:
    if by is not None and by.cadre_id is not None and by.cadre_id == row.cadre_id:
        raise DomainError(OWN_CASE, code="own_case")
