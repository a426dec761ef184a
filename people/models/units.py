from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import Q

from core.access import Permission, Viewer
from core.classification import classify
from people.choices import LeadershipLevel, PostClass, UnitKind


def under_any(paths: tuple[str, ...], field: str) -> Q:
    """Condition: the materialised path in `field` lies under one of `paths`; nothing for no path."""
    each = [Q(**{f"{field}__startswith": path}) for path in paths]
    return reduce(or_, each) if each else Q(pk__in=())


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The structure of the zone is known to everyone who works in it (security.md, L1)."""
        return self if viewer.can(Permission.VIEW_UNIT) or viewer.cadre_id else self.none()

    def in_reach(self, viewer: Viewer, permission: Permission) -> Self:
        """Units in which a grant of the viewer holds the permission: all may be known, not all changed."""
        return self.filter(under_any(viewer.paths(permission), "path"))

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def under(self, path: str) -> Self:
        return self.filter(path__startswith=path)


@classify(plain="code name short_name kind parent path display_order closed_on")
class Unit(models.Model):
    """A node of the organisation; `path` holds the ids from the root, so a subtree is one prefix."""

    code = models.CharField("机构代码", max_length=32, unique=True)
    name = models.CharField("机构名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=16, choices=UnitKind, default=UnitKind.DEPARTMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="children", null=True, blank=True, verbose_name="上级机构"
    )
    path = models.CharField("路径", max_length=120, unique=True, null=True, editable=False)
    display_order = models.PositiveIntegerField("排序", default=0)
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        ordering = ["display_order", "path"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="unit_name_once_per_parent",
                violation_error_message="同一上级下已有同名机构。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_UNIT) or viewer.cadre_id else self.none()


@classify(plain="unit title post_class level headcount display_order abolished_on")
class Post(models.Model):
    """A position that a unit has, held through Appointments; `headcount` None means not fixed."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="所属机构")
    title = models.CharField("岗位名称", max_length=100)
    post_class = models.CharField("岗位类别", max_length=16, choices=PostClass, default=PostClass.GENERAL)
    level = models.CharField("职务层次", max_length=20, choices=LeadershipLevel, blank=True)
    headcount = models.PositiveSmallIntegerField("职数", null=True, blank=True)
    display_order = models.PositiveIntegerField("排序", default=0)
    abolished_on = models.DateField("撤销日期", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        ordering = ["unit__display_order", "display_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title"],
                name="post_title_once_per_unit",
                violation_error_message="该机构已有同名岗位。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.name}{self.title}"
