"""Uploaded photos and documents: what they are; the bytes lie encrypted in the data folder (core.files)."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.classification import classify


@classify(plain="content_type size kept_at kept_by", personal="name sha256")
class StoredFile(models.Model):
    """Has no readers of its own: whoever may see the row that links to it may have it.

    Made and removed by `core.files` only. `name` is the name for downloads; on disk the file has another.
    """

    uid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("摘要", max_length=64)
    kept_at = models.DateTimeField("上传时间", default=timezone.now, db_index=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="上传人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "上传的文件"
        ordering = ["kept_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_photo(self) -> bool:
        return self.content_type.startswith("image/")
