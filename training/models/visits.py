"""外出考察（走出去）: where a class goes, what it reports, and what it brings home."""

from typing import Self

from django.db import models
from django.db.models import Q

from core.access import Viewer
from core.classification import classify
from core.models import StoredFile
from people.models import Cadre, Unit
from training.models.catalogue import TrainingClass


class StudyVisitQuerySet(models.QuerySet["StudyVisit"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(training_class__in=TrainingClass.objects.visible_to(viewer))


@classify(plain="training_class report_due_on report report_at report_by", personal="leader")
class StudyVisit(models.Model):
    """The journey of a class: who leads it, and the report that is due afterwards."""

    training_class = models.OneToOneField(
        TrainingClass, models.CASCADE, related_name="visit", verbose_name="班次"
    )
    leader = models.ForeignKey(
        Cadre, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="带队人"
    )
    report_due_on = models.DateField("考察报告期限", null=True, blank=True)
    report = models.OneToOneField(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="考察报告"
    )
    report_at = models.DateTimeField("提交时间", null=True, blank=True)
    report_by = models.CharField("提交人", max_length=60, blank=True)

    objects = StudyVisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "外出考察"
        ordering = ["training_class"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=True, report_at__isnull=True)
                | Q(report__isnull=False, report_at__isnull=False),
                name="visit_report_with_its_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class}·考察"


class VisitStopQuerySet(models.QuerySet["VisitStop"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(visit__in=StudyVisit.objects.visible_to(viewer))


@classify(plain="visit day place host subject")
class VisitStop(models.Model):
    """One line of the itinerary."""

    visit = models.ForeignKey(StudyVisit, models.CASCADE, related_name="stops", verbose_name="外出考察")
    day = models.DateField("日期")
    place = models.CharField("地点", max_length=100)
    host = models.CharField("接待单位", max_length=100, blank=True)
    subject = models.CharField("考察内容", max_length=200, blank=True)

    objects = VisitStopQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考察行程"
        ordering = ["visit", "day", "pk"]

    def __str__(self) -> str:
        return self.place


class VisitLessonQuerySet(models.QuerySet["VisitLesson"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(visit__in=StudyVisit.objects.visible_to(viewer))


@classify(plain="visit title detail unit task_id")
class VisitLesson(models.Model):
    """One item brought home (取经清单); `task_id` names the park task that it became."""

    visit = models.ForeignKey(StudyVisit, models.CASCADE, related_name="lessons", verbose_name="外出考察")
    title = models.CharField("做法", max_length=120)
    detail = models.TextField("内容", max_length=2000, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="落实部门"
    )
    task_id = models.PositiveBigIntegerField("园区任务", null=True, blank=True)

    objects = VisitLessonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "取经清单"
        ordering = ["visit", "pk"]

    def __str__(self) -> str:
        return self.title
