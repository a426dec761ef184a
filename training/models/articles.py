"""引学文章 and documents to be read, and who has read them."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from core.models import StoredFile
from people.models import Cadre, Unit
from people.models.cadres import cadre_seen
from training.choices import ArticleCategory, ReadingWay, Theme
from training.models.audience import Addressed


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """What is published is known in the zone; what was withdrawn only to those who may bring it back."""
        if viewer.can(Permission.EDIT_TRAINING) or viewer.can(Permission.EDIT_STUDY):
            return self
        return self.published() if viewer.can(Permission.VIEW_TRAINING) else self.none()

    def published(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


@classify(
    plain=(
        "title source link text file category theme is_must_read due_on published_on published_by "
        "withdrawn_at withdraw_reason"
    )
)
class Article(Addressed):
    """Something to read: pasted text, a PDF or a link. A must-read has a deadline and an audience.

    Expected are those who belonged to the audience on `published_on`.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField("标题", max_length=120)
    source = models.CharField("来源", max_length=80, blank=True)
    link = models.URLField("原文链接", max_length=500, blank=True)
    text = models.TextField("正文", max_length=50000, blank=True)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="附件"
    )
    category = models.CharField("类别", max_length=12, choices=ArticleCategory)
    theme = models.CharField("专题", max_length=16, choices=Theme, default=Theme.OTHER)
    is_must_read = models.BooleanField("必读", default=False)
    due_on = models.DateField("阅读期限", null=True, blank=True)
    published_on = models.DateField("发布日期")
    published_by = models.CharField("发布人", max_length=60, blank=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    withdraw_reason = models.CharField("撤下原因", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "引学文章"
        ordering = ["-published_on", "-pk"]
        constraints = [
            Addressed.names_its_audience("article_names_its_audience"),
            models.CheckConstraint(
                condition=Q(is_must_read=True, due_on__isnull=False)
                | Q(is_must_read=False, due_on__isnull=True),
                name="must_read_has_a_deadline",
                violation_error_message="必读须填写阅读期限，非必读不填。",
            ),
            models.CheckConstraint(
                condition=~Q(link="") | ~Q(text="") | Q(file__isnull=False),
                name="article_has_content",
                violation_error_message="请粘贴正文、上传 PDF，或填写原文链接，至少一项。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdraw_reason=""),
                name="article_withdrawn_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["is_must_read", "due_on"], name="must_reads_by_deadline")]

    def __str__(self) -> str:
        return self.title


class ReadingQuerySet(models.QuerySet["Reading"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre_seen(viewer, permission))


@classify(plain="article unit read_at way registered_by", personal="cadre")
class Reading(models.Model):
    """One cadre has read one article, by own confirmation or on paper.

    `unit` is where the person belonged.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="readings", verbose_name="文章")
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="readings", verbose_name="干部")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )
    read_at = models.DateTimeField("阅读时间")
    way = models.CharField("方式", max_length=8, choices=ReadingWay, default=ReadingWay.ONLINE)
    registered_by = models.CharField("登记人", max_length=60, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "阅读记录"
        ordering = ["article", "read_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "cadre"],
                name="cadre_reads_once",
                violation_error_message="该干部已经登记阅读。",
            )
        ]
        indexes = [models.Index(fields=["cadre", "article"], name="readings_of_cadre")]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.article}"
