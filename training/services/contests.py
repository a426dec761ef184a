"""Contests: their rules, judges and entries. Scores and the ranking are in `judging`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, drop_file, keep_file
from core.notifications import notify
from core.saving import apply_changes, changes_to, save_validated, values_of
from people.models import Cadre, User
from training.choices import ContestState
from training.models import Contest, ContestEntry, ContestJudge, EntryFile
from training.queries.audience import own_unit_id

CONTEST_FIELDS = (
    "title",
    "kind",
    "theme",
    "rules",
    "entries_until",
    "judging_until",
    "drops_extremes",
    "first_prizes",
    "second_prizes",
    "third_prizes",
)
MOST_FILES = 5
OWN_CONTEST = "本人有作品参加这次比拼，不能由本人评定或公布，请由其他经办人办理。"


# The contest and its judges


@transaction.atomic
def create_contest(*, values: Mapping[str, Any], by: Viewer) -> Contest:
    contest = Contest(**values)
    save_validated(contest)
    note(contest, f"发起比拼：{contest}", by, values_of(contest, CONTEST_FIELDS))
    return contest


@transaction.atomic
def change_contest(*, contest: Contest, values: Mapping[str, Any], by: Viewer) -> None:
    """Rules of the counting stand once the judges have been told them."""
    changes = changes_to(contest, values)
    fixed = {"drops_extremes", "first_prizes", "second_prizes", "third_prizes"} & set(changes)
    if contest.state in (ContestState.CLOSED, ContestState.PUBLISHED, ContestState.CANCELLED) and changes:
        raise DomainError("比拼已经评定或取消，不能再修改；需要更正时请先退回评分。", code="wrong_state")
    if contest.state == ContestState.JUDGING and fixed:
        raise DomainError("评分已经开始，计分办法和奖项名额不能再改。", field=fixed.pop(), code="wrong_state")
    if changes:
        apply_changes(contest, changes)
        save_validated(contest)
        note(contest, f"修改比拼：{contest}", by, changes)


@transaction.atomic
def set_judge(*, contest: Contest, user: User, weight: Decimal, by: Viewer) -> ContestJudge:
    """A new judge, or another weight for a present one, while no score has been counted."""
    need(contest, ContestState.OPEN, ContestState.JUDGING)
    judge = contest.judges.filter(user=user).first() or ContestJudge(contest=contest, user=user)
    before = judge.weight if judge.pk else None
    judge.weight = weight
    save_validated(judge)
    note(contest, f"评委：{user.name}", by, {"weight": (before, weight)})
    return judge


@transaction.atomic
def remove_judge(*, judge: ContestJudge, by: Viewer) -> None:
    """A judge who has scored stays: the scores would go with the judge."""
    need(judge.contest, ContestState.OPEN, ContestState.JUDGING)
    if judge.scores.exists():
        message = f"{judge.user.name} 已经评分，不能移除；要换评委，请先请其撤回评分。"
        raise DomainError(message, code="has_scored")
    note(judge.contest, f"移除评委：{judge.user.name}", by, {})
    judge.delete()


# Entries


@transaction.atomic
def enter_contest(
    *,
    contest: Contest,
    cadre: Cadre,
    values: Mapping[str, Any],
    uploads: Sequence[Any],
    by: Viewer,
    at: datetime,
) -> ContestEntry:
    """The own entry, or one that staff hands in for somebody else."""
    _may_act_for(cadre, by)
    _takes_entries(contest, at)
    entry = ContestEntry(contest=contest, cadre=cadre, submitted_at=at, **values)
    entry.unit_id = own_unit_id(cadre.pk, timezone.localdate(at))
    save_validated(entry)
    _keep_files(entry, uploads, by, at)
    record(
        action=AuditAction.CONTEST_CHANGED,
        by=by,
        subject=entry,
        label=f"提交作品：{entry}（{contest}）",
        changes=values_of(entry, values),
    )
    return entry


@transaction.atomic
def change_entry(
    *, entry: ContestEntry, values: Mapping[str, Any], uploads: Sequence[Any], by: Viewer, at: datetime
) -> None:
    _may_act_for(entry.cadre, by)
    _takes_entries(entry.contest, at)
    changes = changes_to(entry, values)
    apply_changes(entry, changes)
    save_validated(entry)
    _keep_files(entry, uploads, by, at)
    record(
        action=AuditAction.CONTEST_CHANGED,
        by=by,
        subject=entry,
        label=f"修改作品：{entry}",
        changes=changes,
        reason=f"增加 {len(uploads)} 个文件" if uploads else "",
    )


@transaction.atomic
def remove_entry_file(*, kept: EntryFile, by: Viewer, at: datetime) -> None:
    _may_act_for(kept.entry.cadre, by)
    _takes_entries(kept.entry.contest, at)
    stored = kept.file
    record(
        action=AuditAction.CONTEST_CHANGED,
        by=by,
        subject=kept.entry,
        label=f"删除作品文件：{kept.entry}",
        changes={"file": (stored.name, None)},
    )
    kept.delete()
    drop_file(stored)


@transaction.atomic
def withdraw_entry(*, entry: ContestEntry, by: Viewer, at: datetime) -> None:
    _may_act_for(entry.cadre, by)
    _takes_entries(entry.contest, at)
    entry.withdrawn_at = at
    save_validated(entry, update_fields=["withdrawn_at"])
    record(
        action=AuditAction.CONTEST_CHANGED,
        by=by,
        subject=entry,
        label=f"撤回作品：{entry}（{entry.contest}）",
    )


def _keep_files(entry: ContestEntry, uploads: Sequence[Any], by: Viewer, at: datetime) -> None:
    if entry.files.count() + len(uploads) > MOST_FILES:
        raise DomainError(f"一件作品最多 {MOST_FILES} 个文件。", field="files", code="too_many_files")
    for upload in uploads:
        kept = keep_file(upload=upload, by=by, accept=DOCUMENTS | PHOTOS, at=at, field="files")
        EntryFile.objects.create(entry=entry, file=kept)


def _may_act_for(cadre: Cadre, by: Viewer) -> None:
    """The person alone, or staff for others: never staff for the own entry."""
    own = by.cadre_id == cadre.pk
    if own and not by.on_own_record(Permission.SIGN_UP):
        raise DomainError("不能以经办人身份办理本人的作品。", code="own_record")
    if not own and not by.can(Permission.EDIT_TRAINING):
        raise DomainError("只能办理本人的作品。", code="not_allowed")


def _takes_entries(contest: Contest, at: datetime) -> None:
    need(contest, ContestState.OPEN)
    if timezone.localdate(at) > contest.entries_until:
        message = f"作品已于 {contest.entries_until:%Y-%m-%d} 截止；确需补交，请经办人先延长截止日期。"
        raise DomainError(message, code="too_late")


# What every step of a contest shares


def need(contest: Contest, *states: ContestState) -> None:
    if contest.state not in states:
        words = "、".join(state.label for state in states)
        message = f"比拼现在是“{contest.get_state_display()}”，须在“{words}”时办理。"
        raise DomainError(message, code="wrong_state")


def not_own(contest: Contest, by: Viewer) -> None:
    if by.cadre_id and contest.entries.filter(cadre=by.cadre_id, withdrawn_at__isnull=True).exists():
        raise DomainError(OWN_CONTEST, code="own_record")


def locked(contest: Contest) -> Contest:
    return Contest.objects.select_for_update().get(pk=contest.pk)


def move(
    contest: Contest, state: ContestState, words: str, by: Viewer, *fields: str, reason: str = ""
) -> None:
    before, contest.state = contest.state, state
    save_validated(contest, update_fields=["state", "updated_at", *fields])
    note(contest, f"{words}：{contest}", by, {"state": (before, state)}, reason)


def tell(contest: Contest, users: Sequence[int], on: date, title: str) -> int:
    return notify(
        recipients=users,
        kind="training.contest",
        title=title,
        key=f"contest:{contest.pk}:{contest.state}",
        on=on,
        url_name="training:contest",
        args=(contest.pk,),
    )


def note(
    contest: Contest, label: str, by: Viewer, changes: Mapping[str, tuple[Any, Any]], reason: str = ""
) -> None:
    record(
        action=AuditAction.CONTEST_CHANGED,
        by=by,
        subject=contest,
        label=label,
        changes=changes,
        reason=reason,
    )
