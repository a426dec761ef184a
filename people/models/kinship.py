"""Who is related to whom among the cadres of the zone: what 任职回避 is judged by (domain.md 2.4)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from people.choices import KinRelation
from people.models.cadres import Cadre


class KinTieQuerySet(models.QuerySet["KinTie"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """A tie tells on both: it is for those who may read the family of either."""
        read = Cadre.objects.visible_to(viewer, Permission.VIEW_FAMILY)
        return self.filter(Q(cadre__in=read) | Q(relative__in=read))

    def of(self, cadre_ids: "list[int] | models.QuerySet[Cadre]") -> Self:
        return self.filter(Q(cadre__in=cadre_ids) | Q(relative__in=cadre_ids))

    def between(self, one: int, other: int) -> Self:
        return self.filter(Q(cadre=one, relative=other) | Q(cadre=other, relative=one))


@classify(plain="confirmed_by confirmed_at", personal="cadre relative relation")
class KinTie(models.Model):
    """`relative` is the `relation` of `cadre`; kept once, read from both sides.

    A tie found in the family lines of a record waits for somebody to confirm it (`confirmed_at` None).
    """

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="+", verbose_name="干部")
    relative = models.ForeignKey(Cadre, models.CASCADE, related_name="+", verbose_name="亲属")
    relation = models.CharField("亲属关系", max_length=24, choices=KinRelation)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="核实人",
    )
    confirmed_at = models.DateTimeField("核实时间", null=True, blank=True)

    objects = KinTieQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "亲属关系"
        ordering = ["cadre", "relation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre", "relative"],
                name="kin_tie_once",
                violation_error_message="这两名干部的亲属关系已登记。",
            ),
            models.CheckConstraint(
                condition=~Q(cadre=F("relative")),
                name="kin_tie_of_two",
                violation_error_message="不能与本人登记亲属关系。",
            ),
        ]
        indexes = [models.Index(fields=["relative"], name="kin_tie_back")]

    def __str__(self) -> str:
        return f"{self.cadre}的{self.get_relation_display()}{self.relative}"


@classify(plain="by at", personal="cadre relative reason")
class KinDismissal(models.Model):
    """Two people of whom somebody found that they are no relatives, so that nobody is asked again."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="+", verbose_name="干部")
    relative = models.ForeignKey(Cadre, models.CASCADE, related_name="+", verbose_name="误认的亲属")
    reason = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="核实人",
    )
    at = models.DateTimeField("核实时间")

    objects = KinTieQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "已排除的亲属关系"
        constraints = [
            models.UniqueConstraint(fields=["cadre", "relative"], name="kin_dismissed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}与{self.relative}不是亲属"
