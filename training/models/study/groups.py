"""The circles that study together, and who belonged to them when."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.models import Cadre, Unit
from people.models.cadres import cadre_seen
from people.models.units import under_any
from training.choices import GroupKind


class StudyGroupQuerySet(models.QuerySet["StudyGroup"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()

    def in_reach(self, viewer: Viewer, permission: Permission) -> Self:
        """Groups that the viewer may change: all may be known, only those of the own units changed."""
        if viewer.sees_all(permission):
            return self
        return self.filter(under_any(viewer.paths(permission), "unit__path"))

    def open_on(self, day: date) -> Self:
        return self.exclude(closed_on__lt=day).exclude(opened_on__gt=day)


@classify(plain="name kind parent unit opened_on closed_on")
class StudyGroup(models.Model):
    """A circle that studies together: a party branch, its committee, a party group, the centre group."""

    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类别", max_length=12, choices=GroupKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="children", null=True, blank=True, verbose_name="所属支部"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="所在机构"
    )
    opened_on = models.DateField("成立日期", null=True, blank=True)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects = StudyGroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习组"
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True)
                | Q(closed_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
                name="group_closes_after_opening",
                violation_error_message="撤销日期不能早于成立日期。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(cadre_seen(viewer, Permission.VIEW_TRAINING))


@classify(plain="group role starts_on ends_on", personal="cadre")
class GroupMembership(Period):
    """Who belonged to a study group when, and as what (书记, 委员, 组长, 学习秘书)."""

    group = models.ForeignKey(StudyGroup, models.CASCADE, related_name="memberships", verbose_name="学习组")
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="memberships", verbose_name="干部")
    role = models.CharField("职务", max_length=20, blank=True)

    objects: Any = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学习组成员"
        ordering = ["group", "cadre", "starts_on"]
        constraints = [
            Period.ends_after_start("membership_ends_after_start"),
            models.UniqueConstraint(
                fields=["group", "cadre"],
                condition=Q(ends_on__isnull=True),
                name="one_open_membership_per_group",
                violation_error_message="该干部已是该学习组成员。",
            ),
        ]
        indexes = [models.Index(fields=["cadre", "starts_on"], name="memberships_of_cadre")]

    def __str__(self) -> str:
        return f"{self.group}·{self.cadre}"
