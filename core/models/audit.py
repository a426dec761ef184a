"""The audit log: one row per act, chained by keyed hashes, never changed and never deleted.

Nothing here is a foreign key: the log outlives what it speaks about, and keeps the words of its day.
"""

from typing import Self

from django.db import models

from core.access import Permission, Viewer
from core.classification import classify


class AuditResult(models.TextChoices):
    OK = "ok", "成功"
    REFUSED = "refused", "被拒绝"
    FAILED = "failed", "失败"


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The whole log for an auditor; anyone else finds the own log-ins (architecture, access matrix)."""
        if viewer.can(Permission.VIEW_AUDIT):
            return self
        return self.filter(actor_id=viewer.user_id, action__startswith="login.")


@classify(
    plain="seq at actor_id roles ip request_id action object_type object_id result prev mac",
    personal="actor_name label reason changes",
)
class AuditEvent(models.Model):
    """Written by `core.audit.record` only; triggers in the database refuse update and delete."""

    seq = models.PositiveBigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间", db_index=True)
    actor_id = models.BigIntegerField("操作人编号", null=True, db_index=True)
    actor_name = models.CharField("操作人", max_length=100)
    roles = models.CharField("角色", max_length=60, blank=True)  # codes separated by spaces
    ip = models.CharField("地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=64, blank=True)
    action = models.CharField("操作", max_length=40, db_index=True)
    object_type = models.CharField("对象类型", max_length=60, blank=True)
    object_id = models.CharField("对象编号", max_length=40, blank=True)
    label = models.CharField("对象", max_length=200, blank=True)
    result = models.CharField("结果", max_length=10, choices=AuditResult)
    reason = models.CharField("原因", max_length=500, blank=True)
    changes = models.JSONField("变更", default=dict, blank=True)  # field -> [old, new] or "已修改"
    prev = models.CharField("上一条校验值", max_length=64)
    mac = models.CharField("校验值", max_length=64)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计日志"
        ordering = ["-seq"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.label}"
