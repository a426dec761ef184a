"""督查问题 from entering to 销号. The audit log holds states and dates, never what was found or decided."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, keep_file
from core.notifications import notify
from core.saving import save_validated
from people.models import Cadre, Unit, User
from wellbeing.choices.inspections import FindingState, InspectionState
from wellbeing.models import Finding, FindingFile, Inspection
from wellbeing.queries.inspections import cadres_in, earlier_findings, officials_for
from wellbeing.services.inspections import refuse_outside

LONGEST = 1000
MOST_FILES = 20
SHUT = "审计日志暂时不能写入，不能打开督查问题。请稍后重试，或联系系统管理员。"


@transaction.atomic
def add_finding(
    *, inspection: Inspection, unit: Unit, cadre: Cadre | None, problem: str, by: Viewer, on: date
) -> Finding:
    """One problem of one department, or of one person who works there on the day of the check."""
    refuse_outside(by, unit, field="unit")
    if inspection.state != InspectionState.CHECKED or inspection.checked_on is None:
        raise DomainError("先登记检查日期，再登记问题。", code="wrong_state")
    if inspection.unit and not (unit.path or "").startswith(inspection.unit.path or ""):
        raise DomainError("这个部门不在被督查范围内，请另选部门。", field="unit", code="outside")
    if cadre is not None:
        _check_person(cadre, unit, inspection.checked_on, by)
    _check(problem, "problem", "问题")
    row = Finding(
        inspection=inspection,
        unit=unit,
        cadre=cadre,
        found_on=inspection.checked_on,
        problem=problem,
        created_by_id=by.user_id,
    )
    save_validated(row)
    _record(row, by, "登记问题")
    return row


def _check_person(cadre: Cadre, unit: Unit, on: date, by: Viewer) -> None:
    if cadre.pk == by.cadre_id:
        message = "不能登记本人的问题，请由其他纪检专员办理。"
        raise DomainError(message, field="cadre", code="self")
    if not cadres_in(unit, on=on).filter(pk=cadre.pk).exists():
        message = f"{cadre.name}在检查当天不在这个部门任职，请核对部门。"
        raise DomainError(message, field="cadre", code="not_in_unit")


@transaction.atomic
def order_rectification(
    *, finding: Finding, measure: str, lead: User, owner: User, due_on: date, by: Viewer, on: date
) -> None:
    """通知交办: what, under whom, by whom, until when. May be set anew until it is handed in."""
    _refuse_editor(finding, by)
    _check(measure, "measure", "整改措施")
    if due_on < on:
        raise DomainError("整改时限不能早于今天。", field="due_on", code="past")
    allowed = officials_for(finding, on=on)
    for field, user in (("lead", lead), ("owner", owner)):
        if not allowed.filter(pk=user.pk).exists():
            raise DomainError("请在列出的人员中选择。", field=field, code="not_offered")
    _move(finding, (FindingState.OPEN, FindingState.RECTIFYING), FindingState.RECTIFYING,
          lead=lead, owner=owner, due_on=due_on)  # fmt: skip
    _write(finding, measure=measure)
    _record(finding, by, "交办整改", {"due_on": (None, due_on)})
    _tell({lead.pk, owner.pk} - {by.user_id}, "有一项督查整改交您办理", finding, on, f"ordered:{due_on}")


@transaction.atomic
def hand_in(*, finding: Finding, progress: str, by: Viewer, on: date) -> None:
    """反馈报告: the official in charge says what was done; the review decides."""
    if by.user_id not in (finding.owner_id, finding.lead_id):
        raise DomainError("只有责任人和责任领导能报送整改情况。", code="not_allowed")
    _check(progress, "progress", "整改情况")
    _move(finding, (FindingState.RECTIFYING,), FindingState.SUBMITTED, submitted_on=on)
    _write(finding, progress=progress)
    _record(finding, by, "报送整改情况")
    _tell({finding.created_by_id}, "有一项督查整改待复核", finding, on, f"handed_in:{on}")


@transaction.atomic
def review_rectification(
    *, finding: Finding, settled: bool, review: str, by: Viewer, on: date, due_on: date | None = None
) -> None:
    """复核: 销号, or back with a reason and, where it needs one, a new date."""
    _refuse_editor(finding, by)
    if by.user_id in (finding.owner_id, finding.lead_id):
        raise DomainError("不能复核自己负责的整改，请由其他纪检专员复核。", code="self")
    if not settled:
        _check(review, "review", "退回原因")
    if due_on and not settled and due_on < on:
        raise DomainError("整改时限不能早于今天。", field="due_on", code="past")
    target = FindingState.CLOSED if settled else FindingState.RECTIFYING
    moved = {"closed_on": on, "closed_by_id": by.user_id} if settled else {"due_on": due_on or finding.due_on}
    _move(finding, (FindingState.SUBMITTED,), target, **moved)
    _write(finding, review=review)
    _record(finding, by, "销号" if settled else "退回整改")
    users = {finding.owner_id, finding.lead_id}
    _tell(users, "督查整改已销号" if settled else "督查整改被退回", finding, on, f"reviewed:{on}")


@transaction.atomic
def decide_outcome(*, finding: Finding, values: Mapping[str, Any], by: Viewer, on: date) -> None:
    """处理方式, and for a person the effect period; who is told what is the business of each reader."""
    _refuse_editor(finding, by)
    if values["decided_on"] > on:
        raise DomainError("处理日期不能晚于今天。", field="decided_on", code="future")
    if values["decided_on"] < finding.found_on:
        raise DomainError("处理日期不能早于检查时间。", field="decided_on", code="too_early")
    if finding.cadre_id is None and values.get("effect_from"):
        raise DomainError("影响期只对个人的处理填写。", field="effect_from", code="department")
    _check(values["decision"], "decision", "处理依据和内容")
    for name in ("outcome", "decided_on", "effect_from", "effect_to", "decision"):
        setattr(finding, name, values.get(name))
    save_validated(finding)
    _record(finding, by, "登记处理")


@transaction.atomic
def link_repeat(*, finding: Finding, earlier: Finding | None, by: Viewer) -> None:
    """屡查屡犯: ties a finding to the earlier one that it repeats, or unties it."""
    _refuse_editor(finding, by)
    if earlier and not earlier_findings(finding, by).filter(pk=earlier.pk).exists():
        message = "只能关联同一部门或同一人此前的同类问题。"
        raise DomainError(message, field="earlier", code="not_earlier")
    finding.repeat_of = earlier
    save_validated(finding, update_fields=["repeat_of"])
    _record(finding, by, "关联前次问题" if earlier else "取消关联")


@transaction.atomic
def add_evidence(*, finding: Finding, upload: Any, by: Viewer, at: datetime) -> FindingFile:
    """By the inspectors while it is open, and by the officials who hand in what they did."""
    if by.user_id not in (finding.owner_id, finding.lead_id):
        _refuse_editor(finding, by)
    if finding.state == FindingState.CLOSED:
        raise DomainError("已销号的问题不能再添加佐证。", code="wrong_state")
    number = FindingFile.objects.filter(finding=finding).count() + 1
    if number > MOST_FILES:
        raise DomainError(f"每个问题最多 {MOST_FILES} 份佐证。", field="upload", code="too_many")
    upload.name = f"佐证{number}{PurePath(upload.name).suffix}"
    stored = keep_file(upload=upload, by=by, accept=PHOTOS | DOCUMENTS, at=at, field="upload")
    row = FindingFile(finding=finding, file=stored)
    save_validated(row)
    _record(finding, by, "添加佐证")
    return row


def open_finding(*, finding: Finding, viewer: Viewer) -> None:
    """Each opening is in the audit log; where it cannot be written the finding stays shut."""
    try:
        with transaction.atomic():
            record(action=AuditAction.FINDING_OPENED, by=viewer, subject=finding, label=str(finding))
    except Exception as error:  # whatever keeps the event from being written keeps the finding shut
        raise DomainError(SHUT, code="audit_unavailable") from error


def _refuse_editor(finding: Finding, by: Viewer) -> None:
    refuse_outside(by, finding.unit)
    if finding.cadre_id is not None and finding.cadre_id == by.cadre_id:
        raise DomainError("不能办理涉及本人的问题，请由其他纪检专员办理。", code="self")


def _check(text: str, field: str, label: str) -> None:
    if not text.strip() or len(text) > LONGEST:
        raise DomainError(f"请填写 1–{LONGEST} 字的{label}。", field=field, code="nothing_written")


def _move(row: Finding, sources: tuple[FindingState, ...], target: FindingState, **values: Any) -> None:
    rows = Finding.objects.filter(pk=row.pk, state__in=sources)
    if not rows.update(state=target, **values):
        raise DomainError("这个问题的状态已经变化，请刷新页面查看。", code="conflict")
    row.refresh_from_db()


def _write(row: Finding, **texts: str) -> None:
    """Ciphertext is bound to its row, so it is written by saving the row, after the conditional move."""
    for name, text in texts.items():
        setattr(row, name, text)
    save_validated(row, update_fields=list(texts))


def _record(row: Finding, by: Viewer, what: str, changes: Any = None) -> None:
    record(action=AuditAction.INSPECTION_CHANGED, by=by, subject=row, label=f"{row}：{what}", changes=changes)


def _tell(users: Iterable[int | None], title: str, row: Finding, on: date, step: str) -> None:
    notify(
        recipients=sorted(user for user in users if user is not None),
        kind="wellbeing.finding",
        title=title,
        key=f"wellbeing.finding:{row.pk}:{step}",
        on=on,
        url_name="wellbeing:finding",
        args=(row.pk,),
    )
