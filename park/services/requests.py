"""企业诉求: 交办 → 办理 → 反馈 → 销号, closed with what the enterprise thinks of it."""

from datetime import date
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import apply_changes, changes_to, save_validated
from park.access import accounts_of
from park.choices import RequestState, Satisfaction
from park.models import Enterprise, EnterpriseRequest
from people.models import Cadre, Unit

_R = RequestState
# What may follow what: from the present state to the next.
PATHS: dict[str, tuple[RequestState, ...]] = {
    _R.RAISED: (_R.ASSIGNED,),
    _R.ASSIGNED: (_R.ASSIGNED, _R.HANDLING, _R.ANSWERED),
    _R.HANDLING: (_R.ASSIGNED, _R.ANSWERED),
    _R.ANSWERED: (_R.HANDLING, _R.CLOSED),
    _R.CLOSED: (),
}


@transaction.atomic
def raise_request(
    *, enterprise: Enterprise, kind: str, text: str, by: Viewer | None, on: date
) -> EnterpriseRequest:
    """Something asked for outside a visit: by telephone, at a meeting."""
    request = EnterpriseRequest(
        enterprise=enterprise, kind=kind, text=text.strip(), raised_on=on, by_id=by.user_id if by else None
    )
    save_validated(request)
    _record(request, "登记诉求", {"text": (None, request.text[:200])}, by)
    return request


@transaction.atomic
def assign_request(
    *,
    request: EnterpriseRequest,
    department: Unit,
    due_on: date,
    by: Viewer,
    on: date,
    handler: Cadre | None = None,
) -> None:
    """交办, and 改派 while nothing is answered."""
    if due_on < on:
        raise DomainError("办结时限不能早于今天。", field="due_on", code="past")
    values = {"department": department, "handler": handler, "due_on": due_on, "assigned_on": on}
    _move(request, _R.ASSIGNED, by, "交办诉求", **values)
    notify(
        recipients=accounts_of(handler.pk if handler else None),
        kind="park.request",
        title=f"企业诉求交办：{request.enterprise}",
        key=f"park.request:{request.pk}",
        on=on,
        url_name="park:request",
        args=(request.pk,),
        detail=request.text[:100],
    )


@transaction.atomic
def start_request(*, request: EnterpriseRequest, by: Viewer) -> None:
    """办理 begins."""
    _move(request, _R.HANDLING, by, "开始办理")


@transaction.atomic
def answer_request(*, request: EnterpriseRequest, result: str, by: Viewer, on: date) -> None:
    """反馈: what was done, told to the enterprise."""
    if not result.strip():
        raise DomainError("请写明办理结果。", field="result", code="no_result")
    _move(request, _R.ANSWERED, by, "反馈诉求", result=result.strip(), answered_on=on)


@transaction.atomic
def reopen_request(*, request: EnterpriseRequest, by: Viewer) -> None:
    """The enterprise does not accept the answer: it is handled again, with the old answer in sight."""
    _move(request, _R.HANDLING, by, "重新办理", answered_on=None)


@transaction.atomic
def close_request(
    *, request: EnterpriseRequest, satisfaction: Satisfaction | str, by: Viewer, on: date, note: str = ""
) -> None:
    """销号 with the enterprise's satisfaction; whoever answered does not close it."""
    if by.cadre_id is not None and by.cadre_id == request.handler_id:
        raise DomainError("办理人不能给自己办的诉求销号，请由交办部门回访后销号。", code="own_request")
    if not satisfaction:
        raise DomainError("请先回访企业，选择满意度。", field="satisfaction", code="no_satisfaction")
    if satisfaction == Satisfaction.DISSATISFIED and not note.strip():
        raise DomainError("企业不满意的，请写明意见。", field="note", code="no_note")
    values = {"satisfaction": satisfaction, "satisfaction_note": note.strip(), "closed_on": on}
    _move(request, _R.CLOSED, by, "诉求销号", **values)


def _move(request: EnterpriseRequest, to: RequestState, by: Viewer, label: str, **values: Any) -> None:
    if to not in PATHS[request.state]:
        message = f"诉求现在是“{RequestState(request.state).label}”，不能{label}。请刷新页面后重试。"
        raise DomainError(message, code="wrong_state")
    changes = changes_to(request, {"state": to, **values})
    apply_changes(request, changes)
    save_validated(request)
    _record(request, label, changes, by)


def _record(request: EnterpriseRequest, label: str, changes: Any, by: Viewer | None) -> None:
    record(
        action=AuditAction.VISIT_CHANGED,
        by=by,
        subject=request,
        label=f"{label}：{request}",
        changes=changes,
    )
