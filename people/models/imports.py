from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.crypto.fields import EncryptedTextField
from people.choices import ChangeAction, ImportKind


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """A batch and its answer workbook belong to the one who ran it (access matrix row 21)."""
        return self.filter(applied_by_id=viewer.user_id) if viewer.can(Permission.IMPORT) else self.none()


@classify(
    plain="kind file_name file_digest counts applied_at applied_by undone_at undone_by",
)
class ImportBatch(models.Model):
    """One applied file. It can be undone as a whole while nothing else has touched its rows."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("类型", max_length=12, choices=ImportKind)
    file_name = models.CharField("文件", max_length=255)
    file_digest = models.CharField(max_length=64)
    counts = models.JSONField("行数", default=dict)
    applied_at = models.DateTimeField("导入时间")
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name="导入人"
    )
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name="撤销人"
    )

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True),
                name="undone_by_needs_undone_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}《{self.file_name}》"


@classify(plain="batch model_label object_id action", sensitive="before after")
class ImportChange(models.Model):
    """One row that a batch wrote: field values before and after as encrypted JSON."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="changes")
    model_label = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=8, choices=ChangeAction)
    before = EncryptedTextField(blank=True, default="")
    after = EncryptedTextField(blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "导入变更"
        ordering = ["pk"]
        indexes = [models.Index(fields=["model_label", "object_id"], name="import_change_of_row")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.model_label} {self.object_id}"
