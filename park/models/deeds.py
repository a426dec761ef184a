"""先进事迹 and 领导小组: whose deeds are made known, and who sits in a leading group by which post."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from park.choices import DeedState, GroupRole
from park.models.tasks import cadre_field, user_field
from people.models import Honour, Unit
from people.models.cadres import cadre_seen


class DeedQuerySet(models.QuerySet["Deed"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_PARK) -> Self:
        """Published ones are for everybody who sees the park side; the others for the person's staff.

        What is announced is public as well: that is what 公示 means.
        """
        reach = cadre_seen(viewer, permission)
        if permission == Permission.VIEW_PARK and viewer.can(permission):
            reach |= Q(state__in=(DeedState.ANNOUNCED, DeedState.PUBLISHED))
        return self.filter(reach)


@classify(
    plain=(
        "unit title state nominated_on nominated_by verified_on verified_by verified_note announced_on "
        "announced_until published_on refused_on reason honour created_at updated_at"
    ),
    personal="cadre text",
)
class Deed(models.Model):
    """提名 → 核实 → 公示 → 发布; with the publication the deed becomes an honour of the cadre."""

    cadre = cadre_field("干部", related_name="deeds")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="时任部门"
    )
    title = models.CharField("标题", max_length=100)
    text = models.TextField("主要事迹")
    state = models.CharField("状态", max_length=10, choices=DeedState, default=DeedState.NOMINATED)
    nominated_on = models.DateField("提名日期")
    nominated_by = user_field("提名人", null=True, blank=True)
    verified_on = models.DateField("核实日期", null=True, blank=True)
    verified_by = user_field("核实人", null=True, blank=True)
    verified_note = models.CharField("核实情况", max_length=300, blank=True)
    announced_on = models.DateField("公示开始", null=True, blank=True)
    announced_until = models.DateField("公示结束", null=True, blank=True)
    published_on = models.DateField("发布日期", null=True, blank=True)
    refused_on = models.DateField("终止日期", null=True, blank=True)
    reason = models.CharField("终止原因", max_length=300, blank=True)
    honour = models.OneToOneField(
        Honour, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="荣誉"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "先进事迹"
        ordering = ["-nominated_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(announced_until__isnull=True) | Q(announced_until__gt=F("announced_on")),
                name="deed_announced_for_a_time",
                violation_error_message="公示结束须晚于公示开始。",
            ),
        ]
        indexes = [models.Index(fields=["state", "-nominated_on"], name="deed_by_state")]

    def __str__(self) -> str:
        return self.title


class GroupQuerySet(models.QuerySet["LeadingGroup"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_PARK) else self.none()


@classify(plain="name duties founded_on document_no ended_on created_at")
class LeadingGroup(models.Model):
    """A leading group of the zone, such as that of the action plan."""

    name = models.CharField("名称", max_length=100, unique=True)
    duties = models.TextField("工作职责", blank=True)
    founded_on = models.DateField("成立日期")
    document_no = models.CharField("文号", max_length=60, blank=True)
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导小组"
        ordering = [F("ended_on").asc(nulls_first=True), "-founded_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("founded_on")),
                name="group_ended_after_founding",
                violation_error_message="撤销日期不能早于成立日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMemberQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_PARK) else self.none()


@classify(plain="group role post_name starts_on ends_on", personal="cadre")
class GroupMember(Period):
    """Who sits in the group by which post; the post is the one held when they joined."""

    group = models.ForeignKey(LeadingGroup, models.CASCADE, related_name="members", verbose_name="领导小组")
    cadre = cadre_field("成员", related_name="group_seats")
    role = models.CharField("组内职务", max_length=10, choices=GroupRole)
    post_name = models.CharField("凭何职务", max_length=160, blank=True)

    objects: Any = GroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领导小组成员"
        ordering = ["group", "role", "starts_on", "pk"]
        constraints = [
            Period.ends_after_start("group_member_ends_after_start"),
            models.UniqueConstraint(
                fields=["group", "cadre"],
                condition=Q(ends_on__isnull=True),
                name="cadre_once_per_group",
                violation_error_message="该干部已是小组成员。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}·{self.cadre}"
