"""Who is expected at an activity (应到): read from the roster of its day, kept as rows, never as text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from people.models import Cadre
from training.choices import ActivityState, AttendanceSource, AttendanceState
from training.models import Attendance, Slot, StudyActivity
from training.queries.study import away, expected_cadres, units_at
from training.services.study.reach import refuse_outside_of

UNTOUCHED = (AttendanceState.EXPECTED, AttendanceState.EXCUSED)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Synced:
    """How many people came onto the list and left it."""

    added: int = 0
    removed: int = 0


@transaction.atomic
def sync_roster(*, activity: StudyActivity, by: Viewer | None) -> Synced:
    """Makes the list of an activity ahead what the roster of its day says.

    Whoever was registered by hand or has checked in stays. People away on secondment are exempted.
    """
    if activity.state != ActivityState.PLANNED:
        raise DomainError("活动已开展或已取消，应到名单不再变动。", code="not_planned")
    if by is not None:
        refuse_outside_of(activity, by)
    synced = fill_roster(activity)
    if synced != Synced():
        label = f"更新应到名单：{activity}，增加 {synced.added} 人、减少 {synced.removed} 人"
        record(action=AuditAction.TRAINING_CHANGED, by=by, subject=activity, label=label)
    return synced


def fill_roster(activity: StudyActivity) -> Synced:
    slot = activity.slot
    wanted = units_at(expected_cadres(group=activity.group, unit=activity.unit, on=activity.held_on))
    gone = away(list(wanted), slot.starts_at, slot.ends_at)
    rows = {row.cadre_id: row for row in Attendance.objects.filter(slot=slot)}
    leaving = [row.pk for row in rows.values() if row.cadre_id not in wanted and _is_free(row)]
    Attendance.objects.filter(pk__in=leaving).delete()
    _correct([row for row in rows.values() if row.cadre_id in wanted and _is_free(row)], wanted, gone)
    new = [expected_row(slot, pk, unit, gone) for pk, unit in wanted.items() if pk not in rows]
    Attendance.objects.bulk_create(new, batch_size=BATCH)
    return Synced(len(new), len(leaving))


def expected_row(slot: Slot, cadre_id: int, unit_id: int | None, gone: Mapping[int, str]) -> Attendance:
    state = AttendanceState.EXCUSED if cadre_id in gone else AttendanceState.EXPECTED
    return Attendance(slot=slot, cadre_id=cadre_id, unit_id=unit_id, state=state, note=gone.get(cadre_id, ""))


def _is_free(row: Attendance) -> bool:
    """Nobody has registered anything about the person yet."""
    return row.state in UNTOUCHED and row.source == AttendanceSource.NONE and not row.is_extra


def _correct(rows: Sequence[Attendance], units: Mapping[int, Any], gone: Mapping[int, str]) -> None:
    """Unit and exemption as of the day, where they moved since the list was made."""
    changed = []
    for row in rows:
        right = expected_row(row.slot, row.cadre_id, units[row.cadre_id], gone)
        if (row.unit_id, row.state, row.note) != (right.unit_id, right.state, right.note):
            row.unit_id, row.state, row.note = right.unit_id, right.state, right.note
            changed.append(row)
    Attendance.objects.bulk_update(changed, ["unit", "state", "note"], batch_size=BATCH)


@transaction.atomic
def add_expected(*, activity: StudyActivity, cadres: Iterable[Cadre], by: Viewer) -> int:
    """Names people beyond the roster; they stay when the roster is read again."""
    refuse_outside_of(activity, by)
    if activity.state == ActivityState.CANCELLED:
        raise DomainError("活动已取消，不能再加人。", code="cancelled")
    ids = [cadre.pk for cadre in cadres]
    reach = Cadre.objects.visible_to(by, Permission.EDIT_STUDY).filter(pk__in=ids)
    units = units_at(reach.with_position(activity.held_on))
    present = set(
        Attendance.objects.filter(slot=activity.slot, cadre__in=ids).values_list("cadre_id", flat=True)
    )
    rows = [expected_row(activity.slot, pk, unit, {}) for pk, unit in units.items() if pk not in present]
    for row in rows:
        row.is_extra = True
    Attendance.objects.bulk_create(rows)
    names = "、".join(sorted(cadre.name for cadre in cadres if cadre.pk in units and cadre.pk not in present))
    if rows:
        label = f"加入应到名单：{activity}，{names}"
        record(action=AuditAction.TRAINING_CHANGED, by=by, subject=activity, label=label)
    return len(rows)


@transaction.atomic
def remove_expected(*, attendance: Attendance, by: Viewer) -> None:
    """Only somebody about whom nothing is registered: what happened is corrected, not removed."""
    activity = attendance.slot.activity
    if activity is None:
        raise ValueError("not at a study activity")
    refuse_outside_of(activity, by)
    if attendance.state not in UNTOUCHED or attendance.source != AttendanceSource.NONE:
        message = f"{attendance.cadre} 已有登记，请在考勤表中改为“免训”，不要移出名单。"
        raise DomainError(message, code="already_registered")
    label = f"移出应到名单：{attendance}"
    record(action=AuditAction.TRAINING_CHANGED, by=by, subject=attendance, label=label)
    attendance.delete()
