"""Writing the record of a talk: encrypted drafts with a version, attachments, and the end of writing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from core import vault
from core.access import Permission, Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, check_upload
from core.saving import apply_changes, changes_to, save_validated
from wellbeing.access import ALL_FIELDS, CONTENT_FIELDS
from wellbeing.choices.talks import WRITABLE_STATES, TalkState
from wellbeing.models import Talk, TalkContent, TalkFile
from wellbeing.sealing.cipher import seal_bytes
from wellbeing.sealing.keys import key_for, seal_row
from wellbeing.services.door import context_of, path_of
from wellbeing.services.duties import close_duties_of

LONGEST = 4000  # characters of one field
MOST_FILES = 10
# Autosave writes every few seconds: one audit event for each stretch of writing tells as much.
ONE_STRETCH = timedelta(minutes=10)
DETAILS = ("kind", "reason", "way", "place", "held_on", "superior")
WRITTEN_FIELDS = (*CONTENT_FIELDS, "summary", "assessment")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form sends: texts by field, and the version it was written upon."""

    texts: Mapping[str, str]
    version: int

    def __repr__(self) -> str:
        return f"Draft(version={self.version})"


@transaction.atomic
def save_draft(*, talk: Talk, draft: Draft, by: Viewer, at: datetime) -> int:
    """Seals what was written and returns the new version; refuses to overwrite a newer one."""
    refuse_unless_talker(talk, by)
    if talk.state not in WRITABLE_STATES:
        raise DomainError("这次谈话已定稿，内容不能再改；归档后可以补充更正。", code="not_writable")
    texts = _checked(draft.texts)
    content = _content_of(talk)
    key = key_for(talk.cadre)
    before = content.saved_at
    tokens = seal_row(content, key, texts)
    mine = TalkContent.objects.filter(pk=content.pk, version=draft.version)
    if not mine.update(version=F("version") + 1, saved_at=at, **tokens):
        raise DomainError(
            "这份记录刚在别的窗口或设备上保存过，为免覆盖，本页的内容没有存入。"
            "请在新窗口打开记录核对，把需要的文字复制过去。",
            code="conflict",
        )
    if talk.state == TalkState.PLANNED:
        _move(talk, TalkState.DRAFT)
    if before is None or at - before > ONE_STRETCH:
        record(action=AuditAction.TALK_SAVED, by=by, subject=talk, label=str(talk), at=at)
    return draft.version + 1


@transaction.atomic
def set_details(*, talk: Talk, values: Mapping[str, Any], by: Viewer) -> None:
    """Kind, reason, way, place, day and superior, while the record is being written."""
    refuse_unless_talker(talk, by)
    if talk.state not in WRITABLE_STATES:
        raise DomainError("这次谈话已定稿，不能再改。", code="not_writable")
    if unknown := set(values) - set(DETAILS):
        raise ValueError(f"not editable: {sorted(unknown)}")
    changes = changes_to(talk, values)
    if not changes:
        return
    if superior := values.get("superior"):
        refuse_superior(talk, superior)
    apply_changes(talk, changes)
    save_validated(talk, update_fields=list(changes))
    record(action=AuditAction.TALK_CHANGED, by=by, subject=talk, label=f"{talk}：修改基本信息")


@transaction.atomic
def finalise_talk(*, talk: Talk, draft: Draft, by: Viewer, at: datetime, on: date) -> None:
    """草稿 → 已定稿: from here the superior may read, and the duties of this talk are done."""
    if talk.held_on is None:
        raise DomainError("请填写谈话日期。", field="held_on", code="no_day")
    if talk.held_on > on:
        message = f"谈话日期不能晚于今天（{on.month}月{on.day}日）。"
        raise DomainError(message, field="held_on", code="day_ahead")
    if not any(draft.texts.get(name, "").strip() for name in CONTENT_FIELDS if name != "mood"):
        raise DomainError("请至少填写一项谈话内容。", field="thinking", code="nothing_written")
    save_draft(talk=talk, draft=draft, by=by, at=at)
    talk.finalised_at = at
    _move(talk, TalkState.FINAL, "finalised_at")
    close_duties_of(talk=talk, by=by)
    record(action=AuditAction.TALK_CHANGED, by=by, subject=talk, label=f"{talk}：定稿", at=at)


@transaction.atomic
def attach_file(*, talk: Talk, upload: Any, by: Viewer, at: datetime) -> TalkFile:
    """Seals an attachment with its name; the bytes go to the data folder under the cadre's key."""
    refuse_unless_talker(talk, by)
    if talk.state == TalkState.CANCELLED or talk.erased_at:
        raise DomainError("这次谈话已取消或已清除，不能再加附件。", code="not_writable")
    if TalkFile.objects.filter(talk=talk).count() >= MOST_FILES:
        raise DomainError(f"附件最多 {MOST_FILES} 个，请合并后再上传。", field="upload", code="too_many")
    name, content_type, data = check_upload(upload, PHOTOS | DOCUMENTS, field="upload")
    key = key_for(talk.cadre)
    row = TalkFile(talk=talk, kept_at=at, kept_by_id=by.user_id)
    seal_row(row, key, {"name": name, "content_type": content_type})
    row.save(force_insert=True)
    vault.write(path_of(row), seal_bytes(key, data, context=context_of(row)), context=context_of(row))
    record(action=AuditAction.TALK_SAVED, by=by, subject=talk, label=f"{talk}：加附件", at=at)
    return row


@transaction.atomic
def drop_attachment(*, talk: Talk, pk: int, by: Viewer) -> None:
    refuse_unless_talker(talk, by)
    if talk.state not in WRITABLE_STATES:
        raise DomainError("已定稿的记录不能再删附件。", code="not_writable")
    row = TalkFile.objects.filter(talk=talk, pk=pk).first()
    if row is None:
        return
    relative = path_of(row)
    row.delete()
    transaction.on_commit(lambda: vault.remove(relative))
    record(action=AuditAction.TALK_SAVED, by=by, subject=talk, label=f"{talk}：删附件")


def refuse_unless_talker(talk: Talk, by: Viewer) -> None:
    if talk.talker_id != by.user_id or not by.can(Permission.HOLD_TALK) or by.cadre_id == talk.cadre_id:
        raise DomainError("只有谈话人能记录这次谈话。", code="not_allowed")


def refuse_superior(talk: Talk, superior: Any) -> None:
    if superior.cadre_id is not None and superior.cadre_id == talk.cadre_id:
        raise DomainError("指定上级不能是谈话对象本人。", field="superior", code="self")


def _content_of(talk: Talk) -> TalkContent:
    """The sealed row, made on first writing with every field sealed: what is empty does not show."""
    content: TalkContent | None = TalkContent.objects.filter(talk=talk).first()
    if content is None:
        content = TalkContent(talk=talk)
        seal_row(content, key_for(talk.cadre), dict.fromkeys(ALL_FIELDS, ""))
        content.save(force_insert=True)
    return content


def _checked(texts: Mapping[str, str]) -> dict[str, str]:
    if unknown := set(texts) - set(WRITTEN_FIELDS):
        raise ValueError(f"not content: {sorted(unknown)}")
    for name, text in texts.items():
        if len(text) > LONGEST:
            label = TalkContent._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            message = f"{label}超过 {LONGEST} 字，请精简，或把原始材料作为附件。"
            raise DomainError(message, field=name, code="too_long")
    return dict(texts)


def _move(talk: Talk, state: TalkState, *more: str) -> None:
    talk.state = state
    save_validated(talk, update_fields=["state", *more])
