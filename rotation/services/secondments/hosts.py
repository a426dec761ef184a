"""The host writes without an account: a link that opens one form once, and is worth nothing afterwards."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import save_validated
from rotation.choices.secondments import OpinionParty, OpinionStage, SecondmentState
from rotation.models import HostForm, Opinion, Secondment
from rotation.services.secondments.opinions import STAGES, write
from rotation.services.secondments.steps import Hop, refuse_own, tell

VALID_DAYS = 21
TOKEN_BYTES = 32
GONE = "这个链接已经失效：已经填写过、已过期或已作废。需要时请联系发出链接的单位。"


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_host_form(*, secondment: Secondment, stage: OpinionStage, hop: Hop) -> tuple[HostForm, str]:
    """The form and its token, which is told once and kept nowhere. A new link ends the one before."""
    refuse_own(secondment, hop.by)
    if secondment.state not in STAGES[stage]:
        state = SecondmentState(secondment.state).label
        raise DomainError(f"挂职现为“{state}”，不能发送{stage.label}填写链接。", code="wrong_state")
    if _written(secondment, stage):
        raise DomainError("接收单位意见已经登记，不需要再发送链接。", code="written")
    HostForm.objects.filter(secondment=secondment, stage=stage, used_at=None, revoked_at=None).update(
        revoked_at=hop.at
    )
    token, by = secrets.token_urlsafe(TOKEN_BYTES), hop.by
    form = HostForm(
        secondment=secondment,
        stage=stage,
        token_hash=digest_of(token),
        expires_on=hop.on + timedelta(days=VALID_DAYS),
        made_at=hop.at,
        made_by_id=by.user_id if by else None,
        made_by=by.name[:60] if by else "系统",
    )
    save_validated(form)
    _record(form, "生成接收单位填写链接", by)
    return form, token


@transaction.atomic
def revoke_host_form(*, form: HostForm, by: Viewer, at: datetime) -> None:
    refuse_own(form.secondment, by)
    open_forms = HostForm.objects.filter(pk=form.pk, used_at=None, revoked_at=None)
    if not open_forms.update(revoked_at=at):
        raise DomainError("这个链接已经失效。", code="gone")
    _record(form, "作废接收单位填写链接", by)


def open_host_form(token: str, *, at: datetime) -> HostForm | None:
    """The form behind a token as long as it may be filled in; None whatever the reason is."""
    if not 20 <= len(token) <= 80:
        return None
    rows = HostForm.objects.filter(token_hash=digest_of(token), used_at=None, revoked_at=None)
    found: HostForm | None = (
        rows.filter(expires_on__gte=timezone.localdate(at))
        .select_related("secondment__cadre", "secondment__host_unit")
        .first()
    )
    if found is None or found.secondment.state not in STAGES[OpinionStage(found.stage)]:
        return None
    return found


@transaction.atomic
def fill_host_form(*, form: HostForm, values: Mapping[str, Any], at: datetime, upload: Any = None) -> Opinion:
    """Takes the host's words once; of two who send the second is refused."""
    row = form.secondment
    for name, label in (("signer", "姓名"), ("signer_title", "职务")):
        if not str(values.get(name, "")).strip():
            raise DomainError(f"请填写签署人的{label}。", field=name, code="no_signer")
    still = HostForm.objects.filter(pk=form.pk, used_at=None, revoked_at=None)
    if not still.update(used_at=at):
        raise DomainError(GONE, code="gone")
    stage = OpinionStage(form.stage)
    if _written(row, stage):
        raise DomainError(GONE, code="gone")
    opinion = Opinion(secondment=row, stage=stage, party=OpinionParty.HOST, by_form=True)
    on = timezone.localdate(at)
    write(opinion, values, Hop(None, at, on), upload)
    _record(form, "接收单位在线填写意见", None)
    title = f"接收单位已填写{stage.label}意见：{row.cadre.name}"
    tell([form.made_by_id] if form.made_by_id else [], row, title, row.place, f"host:{form.pk}", on)
    return opinion


def _written(row: Secondment, stage: OpinionStage) -> bool:
    return Opinion.objects.filter(secondment=row, stage=stage, party=OpinionParty.HOST).exists()


def _record(form: HostForm, act: str, by: Viewer | None) -> None:
    record(action=AuditAction.HOST_FORM, by=by, subject=form, label=f"{act}：{form}"[:200])
