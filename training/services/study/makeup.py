"""Make-up study: staff set the material and the date, the person writes, staff accept or send back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import Entry, record, record_many
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, keep_file
from core.notifications import notify
from core.saving import save_validated
from people.models import User
from training.choices import ActivityState, AttendanceState, LeaveReason, MakeUpState
from training.models import Attendance, MakeUp, StudyActivity
from training.services.study.hours import settle_make_up
from training.services.study.reach import refuse_outside_of

SHORTEST = 30  # a reflection of fewer characters says nothing
MISSED = (AttendanceState.ABSENT, AttendanceState.LEAVE)


@dataclass(frozen=True, slots=True)
class Material:
    """What is to be studied; at least one of the three."""

    text: str = ""
    link: str = ""
    upload: Any = None

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.link or self.upload)


@transaction.atomic
def assign_make_up(
    *,
    activity: StudyActivity,
    attendances: Sequence[Attendance],
    material: Material,
    due_on: date,
    by: Viewer,
    at: datetime,
    on: date,
) -> list[MakeUp]:
    """One for each of the absences; those who have one already are left out."""
    _refuse_assigning(activity, material, due_on, by, on)
    reach = Attendance.objects.visible_to(by, Permission.EDIT_STUDY).filter(slot=activity.slot)
    wanted = reach.filter(pk__in=[row.pk for row in attendances], state__in=MISSED, make_up=None)
    rows = list(wanted.exclude(leave_reason=LeaveReason.SECONDED).select_related("cadre"))
    if not rows:
        raise DomainError("请选择至少一名缺席或请假、还没有布置补学的干部。", code="nobody")
    stored = (
        keep_file(upload=material.upload, by=by, accept=DOCUMENTS, at=at, field="upload")
        if material.upload
        else None
    )
    made = MakeUp.objects.bulk_create(
        MakeUp(
            attendance=row,
            material_text=material.text.strip(),
            material_link=material.link,
            material_file=stored,
            assigned_at=at,
            assigned_by=by.name[:60],
            due_on=due_on,
        )
        for row in rows
    )
    record_many(_entry(one, "布置补学", by) for one in made)
    _tell(made, activity, due_on, on)
    return made


@transaction.atomic
def submit_reflection(*, make_up: MakeUp, text: str, by: Viewer, at: datetime) -> None:
    """Only the person writes it, on the own record."""
    if by.cadre_id != make_up.attendance.cadre_id or not by.on_own_record(Permission.SIGN_UP):
        raise DomainError("学习体会由本人填写。", code="not_own")
    if make_up.state == MakeUpState.ACCEPTED:
        raise DomainError("补学已完成，不用再提交。", code="accepted")
    if len("".join(text.split())) < SHORTEST:
        message = f"学习体会至少写 {SHORTEST} 个字，说说学了什么、对工作有什么用。"
        raise DomainError(message, field="reflection", code="too_short")
    make_up.reflection, make_up.submitted_at = text.strip(), at
    make_up.state, make_up.remark = MakeUpState.SUBMITTED, ""
    save_validated(make_up)
    record_many([_entry(make_up, "提交补学体会", by)])


@transaction.atomic
def accept_make_up(*, make_up: MakeUp, by: Viewer, at: datetime) -> None:
    _refuse_deciding(make_up, by)
    _decide(make_up, MakeUpState.ACCEPTED, by, at)
    save_validated(make_up)
    settle_make_up(make_up=make_up, by=by, at=at)
    record_many([_entry(make_up, "补学通过", by)])


@transaction.atomic
def return_make_up(*, make_up: MakeUp, remark: str, by: Viewer, at: datetime) -> None:
    _refuse_deciding(make_up, by)
    if not remark.strip():
        raise DomainError("请写明退回意见。", field="remark", code="remark_missing")
    _decide(make_up, MakeUpState.RETURNED, by, at)
    make_up.remark = remark.strip()
    save_validated(make_up)
    record_many([_entry(make_up, "补学退回", by)])


@transaction.atomic
def withdraw_make_up(*, make_up: MakeUp, by: Viewer, reason: str, at: datetime) -> None:
    """Takes the duty away again; hours that it earned are reversed."""
    _refuse_own(make_up, by)
    if not reason.strip():
        raise DomainError("请写明撤销原因。", field="reason", code="reason_missing")
    make_up.state = MakeUpState.ASSIGNED
    settle_make_up(make_up=make_up, by=by, at=at, reason=reason.strip()[:200])
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=make_up,
        label=f"撤销{make_up}",
        reason=reason.strip(),
    )
    make_up.delete()


def _refuse_assigning(
    activity: StudyActivity, material: Material, due_on: date, by: Viewer, on: date
) -> None:
    refuse_outside_of(activity, by)
    if activity.state != ActivityState.HELD:
        raise DomainError("登记“已开展”之后才能布置补学。", code="not_held")
    if material.is_empty:
        raise DomainError("请给出学习材料：写正文、填链接或上传文件。", field="text", code="no_material")
    if due_on < on:
        raise DomainError("完成期限不能早于今天。", field="due_on", code="in_the_past")


def _refuse_deciding(make_up: MakeUp, by: Viewer) -> None:
    _refuse_own(make_up, by)
    if make_up.state != MakeUpState.SUBMITTED:
        raise DomainError("本人还没有提交学习体会，或已经审核过。", code="not_submitted")


def _refuse_own(make_up: MakeUp, by: Viewer) -> None:
    if by.cadre_id == make_up.attendance.cadre_id:
        raise DomainError("本人的补学由其他经办人审核。", code="own_record")


def _decide(make_up: MakeUp, state: MakeUpState, by: Viewer, at: datetime) -> None:
    make_up.state, make_up.decided_at, make_up.decided_by = state, at, by.name[:60]


def _entry(row: MakeUp, act: str, by: Viewer) -> Entry:
    return Entry(action=AuditAction.TRAINING_CHANGED, by=by, subject=row, label=f"{act}：{row.attendance}")


def _tell(made: Sequence[MakeUp], activity: StudyActivity, due_on: date, on: date) -> None:
    cadres = [one.attendance.cadre_id for one in made]
    notify(
        recipients=User.objects.filter(cadre__in=cadres).values_list("pk", flat=True),
        kind="study.make_up",
        title=f"请补学“{activity}”，{due_on.month}月{due_on.day}日前完成",
        key=f"make_up:{activity.pk}",
        on=on,
        url_name="training:my_study",
    )
