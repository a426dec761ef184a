"""Study groups and who belonged to them when; a membership ends, it is never overwritten."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import Entry, record, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.periods import overlaps
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.models import Cadre
from training.choices import GroupKind
from training.models import GroupMembership, StudyGroup
from training.services.study.reach import refuse_outside

GROUP_FIELDS = ("name", "kind", "parent", "unit", "opened_on", "closed_on")
MEMBER_FIELDS = ("role", "starts_on", "ends_on")
ONE_DAY = timedelta(days=1)


@transaction.atomic
def create_group(*, values: Mapping[str, Any], by: Viewer) -> StudyGroup:
    group = StudyGroup(**values)
    _check(group, by)
    save_validated(group)
    _record(group, "新建学习组", by, values_of(group, GROUP_FIELDS))
    return group


@transaction.atomic
def update_group(*, group: StudyGroup, values: Mapping[str, Any], by: Viewer) -> None:
    refuse_outside(group, None, by)
    changes = changes_to(group, values)
    if "kind" in changes and group.activities.exists():
        raise DomainError("该学习组已有活动，类别不能再改。", field="kind", code="has_activities")
    if changes:
        apply_changes(group, changes)
        _check(group, by)
        save_validated(group)
        _record(group, "修改学习组", by, changes)


@transaction.atomic
def add_members(
    *, group: StudyGroup, cadres: Sequence[Cadre], starts_on: date, by: Viewer, role: str = ""
) -> list[GroupMembership]:
    """All of them or nobody; someone who is a member on the day already is named."""
    refuse_outside(group, None, by)
    _refuse_own([cadre.pk for cadre in cadres], by)
    if group.closed_on is not None and starts_on > group.closed_on:
        raise DomainError("学习组已撤销，不能再加成员。", field="starts_on", code="closed")
    present = GroupMembership.objects.filter(overlaps(starts_on, None), group=group, cadre__in=cadres)
    names = "、".join(sorted(set(present.values_list("cadre__name", flat=True))))
    if names:
        message = f"{names}在{starts_on:%Y-%m-%d}以后已是成员，请先结束原来的登记，或从所选人员中去掉。"
        raise DomainError(message, field="cadres", code="already_member")
    rows = [GroupMembership(group=group, cadre=one, starts_on=starts_on, role=role) for one in cadres]
    created = GroupMembership.objects.bulk_create(rows)
    record_many(_entry(row, "加入学习组", by, values_of(row, MEMBER_FIELDS)) for row in created)
    return created


@transaction.atomic
def end_membership(*, membership: GroupMembership, on: date, by: Viewer) -> None:
    """`on` is the last day as a member."""
    refuse_outside(membership.group, None, by)
    _refuse_own([membership.cadre_id], by)
    if on < membership.starts_on:
        raise DomainError("结束日期不能早于开始日期。", field="on", code="ends_before_start")
    changes = changes_to(membership, {"ends_on": on})
    if changes:
        apply_changes(membership, changes)
        save_validated(membership)
        record_many([_entry(membership, "退出学习组", by, changes)])


@transaction.atomic
def change_role(*, membership: GroupMembership, role: str, on: date, by: Viewer) -> GroupMembership:
    """Another role from `on`: the row so far ends the day before, a new one begins."""
    refuse_outside(membership.group, None, by)
    _refuse_own([membership.cadre_id], by)
    if membership.ends_on is not None:
        raise DomainError("该成员已退出，不能再改职务。", code="ended")
    if on <= membership.starts_on:
        before = changes_to(membership, {"role": role})
        apply_changes(membership, before)
        save_validated(membership)
        record_many([_entry(membership, "学习组职务", by, before)])
        return membership
    end_membership(membership=membership, on=on - ONE_DAY, by=by)
    row = GroupMembership(group=membership.group, cadre=membership.cadre, role=role, starts_on=on)
    save_validated(row)
    record_many([_entry(row, "学习组职务", by, values_of(row, MEMBER_FIELDS))])
    return row


def _check(group: StudyGroup, by: Viewer) -> None:
    if group.unit is None and not by.sees_all(Permission.EDIT_STUDY):
        raise DomainError("请选择学习组所在的机构。", field="unit", code="unit_missing")
    refuse_outside(group, None, by)
    parent = group.parent
    if parent is not None and (parent.kind != GroupKind.BRANCH or parent.pk == group.pk):
        raise DomainError("所属支部只能选一个党支部。", field="parent", code="wrong_parent")


def _refuse_own(cadre_ids: Sequence[int], by: Viewer) -> None:
    if by.cadre_id in cadre_ids:
        raise DomainError("本人的组别由其他经办人登记。", code="own_record")


def _entry(row: GroupMembership, act: str, by: Viewer, changes: Any) -> Entry:
    label = f"{act}：{row}"
    return Entry(action=AuditAction.TRAINING_CHANGED, by=by, subject=row, label=label, changes=changes)


def _record(group: StudyGroup, act: str, by: Viewer, changes: Any) -> None:
    record(
        action=AuditAction.TRAINING_CHANGED, by=by, subject=group, label=f"{act}：{group}", changes=changes
    )
