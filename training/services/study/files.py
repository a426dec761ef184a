"""Photos and documents of an activity; the bytes are with core.files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.errors import DomainError
from core.files import DOCUMENTS, PHOTOS, drop_file, keep_file
from training.choices import ActivityState
from training.models import ActivityFile, StudyActivity
from training.services.study.reach import refuse_outside_of

MOST_FILES = 40


@transaction.atomic
def attach_files(
    *, activity: StudyActivity, uploads: Sequence[Any], by: Viewer, at: datetime, caption: str = ""
) -> list[ActivityFile]:
    """All of them or none."""
    refuse_outside_of(activity, by)
    if activity.state == ActivityState.CANCELLED:
        raise DomainError("活动已取消，不再上传文件。", code="cancelled")
    if activity.files.count() + len(uploads) > MOST_FILES:
        message = f"一场活动最多 {MOST_FILES} 个附件，请先删去不需要的。"
        raise DomainError(message, field="uploads", code="too_many")
    return [_attach(activity, upload, by, at, caption) for upload in uploads]


def _attach(activity: StudyActivity, upload: Any, by: Viewer, at: datetime, caption: str) -> ActivityFile:
    stored = keep_file(upload=upload, by=by, accept=PHOTOS | DOCUMENTS, at=at, field="uploads")
    row = ActivityFile.objects.create(
        activity=activity, stored=stored, caption=caption.strip()[:100], added_at=at
    )
    label = f"上传附件：{activity}，{stored.name}"
    record(action=AuditAction.TRAINING_CHANGED, by=by, subject=row, label=label)
    return row


@transaction.atomic
def detach_file(*, file: ActivityFile, by: Viewer) -> None:
    refuse_outside_of(file.activity, by)
    stored = file.stored
    label = f"删除附件：{file.activity}，{stored.name}"
    record(action=AuditAction.TRAINING_CHANGED, by=by, subject=file, label=label)
    file.delete()
    drop_file(stored)
