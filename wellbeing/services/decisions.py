"""A decision reaches the person: delivered in words meant for them, acknowledged, answered (陈述申辩).

The person never sees the finding itself. What they state stands at the finding for those who see it.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import save_validated
from people.models import User
from wellbeing.models import DecisionNotice, Finding
from wellbeing.services.findings import LONGEST, open_finding
from wellbeing.services.inspections import refuse_outside

KIND = "wellbeing.decision"


@transaction.atomic
def deliver_decision(*, finding: Finding, notice: str, by: Viewer, at: datetime, on: date) -> DecisionNotice:
    """送达 once; a decision that was changed afterwards is delivered anew and asks for a new receipt."""
    refuse_outside(by, finding.unit)
    if finding.cadre_id is None or finding.cadre_id == by.cadre_id:
        raise DomainError("只能送达涉及他人的个人处理决定。", code="not_personal")
    if not finding.outcome:
        raise DomainError("先登记处理，再送达本人。", code="undecided")
    _check(notice, "notice", "送达内容")
    row = DecisionNotice.objects.filter(finding=finding).first()
    if row is None:
        row = DecisionNotice(finding=finding, cadre_id=finding.cadre_id)
    row.notice, row.delivered_at, row.delivered_by_id = notice, at, by.user_id
    row.acknowledged_at = row.stated_at = None
    row.statement = ""
    save_validated(row)
    _record(row, by, "送达本人", at)
    _tell(User.objects.filter(cadre_id=finding.cadre_id, is_active=True), row, "有一份处理决定请您签收", on)
    return row


@transaction.atomic
def acknowledge_decision(*, notice: DecisionNotice, by: Viewer, at: datetime) -> None:
    """签收: that it was received, not that it is accepted."""
    _refuse_others(notice, by)
    if not _mine(notice).filter(acknowledged_at=None).update(acknowledged_at=at):
        raise DomainError("这份决定已经签收，不用再签。", code="conflict")
    notice.refresh_from_db()
    _record(notice, by, "本人签收", at)


@transaction.atomic
def state_defence(*, notice: DecisionNotice, statement: str, by: Viewer, at: datetime, on: date) -> None:
    """陈述申辩: once, after the receipt; it goes to those who look after the case, unchanged."""
    _refuse_others(notice, by)
    _check(statement, "statement", "陈述申辩")
    if notice.acknowledged_at is None:
        raise DomainError("请先签收，再陈述申辩。", code="not_acknowledged")
    if not _mine(notice).filter(stated_at=None).update(stated_at=at):
        raise DomainError("已经提交过陈述申辩；需要补充的请联系纪检专员。", code="conflict")
    notice.refresh_from_db()
    notice.statement = statement
    save_validated(notice, update_fields=["statement"])
    _record(notice, by, "本人陈述申辩", at)
    notify(
        recipients=[notice.delivered_by_id],
        kind=KIND,
        title="有一份处理决定收到陈述申辩",
        key=f"{KIND}:{notice.pk}:stated",
        on=on,
        url_name="wellbeing:finding",
        args=(notice.finding_id,),
    )


def open_notice(*, notice: DecisionNotice, viewer: Viewer, at: datetime) -> None:
    """Others than the person read it at the finding, whose door writes each opening down."""
    if notice.cadre_id != viewer.cadre_id:
        open_finding(finding=notice.finding, viewer=viewer)
        return
    with transaction.atomic():
        _record(notice, viewer, "本人查看", at)


def _mine(notice: DecisionNotice) -> QuerySet[DecisionNotice]:
    rows: QuerySet[DecisionNotice] = DecisionNotice.objects.filter(pk=notice.pk)
    return rows


def _refuse_others(notice: DecisionNotice, by: Viewer) -> None:
    if notice.cadre_id != by.cadre_id or not by.on_own_record(Permission.OWN_WELLBEING):
        raise DomainError("只有本人能签收和陈述申辩。", code="not_allowed")


def _check(text: str, field: str, label: str) -> None:
    if not text.strip() or len(text) > LONGEST:
        raise DomainError(f"请填写 1–{LONGEST} 字的{label}。", field=field, code="nothing_written")


def _record(row: DecisionNotice, by: Viewer, what: str, at: datetime) -> None:
    record(action=AuditAction.DECISION_CHANGED, by=by, subject=row, label=f"{row}：{what}", at=at)


def _tell(users: QuerySet[User], row: DecisionNotice, title: str, on: date) -> None:
    notify(
        recipients=list(users.values_list("pk", flat=True)),
        kind=KIND,
        title=title,
        key=f"{KIND}:{row.pk}:{row.delivered_at:%Y%m%d%H%M%S}",
        on=on,
        url_name="wellbeing:my_decision",
        args=(row.pk,),
    )
