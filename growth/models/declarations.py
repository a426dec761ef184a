"""What a cadre has said there is none of, so that an empty chapter is a statement and not a gap."""

from typing import Self

from django.db import models

from core.access import Permission, Viewer
from core.classification import classify
from people.models import Cadre
from people.models.cadres import cadre_seen


class Declarable(models.TextChoices):
    FAMILY = "family", "家庭主要成员"
    HONOURS = "honours", "奖励荣誉"
    IN_SERVICE = "in_service", "在职教育"


class NoneDeclaredQuerySet(models.QuerySet["NoneDeclared"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(cadre_seen(viewer, Permission.VIEW_RESUME))


@classify(plain="item at by_name", personal="cadre")
class NoneDeclared(models.Model):
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="none_declared", verbose_name="干部")
    item = models.CharField("项目", max_length=12, choices=Declarable)
    at = models.DateTimeField("申明时间")
    by_name = models.CharField("申明人", max_length=60)

    objects = NoneDeclaredQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "无此项申明"
        ordering = ["cadre", "item"]
        constraints = [models.UniqueConstraint(fields=["cadre", "item"], name="none_declared_once")]

    def __str__(self) -> str:
        return f"{self.cadre} 无{self.get_item_display()}"
