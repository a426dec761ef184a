"""任职年限: the limits in force, who was granted an extension, and what is known about posts and units."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.choices import LeadershipLevel, PostClass
from people.models import Cadre, Post, Unit
from rotation.choices.tenure import (
    Criterion,
    ExtensionState,
    Readiness,
    Strength,
    TenureBasis,
)


def years_field(label: str, **options: Any) -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(label, **options)


class TenureRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """How long one may stay in a post is known to everyone who works here."""
        return self if viewer.can(Permission.VIEW_UNIT) or viewer.cadre_id else self.none()


@classify(
    plain=(
        "basis post_class level warn_years limit_years hard_years min_years source note starts_on ends_on "
        "created_at"
    )
)
class TenureRule(Period):
    """A limit from a day on. Empty class or level means any; the closest rule counts (`rotation.tenure`)."""

    basis = models.CharField("计算口径", max_length=12, choices=TenureBasis)
    post_class = models.CharField("岗位类别", max_length=16, choices=PostClass, blank=True)
    level = models.CharField("职务层次", max_length=20, choices=LeadershipLevel, blank=True)
    warn_years = years_field("满几年提示", null=True, blank=True)
    limit_years = years_field("年限", null=True, blank=True)
    hard_years = years_field("满几年必须交流", null=True, blank=True)
    min_years = years_field("一般任满几年再调整", default=0)
    source = models.CharField("依据", max_length=200, help_text="写明文件名称和条款，也可以是本区的规定。")
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = TenureRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职年限规则"
        ordering = ["basis", "level", "post_class", "-starts_on"]
        constraints = [
            Period.ends_after_start("tenure_rule_ends_after_start"),
            models.UniqueConstraint(
                fields=["basis", "post_class", "level", "starts_on"],
                name="one_tenure_rule_from_a_day",
                violation_error_message="从这一天起已有一版规则，请另选生效日期。",
            ),
            models.CheckConstraint(
                condition=Q(warn_years=None) | Q(limit_years=None) | Q(warn_years__lte=F("limit_years")),
                name="tenure_warns_before_the_limit",
                violation_error_message="提示年限不能大于规定年限。",
            ),
            models.CheckConstraint(
                condition=Q(limit_years=None) | Q(hard_years=None) | Q(limit_years__lte=F("hard_years")),
                name="tenure_limit_before_the_hard_one",
                violation_error_message="规定年限不能大于必须交流的年限。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()}·{self.scope}"

    @property
    def scope(self) -> str:
        """Which posts the rule is about, in words."""
        parts = [self.get_level_display() if self.level else "", self.get_post_class_display()]
        return "、".join(part for part in parts if part) or "所有岗位"


class OfCadreQuerySet(models.QuerySet[Any]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_ROTATION) -> Self:
        """In the viewer's units; the own row is for the person as cadre, never as staff (R2)."""
        reach = Cadre.objects.visible_to(viewer, permission)
        found = self.filter(cadre__in=reach)
        if viewer.cadre_id and permission == Permission.VIEW_ROTATION and viewer.can(Permission.VIEW_CADRE):
            found = found | self.filter(cadre_id=viewer.cadre_id)
        return found


@classify(
    plain="post state until requested_at requested_by_id requested_by decided_at decided_by_id decided_by",
    personal="cadre reason answer document_no",
)
class TenureExtension(models.Model):
    """Leave to stay in a post beyond the limit: asked for with a reason, decided by somebody else."""

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="tenure_extensions", verbose_name="干部")
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="岗位"
    )
    until = models.DateField("延长至")
    reason = models.CharField("事由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=ExtensionState, default=ExtensionState.REQUESTED)
    document_no = models.CharField("批准文号", max_length=60, blank=True)
    requested_at = models.DateTimeField("申请时间")
    requested_by_id = models.PositiveBigIntegerField("申请账号", null=True, blank=True)
    requested_by = models.CharField("申请人", max_length=60, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decided_by_id = models.PositiveBigIntegerField("审批账号", null=True, blank=True)
    decided_by = models.CharField("审批人", max_length=60, blank=True)
    answer = models.CharField("审批意见", max_length=300, blank=True)

    objects: Any = OfCadreQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "延长任职"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(state=ExtensionState.REQUESTED),
                name="one_open_tenure_extension",
                violation_error_message="该干部已有一份延长任职的申请在审批。",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | ~Q(state=ExtensionState.REQUESTED),
                name="tenure_extension_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadre}·延长任职至 {self.until:%Y-%m-%d}"


class OfPostQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """Who is prepared for which post is for those who plan rotations."""
        return self if viewer.can(Permission.VIEW_ROTATION) else self.none()


@classify(plain="post readiness starts_on ends_on note created_at", personal="cadre")
class PostSuccessor(Period):
    """Somebody who is prepared to take a post over, as of the days given."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="successors", verbose_name="岗位")
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="prepared_for", verbose_name="后备人选")
    readiness = models.CharField("成熟程度", max_length=12, choices=Readiness, default=Readiness.ONE_YEAR)
    note = models.CharField("培养措施", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = OfPostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位后备人选"
        ordering = ["post", "readiness", "pk"]
        constraints = [
            Period.ends_after_start("successor_ends_after_start"),
            models.UniqueConstraint(
                fields=["post", "cadre"],
                condition=Q(ends_on=None),
                name="prepared_once_for_a_post",
                violation_error_message="该干部已经是这个岗位的后备人选。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}·后备 {self.cadre}"


class PlainOfPostQuerySet(models.QuerySet["PostRequirement"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """What a post asks for is no secret: it belongs to the post."""
        return self if viewer.can(Permission.VIEW_UNIT) or viewer.cadre_id else self.none()


@classify(plain="post strength criterion value note position")
class PostRequirement(models.Model):
    """What a post asks of its holder; `rotation.requirements` puts it in words and says how it is read."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="requirements", verbose_name="岗位")
    strength = models.CharField("性质", max_length=10, choices=Strength, default=Strength.HARD)
    criterion = models.CharField("条件", max_length=30, choices=Criterion)
    value = models.CharField("要求", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("次序", default=0)

    objects = PlainOfPostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位条件"
        ordering = ["post", "strength", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "criterion", "value"],
                name="requirement_once_per_post",
                violation_error_message="这个岗位已有同样的条件。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}{self.value}"


class StaffingQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.can(Permission.VIEW_UNIT) or viewer.cadre_id else self.none()


@classify(plain="unit minimum source starts_on ends_on created_at")
class UnitStaffing(Period):
    """How many people a unit needs at least; its own people, without the units below."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="staffing", verbose_name="机构")
    minimum = models.PositiveSmallIntegerField("最低在岗人数")
    source = models.CharField("依据", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: Any = StaffingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "最低在岗人数"
        ordering = ["unit", "-starts_on"]
        constraints = [
            Period.ends_after_start("staffing_ends_after_start"),
            models.UniqueConstraint(
                fields=["unit", "starts_on"],
                name="one_staffing_from_a_day",
                violation_error_message="从这一天起已有规定，请另选生效日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}不少于 {self.minimum} 人"
