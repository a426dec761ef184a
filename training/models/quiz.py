"""The bank of questions, the quizzes made of them, and what people answered."""

from typing import Self
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from people.models import Cadre, Unit
from people.models.cadres import cadre_seen
from training.choices import AttemptSource, QuestionKind, Theme
from training.models.articles import Article
from training.models.audience import Addressed
from training.models.catalogue import TrainingClass

LETTERS = "ABCDEFGH"


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The bank holds the answers: only those who set quizzes read it."""
        return self if viewer.can(Permission.EDIT_TRAINING) else self.none()


@classify(plain="theme kind text options answer explanation retired_on")
class Question(models.Model):
    """One question. `options` has one option a line; `answer` names the right ones by their letters."""

    theme = models.CharField("专题", max_length=16, choices=Theme)
    kind = models.CharField("题型", max_length=8, choices=QuestionKind)
    text = models.CharField("题目", max_length=500)
    options = models.TextField("选项", max_length=2000)
    answer = models.CharField(
        "正确答案", max_length=8, validators=[RegexValidator(r"^[A-H]+$", "请填选项的字母，如 A 或 ACD。")]
    )
    explanation = models.CharField("解析", max_length=500, blank=True)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "试题"
        ordering = ["theme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["text"],
                name="question_once",
                violation_error_message="题库中已有这道题。",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(letter, option) in order."""
        return list(zip(LETTERS, self.options.splitlines(), strict=False))


class QuizQuerySet(models.QuerySet["Quiz"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()


@classify(plain="title theme training_class article pass_mark attempts_allowed opens_on due_on closed_on")
class Quiz(Addressed):
    """A test for the people of a class, the audience of an article, or an audience of its own."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField("名称", max_length=120)
    theme = models.CharField("专题", max_length=16, choices=Theme, default=Theme.OTHER)
    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="quizzes", null=True, blank=True, verbose_name="班次"
    )
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="quizzes", null=True, blank=True, verbose_name="文章"
    )
    pass_mark = models.PositiveSmallIntegerField(
        "及格分", default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        "可答次数", default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    opens_on = models.DateField("开始日期")
    due_on = models.DateField("截止日期")
    closed_on = models.DateField("提前结束日期", null=True, blank=True)
    questions = models.ManyToManyField(
        Question, through="QuizQuestion", related_name="quizzes", verbose_name="试题"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = QuizQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "测验"
        ordering = ["-due_on", "-pk"]
        constraints = [
            Addressed.names_its_audience("quiz_names_its_audience"),
            models.UniqueConstraint(
                fields=["title"], name="quiz_title_once", violation_error_message="已有同名测验。"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("opens_on")),
                name="quiz_due_after_opening",
                violation_error_message="截止日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(training_class__isnull=True) | Q(article__isnull=True),
                name="quiz_of_a_class_or_an_article",
                violation_error_message="班次和文章只能选一个。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OfQuizQuerySet(models.QuerySet["QuizQuestion"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(quiz__in=Quiz.objects.visible_to(viewer))


@classify(plain="quiz question order")
class QuizQuestion(models.Model):
    """All questions of a quiz weigh the same."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="places", verbose_name="测验")
    question = models.ForeignKey(Question, models.PROTECT, related_name="places", verbose_name="试题")
    order = models.PositiveSmallIntegerField("序号", default=1)

    objects = OfQuizQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "测验题目"
        ordering = ["quiz", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["quiz", "question"], name="question_once_per_quiz")]

    def __str__(self) -> str:
        return str(self.question)


class AttemptQuerySet(models.QuerySet["QuizAttempt"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre_seen(viewer, permission))


@classify(plain="quiz unit number source taken_at", personal="cadre score passed")
class QuizAttempt(models.Model):
    """One attempt, handed in. On paper there is one, with the number 0; online they count from 1."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="attempts", verbose_name="测验")
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="quiz_attempts", verbose_name="干部")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )
    number = models.PositiveSmallIntegerField("第几次")
    source = models.CharField("方式", max_length=8, choices=AttemptSource, default=AttemptSource.ONLINE)
    taken_at = models.DateTimeField("交卷时间")
    score = models.DecimalField(
        "分数",
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    passed = models.BooleanField("及格")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "测验成绩"
        ordering = ["quiz", "cadre", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz", "cadre", "number"],
                name="attempts_are_numbered",
                violation_error_message="这一次答题已经交卷，请刷新页面查看成绩。",
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="quiz_score_within_100"),
        ]
        indexes = [models.Index(fields=["cadre", "quiz"], name="quiz_attempts_of_cadre")]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.quiz}"


class QuizAnswerQuerySet(models.QuerySet["QuizAnswer"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Which answers were wrong is the person's own to see."""
        on_own = viewer.on_own_record(Permission.VIEW_TRAINING)
        return self.filter(attempt__cadre=viewer.cadre_id) if on_own else self.none()


@classify(plain="attempt question", personal="chosen is_right")
class QuizAnswer(models.Model):
    attempt = models.ForeignKey(QuizAttempt, models.CASCADE, related_name="answers", verbose_name="答卷")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name="试题")
    chosen = models.CharField("所选", max_length=8, blank=True)
    is_right = models.BooleanField("答对")

    objects = QuizAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "测验作答"
        ordering = ["attempt", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="quiz_question_answered_once")
        ]

    def __str__(self) -> str:
        return self.chosen
