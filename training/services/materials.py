"""Material of a class: files that everyone who sees the class may fetch."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.access import Viewer
from core.audit import record
from core.choices import AuditAction
from core.files import DOCUMENTS, PHOTOS, drop_file, keep_file
from core.saving import save_validated
from training.models import ClassFile, TrainingClass


@transaction.atomic
def add_class_file(
    *, training_class: TrainingClass, title: str, upload: Any, by: Viewer, at: datetime
) -> ClassFile:
    """Without a title the file's own name serves."""
    stored = keep_file(upload=upload, by=by, accept=DOCUMENTS | PHOTOS, at=at, field="upload")
    found = ClassFile(
        training_class=training_class,
        title=title.strip() or stored.name[:120],
        file=stored,
        added_at=at,
        added_by=by.name[:60],
    )
    save_validated(found)
    record(
        action=AuditAction.TRAINING_CHANGED,
        by=by,
        subject=training_class,
        label=f"上传材料：{training_class}·{found}",
    )
    return found


@transaction.atomic
def remove_class_file(*, class_file: ClassFile, by: Viewer) -> None:
    stored, held, title = class_file.file, class_file.training_class, class_file.title
    class_file.delete()
    drop_file(stored)
    record(action=AuditAction.TRAINING_CHANGED, by=by, subject=held, label=f"删除材料：{held}·{title}")
