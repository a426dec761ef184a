"""The cadre confirms the lines of the own file, or asks to have one put right."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, keep_file
from core.notifications import notify
from core.saving import save_validated
from core.templatetags.ui import cn_date
from growth.campaigns import reception
from growth.checking import OwnLine, own_lines
from growth.contracts import checkable_parts
from growth.evidence import Verdict
from growth.models import (
    CheckMember,
    CorrectionRequest,
    CorrectionState,
    Declarable,
    LineVerdict,
    NoneDeclared,
)
from growth.models.verdicts import MISSING
from people.models import Cadre, User

SHORTEST = 2  # characters that say what a line should be
NOTHING_THERE, ENTERED = "档案里没有这一条", "已补录"


@transaction.atomic
def confirm_lines(
    *,
    cadre: Cadre,
    keys: Collection[str] | None,
    by: Viewer,
    at: datetime,
    only: Collection[str] | None = None,
) -> int:
    """The lines named, or with None every line not yet spoken of. Returns how many were confirmed.

    `only` keeps to these parts of the record.
    """
    own_only(cadre, by)
    wanted = [line for line in own_lines(cadre, viewer=by, only=only) if _is_meant(line, keys)]
    for line in wanted:
        _say(cadre, line, Verdict.CONFIRMED, at)
    if wanted:
        record(
            action=AuditAction.GROWTH_CHECKED,
            by=by,
            subject=cadre,
            label=f"确认成长档案 {len(wanted)} 条",
            at=at,
        )
        mark_begun(cadre, by=by, at=at)
    return len(wanted)


@transaction.atomic
def ask_correction(
    *, cadre: Cadre, key: str, wanted: str, by: Viewer, at: datetime, proof: Any = None
) -> CorrectionRequest:
    """Disputes a line and says what it should be; the office is told."""
    own_only(cadre, by)
    refuse_outside(cadre, by)
    line = _line(cadre, key, by)
    refuse_empty(wanted)
    if line.request:
        raise DomainError("这条内容已有待处理的更正申请，请等待处理或先撤回。", field="wanted", code="open")
    request = CorrectionRequest(
        cadre=cadre,
        key=line.key,
        label=line.label,
        line=line.text,
        wanted=wanted.strip(),
        proof=keep_file(upload=proof, by=by, accept=PHOTOS | DOCUMENTS) if proof else None,
        asked_at=at,
    )
    save_validated(request)
    _say(cadre, line, Verdict.DISPUTED, at)
    _trace(request, f"申请更正：{line.label}", by, at)
    mark_begun(cadre, by=by, at=at)
    return request


@transaction.atomic
def report_missing(
    *, cadre: Cadre, part: str, wanted: str, by: Viewer, at: datetime, proof: Any = None
) -> CorrectionRequest:
    """Says what a part of the record lacks: there is no line yet that could be disputed."""
    own_only(cadre, by)
    refuse_outside(cadre, by)
    refuse_empty(wanted)
    title = dict(checkable_parts()).get(part)
    key = f"{MISSING}:{part}"
    if title is None:
        raise DomainError("没有这一部分，请刷新页面。", code="gone")
    if CorrectionRequest.objects.filter(cadre=cadre, key=key, state=CorrectionState.OPEN).exists():
        message = "这一部分已有待处理的补录申请，请等待处理，或撤回后把要补的内容写在一起。"
        raise DomainError(message, field="wanted", code="open")
    request = CorrectionRequest(
        cadre=cadre,
        key=key,
        label=f"补录：{title}",
        line=NOTHING_THERE,
        wanted=wanted.strip(),
        proof=keep_file(upload=proof, by=by, accept=PHOTOS | DOCUMENTS) if proof else None,
        asked_at=at,
    )
    save_validated(request)
    _trace(request, f"申请补录：{title}", by, at)
    mark_begun(cadre, by=by, at=at)
    return request


@transaction.atomic
def withdraw_correction(*, request: CorrectionRequest, by: Viewer, at: datetime) -> None:
    own_only(request.cadre, by)
    _decide(request, CorrectionState.WITHDRAWN, at)
    LineVerdict.objects.filter(cadre=request.cadre, key=request.key, verdict=Verdict.DISPUTED).delete()
    _trace(request, f"撤回更正申请：{request.label}", by, at)


@transaction.atomic
def apply_correction(*, request: CorrectionRequest, by: Viewer, at: datetime, answer: str = "") -> None:
    """The record has been put right by whoever keeps it: what stands there now is kept with the request."""
    _not_own(request, by)
    now = ENTERED if request.is_missing else _current_text(request, by)
    if now == request.line:
        message = "记录还是原来的内容。请先在该记录的编辑页改好，再回到这里标为“已更正”。"
        raise DomainError(message, code="unchanged")
    request.new_line, request.answer = now or "该记录已删除", answer.strip()
    _decide(request, CorrectionState.APPLIED, at, by=by)
    _trace(request, f"更正完成：{request.label}", by, at)
    _tell(request, by, "您申请更正的内容已更正，请核对")


@transaction.atomic
def refuse_correction(*, request: CorrectionRequest, by: Viewer, at: datetime, answer: str) -> None:
    _not_own(request, by)
    if not answer.strip():
        raise DomainError("请写明未采纳的理由，本人会看到。", field="answer", code="empty")
    request.answer = answer.strip()
    _decide(request, CorrectionState.REFUSED, at, by=by)
    _trace(request, f"未采纳更正申请：{request.label}", by, at)
    _tell(request, by, "您申请更正的内容未被采纳，请查看理由")


@transaction.atomic
def declare_none(*, cadre: Cadre, item: Declarable, by: Viewer, at: datetime) -> None:
    """The cadre says that there is nothing of the kind; entering something later makes it void by itself."""
    own_only(cadre, by)
    NoneDeclared.objects.get_or_create(cadre=cadre, item=item, defaults={"at": at, "by_name": by.name})
    label = f"申明无{item.label}"
    record(action=AuditAction.GROWTH_CHECKED, by=by, subject=cadre, label=label, at=at)


@transaction.atomic
def withdraw_declaration(*, cadre: Cadre, item: Declarable, by: Viewer, at: datetime) -> None:
    own_only(cadre, by)
    NoneDeclared.objects.filter(cadre=cadre, item=item).delete()
    label = f"撤回申明：无{item.label}"
    record(action=AuditAction.GROWTH_CHECKED, by=by, subject=cadre, label=label, at=at)


def mark_begun(cadre: Cadre, *, by: Viewer, at: datetime) -> None:
    """Whoever speaks of a line while a campaign asks has begun to check."""
    rows = CheckMember.objects.filter(cadre=cadre, began_at=None, campaign__closed_at=None)
    rows.filter(campaign__starts_on__lte=by.on).update(began_at=at)


def own_only(cadre: Cadre, by: Viewer) -> None:
    if by.cadre_id != cadre.pk or not by.on_own_record(Permission.VIEW_GROWTH_SELF):
        raise DomainError("只有本人可以核对自己的成长档案。", code="not_own")


def refuse_outside(cadre: Cadre, by: Viewer) -> None:
    """Outside the windows the office has set, nothing is taken."""
    found = reception(cadre, on=by.on)
    if found.is_open:
        return
    when = f"下次受理从{cn_date(found.next_on)}开始。" if found.next_on else ""
    message = f"现在不在更正受理时间内。{when}急需更正的，请直接联系组织人事部门。"
    raise DomainError(message, code="not_taken_now")


def refuse_empty(wanted: str) -> None:
    if len(wanted.strip()) < SHORTEST:
        raise DomainError("请写明应当是什么，例如“授予日期应为 2024.06”。", field="wanted", code="empty")


def _not_own(request: CorrectionRequest, by: Viewer) -> None:
    if by.cadre_id == request.cadre_id:
        raise DomainError("不能处理本人的更正申请，请由其他经办人处理。", code="own")


def _line(cadre: Cadre, key: str, by: Viewer) -> OwnLine:
    found = next((line for line in own_lines(cadre, viewer=by) if line.key == key), None)
    if found is None:
        raise DomainError("这条内容已不在您的档案里，请刷新页面。", code="gone")
    return found


def _is_meant(line: OwnLine, keys: Collection[str] | None) -> bool:
    return line.is_open if keys is None else line.key in keys and line.request is None


def _say(cadre: Cadre, line: OwnLine, verdict: Verdict, at: datetime) -> None:
    LineVerdict.objects.update_or_create(
        cadre=cadre,
        key=line.key,
        line_digest=line.cited.digest,
        defaults={"verdict": verdict, "at": at},
    )


def _current_text(request: CorrectionRequest, by: Viewer) -> str:
    lines = own_lines(request.cadre, viewer=by)
    return next((line.text for line in lines if line.key == request.key), "")


def _decide(
    request: CorrectionRequest, state: CorrectionState, at: datetime, by: Viewer | None = None
) -> None:
    """Of two deciding at once the first one stands."""
    open_one = CorrectionRequest.objects.filter(pk=request.pk, state=CorrectionState.OPEN)
    if not open_one.update(state=state, decided_at=at):
        raise DomainError("这份更正申请已经处理过，请刷新页面。", code="decided")
    request.state, request.decided_at = state, at
    request.decided_by_id = by.user_id if by else None
    request.save(update_fields=["decided_by", "new_line", "answer"])


def _trace(request: CorrectionRequest, label: str, by: Viewer, at: datetime) -> None:
    record(action=AuditAction.CORRECTION, by=by, subject=request, label=f"{request.cadre}·{label}", at=at)


def _tell(request: CorrectionRequest, by: Viewer, title: str) -> None:
    accounts = User.objects.filter(cadre=request.cadre_id, is_active=True).values_list("pk", flat=True)
    notify(
        recipients=list(accounts),
        kind="growth.correction",
        title=title,
        key=f"growth.correction:{request.pk}",
        on=by.on,
        url_name="growth:mine",
    )
