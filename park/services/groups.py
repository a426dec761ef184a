"""领导小组: members sit in it by their post, and are looked at again when they move."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.saving import apply_changes, changes_to, save_validated, values_of
from park.choices import GroupRole
from park.models import GroupMember, LeadingGroup
from park.queries.groups import post_names
from people.choices import CadreStatus
from people.models import Cadre

GROUP_FIELDS = ("name", "duties", "founded_on", "document_no")


@transaction.atomic
def found_group(*, values: Mapping[str, Any], by: Viewer | None) -> LeadingGroup:
    group = LeadingGroup(**dict(values))
    save_validated(group)
    _record(group, f"成立{group}", values_of(group, GROUP_FIELDS), by)
    return group


@transaction.atomic
def change_group(*, group: LeadingGroup, values: Mapping[str, Any], by: Viewer | None) -> None:
    _check_running(group)
    changes = changes_to(group, values)
    if changes:
        apply_changes(group, changes)
        save_validated(group)
        _record(group, f"修改{group}", changes, by)


@transaction.atomic
def close_group(*, group: LeadingGroup, ended_on: date, by: Viewer | None, on: date) -> None:
    """撤销: who sits in it leaves on the same day; the group and its members stay on record."""
    _check_running(group)
    if ended_on > on:
        raise DomainError("撤销日期不能晚于今天。", field="ended_on", code="future")
    group.ended_on = ended_on
    save_validated(group, update_fields=["ended_on"])
    for member in group.members.filter(ends_on__isnull=True):
        member.ends_on = max(member.starts_on, ended_on)
        save_validated(member, update_fields=["ends_on"])
    _record(group, f"撤销{group}", {"ended_on": (None, ended_on)}, by)


def _check_running(group: LeadingGroup) -> None:
    if group.ended_on is not None:
        message = f"{group}已于 {group.ended_on:%Y-%m-%d} 撤销，只能查看。需要时另行成立。"
        raise DomainError(message, code="closed")


@transaction.atomic
def seat_member(
    *, group: LeadingGroup, cadre: Cadre, role: GroupRole | str, by: Viewer | None, on: date
) -> GroupMember:
    """By the post held on the day; a group has one leader at a time."""
    _check_running(group)
    if on < group.founded_on:
        message = f"小组 {group.founded_on:%Y-%m-%d} 成立，任职日期不能更早。"
        raise DomainError(message, field="starts_on", code="before_founding")
    if cadre.status != CadreStatus.ACTIVE:
        raise DomainError(f"{cadre}已不在职，不能列为成员。", field="cadre", code="not_active")
    leads = group.members.filter(role=GroupRole.LEADER, ends_on__isnull=True)
    if role == GroupRole.LEADER and leads.exists():
        raise DomainError(f"已有组长{leads.get().cadre}，请先调整。", field="role", code="two_leaders")
    name = post_names([cadre.pk], on).get(cadre.pk, "")
    row = GroupMember(group=group, cadre=cadre, role=role, post_name=name, starts_on=on)
    save_validated(row)
    label = f"{group}：{cadre}任{row.get_role_display()}"
    _record(group, label, values_of(row, ("cadre", "role", "post_name")), by)
    return row


@transaction.atomic
def confirm_member(*, member: GroupMember, by: Viewer | None, on: date) -> None:
    """After a move: stays in the group by the new post."""
    before, member.post_name = member.post_name, post_names([member.cadre_id], on).get(member.cadre_id, "")
    save_validated(member, update_fields=["post_name"])
    changes = {"post_name": (before, member.post_name)}
    _record(member.group, f"{member.group}：{member.cadre}继续任{member.get_role_display()}", changes, by)


@transaction.atomic
def unseat_member(*, member: GroupMember, by: Viewer | None, on: date) -> None:
    if member.ends_on is not None:
        raise DomainError("该成员已退出小组。", code="ended")
    if on < member.starts_on:
        message = f"{member.cadre}自 {member.starts_on:%Y-%m-%d} 起任职，退出日期不能更早。"
        raise DomainError(message, field="ends_on", code="before_start")
    member.ends_on = on
    save_validated(member, update_fields=["ends_on"])
    _record(member.group, f"{member.group}：{member.cadre}退出", {"ends_on": (None, member.ends_on)}, by)


def _record(group: LeadingGroup, label: str, changes: Any, by: Viewer | None) -> None:
    record(action=AuditAction.DEED_CHANGED, by=by, subject=group, label=label, changes=changes)
