"""Classes, who took part, and the rules that say how many hours are due."""

from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.models import Cadre
from training.choices import ClassKind, HourRegime, Ledger, ResultGrade, Theme

MAX_HOURS = Decimal(999)


def hours_field(verbose_name: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """Hours and days in quarter steps, such as 0.25; exact, never float."""
    validators = [MinValueValidator(Decimal(0)), MaxValueValidator(MAX_HOURS)]
    return models.DecimalField(verbose_name, max_digits=6, decimal_places=2, validators=validators, **options)


class TrainingClassQuerySet(models.QuerySet["TrainingClass"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """The catalogue of classes is known to everyone in the zone (security.md, L1)."""
        return self if viewer.can(Permission.VIEW_TRAINING) else self.none()


@classify(
    plain=(
        "name kind theme theme_text organiser place starts_on ends_on days hours off_job note created_at "
        "updated_at"
    ),
)
class TrainingClass(models.Model):
    """A class (班次) that was or will be held. `days` and `hours` are what one full attendance counts."""

    name = models.CharField("班次名称", max_length=120)
    kind = models.CharField("培训类别", max_length=16, choices=ClassKind)
    theme = models.CharField("培训专题", max_length=16, choices=Theme, default=Theme.OTHER)
    theme_text = models.CharField("专题（原文）", max_length=60, blank=True)
    organiser = models.CharField("主办单位", max_length=100, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    days = hours_field("天数")
    hours = hours_field("学时")
    off_job = models.BooleanField("脱产", default=True)
    note = models.CharField("备注", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培训班次"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="class_ends_after_start",
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.UniqueConstraint(
                fields=["name", "starts_on", "organiser"],
                name="class_once",
                violation_error_message="同名、同日、同主办单位的班次已登记。",
            ),
            models.CheckConstraint(condition=Q(hours__gte=0, days__gte=0), name="class_amounts_not_negative"),
        ]
        indexes = [models.Index(fields=["starts_on", "id"], name="class_by_date")]

    def __str__(self) -> str:
        return self.name

    @property
    def ledger(self) -> Ledger:
        return Ledger.of(self.kind)


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre__in=Cadre.objects.visible_to(viewer, permission))


@classify(
    plain="training_class hours days created_at updated_at", personal="cadre result certificate_no note"
)
class Participation(models.Model):
    """One cadre's part in one class, with the hours and days that were credited."""

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="participations", verbose_name="班次"
    )
    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="participations", verbose_name="干部")
    hours = hours_field("认定学时")
    days = hours_field("认定天数")
    result = models.CharField("考核结果", max_length=12, choices=ResultGrade, blank=True)
    certificate_no = models.CharField("结业证书号", max_length=60, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "参训记录"
        ordering = ["training_class", "cadre"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "cadre"],
                name="cadre_once_per_class",
                violation_error_message="该干部已在本班次名单中。",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=0, days__gte=0), name="participation_amounts_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["cadre", "training_class"], name="participation_of_cadre")]

    def __str__(self) -> str:
        return f"{self.cadre}·{self.training_class}"


class HourRuleQuerySet(PeriodQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """Whoever sees hours may read the rule behind them."""
        known = viewer.can(Permission.VIEW_TRAINING) or viewer.can(Permission.EDIT_RULES)
        return self if known else self.none()


@classify(
    plain=(
        "regime required_hours required_days cycle_starts_in cycle_years hours_per_day online_counts source "
        "starts_on ends_on"
    ),
)
class HourRule(Period):
    """How much is due under a regime in a period: hours OR days, either satisfies.

    For the five-year regime the amounts are those of the whole cycle; 3 months are 90 days.
    Source: 干部教育培训工作条例（2023）第十四条.
    """

    regime = models.CharField("适用", max_length=12, choices=HourRegime)
    required_hours = hours_field("应学学时")
    required_days = hours_field("或应学天数")
    cycle_starts_in = models.PositiveSmallIntegerField("周期起始年", default=2023)
    cycle_years = models.PositiveSmallIntegerField(
        "周期年数", default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    hours_per_day = hours_field("每天折合学时", default=Decimal(8))
    online_counts = models.BooleanField("网络培训计入", default=False)
    source = models.CharField("依据", max_length=200, blank=True)

    objects: Any = HourRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学时规则"
        ordering = ["regime", "starts_on"]
        constraints = [
            Period.ends_after_start("hour_rule_ends_after_start"),
            models.UniqueConstraint(fields=["regime", "starts_on"], name="one_hour_rule_per_start"),
        ]

    def __str__(self) -> str:
        hours, days = self.required_hours.normalize(), self.required_days.normalize()
        return f"{self.get_regime_display()}：{hours:f} 学时或 {days:f} 天"
