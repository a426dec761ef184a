"""Material of a class (课件、通知): files for whoever may see the catalogue."""

from typing import Self

from django.db import models

from core.access import Viewer
from core.classification import classify
from core.models import StoredFile
from training.models.catalogue import TrainingClass


class ClassFileQuerySet(models.QuerySet["ClassFile"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(training_class__in=TrainingClass.objects.visible_to(viewer))


@classify(plain="training_class title file added_at added_by")
class ClassFile(models.Model):
    """One file of a class under a title."""

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="files", verbose_name="班次"
    )
    title = models.CharField("名称", max_length=120)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    added_at = models.DateTimeField("上传时间")
    added_by = models.CharField("上传人", max_length=60)

    objects = ClassFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "班次材料"
        ordering = ["training_class", "added_at", "pk"]

    def __str__(self) -> str:
        return self.title
