"""Evaluation of classes: anonymous by construction. A sheet knows its class, and nobody who filled it."""

from typing import Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from people.models import Cadre
from training.choices import AnswerKind, EvaluationSubject
from training.models.catalogue import TrainingClass


class OfOfficeQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()


@classify(plain="name closed_on")
class EvaluationTemplate(models.Model):
    """A set of questions to use again and again; one that was used is closed, never changed."""

    name = models.CharField("名称", max_length=60, unique=True, error_messages={"unique": "已有同名问卷。"})
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价问卷"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@classify(plain="template order text kind subject")
class EvaluationQuestion(models.Model):
    template = models.ForeignKey(
        EvaluationTemplate, models.CASCADE, related_name="questions", verbose_name="问卷"
    )
    order = models.PositiveSmallIntegerField("序号", default=1)
    text = models.CharField("问题", max_length=120)
    kind = models.CharField("作答方式", max_length=8, choices=AnswerKind, default=AnswerKind.SCALE)
    subject = models.CharField(
        "评价对象", max_length=12, choices=EvaluationSubject, default=EvaluationSubject.CLASS
    )

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价问题"
        ordering = ["template", "order", "pk"]

    def __str__(self) -> str:
        return self.text


@classify(plain="training_class template opened_on closes_on closed_on")
class Evaluation(models.Model):
    """The questionnaire of one class, open from `opened_on` to `closes_on`; ended earlier by `closed_on`."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    training_class = models.OneToOneField(
        TrainingClass, models.CASCADE, related_name="evaluation", verbose_name="班次"
    )
    template = models.ForeignKey(
        EvaluationTemplate, models.PROTECT, related_name="evaluations", verbose_name="问卷"
    )
    opened_on = models.DateField("发放日期")
    closes_on = models.DateField("截止日期")
    closed_on = models.DateField("结束日期", null=True, blank=True)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学员评价"
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opened_on")),
                name="evaluation_closes_after_opening",
                violation_error_message="截止日期不能早于发放日期。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class}·学员评价"


class EvaluationMarkQuerySet(models.QuerySet["EvaluationMark"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The own one alone: who has answered is nobody's business but the person's."""
        on_own = viewer.on_own_record(Permission.SIGN_UP)
        return self.filter(cadre=viewer.cadre_id) if on_own else self.none()


@classify(plain="evaluation is_used", personal="cadre")
class EvaluationMark(models.Model):
    """That a person may answer, and whether it was done. It keeps no time: a time would lead to the sheet."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="marks", verbose_name="学员评价")
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="evaluation_marks", verbose_name="干部")
    is_used = models.BooleanField("已填写", default=False)

    objects = EvaluationMarkQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价资格"
        ordering = ["evaluation", "cadre"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "cadre"], name="cadre_evaluates_once"),
        ]
        indexes = [models.Index(fields=["cadre", "is_used"], name="evaluation_marks_of_cadre")]

    def __str__(self) -> str:
        return str(self.evaluation)


class NobodysQuerySet(models.QuerySet[models.Model]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Single answers are read by nobody; training.queries.evaluation sums them up from five sheets on."""
        return self.none()


@classify(plain="evaluation")
class EvaluationSheet(models.Model):
    """One filled questionnaire. Random keys and no times: its place in the table says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="sheets", verbose_name="学员评价")

    objects = NobodysQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价答卷"
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.evaluation_id)


@classify(plain="sheet question points", personal="text")
class EvaluationAnswer(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sheet = models.ForeignKey(EvaluationSheet, models.CASCADE, related_name="answers", verbose_name="答卷")
    question = models.ForeignKey(
        EvaluationQuestion, models.PROTECT, related_name="answers", verbose_name="问题"
    )
    points = models.PositiveSmallIntegerField(
        "评分", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.CharField("文字", max_length=1000, blank=True)

    objects = NobodysQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "评价作答"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question"], name="question_answered_once"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=1, points__lte=5),
                name="points_from_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return str(self.points or self.text)
