"""Validity periods: history is kept by dated rows, never overwritten.

Days are closed on both ends; an open end is NULL. `covering(day)` is the one way to ask "as of which day".
"""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q


def covers(day: date, prefix: str = "") -> Q:
    """Condition: the row's period (reached through `prefix`, such as "appointments__") holds `day`."""
    started = Q(**{f"{prefix}starts_on__lte": day})
    return started & (Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day}))


def overlaps(starts_on: date, ends_on: date | None) -> Q:
    """Condition: the row shares at least one day with the closed period given; None is an open end."""
    begins_before_end = Q() if ends_on is None else Q(starts_on__lte=ends_on)
    return begins_before_end & (Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))


class PeriodQuerySet(models.QuerySet[Any]):
    def covering(self, day: date) -> Self:
        return self.filter(covers(day))


class Period(models.Model):
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True, help_text="留空表示至今有效")

    class Meta:
        abstract = True

    @staticmethod
    def ends_after_start(name: str) -> models.CheckConstraint:
        """The constraint that every dated table carries, under its own name."""
        return models.CheckConstraint(
            condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            name=name,
            violation_error_message="结束日期不能早于开始日期。",
        )

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)
