"""任职年限规则 and 延长任职."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated, values_of
from core.templatetags.ui import cn_date
from people.models import Cadre, User
from rotation.choices.tenure import ExtensionState, TenureBasis
from rotation.models import TenureExtension, TenureRule
from rotation.queries.tenure import tenures
from rotation.services.versions import open_version

RULE_FIELDS = (
    "basis",
    "post_class",
    "level",
    "warn_years",
    "limit_years",
    "hard_years",
    "min_years",
    "source",
    "note",
)
OWN_CASE = "不能办理本人的事项，请由其他经办人办理。"
SAME_PERSON = "申请人不能审批自己提出的申请，请由其他领导审批。"
EXTENSION_KIND = "rotation.tenure_extension"


@transaction.atomic
def open_tenure_rule(*, values: Mapping[str, Any], by: Viewer | None) -> TenureRule:
    """A new version of the limit for its class and level."""
    rule = TenureRule(**values)
    if rule.basis == TenureBasis.SAME_LEVEL:
        rule.post_class = ""
    versions = TenureRule.objects.filter(basis=rule.basis, post_class=rule.post_class, level=rule.level)
    open_version(rule, versions, fields=RULE_FIELDS, by=by, act="启用任职年限规则")
    return rule


@transaction.atomic
def request_extension(*, cadre: Cadre, until: date, reason: str, by: Viewer, at: datetime) -> TenureExtension:
    """Asks that somebody may stay in the present post beyond the limit."""
    refuse_own(cadre.pk, by)
    today = timezone.localdate(at)
    tenure = tenures([cadre.pk], today).get(cadre.pk)
    if tenure is None:
        raise DomainError(f"{cadre.name} 现在没有登记任职，不能申请延长。", code="no_post")
    if not reason.strip():
        raise DomainError("请写明延长的事由。", field="reason", code="no_reason")
    if until <= today:
        raise DomainError("延长的期限应晚于今天。", field="until", code="past")
    if tenure.hard_on and until >= tenure.hard_on:
        message = f"{cn_date(tenure.hard_on)}起必须交流，延长不能到这一天或以后。"
        raise DomainError(message, field="until", code="beyond_hard_limit")
    extension = TenureExtension(
        cadre=cadre,
        post_id=tenure.post_id,
        until=until,
        reason=reason.strip(),
        requested_at=at,
        requested_by_id=by.user_id,
        requested_by=by.name[:60],
    )
    save_validated(extension)
    _record(extension, "申请延长任职", by, values_of(extension, ("until", "reason")))
    return extension


@transaction.atomic
def decide_extension(
    *,
    extension: TenureExtension,
    approved: bool,
    by: Viewer,
    at: datetime,
    answer: str = "",
    document_no: str = "",
) -> None:
    """By somebody who neither asked for it nor is the person; a refusal says why."""
    refuse_own(extension.cadre_id, by)
    if extension.requested_by_id == by.user_id:
        raise DomainError(SAME_PERSON, code="own_request")
    if not approved and not answer.strip():
        raise DomainError("不同意时请写明理由。", field="answer", code="no_reason")
    state = ExtensionState.APPROVED if approved else ExtensionState.REFUSED
    close_request(
        extension, state, by=by, at=at, answer=answer.strip()[:300], document_no=document_no.strip()[:60]
    )
    changes = {"state": (ExtensionState.REQUESTED.label, state.label)}
    _record(extension, f"延长任职{state.label}", by, changes, answer)
    _tell(extension, state, answer, timezone.localdate(at))


@transaction.atomic
def withdraw_extension(*, extension: TenureExtension, by: Viewer, at: datetime) -> None:
    if extension.requested_by_id != by.user_id:
        raise DomainError("只能撤回自己提出的申请。", code="not_own")
    close_request(extension, ExtensionState.WITHDRAWN, by=by, at=at)
    changes = {"state": (ExtensionState.REQUESTED.label, ExtensionState.WITHDRAWN.label)}
    _record(extension, "撤回延长任职申请", by, changes)


def close_request(row: Any, state: ExtensionState, *, by: Viewer, at: datetime, **values: Any) -> None:
    """Moves a request out of 待审批; of two who decide at once the second is told so."""
    waiting = type(row).objects.filter(pk=row.pk, state=ExtensionState.REQUESTED)
    decided = {"state": state, "decided_at": at, "decided_by_id": by.user_id, "decided_by": by.name[:60]}
    if not waiting.update(**decided, **values):
        raise DomainError("这份申请已经办理过，请刷新页面。", code="conflict")
    row.refresh_from_db()


def refuse_own(cadre_id: int, by: Viewer) -> None:
    if by.cadre_id is not None and by.cadre_id == cadre_id:
        raise DomainError(OWN_CASE, code="own_case")


def refuse_outside(cadre: Cadre, by: Viewer, permission: Permission) -> None:
    """Staff act in their part of the unit tree alone."""
    if not Cadre.objects.visible_to(by, permission).filter(pk=cadre.pk).exists():
        raise DomainError(f"{cadre.name} 不在你的管理范围内。", field="cadre", code="out_of_reach")


def _tell(extension: TenureExtension, state: ExtensionState, answer: str, on: date) -> None:
    asked = User.objects.filter(pk=extension.requested_by_id or 0)
    notify(
        recipients=asked.values_list("pk", flat=True),
        kind=EXTENSION_KIND,
        title=f"延长任职{state.label}：{extension.cadre.name}",
        key=f"{EXTENSION_KIND}:{extension.pk}",
        on=on,
        url_name="rotation:tenure_extensions",
        detail=answer,
    )


def _record(extension: TenureExtension, act: str, by: Viewer, changes: Any, reason: str = "") -> None:
    record(
        action=AuditAction.TENURE_CHANGED,
        by=by,
        subject=extension,
        label=f"{act}：{extension}"[:200],
        changes=changes,
        reason=reason,
    )
