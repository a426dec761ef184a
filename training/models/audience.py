"""Whom something is meant for: everyone, a unit with those below it, or a study group."""

from django.db import models
from django.db.models import Q

from core.classification import classify
from people.models import Unit
from training.choices import Audience
from training.models.study import StudyGroup


@classify(plain="audience unit group")
class Addressed(models.Model):
    """Abstract. Who it is on a day is asked of training.queries.audience."""

    audience = models.CharField("对象", max_length=8, choices=Audience, default=Audience.ALL)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="部门"
    )
    group = models.ForeignKey(
        StudyGroup, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="学习组"
    )

    class Meta:
        abstract = True

    @staticmethod
    def names_its_audience(name: str) -> models.CheckConstraint:
        """The constraint that every addressed table carries, under its own name."""
        everyone = Q(audience=Audience.ALL, unit__isnull=True, group__isnull=True)
        unit = Q(audience=Audience.UNIT, unit__isnull=False, group__isnull=True)
        group = Q(audience=Audience.GROUP, unit__isnull=True, group__isnull=False)
        return models.CheckConstraint(
            condition=everyone | unit | group,
            name=name,
            violation_error_message="对象选“部门”时须选定部门，选“学习组”时须选定学习组。",
        )

    @property
    def audience_words(self) -> str:
        return str(self.unit or self.group or self.get_audience_display())
