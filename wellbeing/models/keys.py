from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.classification import classify
from core.crypto.fields import EncryptedTextField
from people.models import Cadre


@classify(plain="cadre suite created_at destroyed_at destroyed_by", sensitive="wrapped")
class CadreKey(models.Model):
    """The data key of one cadre, wrapped by the key file; `rotate_keys` wraps it anew like any other value.

    Destroying it (an empty `wrapped`) erases all that was sealed for the cadre, in every backup as well.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cadre = models.OneToOneField(Cadre, models.PROTECT, related_name="+", verbose_name="干部")
    suite = models.CharField("算法", max_length=16)
    wrapped = EncryptedTextField("密钥", blank=True, default="")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    destroyed_at = models.DateTimeField("销毁时间", null=True, blank=True)
    destroyed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="销毁人",
    )

    objects: Any = models.Manager()

    class Meta:
        verbose_name = verbose_name_plural = "个人密钥"
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=False) | Q(destroyed_by__isnull=True),
                name="key_destroyer_needs_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·个人密钥"
