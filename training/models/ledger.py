"""Rules of hours, and the ledger that they are posted to."""

from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from core.access import Permission, Viewer
from core.classification import classify
from core.periods import Period, PeriodQuerySet
from people.models import Cadre
from people.models.cadres import cadre_seen
from training.choices import ConversionBasis, HourRegime, HourSource, Ledger
from training.models.amounts import hours_field


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


@classify(
    plain=(
        "source kind basis hours days cap_per_item cap_per_year ledger also_party note reference starts_on "
        "ends_on"
    )
)
class ConversionRule(Period):
    """What one unit of learning counts (学时折算), in force for a period.

    `kind` narrows the source: a ClassKind, a StudyKind or "" for all. `basis` says what `hours` is for:
    a day, half a day, an hour, one time. `also_party` posts the same hours to the party-member ledger.
    The defaults come from domain.md 1.3 (local practice); the office edits them.
    """

    source = models.CharField("来源", max_length=12, choices=HourSource)
    kind = models.CharField("细类", max_length=24, blank=True)
    basis = models.CharField("折算方式", max_length=16, choices=ConversionBasis)
    hours = hours_field("每单位学时")
    days = hours_field("每单位天数", default=Decimal(0))
    cap_per_item = hours_field("单项上限", null=True, blank=True)
    cap_per_year = hours_field("年度上限", null=True, blank=True)
    ledger = models.CharField("计入", max_length=12, choices=Ledger, default=Ledger.CONCENTRATED)
    also_party = models.BooleanField("同时计入党员学习", default=False)
    note = models.CharField("说明", max_length=200, blank=True)
    reference = models.CharField("依据", max_length=200, blank=True)

    objects: Any = HourRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学时折算规则"
        ordering = ["source", "kind", "basis", "starts_on"]
        constraints = [
            Period.ends_after_start("conversion_ends_after_start"),
            models.UniqueConstraint(
                fields=["source", "kind", "basis", "starts_on"],
                name="one_conversion_per_start",
                violation_error_message="从这一天起已有一版折算规则，请另选生效日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}·{self.get_basis_display()} {self.hours.normalize():f} 学时"


class HourEntryQuerySet(models.QuerySet["HourEntry"]):
    def visible_to(self, viewer: Viewer, permission: Permission = Permission.VIEW_TRAINING) -> Self:
        return self.filter(cadre_seen(viewer, permission))

    def in_force(self) -> Self:
        """What counts: entries that were not reversed."""
        return self.filter(reversed_at__isnull=True)


@classify(
    plain=(
        "source source_key title kind ledger hours days starts_on ends_on rule how posted_at posted_by "
        "reversed_at reversed_by reversal_reason by_hand"
    ),
    personal="cadre",
)
class HourEntry(models.Model):
    """One posting to the hours ledger. Amounts never change: an entry is reversed (冲销) and posted anew.

    `source_key` names the row it comes from, such as "participation:12"; at most one entry in force per
    source, cadre and ledger, which makes posting again harmless. `how` is the reckoning in words.
    `by_hand` marks a reversal decided by staff: the same posting stays away until its source is corrected.
    """

    cadre = models.ForeignKey(Cadre, models.CASCADE, related_name="hour_entries", verbose_name="干部")
    source = models.CharField("来源", max_length=12, choices=HourSource)
    source_key = models.CharField("来源记录", max_length=60)
    kind = models.CharField("细类", max_length=24, blank=True)
    title = models.CharField("事项", max_length=200)
    ledger = models.CharField("台账", max_length=12, choices=Ledger)
    hours = hours_field("学时")
    days = hours_field("天数", default=Decimal(0))
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    rule = models.ForeignKey(
        ConversionRule, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="折算规则"
    )
    how = models.CharField("折算说明", max_length=200, blank=True)
    posted_at = models.DateTimeField("入账时间")
    posted_by = models.CharField("入账人", max_length=60, blank=True)
    reversed_at = models.DateTimeField("冲销时间", null=True, blank=True)
    reversed_by = models.CharField("冲销人", max_length=60, blank=True)
    reversal_reason = models.CharField("冲销原因", max_length=200, blank=True)
    by_hand = models.BooleanField("人工冲销", default=False)

    objects = HourEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学时入账"
        ordering = ["cadre", "starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_key", "cadre", "ledger"],
                condition=Q(reversed_at__isnull=True),
                name="one_entry_in_force_per_source",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="entry_ends_after_start"),
            models.CheckConstraint(condition=Q(hours__gte=0, days__gte=0), name="entry_not_negative"),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True) | ~Q(reversal_reason=""), name="a_reversal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(by_hand=False) | Q(reversed_at__isnull=False), name="by_hand_is_a_reversal"
            ),
        ]
        indexes = [
            models.Index(fields=["cadre", "ledger", "starts_on"], name="entries_of_cadre"),
            models.Index(fields=["source_key"], name="entries_of_source"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.hours.normalize():f} 学时"
