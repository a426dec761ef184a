"""The only way to what was said: checked, written into the audit log, and only then opened.

Nothing else in the product opens a TalkContent, a correction or an attachment. If the audit log cannot be
written, the door stays shut.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from core import audit, vault
from core.access import Viewer
from core.choices import AuditAction
from core.crypto import DecryptionError
from core.errors import DomainError
from wellbeing.access import FIELDS_OPEN_TO, emergency_of, right_to
from wellbeing.choices.talks import GlassState, Right
from wellbeing.models import EmergencyAccess, Talk, TalkContent, TalkCorrection, TalkFile
from wellbeing.sealing.cipher import SealingKey, open_bytes
from wellbeing.sealing.keys import key_of, open_row

logger = logging.getLogger("wellbeing.door")
SHUT = "审计日志暂时写不进去，为保密起见不能打开内容。请稍后重试；仍不行请联系安全审计员。"
WITH_RECORD = (Right.TALKER, Right.SUPERIOR, Right.EMERGENCY)
WITH_FILES = (Right.TALKER, Right.SUPERIOR)


@dataclass(frozen=True, slots=True)
class OpenCorrection:
    at: datetime
    by: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenFile:
    pk: int
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenTalk:
    """What one reader gets to see of one talk; `right` says as what."""

    right: Right
    version: int
    saved_at: datetime | None
    texts: Mapping[str, str] = field(repr=False)
    corrections: tuple[OpenCorrection, ...] = ()
    files: tuple[OpenFile, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str = field(repr=False)
    content_type: str
    data: bytes = field(repr=False)


def open_talk(*, viewer: Viewer, talk: Talk, at: datetime) -> OpenTalk:
    """Raises Talk.DoesNotExist for whoever has no right: for them there is nothing here."""
    right = _enter(viewer, talk, at)
    try:
        return _opened(talk, right, viewer, at)
    except DecryptionError as damage:
        note_damage(viewer, talk)
        damage.noted = True
        raise


def open_attachment(*, viewer: Viewer, talk: Talk, pk: int, at: datetime) -> Attachment:
    """An attachment leaves the system as a file, so an emergency access does not reach it."""
    if right_to(viewer, talk, at=at) not in WITH_FILES:
        raise Talk.DoesNotExist
    found = TalkFile.objects.filter(talk=talk, pk=pk).first()
    if found is None:
        raise Talk.DoesNotExist
    _enter(viewer, talk, at)
    try:
        return _attachment(found, key_of(talk.cadre_id))
    except DecryptionError as damage:
        note_damage(viewer, talk)
        damage.noted = True
        raise


def _enter(viewer: Viewer, talk: Talk, at: datetime) -> Right:
    """Checks and writes down, in a transaction of its own that stands before anything is opened."""
    try:
        with transaction.atomic(durable=True):
            right = right_to(viewer, talk, at=at)
            if right is not None:
                _note_opening(viewer, talk, right, at)
    except Exception as error:  # whatever keeps the event from being written keeps the door shut
        logger.exception("talk %s stays shut: no audit event", talk.pk)
        raise DomainError(SHUT, code="audit_unavailable") from error
    if right is None:
        raise Talk.DoesNotExist
    return right


def _note_opening(viewer: Viewer, talk: Talk, right: Right, at: datetime) -> None:
    action, reason = AuditAction.TALK_OPENED, Right(right).label
    if right == Right.EMERGENCY:
        grant = emergency_of(viewer.user_id, talk, at=at)
        assert grant is not None
        action, reason = AuditAction.BREAK_GLASS_OPENED, grant.get_category_display()
        EmergencyAccess.objects.filter(pk=grant.pk, state=GlassState.OPEN).update(
            openings=F("openings") + 1, opened_at=Coalesce(F("opened_at"), at)
        )
    audit.record(action=action, by=viewer, subject=talk, label=str(talk), reason=str(reason), at=at)


def note_damage(viewer: Viewer | None, talk: Talk) -> None:
    with transaction.atomic():
        audit.record(
            action=AuditAction.TALK_DAMAGED, by=viewer, subject=talk, label=str(talk), result="failed"
        )


def _opened(talk: Talk, right: Right, viewer: Viewer, at: datetime) -> OpenTalk:
    content = TalkContent.objects.filter(talk=talk).first()
    if content is None and not TalkFile.objects.filter(talk=talk).exists():
        return OpenTalk(right, 0, None, dict.fromkeys(FIELDS_OPEN_TO[right], ""))
    content = content or TalkContent(talk=talk)
    key = key_of(talk.cadre_id)
    grant = emergency_of(viewer.user_id, talk, at=at) if right == Right.EMERGENCY else None
    return OpenTalk(
        right=right,
        version=content.version,
        saved_at=content.saved_at,
        texts=open_row(content, key, FIELDS_OPEN_TO[right]),
        corrections=_corrections(talk, key) if right in WITH_RECORD and talk.archived_at else (),
        files=_files(talk, key) if right in WITH_FILES else (),
        until=grant.expires_at if grant else None,
    )


def _corrections(talk: Talk, key: SealingKey) -> tuple[OpenCorrection, ...]:
    rows = TalkCorrection.objects.filter(talk=talk).select_related("by")
    return tuple(OpenCorrection(row.at, str(row.by), open_row(row, key, ["text"])["text"]) for row in rows)


def _files(talk: Talk, key: SealingKey) -> tuple[OpenFile, ...]:
    rows = TalkFile.objects.filter(talk=talk)
    return tuple(OpenFile(row.pk, open_row(row, key, ["name"])["name"]) for row in rows)


def _attachment(row: TalkFile, key: SealingKey) -> Attachment:
    texts = open_row(row, key, ["name", "content_type"])
    try:
        sealed = vault.read(path_of(row), context=context_of(row))
    except FileNotFoundError as gone:
        message = "附件文件已不在数据目录中，请由系统管理员从备份恢复 media/sealed。"
        raise DomainError(message, code="file_gone") from gone
    data = open_bytes(key, sealed, context=context_of(row))
    return Attachment(texts["name"], texts["content_type"], data)


def path_of(row: TalkFile) -> str:
    return f"sealed/{row.uid.hex[:2]}/{row.uid.hex}.bin"


def context_of(row: TalkFile) -> str:
    return f"wellbeing.talkfile:{row.uid}:data"
