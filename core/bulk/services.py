"""A batch from its preview over the change to taking it back; every row by the app's own service.

Nothing is changed by the preview: each row is changed and taken back at once, which tells exactly what the
service would refuse. Between preview and change somebody else may have been there: such a row is left alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from core import jobs
from core.access import Viewer
from core.audit import record
from core.bulk.registry import BulkField, field_of, fields_for
from core.choices import AuditAction, BulkRowState, BulkState
from core.errors import DomainError
from core.models import BulkChange, BulkChangeRow

AT_ONCE = 200  # more rows become a job
MOST_ROWS = 5000
BATCH = 500
UNDO_WITHIN = timedelta(days=7)
APPLY_JOB, UNDO_JOB = "bulk.apply", "bulk.undo"
NOT_YOURS = "你没有修改这条记录的权限。"
GONE = "已不在你的管理范围内。"

Progress = Callable[[int, int], None]


class UnknownRowsError(Exception):
    """Some of the rows do not exist for the viewer: the whole request is answered as not found."""


class _TakenBack(Exception):  # noqa: N818 - no error: the way out of a trial
    pass


# Preview


def prepare(
    *,
    list_key: str,
    field_key: str,
    value: Any,
    ids: Sequence[int],
    by: Viewer,
    at: datetime,
    reason: str = "",
) -> BulkChange:
    """A batch to look at; nothing is changed yet. `value` is what the form field gave."""
    field = next((one for one in fields_for(by, list_key) if one.key == field_key), None)
    if field is None:
        raise UnknownRowsError
    rows = _known(field, ids, by)
    stored = field.store(value)
    tried = list(_tried(field, rows, stored, by))
    return _keep(field, stored, tried, by=by, at=at, reason=reason)


def _known(field: BulkField, ids: Sequence[int], by: Viewer) -> list[Any]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise DomainError("还没有选记录，请在列表中勾选后再批量修改。", code="nothing_chosen")
    if len(wanted) > MOST_ROWS:
        message = f"一次最多修改 {MOST_ROWS} 条，现选了 {len(wanted)} 条，请分批修改。"
        raise DomainError(message, code="too_many")
    found: dict[int, Any] = {}
    for part in _parts(wanted):
        found |= {row.pk: row for row in field.rows(by).filter(pk__in=part)}
    if len(found) != len(wanted):
        raise UnknownRowsError
    return [found[pk] for pk in wanted]


def _tried(field: BulkField, rows: Sequence[Any], stored: Any, by: Viewer) -> Iterator[BulkChangeRow]:
    """What would become of each row. Beyond a certain number only the easy refusals are told beforehand."""
    mine: set[int] = set()
    for part in _parts([row.pk for row in rows]):
        mine |= set(field.editable(by).filter(pk__in=part).values_list("pk", flat=True))
    for number, row in enumerate(rows):
        before = field.current(row)
        state, note = BulkRowState.READY, ""
        if before == stored:
            state = BulkRowState.SAME
        elif row.pk not in mine:
            state, note = BulkRowState.REFUSED, NOT_YOURS
        elif number < AT_ONCE and (note := _refusal(field, row, stored, by)):
            state = BulkRowState.REFUSED
        yield BulkChangeRow(
            object_id=row.pk,
            position=number,
            label=str(row)[:200],
            before=before,
            before_shown=field.shown(before)[:200],
            state=state,
            note=note[:300],
        )


def _refusal(field: BulkField, row: Any, stored: Any, by: Viewer) -> str:
    """What the service would say; the change itself is taken back at once."""
    try:
        with transaction.atomic():
            field.service(copy(row), stored, by)
            raise _TakenBack
    except _TakenBack:
        return ""
    except DomainError as refusal:
        return refusal.message


@transaction.atomic
def _keep(
    field: BulkField, stored: Any, rows: Sequence[BulkChangeRow], *, by: Viewer, at: datetime, reason: str
) -> BulkChange:
    change = BulkChange.objects.create(
        owner_id=by.user_id,
        list_key=field.list_key,
        field_key=field.key,
        field_label=field.label,
        value=stored,
        shown=field.shown(stored)[:200],
        reason=reason.strip()[:200],
        created_at=at,
    )
    for row in rows:
        row.change = change
    BulkChangeRow.objects.bulk_create(rows, batch_size=BATCH)
    return change


# Change and take back


@transaction.atomic
def apply_change(*, change: BulkChange, by: Viewer, at: datetime) -> BulkChange:
    """Changes the rows that can be: at once when they are few, as a job when they are many."""
    waiting = change.rows.filter(state=BulkRowState.READY).count()
    if not waiting:
        raise DomainError("没有可以修改的记录，请回到列表重新选择。", code="nothing_to_do")
    _move(change, BulkState.DRAFT, BulkState.RUNNING, "这一批已经提交过了，请刷新页面查看结果。")
    return _run_or_queue(change, APPLY_JOB, waiting, by, lambda: run_apply(change=change, by=by, at=at))


@transaction.atomic
def undo_change(*, change: BulkChange, by: Viewer, at: datetime) -> BulkChange:
    """Gives the changed rows their old value again, except those that somebody has changed since."""
    if change.applied_at and at - change.applied_at > UNDO_WITHIN:
        raise DomainError("已超过 7 天，不能整批撤销；请在列表中重新修改。", code="too_late")
    _move(change, BulkState.DONE, BulkState.RUNNING, "这一批不能撤销：还没有修改完，或已经撤销过。")
    waiting = change.rows.filter(state=BulkRowState.DONE).count()
    return _run_or_queue(change, UNDO_JOB, waiting, by, lambda: run_undo(change=change, by=by, at=at))


def _move(change: BulkChange, was: BulkState, to: BulkState, refusal: str) -> None:
    if not BulkChange.objects.filter(pk=change.pk, state=was).update(state=to):
        raise DomainError(refusal, code="moved_on")
    change.state = to


def _run_or_queue(
    change: BulkChange, key: str, waiting: int, by: Viewer, run: Callable[[], None]
) -> BulkChange:
    if waiting <= AT_ONCE:
        run()
        return change
    job = jobs.start(key, by=by, params={"uid": str(change.uid)}, label=str(change)[:200])
    BulkChange.objects.filter(pk=change.pk).update(job_uid=job.uid)
    change.refresh_from_db()
    return change


def run_apply(*, change: BulkChange, by: Viewer, at: datetime, tell: Progress | None = None) -> None:
    """Row by row, each in a transaction of its own: a worker that is killed leaves none half changed, and
    the next one goes on with those still waiting."""
    _each(change, BulkRowState.READY, tell, lambda row: _change_row(change, row, by))
    _finish(change, BulkState.DONE, by, at)


def run_undo(*, change: BulkChange, by: Viewer, at: datetime, tell: Progress | None = None) -> None:
    _each(change, BulkRowState.DONE, tell, lambda row: _undo_row(change, row, by))
    _finish(change, BulkState.UNDONE, by, at)


def _each(
    change: BulkChange, state: BulkRowState, tell: Progress | None, act: Callable[[BulkChangeRow], None]
) -> None:
    rows = list(change.rows.filter(state=state))
    for number, row in enumerate(rows, start=1):
        with transaction.atomic():
            act(row)
            row.save(update_fields=["state", "note"])
        if tell:
            tell(number, len(rows))


def _change_row(change: BulkChange, row: BulkChangeRow, by: Viewer) -> None:
    refused = _write(change, row, expected=row.before, value=change.value, by=by, since="预览之后")
    row.state, row.note = (BulkRowState.REFUSED, refused) if refused else (BulkRowState.DONE, "")


def _undo_row(change: BulkChange, row: BulkChangeRow, by: Viewer) -> None:
    refused = _write(change, row, expected=change.value, value=row.before, by=by, since="此后")
    row.state, row.note = (BulkRowState.KEPT, refused) if refused else (BulkRowState.UNDONE, "")


def _write(
    change: BulkChange, row: BulkChangeRow, *, expected: Any, value: Any, by: Viewer, since: str
) -> str:
    """Changes one row; returns why not, if not."""
    field = field_of(change.list_key, change.field_key)
    found = field.editable(by).filter(pk=row.object_id).first() if field else None
    if field is None or found is None:
        return GONE
    present = field.current(found)
    if present != expected:
        return f"{since}已被改为“{field.shown(present) or '空'}”，没有改动。"[:300]
    try:
        with transaction.atomic():
            field.service(found, value, by)
    except DomainError as refusal:
        return refusal.message[:300]
    return ""


@transaction.atomic
def _finish(change: BulkChange, state: BulkState, by: Viewer, at: datetime) -> None:
    undone = state == BulkState.UNDONE
    change.state = state
    setattr(change, "undone_at" if undone else "applied_at", at)
    change.save(update_fields=["state", "undone_at", "applied_at"])
    good, bad = (
        (BulkRowState.UNDONE, BulkRowState.KEPT) if undone else (BulkRowState.DONE, BulkRowState.REFUSED)
    )
    label = f"{change}：{counted(change, good)} 条{good.label}，{counted(change, bad)} 条{bad.label}"
    action = AuditAction.BULK_UNDONE if undone else AuditAction.BULK_CHANGED
    record(action=action, by=by, subject=change, label=label, reason=change.reason)


def tally(change: BulkChange) -> dict[str, int]:
    """How many rows are in which state."""
    counted_rows = change.rows.order_by().values_list("state").annotate(count=Count("pk"))
    return dict(counted_rows)


def counted(change: BulkChange, state: BulkRowState) -> int:
    return change.rows.filter(state=state).count()


def drop_old_drafts(*, at: datetime) -> int:
    """Previews that nobody confirmed for a day."""
    old = BulkChange.objects.filter(state=BulkState.DRAFT, created_at__lt=at - timedelta(days=1))
    return old.delete()[0]


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
