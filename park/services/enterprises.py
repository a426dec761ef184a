"""Enterprises: what is known of them, the yearly grade, the checklist of the plant, hired services."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import PHOTOS, drop_file, keep_file
from core.saving import apply_changes, changes_to, save_validated, values_of
from park.choices import AssignmentEnd, EnterpriseState
from park.credit_code import fault_of, normal
from park.models import Assignment, BeautyCheck, Enterprise, EnterpriseGrade, ThirdPartySteward

ENTERPRISE_FIELDS = (
    "name",
    "short_name",
    "credit_code",
    "state",
    "industry",
    "grid",
    "address",
    "lead_department",
    "lead_official",
    "contact",
    "contact_phone",
    "land_mu",
    "employees",
    "is_key",
    "entered_on",
    "left_on",
    "note",
)
SECRET = ("contact_phone",)
GRADE_FIELDS = (
    "grade",
    "tax_per_mu",
    "added_value_per_mu",
    "labour_productivity",
    "added_value_per_energy",
    "added_value_per_emission",
    "research_share",
    "note",
)
SERVICE_FIELDS = ("kind", "provider", "contact", "starts_on", "ends_on", "note")


@transaction.atomic
def create_enterprise(*, values: Mapping[str, Any], by: Viewer | None, on: date) -> Enterprise:
    enterprise = Enterprise(**_clean(values))
    _check(enterprise, on)
    save_validated(enterprise)
    _record(enterprise, f"登记企业：{enterprise}", _told(values_of(enterprise, ENTERPRISE_FIELDS)), by)
    return enterprise


@transaction.atomic
def update_enterprise(
    *, enterprise: Enterprise, values: Mapping[str, Any], by: Viewer | None, on: date
) -> None:
    changes = changes_to(enterprise, _clean(values))
    if not changes:
        return
    apply_changes(enterprise, changes)
    _check(enterprise, on)
    save_validated(enterprise)
    if enterprise.state == EnterpriseState.LEFT:
        Assignment.objects.filter(enterprise=enterprise, ends_on__isnull=True).update(
            ends_on=on, end_reason=AssignmentEnd.CLOSED
        )
    _record(enterprise, f"修改企业：{enterprise}", _told(changes), by)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if "credit_code" in found:
        found["credit_code"] = normal(found["credit_code"] or "") or None
    return found


def _told(changes: Any) -> Any:
    """That a number changed is audited, the number itself is not."""
    return {name: ("", "已填写") if name in SECRET else pair for name, pair in changes.items()}


def _check(enterprise: Enterprise, on: date) -> None:
    if enterprise.credit_code and (fault := fault_of(enterprise.credit_code)):
        raise DomainError(fault, field="credit_code", code="credit_code")
    if enterprise.state == EnterpriseState.LEFT and enterprise.left_on is None:
        enterprise.left_on = on
    if enterprise.entered_on and enterprise.left_on and enterprise.left_on < enterprise.entered_on:
        raise DomainError("退出日期不能早于入园日期。", field="left_on", code="left_before_entered")


@transaction.atomic
def set_grade(
    *, enterprise: Enterprise, year: int, values: Mapping[str, Any], by: Viewer | None, on: date
) -> EnterpriseGrade:
    """The 亩均 evaluation of a year; entered again it replaces what was there, and the audit keeps both."""
    if year > on.year:
        raise DomainError("评价年度还没有到，请核对年度。", field="year", code="future")
    row = enterprise.grades.filter(year=year).first() or EnterpriseGrade(enterprise=enterprise, year=year)
    changes = changes_to(row, values) if row.pk else {name: (None, value) for name, value in values.items()}
    for name, value in values.items():
        setattr(row, name, value)
    save_validated(row)
    _record(enterprise, f"亩均评价：{enterprise}·{year}", changes, by)
    return row


@transaction.atomic
def add_service(*, enterprise: Enterprise, values: Mapping[str, Any], by: Viewer | None) -> ThirdPartySteward:
    """安全、环保、用电管家: one of a kind at a time; a new one ends the one before."""
    row = ThirdPartySteward(enterprise=enterprise, **dict(values))
    same = enterprise.services.filter(kind=row.kind, ends_on__isnull=True)
    for before in same:
        if row.starts_on <= before.starts_on:
            message = (
                f"{before.get_kind_display()}从 {before.starts_on:%Y-%m-%d} 起已有服务机构，请核对开始日期。"
            )
            raise DomainError(message, field="starts_on", code="overlap")
        before.ends_on = date.fromordinal(row.starts_on.toordinal() - 1)
        save_validated(before, update_fields=["ends_on"])
    save_validated(row)
    _record(enterprise, f"第三方管家：{enterprise}·{row}", values_of(row, SERVICE_FIELDS), by)
    return row


@transaction.atomic
def end_service(*, service: ThirdPartySteward, ends_on: date, by: Viewer | None) -> None:
    changes = changes_to(service, {"ends_on": ends_on})
    apply_changes(service, changes)
    save_validated(service)
    _record(service.enterprise, f"结束服务：{service.enterprise}·{service}", changes, by)


@transaction.atomic
def add_checks(*, enterprise: Enterprise, texts: list[str], by: Viewer | None) -> list[BeautyCheck]:
    """Points of the 美丽厂区 checklist, in the order given; what stands there already is not doubled."""
    known = set(enterprise.beauty_checks.values_list("text", flat=True))
    last = enterprise.beauty_checks.aggregate(last=Max("position"))["last"] or 0
    added: list[BeautyCheck] = []
    for text in dict.fromkeys(text.strip() for text in texts):
        if text and text not in known:
            added.append(BeautyCheck(enterprise=enterprise, text=text[:120], position=last + len(added) + 1))
    for row in added:
        save_validated(row)
    if added:
        changes = {"整治内容": (None, "；".join(row.text for row in added)[:200])}
        _record(enterprise, f"美丽厂区清单：{enterprise}", changes, by)
    return added


@transaction.atomic
def mark_check(
    *,
    check: BeautyCheck,
    by: Viewer | None,
    on: date,
    at: datetime,
    done_on: date | None = None,
    note: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    """How far a point is: a done one shows the place before and after."""
    if done_on and done_on > on:
        raise DomainError("完成日期不能晚于今天。", field="done_on", code="future")
    old = [_keep(check, name, upload, by, at) for name, upload in (("before", before), ("after", after))]
    if done_on and check.after_id is None:
        raise DomainError("登记完成须有整治后的照片。", field="after", code="no_photo")
    changes = changes_to(check, {"done_on": done_on, "note": note.strip()})
    apply_changes(check, changes)
    save_validated(check)
    for file in filter(None, old):
        drop_file(file)
    _record(check.enterprise, f"美丽厂区：{check.enterprise}·{check}", changes, by)


def _keep(check: BeautyCheck, name: str, upload: Any, by: Viewer | None, at: datetime) -> Any:
    """Puts a new photo in place and answers the one it replaces."""
    if not upload:
        return None
    old = getattr(check, name)
    setattr(check, name, keep_file(upload=upload, by=by, accept=PHOTOS, at=at, field=name))
    return old


@transaction.atomic
def drop_check(*, check: BeautyCheck, by: Viewer | None) -> None:
    """Only a point that nothing was done about: what was photographed stays."""
    if check.done_on or check.before_id or check.after_id:
        raise DomainError("这一条已有照片或完成日期，不能删除。", code="has_evidence")
    changes = {"整治内容": (check.text, None)}
    _record(check.enterprise, f"删除美丽厂区条目：{check.enterprise}", changes, by)
    check.delete()


def _record(enterprise: Enterprise, label: str, changes: Any, by: Viewer | None) -> None:
    record(action=AuditAction.ENTERPRISE_CHANGED, by=by, subject=enterprise, label=label, changes=changes)
