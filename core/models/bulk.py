"""A field changed on many rows at once, row by row: looked at first, taken back after if need be."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models

from core.access import Viewer
from core.choices import BulkRowState, BulkState
from core.classification import classify


class BulkChangeQuerySet(models.QuerySet["BulkChange"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """One's own: what it holds was within the reach of whoever made it."""
        return self.filter(owner_id=viewer.user_id)


@classify(
    plain="owner list_key field_key field_label state created_at applied_at undone_at job_uid",
    personal="value shown reason",
)
class BulkChange(models.Model):
    """One new value for one field; `value` is as the list's bulk field stores it, `shown` as it is read."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="修改人"
    )
    list_key = models.CharField("列表", max_length=80)
    field_key = models.CharField("字段", max_length=40)
    field_label = models.CharField("字段名称", max_length=40)
    value = models.JSONField("新值", null=True, blank=True)
    shown = models.CharField("新值（文字）", max_length=200, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=BulkState, default=BulkState.DRAFT)
    created_at = models.DateTimeField("预览时间")
    applied_at = models.DateTimeField("修改时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    job_uid = models.UUIDField("后台任务", null=True, blank=True)

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量修改"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="bulk_change_of_owner")]

    def __str__(self) -> str:
        return f"{self.field_label}改为“{self.shown or '空'}”"


@classify(plain="change object_id position state", personal="label before before_shown note")
class BulkChangeRow(models.Model):
    """One row of a batch: what stood there, and what became of it."""

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="rows", verbose_name="批量修改")
    object_id = models.BigIntegerField("记录")
    position = models.PositiveIntegerField("顺序")
    label = models.CharField("名称", max_length=200)
    before = models.JSONField("原值", null=True, blank=True)
    before_shown = models.CharField("原值（文字）", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=BulkRowState, default=BulkRowState.READY)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量修改的记录"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["change", "object_id"], name="bulk_change_row_once"),
        ]

    def __str__(self) -> str:
        return self.label
