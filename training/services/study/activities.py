"""Changes to one study activity: planned, moved, cancelled, held, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.notifications import notify
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.models import User
from training.choices import GROUP_KIND_OF, THEMES_OF, ActivityState, AttendanceState, GroupKind, StudyKind
from training.models import Attendance, Slot, StudyActivity, StudyGroup, StudyLeave
from training.services.study.hours import settle_activity
from training.services.study.reach import refuse_outside, refuse_outside_of
from training.services.study.roster import fill_roster

ACTIVITY_FIELDS = (
    "kind",
    "theme",
    "title",
    "group",
    "unit",
    "chair",
    "recorder",
    "guests",
    "form",
    "article",
    "agenda_note",
)
RECORD_FIELDS = ("chair", "recorder", "guests", "form", "agenda_note", "minutes", "decisions")


@dataclass(frozen=True, slots=True)
class When:
    """Time and place of an activity; aware datetimes."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)


@transaction.atomic
def create_activity(*, values: Mapping[str, Any], when: When, by: Viewer) -> StudyActivity:
    """An activity of the future or the past, with everyone expected on its day."""
    activity = StudyActivity(held_on=when.day, **values)
    refuse_outside(activity.group, activity.unit, by)
    check_audience(activity.kind, activity.theme, activity.group, activity.unit)
    check_when(when)
    save_validated(activity)
    save_validated(Slot(activity=activity, starts_at=when.starts_at, ends_at=when.ends_at, place=when.place))
    activity.refresh_from_db()
    fill_roster(activity)
    _record(activity, "安排学习活动", by, values_of(activity, (*ACTIVITY_FIELDS, "held_on")))
    return activity


@transaction.atomic
def update_activity(*, activity: StudyActivity, values: Mapping[str, Any], by: Viewer) -> None:
    """What an activity is and for whom; its time moves by `postpone_activity`."""
    refuse_outside_of(activity, by)
    _refuse_cancelled(activity)
    changes = changes_to(activity, values)
    if not changes:
        return
    audience = {"kind", "group", "unit"} & set(changes)
    if audience and activity.state == ActivityState.HELD:
        message = "活动已开展，类别和参加范围不能再改；登记有误请先撤回“已开展”。"
        raise DomainError(message, field=next(iter(audience)), code="already_held")
    apply_changes(activity, changes)
    refuse_outside_of(activity, by)
    check_audience(activity.kind, activity.theme, activity.group, activity.unit)
    save_validated(activity)
    if audience:
        fill_roster(activity)
    if "title" in changes:
        _bump(activity)
    _record(activity, "修改学习活动", by, changes)


@transaction.atomic
def write_record(*, activity: StudyActivity, values: Mapping[str, Any], by: Viewer) -> None:
    """Minutes, decisions and who led: what remains of an activity besides its attendance."""
    refuse_outside_of(activity, by)
    _refuse_cancelled(activity)
    unknown = set(values) - set(RECORD_FIELDS)
    if unknown:
        raise ValueError(f"not of the record: {sorted(unknown)}")
    changes = changes_to(activity, values)
    if changes:
        apply_changes(activity, changes)
        save_validated(activity)
        _record(activity, "填写活动记录", by, changes)


@transaction.atomic
def postpone_activity(*, activity: StudyActivity, when: When, reason: str, by: Viewer, on: date) -> None:
    """Moves an activity that was not held yet; the list follows the roster of the new day."""
    refuse_outside_of(activity, by)
    _refuse_unless_planned(activity)
    if not reason.strip():
        raise DomainError("请写明改期原因。", field="reason", code="reason_missing")
    check_when(when)
    slot, before = activity.slot, activity.held_on
    slot.starts_at, slot.ends_at, slot.place = when.starts_at, when.ends_at, when.place
    slot.checkin_opens_at = slot.late_after = slot.checkin_closes_at = None  # of the old time
    slot.sequence += 1
    save_validated(slot)
    activity.held_on, activity.change_reason = when.day, reason.strip()
    activity.postponed_from = activity.postponed_from or before
    save_validated(activity)
    fill_roster(activity)
    _record(activity, "学习活动改期", by, {"held_on": (before, when.day)}, reason=reason)
    _tell(activity, f"“{activity}”改到{when.day.month}月{when.day.day}日", reason, on)


@transaction.atomic
def cancel_activity(*, activity: StudyActivity, reason: str, by: Viewer, at: datetime) -> None:
    refuse_outside_of(activity, by)
    _refuse_unless_planned(activity)
    if not reason.strip():
        raise DomainError("请写明取消原因。", field="reason", code="reason_missing")
    activity.state, activity.cancel_reason = ActivityState.CANCELLED, reason.strip()
    save_validated(activity)
    slot = activity.slot
    slot.cancelled_at, slot.sequence = at, slot.sequence + 1
    save_validated(slot)
    _record(activity, "取消学习活动", by, {"state": _move(ActivityState.PLANNED, activity)}, reason=reason)
    _tell(activity, f"“{activity}”取消", reason, timezone.localdate(at))


@transaction.atomic
def hold_activity(*, activity: StudyActivity, by: Viewer, at: datetime) -> None:
    """Registers the activity as held and posts what those who came have earned.

    Whoever is still unmarked is absent, except the own record of `by`: that is left to a colleague.
    """
    refuse_outside_of(activity, by)
    _refuse_unless_planned(activity)
    if activity.slot.starts_at > at:
        raise DomainError("活动还没有开始，请在开展之后再登记。", code="not_begun")
    _refuse_unanswered(activity, by)
    expected = Attendance.objects.filter(slot=activity.slot, state=AttendanceState.EXPECTED)
    if not Attendance.objects.filter(slot=activity.slot).exclude(state=AttendanceState.EXPECTED).exists():
        message = "还没有登记任何人的到课情况，请先登记考勤；人都到齐时可点“其余全部到课”。"
        raise DomainError(message, code="nobody_marked")
    expected.exclude(cadre=by.cadre_id).update(state=AttendanceState.ABSENT, updated_at=at)
    activity.state = ActivityState.HELD
    save_validated(activity)
    settle_activity(activity=activity, by=by, at=at)
    _record(activity, "登记学习活动已开展", by, {"state": _move(ActivityState.PLANNED, activity)})


@transaction.atomic
def reopen_activity(*, activity: StudyActivity, reason: str, by: Viewer, at: datetime) -> None:
    """Takes the registration back: what was posted is reversed, attendance stays as it was marked."""
    refuse_outside_of(activity, by)
    if activity.state != ActivityState.HELD:
        raise DomainError("只有已登记开展的活动可以撤回。", code="not_held")
    if not reason.strip():
        raise DomainError("请写明撤回原因。", field="reason", code="reason_missing")
    activity.state = ActivityState.PLANNED
    save_validated(activity)
    settle_activity(activity=activity, by=by, at=at, reason=reason.strip()[:200])
    _record(activity, "撤回已开展登记", by, {"state": _move(ActivityState.HELD, activity)}, reason=reason)


def _refuse_unanswered(activity: StudyActivity, by: Viewer) -> None:
    """Nobody is put down as absent while the leave they asked for lies unanswered."""
    asked = StudyLeave.objects.visible_to(by, Permission.EDIT_STUDY).waiting()
    if waiting := asked.filter(attendance__slot=activity.slot).count():
        message = f"还有 {waiting} 人的请假没有审批，请先在“学习请假”里审批，再登记已开展。"
        raise DomainError(message, code="leave_waiting")


def check_audience(kind: str, theme: str, group: StudyGroup | None, unit: Any) -> None:
    """One audience, of the kind the activity is held by; a theme where the kind has themes."""
    if group is not None and unit is not None:
        message = "学习组和机构只选一个；都不选表示全区在职干部参加。"
        raise DomainError(message, field="unit", code="two_audiences")
    wanted = GROUP_KIND_OF.get(StudyKind(kind))
    if wanted is not None and (group is None or group.kind != wanted):
        label = StudyKind(kind).label
        message = f"{label}由{GroupKind(wanted).label}开展，请选择一个{GroupKind(wanted).label}。"
        raise DomainError(message, field="group", code="wrong_group")
    themes = THEMES_OF.get(StudyKind(kind), ())
    if themes and theme not in themes:
        names = "、".join(one.label for one in themes)
        raise DomainError(f"请选择主题：{names}。", field="theme", code="theme_missing")
    if theme and theme not in themes:
        raise DomainError(f"{StudyKind(kind).label}不分主题，请留空。", field="theme", code="wrong_theme")


def check_when(when: When) -> None:
    if when.ends_at <= when.starts_at:
        raise DomainError("结束时间须晚于开始时间。", field="minutes", code="ends_before_start")


def _refuse_cancelled(activity: StudyActivity) -> None:
    if activity.state == ActivityState.CANCELLED:
        raise DomainError("活动已取消，不能再修改；需要时请重新安排一次。", code="cancelled")


def _refuse_unless_planned(activity: StudyActivity) -> None:
    _refuse_cancelled(activity)
    if activity.state == ActivityState.HELD:
        raise DomainError("活动已登记开展；登记有误请先撤回“已开展”。", code="already_held")


def _bump(activity: StudyActivity) -> None:
    """Calendars that took the slot hear of the change (RFC 5545)."""
    slot = activity.slot
    slot.sequence += 1
    slot.save(update_fields=["sequence"])


def _move(before: ActivityState, activity: StudyActivity) -> tuple[str, str]:
    return before.label, activity.get_state_display()


def _record(
    activity: StudyActivity, act: str, by: Viewer, changes: Mapping[str, tuple[Any, Any]], reason: str = ""
) -> None:
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=activity,
        label=f"{act}：{activity}",
        changes=changes,
        reason=reason.strip(),
    )


def _tell(activity: StudyActivity, title: str, reason: str, on: date) -> None:
    """Everyone expected hears of it once."""
    expected = Attendance.objects.filter(slot=activity.slot).exclude(state=AttendanceState.EXCUSED)
    users = User.objects.filter(cadre__in=expected.values("cadre_id")).values_list("pk", flat=True)
    notify(
        recipients=users,
        kind="study.changed",
        title=title,
        detail=reason.strip(),
        key=f"activity:{activity.pk}:{activity.slot.sequence}",
        on=on,
        url_name="training:activity",
        args=(activity.pk,),
    )
